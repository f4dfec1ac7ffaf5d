"""Sentences read aloud by a person, kept by the fingerprint of their words (C10)."""

from django.db import models

LARGEST = 60_000  # bytes: what a phone on 2G may be asked to load for a sentence


class Recording(models.Model):
    """A sentence in one language, as it was when somebody read it. A newer one replaces it; nothing is erased."""

    fingerprint = models.CharField(max_length=64)
    text = models.CharField(max_length=1000)
    language = models.CharField(max_length=2)
    audio = models.BinaryField()
    kind = models.CharField(max_length=20)  # audio/ogg, audio/mpeg, audio/mp4, audio/wav, audio/webm
    place = models.CharField(
        max_length=200, blank=True
    )  # the English sentence, or wording, that it was made for
    made_by = models.ForeignKey("access.Account", models.PROTECT)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint", "language"], condition=models.Q(ended_at=None), name="recording_once"
            )
        ]
        indexes = [models.Index(fields=["place", "language"], name="recording_of_place")]
