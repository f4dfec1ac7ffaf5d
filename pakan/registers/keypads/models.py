"""Telephones whose keys open an account by its PIN, and the talk that one of them has with us (USSD)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Line(models.Model):
    """One telephone for one account: wrong PINs are counted here, so that nobody locks another person out.

    A member's needs nothing but the number on record. One that `declares` for companies was opened on the web, with a
    fresh proof and a code that came to this number.
    """

    account = models.ForeignKey("access.Account", models.CASCADE, related_name="keypad_lines")
    phone = models.CharField(max_length=20)
    declares = models.BooleanField(default=False)
    code_digest = models.CharField(max_length=64, blank=True)
    code_made_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)  # wrong PINs since the last right one
    closed_until = models.DateTimeField(null=True)  # after five wrong ones in a row
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "phone"], condition=Q(ended_at=None), name="keypad_line_once"
            ),
            # A telephone declares for one account: its company's menu never has to ask whose it is.
            models.UniqueConstraint(
                fields=["phone"],
                condition=Q(ended_at=None, declares=True, opened_at__isnull=False),
                name="keypad_declares_for_one",
            ),
            models.CheckConstraint(
                name="keypad_forward", condition=Q(ended_at=None) | Q(ended_at__gte=F("made_at"))
            ),
        ]


class Talk(models.Model):
    """One session of a gateway: the place to go on from, which PINs were right, and the last answer for a repetition.

    Neither the session's name nor the number nor what was typed is kept, only digests that need our key.
    """

    key = models.CharField(max_length=64, unique=True)
    phone = models.CharField(max_length=64)  # digest
    began_at = models.DateTimeField()
    at = models.DateTimeField()
    judged = models.JSONField(
        default=dict
    )  # place of a PIN among the inputs -> the account it was right for, or 0
    place = ArrayField(
        models.CharField(max_length=2), default=list
    )  # choices that lead here; no PIN, no number
    offered = ArrayField(models.CharField(max_length=2), default=list)  # where an earlier talk broke off
    shown = models.CharField(max_length=120, blank=True)  # the figures that a signature would be under
    asked = models.CharField(max_length=64, blank=True)  # digest of the last inputs
    answer = models.CharField(max_length=400, blank=True)
    ended = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["phone", "at"], name="keypad_talk_of_phone")]
