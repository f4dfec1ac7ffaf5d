"""Who there is: places, persons, employers, and who works where. The register that the others lean on."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value

from pakan.registers.columns import MonthField
from pakan.units.month import Month


class Province(models.Model):
    code = models.CharField(max_length=2, primary_key=True)
    name_lo = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)


class District(models.Model):
    code = models.CharField(max_length=4, primary_key=True)
    province = models.ForeignKey(Province, models.PROTECT, related_name="districts")
    name_lo = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)


class Sex(models.TextChoices):
    FEMALE = "f"
    MALE = "m"


class Person(models.Model):
    """A person with a social security number (ລະຫັດປະກັນສັງຄົມ). Written as typed, found by `key` and `grams`."""

    number = models.CharField(max_length=20, unique=True)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    name_latin = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=250)  # units.name.search_key of given and family name
    grams = ArrayField(models.CharField(max_length=3), default=list)
    sort_key = models.BinaryField(default=bytes)  # Lao order; the database's own puts ເ ແ ໂ ໃ ໄ last
    birth_date = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex)
    phone = models.CharField(max_length=20, blank=True)
    national_id = models.CharField(max_length=20, blank=True)
    village = models.CharField(max_length=100, blank=True)
    district = models.ForeignKey(District, models.PROTECT, null=True)
    registered_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["grams"], name="person_grams"),
            models.Index(fields=["key"], name="person_key"),
            models.Index(fields=["phone"], name="person_phone", condition=~Q(phone="")),
            models.Index(fields=["birth_date"], name="person_birth"),
            models.Index(fields=["national_id"], name="person_national", condition=~Q(national_id="")),
        ]

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def __str__(self) -> str:
        return self.number


class Alias(models.Model):
    """An old number of a person, found, agreed by him and merged by two: what stands under it counts for him (C8).

    Rows of other registers are never moved; who reads follows the alias. Officers stand here by their account's id,
    because access stands above people.
    """

    class How(models.TextChoices):
        OWN = "own"  # on the own page, with a fresh proof
        PAPER = "paper"  # at a counter, the paper seen

    old = models.ForeignKey(Person, models.PROTECT, related_name="known_as")
    person = models.ForeignKey(Person, models.PROTECT, related_name="aliases")
    why = models.CharField(max_length=60)  # what was alike
    found_by = models.BigIntegerField()
    found_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    agreed_how = models.CharField(max_length=5, choices=How, blank=True)
    agreed_by = models.BigIntegerField(null=True)
    refused_at = models.DateTimeField(null=True)  # by the person, or by the second officer
    merged_by = models.BigIntegerField(null=True)
    merged_at = models.DateTimeField(null=True)
    end_asked_by = models.BigIntegerField(null=True)
    end_asked_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person"], name="alias_of_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["old"], condition=Q(refused_at=None, ended_at=None), name="alias_once"
            ),
            models.CheckConstraint(name="alias_of_another", condition=~Q(old=F("person"))),
            models.CheckConstraint(
                name="alias_agreed_first", condition=Q(merged_at=None) | Q(agreed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="alias_by_two",
                condition=Q(merged_by=None)
                | (~Q(merged_by=F("found_by")) & (Q(agreed_by=None) | ~Q(merged_by=F("agreed_by")))),
            ),
            models.CheckConstraint(
                name="alias_ended_by_two", condition=Q(ended_by=None) | ~Q(ended_by=F("end_asked_by"))
            ),
        ]


class Employer(models.Model):
    """A labour unit (ຫົວໜ່ວຍແຮງງານ) with its code of 5 + 2 digits."""

    class Scheme(models.TextChoices):
        ENTERPRISE = "enterprise"
        PUBLIC = "public"
        VOLUNTARY = (
            "voluntary"  # a person who insures himself: no labour unit, so no list of employers shows him
        )

    code = models.CharField(max_length=7, unique=True)
    name_lo = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    scheme = models.CharField(max_length=12, choices=Scheme, default=Scheme.ENTERPRISE)
    name_key = models.CharField(
        max_length=250, blank=True
    )  # units.name.search_key of the Lao name: doubles meet
    enterprise_number = models.CharField(max_length=20, blank=True)
    tax_number = models.CharField(max_length=20, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    fax = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    village = models.CharField(max_length=100, blank=True)
    district = models.ForeignKey(District, models.PROTECT)
    first_month = MonthField()  # declarations before it are refused
    last_month = MonthField(null=True)
    # An owner without a second person may say so; then preparer and approver may be one (issue of one user).
    one_person_may_approve = models.BooleanField(default=False)
    registered_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["name_key"], name="employer_name_key"),
            models.Index(fields=["tax_number"], name="employer_tax", condition=~Q(tax_number="")),
        ]

    def __str__(self) -> str:
        return self.code


class Suspension(models.Model):
    """Months in which an employer works not at all and declares nothing, as it asked and the fund agreed (C72)."""

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="suspensions")
    first_month = MonthField()
    last_month = MonthField(null=True)  # None: until it says that it works again

    def covers(self, month: Month) -> bool:
        return self.first_month <= month and (self.last_month is None or month <= self.last_month)


class Employment(models.Model):
    """A worker at an employer from a day to a day. Ended, never erased."""

    class Category(models.TextChoices):
        REGULAR = "regular"
        TEMPORARY = "temporary"
        INTERN = "intern"
        FOREIGNER = "foreigner"

    person = models.ForeignKey(Person, models.PROTECT, related_name="employments")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="employments")
    start = models.DateField()
    end = models.DateField(null=True)
    category = models.CharField(
        max_length=10, choices=Category, default=Category.REGULAR, db_default="regular"
    )
    until = models.DateField(null=True)  # the last day of the contract or stay, where one is agreed
    end_reason = models.CharField(max_length=20, blank=True, default="", db_default="")

    class Meta:
        indexes = [models.Index(fields=["employer", "end"], name="employment_of_employer")]
        constraints = [
            models.CheckConstraint(name="employment_forward", condition=Q(end=None) | Q(end__gte=F("start"))),
            # The same worker cannot be twice at the same employer on one day. Ranges of ids, since btree_gist is contrib.
            ExclusionConstraint(
                name="employment_once",
                expressions=[
                    (
                        Func(F("person_id"), F("person_id"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("employer_id"), F("employer_id"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("start"),
                            F("end"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]


class Series(models.Model):
    """The last number given out, a row a series: taken under its row's lock, so that no number is missing or twice."""

    name = models.CharField(max_length=40, primary_key=True)
    last = models.BigIntegerField(default=0)
