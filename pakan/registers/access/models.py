"""Who may come in, by what proof, on whose behalf; and the audit trail, a chain of hashes."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from pakan.registers.access.roles import EMPLOYER_ROLES, STAFF_ROLES


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(sign_in=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """One living person's way in. Never shared: an accountant with ten companies has one account and ten mandates."""

    class Kind(models.TextChoices):
        MEMBER = "member"
        EMPLOYER = "employer"
        STAFF = "staff"

    class Level(models.TextChoices):
        PHONE = "phone"
        DESK = "desk"
        STATE = "state"

    USERNAME_FIELD = "sign_in"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()

    sign_in = models.CharField(max_length=120, unique=True)  # e-mail or user name; for members, the number
    kind = models.CharField(max_length=8, choices=Kind)
    full_name = models.CharField(max_length=200)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=2, default="lo")
    person = models.OneToOneField("people.Person", models.PROTECT, null=True)
    is_active = models.BooleanField(default=True)
    staff_roles = ArrayField(
        models.CharField(max_length=24, choices=[(role.value, role.value) for role in sorted(STAFF_ROLES)]),
        default=list,
    )
    office = models.CharField(max_length=60, blank=True)
    # How sure we are who a member is: a code on the phone, papers at a desk, or the State's own identity.
    level = models.CharField(max_length=5, choices=Level, default=Level.PHONE)
    pin = models.CharField(
        max_length=128, blank=True
    )  # Argon2id; serves only beside a device or an open session
    # Until then neither money nor identity moves, whatever is shown: a new proof made on a weak one has to wait.
    cools_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sign_in


class Mandate(models.Model):
    """What an account may do for an employer, from a day to a day. Revoked by ending it; it counts at once."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="mandates")
    employer = models.ForeignKey("people.Employer", models.PROTECT, related_name="mandates")
    role = models.CharField(
        max_length=24, choices=[(role.value, role.value) for role in sorted(EMPLOYER_ROLES)]
    )
    start = models.DateTimeField()
    end = models.DateTimeField(null=True)
    granted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "employer", "role"], condition=Q(end=None), name="mandate_once"
            ),
            models.CheckConstraint(name="mandate_forward", condition=Q(end=None) | Q(end__gte=F("start"))),
        ]


class Passkey(models.Model):
    """A WebAuthn credential of an account (public key only)."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    name = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class PhoneCode(models.Model):
    """A six-digit code sent to a phone: five minutes, one use, five tries, kept hashed (ASVS 6.5)."""

    token = models.CharField(max_length=43, unique=True)  # what the browser holds; random
    person = models.ForeignKey("people.Person", models.CASCADE, null=True)  # null: nobody, answered alike
    purpose = models.CharField(max_length=30)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)


class Device(models.Model):
    """A browser that an account is remembered on: its secret, hashed, opens the PIN's page and nothing else.

    A phone of several people holds one secret; each of them has a row, a PIN and a session of his own (C180).
    """

    handle = models.CharField(max_length=22, unique=True)  # what pages call it; random
    account = models.ForeignKey(Account, models.CASCADE, related_name="devices")
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=60)
    hides_amounts = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)  # wrong PINs since the last right one
    made_at = models.DateTimeField()
    used_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "account"], condition=Q(ended_at=None), name="device_once"
            )
        ]


class PhoneChange(models.Model):
    """A new phone number of a person: his own change waits three days, one at a counter waits for a second officer."""

    class Way(models.TextChoices):
        OWN = "own"
        DESK = "desk"

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="phone_changes")
    way = models.CharField(max_length=4, choices=Way)
    old = models.CharField(max_length=20, blank=True)
    new = models.CharField(max_length=20)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    holds_from = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    # At a counter: the second officer. Without one the new number gets nothing.
    confirmed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(done_at=None, stopped_at=None), name="phone_change_once"
            ),
            models.CheckConstraint(
                name="phone_change_by_two", condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("by"))
            ),
            models.CheckConstraint(
                name="phone_change_done_or_stopped", condition=Q(done_at=None) | Q(stopped_at=None)
            ),
        ]


class StateIdentity(models.Model):
    """The State's own record of a person, linked to an account: which provider says so, and by what name it calls him."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="state_identities")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    assurance = models.CharField(max_length=60, blank=True)  # `acr`: how the provider had known him
    linked_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"], condition=Q(ended_at=None), name="state_identity_once"
            ),
            models.UniqueConstraint(
                fields=["issuer", "account"], condition=Q(ended_at=None), name="state_identity_of_one"
            ),
        ]


class PaperSecret(models.Model):
    """A first secret handed over on paper at a counter: one day, one use, five tries, kept hashed (C2, C7)."""

    class Purpose(models.TextChoices):
        HAND_OVER = "hand_over"
        RECOVER = "recover"

    account = models.ForeignKey(Account, models.CASCADE, related_name="paper_secrets")
    purpose = models.CharField(max_length=10, choices=Purpose)
    paper = models.CharField(max_length=20)  # which paper showed who the person is
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)


class Call(models.Model):
    """A call that staff make to a person now: both see the same six digits for five minutes (C6)."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="calls")
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=30)
    began_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)  # the person said the second half rightly

    class Meta:
        indexes = [models.Index(fields=["person", "began_at"], name="call_of_person")]


class SignIn(models.Model):
    """One session of one account: seen and ended by its owner, idle and whole limits by door."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    door = models.CharField(max_length=10)
    proof = models.CharField(max_length=20)
    device = models.ForeignKey(Device, models.SET_NULL, null=True, related_name="sign_ins")
    tries = models.PositiveSmallIntegerField(default=0)  # wrong PINs where the browser is not remembered
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account"], condition=Q(ended_at=None), name="sign_in_open")]


class Limit(models.Model):
    """How often something happened in a stretch of time: one atomic counter (codes sent, tries, look-ups)."""

    key = models.CharField(max_length=120, primary_key=True)
    until = models.DateTimeField()
    count = models.IntegerField(default=0)


class AuditRow(models.Model):
    """One act or one look. Number, time, previous hash and hash are set by the database (migration 0002)."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    account_id = models.BigIntegerField(null=True)
    office = models.CharField(max_length=60)
    door = models.CharField(max_length=12)
    act = models.CharField(max_length=60)
    object = models.CharField(max_length=160)
    person_id = models.BigIntegerField(null=True)  # whose record: that person can read this row
    employer_id = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=200)
    request = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(
                fields=["person_id", "number"], name="audit_of_person", condition=Q(person_id__isnull=False)
            )
        ]


class Invitation(models.Model):
    """A way in for one named person: to act for an employer, or back into an account whose proofs were lost.

    The code is shown once to who invites and sent to the person's phone; kept hashed, one use, a day long (ASVS 6.4.1).
    """

    number = models.CharField(max_length=14, unique=True)  # what the person types to say which one; no secret
    digest = models.CharField(max_length=64)
    employer = models.ForeignKey("people.Employer", models.PROTECT, null=True)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+"
    )  # set: recovery of this one
    full_name = models.CharField(max_length=200)
    phone = models.CharField(max_length=20, blank=True)
    roles = ArrayField(models.CharField(max_length=24), default=list)
    until = models.DateField(null=True)  # last day of the mandates
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    counts_from = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    taken_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["employer", "made_at"],
                condition=Q(taken_at=None, withdrawn_at=None),
                name="invitation_open",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="invitation_for_something",
                condition=Q(employer__isnull=False) | Q(account__isnull=False),
            ),
        ]


class ApiKey(models.Model):
    """A company's payroll software: what it may do, until when. Its secret of 256 bits is kept as a digest only (C88).

    A practice key is answered like another one and changes nothing. Who made it has seen the secret: it counts as long as
    that person administers the company.
    """

    class Scope(models.TextChoices):
        EMPLOYEES_READ = "employees:read"
        EMPLOYEES_WRITE = "employees:write"
        DECLARATIONS_WRITE = "declarations:write"
        DECLARATIONS_READ = "declarations:read"
        NOTICES_WRITE = "notices:write"
        RECEIPTS_READ = "receipts:read"
        STATEMENT_READ = "statement:read"
        WEBHOOKS_WRITE = "webhooks:write"

    prefix = models.CharField(max_length=24, unique=True)  # what pages and logs call it; no secret
    digest = models.CharField(max_length=64)
    employer = models.ForeignKey("people.Employer", models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    scopes = ArrayField(models.CharField(max_length=24, choices=Scope))
    is_practice = models.BooleanField(default=False)
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    used_at = models.DateTimeField(null=True)  # to the minute

    class Meta:
        indexes = [models.Index(fields=["employer", "made_at"], name="api_key_of_employer")]
        constraints = [
            models.CheckConstraint(name="api_key_forward", condition=Q(expires_at__gt=F("made_at"))),
        ]


class ApiToken(models.Model):
    """Ten minutes of a key, for software that keeps the secret in one place (OAuth 2.0 client credentials)."""

    digest = models.CharField(max_length=64, unique=True)
    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="tokens")
    scopes = ArrayField(models.CharField(max_length=24, choices=ApiKey.Scope))
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="api_token_over")]
