"""How one month's contribution was reckoned, step by step, each with the text it rests on."""

from dataclasses import dataclass
from fractions import Fraction

from pakan.law.contributions.rule import STANDINGS, Due, Rates, Scheme, due, rates_for, standing_code
from pakan.law.contributions.values import HERE, LAW, Law
from pakan.law.dated import Source
from pakan.law.decision import Sentence, Step, sentences, step
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.rate import Rate

WORDS = sentences(HERE / "words.toml")


@dataclass(frozen=True, slots=True)
class Explanation:
    scheme: Scheme
    month: Month
    due: Due[Kip]
    steps: tuple[Step, ...]

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Numbers of the assumptions that these amounts rest on, such as ('A-05',)."""
        return tuple(sorted({step.assumption for step in self.steps if step.assumption}))


def explain(wage: Kip, scheme: Scheme, month: Month, law: Law = LAW) -> Explanation:
    """The steps from declared wage to contribution; the amounts are those of `due`. Raises NoLawYet."""
    rates = rates_for(scheme, month, law)
    owed = due(wage, rates)
    by_file = Source(month.first, "", "high")  # what the employer declared rests on no text
    steps = [
        step("declared", _words("declared", scheme), wage, by_file, wage=wage),
        _counted(wage, owed, rates),
    ]
    for side, rate, share in (
        ("employer", rates.employer, owed.employer),
        ("worker", rates.worker, owed.worker),
    ):
        if rate and owed.insured:
            steps.append(_share(side, scheme, owed.insured, rate, share, rates))
    if _rounded(owed.insured, rates):
        steps.append(step("rounding", WORDS["rounding"], owed.total, rates.sources["rounding"]))
    if rates.employer and owed.insured:
        both = {"employer": int(owed.employer), "worker": int(owed.worker)}
        steps.append(step("total", WORDS["total"], owed.total, rates.sources["worker"], **both))
    return Explanation(scheme, month, owed, tuple(steps))


def _words(label: str, scheme: Scheme) -> Sentence:
    return WORDS.get(f"{label}_{scheme}") or WORDS[label]


def _counted(wage: Kip, owed: Due[Kip], rates: Rates) -> Step:
    if wage == 0:
        return step("no_wage", WORDS["no_wage"], owed.insured, rates.sources["worker"])
    stands = STANDINGS[standing_code(wage, rates)]
    if stands == "under_half_floor":
        return step(
            "lifted", WORDS["lifted"], owed.insured, rates.sources["lowest"], wage=wage, lowest=rates.lowest
        )
    if stands == "under_floor":
        return step(
            "under_floor", WORDS[stands], owed.insured, rates.sources["floor"], wage=wage, floor=rates.floor
        )
    source = rates.sources.get("ceiling", rates.sources["worker"])
    if stands == "over_ceiling" and rates.ceiling is not None:
        return step(stands, WORDS[stands], owed.insured, source, wage=wage, ceiling=rates.ceiling)
    return step("in_full", WORDS["in_full"], owed.insured, source, wage=wage)


def _share(side: str, scheme: Scheme, insured: Kip, rate: Rate, share: Kip, rates: Rates) -> Step:
    words = _words(side, scheme)
    return step(side, words, share, rates.sources[side], insured=insured, rate=str(rate), rate_lo=rate.lao)


def _rounded(insured: Kip, rates: Rates) -> bool:
    return any(
        Fraction(rate.numerator, rate.denominator) * insured % 1 for rate in (rates.employer, rates.worker)
    )
