"""What is read about decrees."""

from django.db.models import QuerySet

from pakan.registers.decrees.actions import seal_of
from pakan.registers.decrees.models import Decree, Rehearsal, Signature
from pakan.registers.kept import kept


def _numbered() -> QuerySet[Decree, tuple[int | None, str]]:
    return Decree.objects.filter(number__isnull=False).order_by("-number").values_list("number", "seal")


@kept()
def _newest() -> QuerySet[Decree, tuple[int | None, str]]:
    return _numbered()[:1]


def newest_approved(number: int | None = None) -> tuple[int, str]:
    """Number and seal of the newest approved decree (or of `number`); (0, '') where there is none. One query."""
    found = _newest() if number is None else list(_numbered().filter(number=number))
    return (int(found[0][0] or 0), found[0][1]) if found else (0, "")


def approved(until: int, besides: Decree | None = None) -> list[Decree]:
    """Approved decrees up to number `until` that none of them supersedes, oldest first; without `besides`."""
    every = list(Decree.objects.filter(number__lte=until).order_by("number"))
    gone = {decree.supersedes_id for decree in every} | ({besides.id} if besides else set())
    return [decree for decree in every if decree.id not in gone]


def decrees() -> QuerySet[Decree]:
    """All decrees, newest first."""
    return Decree.objects.select_related("entered_by").order_by("-id")


def decree(decree_id: int) -> Decree | None:
    return (
        Decree.objects.select_related("entered_by", "withdrawn_by", "scan", "supersedes")
        .prefetch_related("signatures__account", "superseded_by")
        .filter(id=decree_id)
        .first()
    )


def latest_rehearsal(decree: Decree) -> Rehearsal | None:
    return Rehearsal.objects.filter(decree=decree).order_by("-id").first()


def signed_by(decree: Decree, law: int) -> set[int]:
    """Accounts whose signature counts while decree `law` is the newest."""
    return set(
        Signature.objects.filter(decree=decree, rehearsal__law=law).values_list("account_id", flat=True)
    )


def in_force(group: str) -> list[Decree]:
    """Approved decrees of a group that nothing supersedes: those that a new one may take the place of."""
    number, _seal = newest_approved()
    return [decree for decree in approved(number) if decree.group == group]


def first_broken_seal() -> int | None:
    """The number of the first approved decree whose seal does not fit; None if the chain is whole."""
    before, expected = "", 1
    for decree in Decree.objects.filter(number__isnull=False).select_related("scan").order_by("number"):
        if decree.number != expected or decree.seal != seal_of(decree, before):
            return decree.number
        before, expected = decree.seal, expected + 1
    return None
