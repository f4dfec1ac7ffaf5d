"""What is read about voluntary members."""

from pakan.registers.voluntary.models import Asked, Membership


def of_person(person_id: int) -> Membership | None:
    return Membership.objects.select_related("employer", "person").filter(person_id=person_id).first()


def of_employer(employer_id: int) -> Membership | None:
    return Membership.objects.select_related("employer", "person").filter(employer_id=employer_id).first()


def behind_notice(number: str) -> Asked | None:
    """The choice behind a notice of a voluntary member."""
    return Asked.objects.select_related("membership").filter(notice_number=number).first()
