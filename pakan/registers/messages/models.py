"""Messages to people: one row an event and person (never twice), and one row each way by which it was tried."""

from django.db import models
from django.db.models import Q

CODES = ("code", "phone_code", "mail_code")  # forgotten when they have left, never kept in sight


class Message(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        DELIVERED = "delivered"
        FAILED = "failed"  # no way is left: a person looks after it
        INBOX = "inbox"  # nothing to send to: it waits in the person's page only

    key = models.CharField(max_length=120, unique=True)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True)
    account = models.ForeignKey("access.Account", models.PROTECT, null=True)
    wording = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    language = models.CharField(max_length=2)
    phone = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=State)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-made_at"], name="message_of_person"),
            models.Index(fields=["made_at"], condition=Q(state="queued"), name="message_queued"),
            models.Index(fields=["made_at"], condition=Q(state="failed"), name="message_failed"),
        ]


class Way(models.TextChoices):
    PUSH = "push"
    SMS = "sms"
    MAIL = "mail"


class Attempt(models.Model):
    """One message by one way. The constraint says it: no way is tried twice for the same message."""

    class State(models.TextChoices):
        TRYING = "trying"
        SENT = "sent"
        DELIVERED = "delivered"
        FAILED = "failed"

    message = models.ForeignKey(Message, models.CASCADE, related_name="attempts")
    way = models.CharField(max_length=4, choices=Way)
    state = models.CharField(max_length=10, choices=State)
    operator = models.CharField(max_length=20, blank=True)
    operator_id = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "way"], name="attempt_once")]
        indexes = [
            models.Index(
                fields=["operator", "operator_id"], condition=~Q(operator_id=""), name="attempt_at_operator"
            ),
            models.Index(fields=["at", "way", "state"], name="attempt_of_day"),
        ]


class Told(models.Model):
    """A message that no way carried, and how a person of ours told it instead (C175)."""

    class How(models.TextChoices):
        CALL = "call"
        LETTER = "letter"
        VISIT = "visit"
        NOT_REACHED = "not_reached"

    message = models.OneToOneField(Message, models.CASCADE, related_name="told")
    account = models.ForeignKey("access.Account", models.PROTECT)
    how = models.CharField(max_length=12, choices=How)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()


class PushSubscription(models.Model):
    """A browser that may be woken, with its owner's consent. Ended, never erased; one living row an address."""

    account = models.ForeignKey("access.Account", models.CASCADE)
    digest = models.CharField(max_length=64)  # SHA-256 of the address
    endpoint = models.CharField(max_length=1000)
    public_key = models.CharField(max_length=120)
    secret = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    why_ended = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=Q(ended_at=None), name="push_address_once")
        ]
        indexes = [models.Index(fields=["account"], condition=Q(ended_at=None), name="push_of_account")]


class MailAddress(models.Model):
    """The e-mail address that a person gave; it counts from the moment it was confirmed by a code sent to it."""

    account = models.OneToOneField("access.Account", models.CASCADE, related_name="mail_address")
    address = models.EmailField()
    said_at = models.DateTimeField()
    code = models.CharField(max_length=64, blank=True)  # digest
    tries = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)


class NewsStop(models.Model):
    """A telephone that wants no news (STOP, ຢຸດ); codes, payments and one's own cases still come."""

    phone = models.CharField(max_length=20)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phone"], condition=Q(ended_at=None), name="news_stop_once")
        ]


class Incoming(models.Model):
    """A text that somebody sent to us: what it asked, never its words. The operator may tell it twice."""

    operator = models.CharField(max_length=20)
    operator_id = models.CharField(max_length=80)
    phone = models.CharField(max_length=20)
    asks = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operator", "operator_id"], name="incoming_once")]
