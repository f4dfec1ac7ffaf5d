"""What a person says is wrong with a month, and what we answered (C18). Only the fund reads it, never an employer."""

from django.db import models
from django.db.models import Q

from pakan.registers.cases.states import State
from pakan.registers.columns import MonthField

TEXT = 500  # letters of a person's words
ANSWER = 1000


class Case(models.Model):
    """One person's word about one month. What was said never changes; the answers stand in its steps."""

    class Kind(models.TextChoices):
        WRONG_WAGE = "wrong_wage"
        NOT_THERE = "not_there"  # "I did not work there"
        MISSING = "missing"
        OTHER = "other"

    number = models.CharField(max_length=14, unique=True)
    person = models.ForeignKey("people.Person", models.PROTECT)
    month = MonthField()
    employer = models.ForeignKey("people.Employer", models.PROTECT, null=True)
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.CharField(max_length=TEXT, blank=True)
    state = models.CharField(
        max_length=10, choices=[(state.value, state.value) for state in State], default=State.OPEN.value
    )
    opened_at = models.DateTimeField()
    answer = models.CharField(max_length=ANSWER, blank=True)  # the latest
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            # The same word said twice is one case, also by two taps at one moment.
            models.UniqueConstraint(
                fields=["person", "month", "employer", "kind"],
                condition=~Q(state=State.CLOSED.value),
                nulls_distinct=False,
                name="case_once_while_open",
            ),
            models.CheckConstraint(
                name="case_answered_by_someone",
                condition=Q(state=State.OPEN.value, answered_at=None, answered_by=None, answer="")
                | (~Q(state=State.OPEN.value) & Q(answered_at__isnull=False, answered_by__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["opened_at"], condition=~Q(state=State.CLOSED.value), name="case_waiting")
        ]

    def __str__(self) -> str:
        return self.number


class CaseStep(models.Model):
    """What happened to a case, in order. Append-only."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in State])
    text = models.CharField(max_length=ANSWER, blank=True)
    account = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    at = models.DateTimeField()
