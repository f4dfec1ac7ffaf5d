"""What a person wants done with his own data: what he allows, what shall be corrected, and copies of all of it."""

from django.db import models
from django.db.models import F, Q


class Consent(models.Model):
    """One yes, from a moment to a moment. What the law itself asks for is no consent and stands nowhere here (A-50)."""

    class Purpose(models.TextChoices):
        NEWS = "news"  # general news as messages
        SURVEY = "survey"  # being asked how it was
        STATISTICS = "statistics"  # own data, without a name, for studies

    person = models.ForeignKey("people.Person", models.PROTECT)
    purpose = models.CharField(max_length=12, choices=Purpose)
    wording = models.PositiveSmallIntegerField()  # the version of the words that were shown
    given_at = models.DateTimeField()
    until = models.DateField()  # the last day
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"], condition=Q(withdrawn_at=None), name="consent_once"
            ),
            models.CheckConstraint(
                name="consent_forward", condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at"))
            ),
        ]


class Correction(models.Model):
    """A fact about a person that shall be changed, with its proof. Identity takes two officers."""

    class Field(models.TextChoices):
        GIVEN_NAME = "given_name"
        FAMILY_NAME = "family_name"
        BIRTH_DATE = "birth_date"
        VILLAGE = "village"

    class State(models.TextChoices):
        OPEN = "open"
        PROPOSED = "proposed"  # the first officer says yes
        DONE = "done"
        REFUSED = "refused"

    number = models.CharField(max_length=14, unique=True)
    person = models.ForeignKey("people.Person", models.PROTECT)
    field = models.CharField(max_length=12, choices=Field)
    was = models.CharField(max_length=100, blank=True)
    wanted = models.CharField(max_length=100)
    text = models.CharField(max_length=500, blank=True)
    proof = models.ForeignKey("documents.Document", models.PROTECT)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField()
    first_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "field"],
                condition=Q(state__in=["open", "proposed"]),
                name="correction_once_while_open",
            ),
            models.CheckConstraint(
                name="correction_identity_by_two",
                condition=~Q(state="done", field__in=["given_name", "family_name", "birth_date"])
                | (Q(first_by__isnull=False, decided_by__isnull=False) & ~Q(first_by=F("decided_by"))),
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(state__in=["open", "proposed"]), name="correction_waiting"
            )
        ]


class Copy(models.Model):
    """A copy of all data of a person: asked for, made by a job, fetched within a day, then gone."""

    key = models.CharField(max_length=32, unique=True)
    person = models.ForeignKey("people.Person", models.PROTECT)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    content = models.BinaryField(default=bytes)
