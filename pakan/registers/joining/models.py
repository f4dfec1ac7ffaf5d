"""Requests of labour units: to be registered (C62), and to have what is on record about them changed (C72).

A request is opened with its number and a code whose digest stands here; the code itself is nowhere. What was asked
and what was decided stays; a request that nobody goes on with expires (C63).
"""

from django.db import models
from django.db.models import F, Q

NAME, TEXT = 200, 1000


class State(models.TextChoices):
    DRAFT = "draft"
    WAITING = "waiting"  # sent: the fund has it
    RETURNED = "returned"  # something is missing: the applicant has it
    PROPOSED = "proposed"  # one officer said yes: another decides
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"


OPEN = (State.WAITING, State.RETURNED, State.PROPOSED)
WITH_APPLICANT = (State.DRAFT, State.RETURNED)
WITH_FUND = (State.WAITING, State.PROPOSED)


class Request(models.Model):
    """An enterprise, household or organisation that asks to be registered."""

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise"
        HOUSEHOLD = "household"
        ORGANISATION = "organisation"  # an embassy or international organisation: may, is not forced

    number = models.CharField(max_length=14, unique=True)
    code_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    kind = models.CharField(max_length=12, choices=Kind)
    name_lo = models.CharField(max_length=NAME, blank=True)
    name_en = models.CharField(max_length=NAME, blank=True)
    name_key = models.CharField(max_length=250, blank=True)
    enterprise_number = models.CharField(max_length=20, blank=True)
    tax_number = models.CharField(max_length=20, blank=True)
    district = models.ForeignKey("people.District", models.PROTECT, null=True)
    village = models.CharField(max_length=100, blank=True)
    contact = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    first_hire = models.DateField(null=True)
    alone = models.BooleanField(default=False)  # one person prepares and approves
    language = models.CharField(max_length=2, default="lo")
    begun_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    promised_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)
    first_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    employer = models.ForeignKey("people.Employer", models.PROTECT, null=True, related_name="joined_by")
    invitation = models.ForeignKey("access.Invitation", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="joining_two_people",
                condition=~Q(state="approved")
                | (Q(first_by__isnull=False, decided_by__isnull=False) & ~Q(first_by=F("decided_by"))),
            ),
            models.CheckConstraint(
                name="joining_approved_has_employer",
                condition=Q(state="approved", employer__isnull=False)
                | (~Q(state="approved") & Q(employer=None)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["promised_on"], name="joining_waiting", condition=Q(state__in=["waiting", "proposed"])
            ),
            models.Index(
                fields=["touched_at"], name="joining_idle", condition=Q(state__in=["draft", "returned"])
            ),
            models.Index(fields=["name_key"], name="joining_name"),
        ]

    def __str__(self) -> str:
        return self.number


class RequestStep(models.Model):
    """What happened to a request, by the applicant (no account) or an officer. Append-only."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=9, choices=State)
    text = models.CharField(max_length=TEXT, blank=True)
    account = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()


class Paper(models.Model):
    """A scan that belongs to a request (A-16)."""

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate"
        TAX = "tax"
        WORKERS = "workers"
        IDS = "ids"

    request = models.ForeignKey(Request, models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=11, choices=Kind)
    document = models.ForeignKey("documents.Document", models.PROTECT)
    dropped_at = models.DateTimeField(null=True)


class Certificate(models.Model):
    """The certificate of registration that was given out, as signed: one for each name and code."""

    number = models.CharField(max_length=14, unique=True)
    employer = models.ForeignKey("people.Employer", models.PROTECT, related_name="registration_certificates")
    name_lo = models.CharField(max_length=NAME)
    registered_on = models.DateField()
    issued_at = models.DateTimeField()
    until = models.DateField()
    code = models.TextField()  # the signed text
    replaced_at = models.DateTimeField(null=True)  # by one with another name, or since the employer ended


class Change(models.Model):
    """What an employer asks to be changed on record, and what came of it: `was` and `wanted` stay as history."""

    class Kind(models.TextChoices):
        NAME = "name"
        CONTACT = "contact"
        ADDRESS = "address"
        BRANCH = "branch"
        SUSPEND = "suspend"
        RESUME = "resume"
        CLOSE = "close"
        REOPEN = "reopen"

    number = models.CharField(max_length=14, unique=True)
    employer = models.ForeignKey("people.Employer", models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    was = models.JSONField(default=dict)
    wanted = models.JSONField(default=dict)
    text = models.CharField(max_length=TEXT, blank=True)
    paper = models.ForeignKey("documents.Document", models.PROTECT, null=True)
    asked_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    promised_on = models.DateField()
    first_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=TEXT, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="change_of_identity_two_people",
                condition=~Q(state="approved", kind__in=["name", "close", "reopen"])
                | (Q(first_by__isnull=False, decided_by__isnull=False) & ~Q(first_by=F("decided_by"))),
            ),
            models.CheckConstraint(name="change_not_by_who_asked", condition=~Q(decided_by=F("asked_by"))),
            models.UniqueConstraint(
                fields=["employer", "kind"],
                condition=Q(state__in=["waiting", "proposed"]),
                name="change_open_once",
            ),
        ]


class Override(models.Model):
    """A worker registered though somebody like him was known already: who said so and why (A5)."""

    employer = models.ForeignKey("people.Employer", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")  # the new one
    like = models.ForeignKey("people.Person", models.PROTECT, related_name="+")  # who was known
    signs = models.JSONField(default=list)  # what agreed
    reason = models.CharField(max_length=300)
    account = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    looked_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True)
    same = models.BooleanField(null=True)  # what the registrar found: the same person, or another


class HireList(models.Model):
    """Workers whom an employer wants to register: rows as typed, what they raise, and what was answered. Done once."""

    employer = models.ForeignKey("people.Employer", models.PROTECT, related_name="+")
    lines = models.JSONField(default=list)
    made_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
