"""Who belongs to an insured person's family and is covered for care through him: spouse and children (C53, benefits 1).

Who asks never decides. Nobody is refused or ended by the machine: how old somebody is, and what a paper still proves, is
asked of the law on each day. (Who may act for somebody else is another thing: registers.relatives.)
"""

from django.db import models
from django.db.models import F, Q

from pakan.registers.families.states import LIVING, State
from pakan.registers.people.models import Sex

TEXT = 500


class FamilyMember(models.Model):
    """One relation to one insured person. A child of two insured parents stands under each of them."""

    class Relation(models.TextChoices):
        SPOUSE = "spouse"
        CHILD = "child"  # own, adopted or step child: the law makes no difference

    class Why(models.TextChoices):
        DIVORCE = "divorce"
        DEATH = "death"
        INSURED = "insured"  # has an own insurance now
        MISTAKE = "mistake"  # was never of this family
        OTHER = "other"

    number = models.CharField(max_length=14, unique=True)
    insured = models.ForeignKey("people.Person", models.PROTECT, related_name="family")
    own = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="family_of"
    )  # if insured too
    relation = models.CharField(max_length=6, choices=Relation)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    name_latin = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=250)  # units.name.search_key of given and family name
    birth_date = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex)
    national_id = models.CharField(max_length=20, blank=True)
    since = models.DateField()  # the marriage, or the birth
    until = models.DateField(null=True)  # the last day, once ended
    state = models.CharField(
        max_length=9, choices=[(state.value, state.value) for state in State], default=State.ASKED.value
    )
    override = models.CharField(max_length=TEXT, blank=True)  # why this is not the one who stood here already
    asked_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    waits_since = models.DateTimeField(
        null=True
    )  # something of it waits for an officer: itself, its end, a proof
    decided_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=TEXT, blank=True)
    end_why = models.CharField(max_length=8, choices=Why, blank=True)
    end_on = models.DateField(null=True)
    end_text = models.CharField(max_length=TEXT, blank=True)
    end_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    end_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["insured", "relation", "key", "birth_date"],
                condition=Q(state__in=LIVING),
                name="family_member_once",
            ),
            models.UniqueConstraint(
                fields=["insured"], condition=Q(state__in=LIVING, relation="spouse"), name="family_one_spouse"
            ),
            models.CheckConstraint(name="family_not_oneself", condition=Q(own=None) | ~Q(own=F("insured"))),
            models.CheckConstraint(
                name="family_decided_by_someone",
                condition=Q(state__in=["asked", "withdrawn"], decided_by=None)
                | (~Q(state__in=["asked", "withdrawn"]) & Q(decided_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="family_two_people", condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="family_refused_for_a_reason", condition=~Q(state="refused") | ~Q(answer="")
            ),
            models.CheckConstraint(
                name="family_ended_by_two",
                condition=(~Q(state="ended") & Q(ended_by=None, until=None))
                | (
                    Q(state="ended", ended_by__isnull=False, until__isnull=False, end_by__isnull=False)
                    & ~Q(end_why="")
                    & ~Q(ended_by=F("end_by"))
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["insured"], name="family_of_insured"),
            models.Index(
                fields=["waits_since"], condition=Q(waits_since__isnull=False), name="family_waiting"
            ),
            models.Index(fields=["birth_date", "key"], name="family_same"),
            models.Index(fields=["national_id"], condition=~Q(national_id=""), name="family_national"),
        ]

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def __str__(self) -> str:
        return self.number


class FamilyPaper(models.Model):
    """A paper about a family member. A proof of study carries its date and waits for an officer's yes (A-64)."""

    class Kind(models.TextChoices):
        RELATION = "relation"  # marriage or birth certificate, family book
        STUDY = "study"
        END = "end"

    member = models.ForeignKey(FamilyMember, models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=8, choices=Kind)
    document = models.ForeignKey("documents.Document", models.PROTECT)
    dated = models.DateField(null=True)
    accepted = models.BooleanField(null=True)
    kept_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()
    decided_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=TEXT, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="family_study_dated", condition=~Q(kind="study") | Q(dated__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["member"], condition=Q(kind="study", accepted=None), name="family_study_once_waiting"
            ),
            models.CheckConstraint(
                name="family_study_two_people", condition=Q(decided_by=None) | ~Q(decided_by=F("kept_by"))
            ),
            models.CheckConstraint(
                name="family_study_answered",
                condition=Q(accepted=None, decided_by=None)
                | (Q(accepted__isnull=False, decided_by__isnull=False) & (Q(accepted=True) | ~Q(answer=""))),
            ),
        ]
