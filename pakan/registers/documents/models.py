"""Files as they came in: kept whole, with a checksum and a day until when (C148)."""

from django.db import models


class Document(models.Model):
    token = models.CharField(max_length=43, unique=True)  # random; never a number that can be counted up
    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    employer = models.ForeignKey("people.Employer", models.PROTECT, null=True)
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey("access.Account", models.PROTECT, null=True)
    keep_until = models.DateField()
