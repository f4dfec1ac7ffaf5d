"""Who of the people that are paid each month still lives: proofs, tries to reach somebody, stops, and deaths.

The machine only asks and reminds. A stop and a death have two people each, and the database makes sure of it
(migration 0002): before a stop somebody tried to reach the person on two different days (C47, abuse A4).
"""

from django.db import models
from django.db.models import F, Q

NOTE = 500
ROUTES = ("app", "counter", "village", "home", "phone")  # none of them but the first and last needs a phone
WAYS = ("call", "visit", "village", "relative")
ENDS = ("nobody", "moved", "alive", "dead")  # what came of a try
PAPERS = ("certificate", "hospital", "village", "family_book")
RELATIONS = ("spouse", "child", "parent", "other")


def _choices(values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class LifeProof(models.Model):
    """Somebody saw or heard that the person lives, or the person showed it with a fresh proof in the app (C46)."""

    key = models.UUIDField(unique=True)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="life_proofs")
    route = models.CharField(max_length=8, choices=_choices(ROUTES))
    seen_on = models.DateField()
    paper = models.CharField(max_length=20, blank=True)  # which paper was seen
    witness = models.CharField(max_length=200, blank=True)  # who at the village office, or at home
    call = models.ForeignKey("access.Call", models.PROTECT, null=True)
    account = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="life_proof_call", condition=~Q(route="phone") | Q(call__isnull=False)
            ),
            models.CheckConstraint(name="life_proof_paper", condition=~Q(route="counter") | ~Q(paper="")),
            models.CheckConstraint(
                name="life_proof_witness", condition=~Q(route__in=["village", "home"]) | ~Q(witness="")
            ),
        ]
        indexes = [models.Index(fields=["person", "-seen_on"], name="life_proof_of_person")]


class LifeCheck(models.Model):
    """A proof of life that is wanted: until a day once a year (A-42), or because somebody claims after a death."""

    class Why(models.TextChoices):
        YEARLY = "yearly"
        CLAIMED = "claimed"  # a death of this person was claimed or reported

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="life_checks")
    why = models.CharField(max_length=8, choices=Why)
    due_on = models.DateField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(closed_at=None), name="life_check_one_open"
            )
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(closed_at=None), name="life_check_open")]


class Contact(models.Model):
    """A person of ours tried to reach the person whose proof is missing. A message of the machine is none."""

    check_of = models.ForeignKey(LifeCheck, models.PROTECT, related_name="contacts")
    on_day = models.DateField()
    way = models.CharField(max_length=8, choices=_choices(WAYS))
    end = models.CharField(max_length=8, choices=_choices(ENDS))
    note = models.CharField(max_length=NOTE)
    account = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Stop(models.Model):
    """Payments are suspended, not ended, because nobody knows whether the person lives. One proposes, another decides."""

    check_of = models.ForeignKey(LifeCheck, models.PROTECT, related_name="stops")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="life_stops")
    reason = models.CharField(max_length=NOTE)
    proposed_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)
    lifted_at = models.DateTimeField(null=True)  # at the next proof, by itself

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(lifted_at=None) & (Q(agreed=None) | Q(agreed=True)),
                name="life_stop_once",
            ),
            models.CheckConstraint(name="life_stop_two_people", condition=~Q(decided_by=F("proposed_by"))),
            models.CheckConstraint(
                name="life_stop_decided_by_someone",
                condition=Q(decided_at=None, decided_by=None, agreed=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, agreed__isnull=False),
            ),
        ]


class Death(models.Model):
    """A person died: noted by one officer with the paper seen, confirmed by another. A mistake is taken back, not erased."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="deaths")
    died_on = models.DateField()
    paper = models.CharField(max_length=12, choices=_choices(PAPERS))
    paper_number = models.CharField(max_length=60)
    noted_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=NOTE, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(withdrawn_at=None), name="death_once"),
            models.CheckConstraint(name="death_two_people", condition=~Q(confirmed_by=F("noted_by"))),
            models.CheckConstraint(
                name="death_confirmed_by_someone",
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="death_withdrawn_why",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_why="")),
            ),
        ]


class DeathReport(models.Model):
    """A relative told us of a death. Nothing stops by it: officers look, and the relative's claims are there, filled in."""

    key = models.UUIDField(unique=True)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="death_reports")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="reported_deaths")
    relation = models.CharField(max_length=6, choices=_choices(RELATIONS))
    died_on = models.DateField()
    account = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "by"], name="death_report_once")]
