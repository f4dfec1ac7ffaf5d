"""What is read about families. No query lists the register: one asks for a person's own, for a number, or what waits."""

from datetime import date

from django.db.models import Q, QuerySet

from pakan.registers.families.models import FamilyMember, FamilyPaper
from pakan.registers.families.states import LIVING
from pakan.registers.people.models import Person
from pakan.registers.people.queries import merged, same_human, same_person


def of_insured(person_id: int) -> list[FamilyMember]:
    """Everybody under this person and his merged numbers, the living entries first, in the order they were asked."""
    found = FamilyMember.objects.filter(same_human(person_id, "insured_id")).prefetch_related("papers")
    return sorted(found, key=lambda one: (one.state not in LIVING, one.asked_at, one.id))


def living(person_id: int) -> list[FamilyMember]:
    """Those who are asked for or confirmed under this person and his merged numbers."""
    return list(FamilyMember.objects.filter(same_human(person_id, "insured_id"), state__in=LIVING))


def by_number(number: str) -> FamilyMember | None:
    found = FamilyMember.objects.select_related(
        "insured", "own", "asked_by", "decided_by", "end_by", "ended_by"
    )
    return found.prefetch_related("papers__kept_by", "papers__decided_by").filter(number=number).first()


def own_by_number(person_id: int, number: str) -> FamilyMember | None:
    """One of this person's family; nobody else's."""
    found = FamilyMember.objects.filter(same_person(person_id, "insured_id"), number=number)
    return found.prefetch_related("papers").first()


def insured_now(member: FamilyMember) -> Person:
    """The insured person under the number of today (C8)."""
    alias = merged().filter(old_id=member.insured_id).select_related("person").first()
    return alias.person if alias else member.insured


def waiting() -> QuerySet[FamilyMember]:
    """What waits for an officer: to be confirmed, an end, a proof of study; the oldest first."""
    return FamilyMember.objects.filter(waits_since__isnull=False).order_by("waits_since", "id")


def study_to_renew(born: tuple[date, date], dated: tuple[date, date]) -> QuerySet[FamilyMember]:
    """Confirmed children born between these days, or whose accepted proof of study is dated between those."""
    proofs = FamilyPaper.objects.filter(kind=FamilyPaper.Kind.STUDY, accepted=True, dated__range=dated)
    asked = Q(birth_date__range=born) | Q(id__in=proofs.values("member_id"))
    found = FamilyMember.objects.filter(asked, state="confirmed", relation="child")
    return found.select_related("insured").prefetch_related("papers").order_by("id")


def elsewhere(member: FamilyMember) -> list[FamilyMember]:
    """The same person in another family: same name and birth date, or same identity card."""
    same = Q(key=member.key, birth_date=member.birth_date)
    if member.national_id:
        same |= Q(national_id=member.national_id)
    if member.own_id:
        same |= Q(own_id=member.own_id)
    found = FamilyMember.objects.filter(same, state__in=LIVING).select_related("insured")
    return list(found.exclude(same_human(member.insured_id, "insured_id")).order_by("id")[:10])


def paper(number: str, paper_id: int) -> FamilyPaper | None:
    """A paper of this very entry."""
    found = FamilyPaper.objects.filter(member__number=number, id=paper_id)
    return found.select_related("document", "member").first()


def studied_on(member: FamilyMember) -> tuple[date, ...]:
    """The dates of the accepted proofs of study."""
    proofs = (one for one in member.papers.all() if one.kind == FamilyPaper.Kind.STUDY and one.accepted)
    return tuple(one.dated for one in proofs if one.dated)
