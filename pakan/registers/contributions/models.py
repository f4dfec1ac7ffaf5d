"""What employers declare and owe: working sheets, declarations (versions, never overwritten), wages, obligations."""

from django.db import models
from django.db.models import F, Q

from pakan.registers.columns import KipField, MonthField


class Layout(models.Model):
    """An employer's own column layout, confirmed once and remembered (C76)."""

    employer = models.ForeignKey("people.Employer", models.PROTECT)
    fingerprint = models.CharField(max_length=64)
    layout = models.JSONField()
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["employer", "fingerprint"], name="layout_once")]


class Sheet(models.Model):
    """The working paper of one month: may be changed freely until it is approved and becomes a declaration."""

    class State(models.TextChoices):
        WAITING = "waiting"  # a large file that a job reads
        READ = "read"  # a file whose columns are not confirmed yet
        OPEN = "open"
        HANDED_OVER = "handed over"
        APPROVED = "approved"
        REPLACED = "replaced"

    employer = models.ForeignKey("people.Employer", models.PROTECT)
    month = MonthField()
    state = models.CharField(max_length=12, choices=State)
    origin = models.CharField(max_length=10)  # file, last month, typed, nil
    key = models.CharField(
        max_length=64, unique=True
    )  # made by the browser: the same upload twice is one sheet
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True)
    layout = models.JSONField(null=True)
    summary = models.JSONField(
        default=dict
    )  # totals and counts of the last check, recomputed at every change
    absences = models.JSONField(default=dict)  # person id -> {"kind": "left" | "leave", "on": day}
    revision = models.IntegerField(default=1)  # raised at every change: a page opened twice finds out
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    handed_over_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    handed_over_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # One sheet a month at a time; a new file replaces the one before.
            models.UniqueConstraint(
                fields=["employer", "month"],
                condition=Q(state__in=["waiting", "read", "open", "handed over"]),
                name="sheet_one_open",
            )
        ]


class SheetLine(models.Model):
    """One row of a sheet as the employer wrote it, and what we made of it."""

    pk = models.CompositePrimaryKey("sheet_id", "row")
    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="lines")
    row = models.IntegerField()
    wage_cell = models.CharField(max_length=12, blank=True)
    number_cell = models.CharField(max_length=12, blank=True)
    number = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=250, blank=True)
    wage_text = models.CharField(max_length=60, blank=True)
    remark = models.CharField(max_length=250, blank=True)
    flags = models.CharField(max_length=60, blank=True)  # what the reader saw: formula, error cell
    person = models.ForeignKey("people.Person", models.PROTECT, null=True)
    wage = KipField(null=True)
    left_out = models.BooleanField(default=False)
    confirmed = models.JSONField(default=dict)  # problem code -> reason given ("" if none is needed)
    problems = models.JSONField(default=list)  # [{code, level, cell, facts, mends}] of the last check

    class Meta:
        indexes = [
            models.Index(fields=["sheet", "row"], condition=~Q(problems=[]), name="sheet_line_with_problem"),
        ]


class Declaration(models.Model):
    """What an employer declared for a month, signed: a version. The latest counts; every one stays."""

    class Kind(models.TextChoices):
        ORIGINAL = "original"
        CORRECTION = "correction"

    employer = models.ForeignKey("people.Employer", models.PROTECT)
    month = MonthField()
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    # ເລກທີຂາເຂົ້າເງິນສົມທົບ, 2 + 5 digits: the province, and a number that begins anew each year.
    incoming_number = models.CharField(max_length=8)
    incoming_year = models.PositiveSmallIntegerField()
    sheet = models.OneToOneField(Sheet, models.PROTECT, null=True)  # none where payroll software declared
    scheme = models.CharField(max_length=12)
    workers = models.IntegerField()
    wages_declared = KipField()
    wages_insured = KipField()
    employer_share = KipField()  # line 1
    worker_share = KipField()  # line 2
    difference_up = KipField(default=0)  # line 3
    difference_down = KipField(default=0)  # line 4
    joined_new = models.IntegerField(default=0)  # with form 1-02
    joined_known = models.IntegerField(default=0)  # with form 1-04
    left_before = models.IntegerField(default=0)  # with form 1-07
    prepared_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    declared_at = models.DateTimeField()
    # The number of the newest decree in force when it was priced: its papers tell the same rates for ever.
    law = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["employer", "month", "version"], name="declaration_version"),
            models.UniqueConstraint(fields=["incoming_year", "incoming_number"], name="declaration_incoming"),
            models.CheckConstraint(name="declaration_version_from_1", condition=Q(version__gte=1)),
        ]


class DeclaredWage(models.Model):
    """One worker's line of a declaration (form 2-02)."""

    pk = models.CompositePrimaryKey("declaration_id", "person_id")
    # No constraint in the database on the bulk side: checked once for all lines when they are written, and by `prove`.
    declaration = models.ForeignKey(
        Declaration, models.PROTECT, related_name="wages", db_index=False, db_constraint=False
    )
    person = models.ForeignKey("people.Person", models.PROTECT)
    wage = KipField()
    insured = KipField()
    employer_share = KipField()
    worker_share = KipField()


class Obligation(models.Model):
    """What an employer owes for a month. `owed` and `settled` are counters; `prove` compares them with their sources."""

    employer = models.ForeignKey("people.Employer", models.PROTECT)
    month = MonthField()
    declaration = models.ForeignKey(Declaration, models.PROTECT)  # the latest version
    due_on = models.DateField()
    owed = KipField()
    settled = KipField(default=0)
    credited_version = models.PositiveSmallIntegerField(
        default=0
    )  # the version that the workers' records show
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["employer", "month"], name="obligation_once"),
            models.CheckConstraint(
                name="obligation_not_oversettled", condition=Q(settled__gte=0) & Q(settled__lte=F("owed"))
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(settled__lt=F("owed")), name="obligation_open")
        ]

    @property
    def open(self) -> int:
        return int(self.owed - self.settled)
