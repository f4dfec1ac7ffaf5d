"""How every door names what happens to a claim: its steps, its state, where it stands now (C36)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.channels.kit.fields import YES_NO
from pakan.channels.kit.speech import day_text, in_language, kip_text
from pakan.law.benefits import named
from pakan.law.situation import Question
from pakan.registers.benefits.states import State, StepName

Words = str | Promise
YES = dict(YES_NO)

STEPS: dict[str, Words] = {
    StepName.STARTED.value: gettext_lazy("Begun"),
    StepName.LODGED.value: gettext_lazy("Received"),
    StepName.LATE.value: gettext_lazy("Came late: a person looks"),
    StepName.PAPER_RECEIVED.value: gettext_lazy("A paper came"),
    StepName.PAPER_ACCEPTED.value: gettext_lazy("A paper is good"),
    StepName.PAPER_REFUSED.value: gettext_lazy("A paper cannot be used"),
    StepName.ASKED.value: gettext_lazy("We asked for papers"),
    StepName.SUPPLIED.value: gettext_lazy("The papers came"),
    StepName.PASSED_TO_PERSON.value: gettext_lazy("A person looks at it"),
    StepName.PROPOSED.value: gettext_lazy("One officer has checked"),
    StepName.SENT_BACK.value: gettext_lazy("Checked once more"),
    StepName.APPROVED.value: gettext_lazy("Granted"),
    StepName.REFUSED.value: gettext_lazy("Not granted"),
    StepName.INSTALMENT_PAID.value: gettext_lazy("A month was paid"),
    StepName.PAID.value: gettext_lazy("Paid"),
    StepName.APPEALED.value: gettext_lazy("You disagreed"),
    StepName.APPEAL_KEPT.value: gettext_lazy("The decision stays"),
    StepName.APPEAL_CHANGED.value: gettext_lazy("Decided anew"),
    StepName.PROMISE_MISSED.value: gettext_lazy("We are late: a new date"),
    StepName.WITHDRAWN.value: gettext_lazy("Taken back"),
    StepName.PAYEE_CONFIRMED.value: gettext_lazy("The account is confirmed"),
    StepName.REOPENED.value: gettext_lazy("Looked at again"),
}
STATES: dict[str, tuple[Words, str]] = {
    State.DRAFT.value: (gettext_lazy("not sent yet"), "wait"),
    State.LODGED.value: (gettext_lazy("we work on it"), "info"),
    State.ASKED.value: (gettext_lazy("papers are missing"), "bad"),
    State.PROPOSED.value: (gettext_lazy("being decided"), "info"),
    State.APPROVED.value: (gettext_lazy("granted"), "ok"),
    State.REFUSED.value: (gettext_lazy("not granted"), "bad"),
    State.PAID.value: (gettext_lazy("paid"), "ok"),
    State.WITHDRAWN.value: (gettext_lazy("taken back"), "plain"),
}
PAPERS: dict[str, tuple[Words, str]] = {
    "received": (gettext_lazy("received"), "info"),
    "accepted": (gettext_lazy("good"), "ok"),
    "refused": (gettext_lazy("cannot be used"), "bad"),
}
MONEY: dict[str, tuple[Words, str]] = {
    "due": (gettext_lazy("to come"), "wait"),
    "ordered": (gettext_lazy("on its way"), "wait"),
    "held": (gettext_lazy("waits"), "bad"),
    "paid": (gettext_lazy("paid"), "ok"),
    "refused": (gettext_lazy("the bank sent it back"), "bad"),
    "planned": (gettext_lazy("planned"), "plain"),
}
_DECIDED = frozenset({State.APPROVED, State.REFUSED, State.PAID})


def four_steps(
    state: str, days: dict[str, date], promised_on: date | None, paid_to: str = ""
) -> list[dict[str, Any]]:
    """Received, papers checked, decided, paid: what is done with its day, what is now, what comes (C36).

    `days`: name of a step -> the newest day on which it happened. `paid_to`: where the money goes, if it may be said.
    """
    here = State(state)
    asked = here is State.ASKED
    checked = here in _DECIDED or here is State.PROPOSED
    decided = here in _DECIDED
    papers = days.get(StepName.SUPPLIED, days.get(StepName.PROPOSED)) if checked else None
    steps = [
        _step(_("Received"), _on(days.get(StepName.LODGED)), "done"),
        _step(
            _("Papers are missing") if asked else _("Papers checked"),
            _("We wait for you.") if asked else _on(papers),
            "done" if checked else "now",
        ),
        _step(_decision_name(here), _decision_note(here, days, promised_on), _place(decided, checked)),
    ]
    if here is not State.REFUSED:
        paid = here is State.PAID
        note = _on(days.get(StepName.PAID)) if paid else paid_to
        steps.append(_step(_("Paid"), note, "done" if paid else "now" if here is State.APPROVED else "next"))
    return steps


def _step(title: str, note: str, state: str) -> dict[str, Any]:
    return {"title": title, "note": note, "state": state}


def _on(day: date | None) -> str:
    return day_text(day) if day else ""


def _place(decided: bool, checked: bool) -> str:
    return "done" if decided else "now" if checked else "next"


def _decision_name(here: State) -> str:
    if here is State.REFUSED:
        return _("Not granted")
    return _("Granted") if here in _DECIDED else _("Decided")


def _decision_note(here: State, days: dict[str, date], promised_on: date | None) -> str:
    if here in _DECIDED:
        return _on(days.get(StepName.REFUSED if here is State.REFUSED else StepName.APPROVED))
    if promised_on is None or here is State.ASKED:
        return ""
    return _("We promise an answer by %(day)s.") % {"day": day_text(promised_on)}


def newest(steps: Iterable[tuple[str, date]]) -> dict[str, date]:
    """Name -> the newest day, from steps in the order in which they happened."""
    return dict(steps)


def said(question: Question, value: Any) -> str:
    """An answer in the words of the page."""
    if value is None:
        return _("not told")
    if question.kind == "yes_no":
        return str(YES["yes" if value else "no"])
    if question.kind == "choice":
        return next((in_language(each) for each in question.choices if each.key == value), str(value))
    if question.kind == "day":
        return day_text(date.fromisoformat(value) if isinstance(value, str) else value)
    return kip_text(value) if question.kind == "kip" else str(value)


def more_of(benefit: str, name: str, text: str) -> str:
    """The words of a step; of a paper's step, which paper."""
    kinds = {each.key: in_language(each) for each in named(benefit).evidence}
    return kinds.get(text, text) if name.startswith("paper_") else text
