"""What was sent with an id made by the sender, and what we answered: the same thing sent again finds its answer here."""

from django.db import models


class Submission(models.Model):
    """One act of one account. Append-only and kept for ever: an old phone may repeat after years (rule 2 of money)."""

    account = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    key = models.UUIDField()
    digest = models.CharField(max_length=64)  # SHA-256 of address and content
    location = models.CharField(max_length=300)  # where the person was sent after it
    says = models.JSONField()  # the words of the answer: [level, words]
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="submission_once")]
