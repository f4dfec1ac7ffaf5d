"""The old-age pension: one rule for enterprise and voluntary members, another for the public sector."""

from datetime import date
from pathlib import Path

from pakan.law.benefits.old_age.enterprise import decide_enterprise
from pakan.law.benefits.old_age.public import decide_public
from pakan.law.benefits.old_age.values import Values
from pakan.law.dated import History
from pakan.law.decision import Decision, sentences
from pakan.law.insured import Insured
from pakan.law.reckoning import Reckoning
from pakan.law.situation import Situation

__all__ = ["Values", "decide"]
WORDS = sentences(Path(__file__).with_name("words.toml"))


def decide(person: Insured, situation: Situation, day: date, history: History[Values]) -> Decision:
    """For a pension that is to begin on `day`, in the scheme of the last paid month unless another is asked for."""
    r = Reckoning("old_age", day, history, WORDS)
    scheme = situation.choice("scheme")
    if scheme == "last":
        scheme = person.scheme_on(day) or "enterprise"
    if scheme == "public":
        return decide_public(r, person, situation)
    return decide_enterprise(r, person.only("enterprise", "voluntary"), situation)
