"""What is read about claims, awards and payees. A list of claims starts from a person or from the desk, never from a name."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Func, Min, Q, QuerySet, Sum

from pakan.registers.benefits.models import (
    SUPERSEDED,
    Appeal,
    Award,
    Claim,
    ClaimDecision,
    ClaimStep,
    Deduction,
    Evidence,
    Instalment,
    MissingRequest,
    Overpayment,
    PayeeAccount,
    PaymentHold,
    Recovery,
)
from pakan.registers.benefits.states import State, StepName
from pakan.registers.kept import kept
from pakan.registers.people.models import Person
from pakan.registers.people.queries import same_human, same_person
from pakan.units.month import Month

OPEN_STATES = (State.LODGED.value, State.ASKED.value, State.PROPOSED.value)


@kept(int)
def _own_claims(person_id: int) -> QuerySet[Claim, Claim]:
    return Claim.objects.filter(same_person(person_id)).order_by("-started_at", "-id")


def of_person(person_id: int) -> list[Claim]:
    """A person's own claims, newest first; drafts too."""
    return _own_claims(person_id)


def _whole() -> QuerySet[Claim]:
    return Claim.objects.select_related("person", "insured", "missing").prefetch_related(
        "steps__account", "papers", "decisions", "awards__instalments", "appeals"
    )


def by_key(person_id: int, key: UUID) -> Claim | None:
    """One's own claim, with everything around it."""
    return _whole().filter(same_person(person_id), key=key).first()


def begun_for(person_id: int, account_id: int) -> list[Claim]:
    """Claims of a person that this account began, newest first: what a helper sees of them."""
    begun = Claim.objects.filter(
        same_person(person_id), steps__name=StepName.STARTED, steps__account_id=account_id
    )
    with_people = begun.select_related("person", "insured", "missing")
    return list(with_people.distinct().order_by("-started_at", "-id"))


def by_number(number: str) -> Claim | None:
    return _whole().filter(number=number).first()


def waiting(state: str | None = None) -> QuerySet[Claim]:
    """What the desk works on, the oldest promise first."""
    found = Claim.objects.filter(state__in=[state] if state else OPEN_STATES)
    return found.order_by("promised_on", "id")


def missing_of(claim: Claim) -> MissingRequest | None:
    return MissingRequest.objects.filter(claim=claim).first()


def papers_of(claim: Claim) -> list[Evidence]:
    return list(Evidence.objects.filter(claim=claim).order_by("received_at", "id"))


def paper(receipt_number: str) -> Evidence | None:
    return Evidence.objects.select_related("claim", "document").filter(receipt_number=receipt_number).first()


def newest_decision(claim: Claim) -> ClaimDecision | None:
    return ClaimDecision.objects.filter(claim=claim).order_by("-version").first()


def decided(claim: Claim) -> ClaimDecision | None:
    """The decision in force."""
    found = ClaimDecision.objects.filter(claim=claim, decided_at__isnull=False)
    return found.order_by("-version").first()


def decision_by_letter(letter_number: str) -> ClaimDecision | None:
    return ClaimDecision.objects.select_related("claim__person").filter(letter_number=letter_number).first()


def decided_anything(claim_id: int, account_id: int) -> bool:
    """Whether this account proposed or decided in the claim: then it answers no appeal there."""
    hands = Q(proposed_by_id=account_id) | Q(decided_by_id=account_id)
    return ClaimDecision.objects.filter(hands, claim_id=claim_id).exists()


def drafts_older_than(at: datetime) -> list[Claim]:
    found = Claim.objects.filter(state=State.DRAFT.value, saved_at__lt=at).select_related("person")
    return list(found.order_by("id"))


def decided_on_month(obligation_id: int, version: int) -> list[int]:
    """Ids of decided claims on the record of whoever's month this version of a declaration changed, for later events."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.id FROM contributions_obligation o"
            " JOIN records_credit r ON r.employer_id = o.employer_id AND r.month = o.month AND r.version = %s"
            " JOIN benefits_claim c ON c.insured_id = r.person_id AND c.event_day >= o.month"
            " WHERE o.id = %s AND c.state IN ('approved', 'refused', 'paid') ORDER BY c.id",
            [version, obligation_id],
        )
        return [found[0] for found in cursor.fetchall()]


def promises_missed(today: date) -> list[Claim]:
    states = [State.LODGED.value, State.PROPOSED.value]
    return list(Claim.objects.filter(state__in=states, promised_on__lt=today).order_by("id"))


def missed_twice(besides_account: int) -> QuerySet[Claim]:
    """Open claims whose promised day passed twice or more (`missed`), without those that an account has had a hand in."""
    missed = Count("steps", filter=Q(steps__name=StepName.PROMISE_MISSED.value))
    touched = ClaimStep.objects.filter(account_id=besides_account).values("claim_id")
    found = Claim.objects.filter(state__in=OPEN_STATES).exclude(id__in=touched).annotate(missed=missed)
    return found.filter(missed__gte=2).order_by("-missed", "lodged_at", "id")


# --- awards ------------------------------------------------------------------------------------------------------


def running_awards(today: date) -> list[int]:
    """Ids of the awards that something may fall due of."""
    found = Award.objects.filter(start__lte=today).filter(Q(ended_on=None) | Q(ended_on__gte=today))
    return list(found.order_by("id").values_list("id", flat=True))


def paid_each_month(benefits: Iterable[str], today: date, *only: Func) -> dict[int, date]:
    """Who draws one of these benefits each month, and since when the longest; `only` of some people."""
    found = Award.objects.filter(*only, kind=Award.Kind.MONTHLY, benefit__in=list(benefits), start__lte=today)
    running = found.filter(Q(ended_on=None) | Q(ended_on__gte=today), Q(end=None) | Q(end__gte=today))
    return dict(running.values("person_id").annotate(since=Min("start")).values_list("person_id", "since"))


def dead_by_claim(benefits: Iterable[str]) -> list[int]:
    """Ids of insured persons after whose own death somebody else has lodged a claim."""
    found = Claim.objects.filter(benefit__in=list(benefits), lodged_at__isnull=False).exclude(
        insured_id=F("person_id")
    )
    return list(found.order_by("insured_id").values_list("insured_id", flat=True).distinct())


def grant_after_death(insured_id: int, besides: int) -> bool:
    """Whether another claim was granted after the insured person's own death: the grant is paid once for one death."""
    found = Award.objects.filter(
        same_person(insured_id, "claim__insured_id"), benefit="death", decision__told__who_died="insured"
    )
    return found.exclude(ended_why=SUPERSEDED).exclude(claim_id=besides).exists()


def paid_after(person_id: int, month: Month) -> list[Instalment]:
    """Months after `month` that were paid to a person and that nobody has found yet to be too much."""
    found = Instalment.objects.filter(
        same_human(person_id, "award__person_id"),
        month__gt=month,
        state=Instalment.State.PAID,
        overpayment=None,
    )
    return list(found.select_related("award__claim").order_by("id"))


def awards_of(person_id: int) -> list[Award]:
    found = Award.objects.filter(same_person(person_id)).select_related("claim", "decision", "payee")
    return list(found.prefetch_related("instalments").order_by("start", "id"))


@kept(int)
def _drawn(person_id: int) -> QuerySet[Award, Award]:
    found = Award.objects.filter(
        same_person(person_id, "claim__insured_id"), same_person(person_id), claim__insured_id=F("person_id")
    ).exclude(ended_why=SUPERSEDED)
    return found.select_related("decision").order_by("start", "id")


def drawn_by(person_id: int, besides: int | None = None) -> list[Award]:
    """What was awarded on this person's own record, in force, besides one claim: the law asks what was drawn before."""
    if besides is None:
        return _drawn(person_id)
    return list(_drawn.queryset(person_id).exclude(claim_id=besides))


def instalments_of(person_id: int) -> list[Instalment]:
    found = Instalment.objects.filter(same_person(person_id, "award__person_id")).exclude(
        state=Instalment.State.CANCELLED
    )
    return list(found.select_related("award__claim").order_by("-due_on", "-month", "-id"))


def instalment(instalment_id: int) -> Instalment | None:
    found = Instalment.objects.select_related("award__claim__person", "award__decision", "award__payee")
    return found.filter(id=instalment_id).first()


# --- what was paid too much ---------------------------------------------------------------------------------------


def overpayments() -> QuerySet[Overpayment]:
    """What is not settled: with the newest plan first in `plans`."""
    found = Overpayment.objects.filter(dropped=None).exclude(plans__state=Recovery.State.DONE)
    return found.select_related("claim__person").prefetch_related("plans").order_by("found_at", "id")


def overpayment(overpayment_id: int) -> Overpayment | None:
    found = Overpayment.objects.select_related("claim__person", "decision", "instalment")
    return found.filter(id=overpayment_id).first()


def overpaid_to(person_id: int) -> list[Overpayment]:
    found = Overpayment.objects.filter(claim__person_id=person_id).select_related("claim", "instalment")
    return list(found.order_by("-found_at", "-id"))


def expense_of(found: Overpayment) -> Award:
    """An award whose expense account the overpayment was taken off."""
    if found.instalment is not None:
        return found.instalment.award
    return Award.objects.filter(claim=found.claim).order_by("-id")[0]


def plan_of(overpayment_id: int) -> Recovery | None:
    """The newest plan."""
    found = Recovery.objects.filter(overpayment_id=overpayment_id).select_related(
        "proposed_by", "approved_by", "answered_by"
    )
    return found.order_by("-id").first()


def taken_of(overpayment_id: int) -> int:
    """What was deducted for an overpayment until now."""
    found = Deduction.objects.filter(plan__overpayment_id=overpayment_id, released_at=None)
    return found.aggregate(kip=Sum("kip"))["kip"] or 0


def running_plans(person_id: int) -> list[Recovery]:
    found = Recovery.objects.filter(overpayment__claim__person_id=person_id, state=Recovery.State.RUNNING)
    return list(found.select_related("overpayment").order_by("id"))


def deductions_of(instalment_id: int) -> list[Deduction]:
    found = Deduction.objects.filter(instalment_id=instalment_id, released_at=None)
    return list(found.select_related("plan__overpayment__claim").order_by("id"))


# --- appeals and payees ------------------------------------------------------------------------------------------


def open_appeals() -> QuerySet[Appeal]:
    found = Appeal.objects.filter(state=Appeal.State.OPEN).select_related("claim")
    return found.order_by("opened_at", "id")


def appeal_by_number(number: str) -> Appeal | None:
    return Appeal.objects.select_related("claim__person", "decision").filter(number=number).first()


def payee_of(person_id: int) -> PayeeAccount | None:
    return PayeeAccount.objects.filter(person_id=person_id, ended_at=None).first()


def payees_to_look_at() -> list[PayeeAccount]:
    """The bank said "nearly": a person compares the names."""
    found = PayeeAccount.objects.filter(ended_at=None, check_result=PayeeAccount.Check.CLOSE)
    return list(found.select_related("person").order_by("asked_at", "id"))


def hold_of(person_id: int) -> PaymentHold | None:
    return PaymentHold.objects.filter(person_id=person_id, off_at=None).first()


def phones_of(person_id: int) -> list[str]:
    """The phones that we know of a person: on the record, and of the account. A change is told to each of them."""
    found = Person.objects.filter(id=person_id).values_list("phone", "account__phone").first()
    return sorted({phone for phone in found or () if phone})
