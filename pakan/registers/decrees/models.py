"""Legal values that officers entered, who signed them, and what they were rehearsed to do."""

from django.db import models
from django.db.models import F, Q

from pakan.registers.decrees.states import State

CONFIDENCES = ("high", "medium", "low")


class Decree(models.Model):
    """One instrument's values of one group from a first day. Once approved it never changes.

    `number` counts approvals from 1 without a gap; `seal` is the hash over it and the decree approved before it.
    """

    group = models.CharField(max_length=30)
    values = models.JSONField()  # name -> whole kip or number, "5.5 %", list of numbers or days, or "none"
    first_day = models.DateField()
    cite = models.CharField(max_length=200)
    article = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=400, blank=True)
    confidence = models.CharField(max_length=6, choices=[(level, level) for level in CONFIDENCES])
    scan = models.ForeignKey("documents.Document", models.PROTECT)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="superseded_by")
    state = models.CharField(
        max_length=10, choices=[(state.value, state.value) for state in State], default=State.ENTERED.value
    )
    entered_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_on = models.DateField(null=True)  # the day in Vientiane, against which back-dating is judged
    number = models.IntegerField(unique=True, null=True)
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="decree_numbered_once_approved",
                condition=Q(
                    state=State.APPROVED.value,
                    number__gte=1,
                    approved_at__isnull=False,
                    approved_on__isnull=False,
                )
                | (
                    ~Q(state=State.APPROVED.value)
                    & Q(number=None, approved_at=None, approved_on=None, seal="")
                ),
            ),
            models.CheckConstraint(
                name="decree_withdrawn_by_someone",
                condition=Q(state=State.WITHDRAWN.value, withdrawn_at__isnull=False)
                | (~Q(state=State.WITHDRAWN.value) & Q(withdrawn_at=None, withdrawn_by=None)),
            ),
            models.UniqueConstraint(
                fields=["supersedes"],
                condition=Q(state=State.APPROVED.value),
                name="decree_superseded_once",
            ),
            models.CheckConstraint(
                name="decree_not_its_own_successor", condition=Q(supersedes=None) | ~Q(supersedes=F("id"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.first_day}"


class Rehearsal(models.Model):
    """What a decree would do to real months. `law`: the number of the newest approved decree it stood on."""

    decree = models.ForeignKey(Decree, models.PROTECT, related_name="rehearsals")
    law = models.IntegerField()
    asked_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)


class Signature(models.Model):
    """One person besides the one who entered it says yes, having seen a rehearsal. Append-only; nobody signs his own.

    It counts while the law stands as in that rehearsal: after another decree the effect may be another.
    """

    decree = models.ForeignKey(Decree, models.PROTECT, related_name="signatures")
    rehearsal = models.ForeignKey(Rehearsal, models.PROTECT)
    account = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rehearsal", "account"], name="decree_signed_once")]
