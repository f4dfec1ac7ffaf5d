"""The insurance record: what counts for a person, month by month. Only added to; a correction is a later version."""

from django.db import models

from pakan.registers.columns import KipField, MonthField


class Credit(models.Model):
    """A month that was paid for a person by an employer. The highest version of a month is the one that counts."""

    pk = models.CompositePrimaryKey("person_id", "month", "employer_id", "version")
    # Written only from declared wages, set-wise, whose persons the database has checked; `prove` checks again.
    person = models.ForeignKey("people.Person", models.PROTECT, db_index=False, db_constraint=False)
    month = MonthField()
    employer = models.ForeignKey("people.Employer", models.PROTECT, db_index=False, db_constraint=False)
    version = models.PositiveSmallIntegerField()  # of the declaration
    wage = KipField()
    insured = KipField()
    employer_share = KipField()
    worker_share = KipField()
    credited_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["employer", "month"], name="credit_of_employer")]
