"""The decision as a letter, and the slip of a payment: facts, article, arithmetic and the way to disagree (C39, C40, C44)."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.conf import settings

from pakan.integrations.formats.credential import Letter, compose
from pakan.integrations.formats.letter import DecisionLetter, Reason, SlipLetter, render
from pakan.law.cites import in_lao
from pakan.law.decision import Condition, Note, Step, decision_from
from pakan.operations import issuing, steps
from pakan.operations.casework import APPEAL
from pakan.operations.recovering import net
from pakan.registers.access.actor import VIENTIANE
from pakan.registers.benefits.models import ClaimDecision, Deduction, Instalment, PayeeAccount
from pakan.registers.benefits.queries import deductions_of
from pakan.registers.payments.queries import payout_of
from pakan.units.money import Kip
from pakan.units.words import english_date, english_month, lao_date, lao_month

LIFE = timedelta(days=365)  # of the code: readers keep the keys of this year and the last
OUTCOME = {
    "granted": ("ອະນຸມັດ", "Granted"),
    "refused": ("ບໍ່ອະນຸມັດ", "Not granted"),
}


@dataclass(frozen=True)
class Line:
    """A line of a slip: what for, how many kip, and why (the consent or order behind a deduction)."""

    lo: str
    en: str
    kip: Kip
    why_lo: str
    why_en: str


@dataclass(frozen=True)
class Slip:
    """What was paid for a month, with every deduction. `net` is what the account got."""

    number: str
    lines: tuple[Line, ...]
    net: Kip
    account: str
    bank_reference: str
    paid_on: date | None


def compose_letter(
    decision: ClaimDecision, number: str, account: PayeeAccount | None, at: datetime
) -> dict[str, Any]:
    """Everything that stands on the letter, as it was at the moment of deciding; kept with the decision."""
    claim, told = decision.claim, decision_from(decision.facts)
    today = at.astimezone(VIENTIANE).date()
    parts: list[Condition | Step | Note] = [*told.conditions, *told.steps, *told.notes]
    rows: list[Reason] = [
        {
            "lo": part.lo,
            "en": part.en,
            "article": in_lao(part.article or part.cite),
            "article_en": part.article or part.cite,
            "assumption": part.assumption,
        }
        for part in parts
        if not getattr(part, "staff_only", False)
    ]
    granted = decision.outcome == ClaimDecision.Outcome.GRANTED
    letter: DecisionLetter = {
        "number": number,
        "claim": claim.number,
        "person": claim.person.name,
        "person_number": claim.person.number,
        "title": [told.title_lo, told.title_en],
        "outcome": list(OUTCOME[decision.outcome]),
        "granted": granted,
        "event_day": told.day.isoformat(),
        "rows": rows,
        "amounts": [{"lo": one["lo"], "en": one["en"]} for one in decision.facts["pays"]] if granted else [],
        "gave_way": [{"lo": lo, "en": en} for lo, en in decision.facts["gave_way"]],
        "article": decision.article,
        "reason": decision.reason,
        "account": f"{account.bank} {account.masked}" if account and granted else "",
        "issued_on": today.isoformat(),
        "appeal_until": (today + APPEAL).isoformat(),
        "verify_at": f"{settings.BASE_URL}/verify/",
        "code": "",
    }
    letter["code"] = _signed(letter, at)
    return dict(letter)


def _signed(letter: DecisionLetter, at: datetime) -> str:
    """The text of the QR code: who, which claim, granted or not, and the digest of the whole letter."""
    whole = json.dumps(letter, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    facts = Letter(
        document=letter["number"],
        number=letter["person_number"],
        name=letter["person"],
        claim=letter["claim"],
        benefit=letter["title"][0],
        granted=letter["granted"],
        digest=hashlib.sha256(whole.encode()).digest(),
    )
    return compose(facts, issuing.key("statement", at), settings.BASE_URL, at, at + LIFE)


def letter_pdf(decision: ClaimDecision) -> bytes:
    """The letter as PDF, from what was kept when it was decided. Raises LookupError before that."""
    if decision.letter is None:
        raise LookupError("not decided yet")
    letter = cast(DecisionLetter, decision.letter)  # written by compose_letter
    return render("decision", letter)


def slip(instalment: Instalment) -> Slip:
    """What was granted for one month, each deduction with the consent behind it, and what the account got."""
    award = instalment.award
    told = decision_from(award.decision.facts)
    month = instalment.month
    gross = Line(
        f"{told.title_lo}, {lao_month(month)}", f"{told.title_en}, {english_month(month)}", Kip(instalment.kip),
        f"ຄຳຂໍ {award.claim.number}, ໜັງສື {award.decision.letter_number}",
        f"claim {award.claim.number}, letter {award.decision.letter_number}",
    )  # fmt: skip
    sent = payout_of(f"instalment:{instalment.id}")
    lo, _ = steps.bank_name(award.payee.bank)
    return Slip(
        number=sent.number if sent else "",
        lines=(gross, *(_taken(one) for one in deductions_of(instalment.id))),
        net=net(instalment),
        account=f"{lo} {award.payee.masked}",
        bank_reference=sent.bank_reference if sent else "",
        paid_on=instalment.paid_on,
    )


def _taken(one: Deduction) -> Line:
    """A deduction, with the day on which the person agreed to its plan."""
    number, agreed = one.plan.overpayment.claim.number, one.plan.agreed_at
    assert agreed is not None  # the database lets no other plan run
    day = agreed.astimezone(VIENTIANE).date()
    return Line(
        f"ຫັກຄືນເງິນຈ່າຍເກີນ, ຄຳຂໍ {number}", f"Taken for what was paid too much, claim {number}", Kip(-one.kip),
        f"ທ່ານເຫັນດີວັນທີ {lao_date(day)}", f"you agreed on {english_date(day)}",
    )  # fmt: skip


def slip_pdf(instalment: Instalment) -> bytes:
    """The slip as PDF. Raises LookupError while nothing is paid."""
    if instalment.paid_on is None:
        raise LookupError("not paid yet")
    told = slip(instalment)
    person = instalment.award.claim.person
    letter: SlipLetter = {
        "number": told.number,
        "claim": instalment.award.claim.number,
        "person": person.name,
        "person_number": person.number,
        "lines": [
            {"lo": one.lo, "en": one.en, "kip": one.kip, "why_lo": one.why_lo, "why_en": one.why_en}
            for one in told.lines
        ],
        "net": told.net,
        "account": told.account,
        "bank_reference": told.bank_reference,
        "paid_on": instalment.paid_on.isoformat(),
    }
    return render("slip", letter)
