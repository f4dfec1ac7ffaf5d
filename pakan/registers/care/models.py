"""Care: cards that were issued, hospitals under contract, which one a person chose, and what care was given (C53–C61)."""

from django.db import models
from django.db.models import F, Q

from pakan.registers.columns import KipField, MonthField

WORDS = 500  # letters of a person's words


class Facility(models.Model):
    """A hospital or health centre under contract. Loaded by the fund; none is known beforehand (A-58)."""

    class Kind(models.TextChoices):
        HOSPITAL = "hospital"
        DISTRICT = "district"  # district hospital
        CENTRE = "centre"  # health centre

    code = models.CharField(max_length=10, unique=True)
    name_lo = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    district = models.ForeignKey("people.District", models.PROTECT)
    village = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    emergency = models.BooleanField(default=False)  # open day and night
    contract_from = models.DateField()
    contract_until = models.DateField(null=True)
    key_digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the key with which its log is sent
    key_made_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["district"], name="facility_in_district")]
        constraints = [
            models.CheckConstraint(
                name="facility_forward",
                condition=Q(contract_until=None) | Q(contract_until__gte=F("contract_from")),
            )
        ]

    def __str__(self) -> str:
        return self.code


class Batch(models.Model):
    """Paper cards printed together. `document` is the PDF, once the job has made it."""

    number = models.CharField(max_length=14, unique=True)
    employer = models.ForeignKey("people.Employer", models.PROTECT, null=True)
    district = models.ForeignKey("people.District", models.PROTECT, null=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True)
    made_at = models.DateTimeField(null=True)
    cards = models.IntegerField(default=0)
    left_out = models.IntegerField(default=0)  # people without cover today

    def __str__(self) -> str:
        return self.number


class IssuedCard(models.Model):
    """One card: what a reader can withdraw. The signed text is made from it again whenever it is shown."""

    class Kind(models.TextChoices):
        PHONE = "phone"
        PAPER = "paper"

    class Why(models.TextChoices):
        LOST = "lost"
        DEATH = "death"
        ENDED = "ended"  # cover ends earlier than the card says
        WRONG = "wrong"  # a fact on it is wrong
        REPRINTED = "reprinted"
        KEY = "key"  # the key that signed it was changed

    serial = models.CharField(max_length=16, unique=True)  # random, 80 bits
    person = models.ForeignKey("people.Person", models.PROTECT)  # the insured person
    family = models.ForeignKey(
        "families.FamilyMember", models.PROTECT, null=True
    )  # whose card, if not the own
    kind = models.CharField(max_length=6, choices=Kind)
    key = models.CharField(max_length=40)  # which signed it
    scheme = models.CharField(max_length=12, default="enterprise")
    until = models.DateField()
    issued_at = models.DateTimeField()
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="issued")
    reprint_of = models.OneToOneField("self", models.PROTECT, null=True)
    revoked_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=10, choices=Why, blank=True)
    revoked_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            # A person may look at the card on two phones at one moment: it is still one card.
            models.UniqueConstraint(
                fields=["person", "family", "kind", "until"],
                condition=Q(revoked_at=None),
                nulls_distinct=False,
                name="card_once",
            ),
            models.CheckConstraint(
                name="card_withdrawn_for_a_reason",
                condition=Q(revoked_at=None, why="") | (Q(revoked_at__isnull=False) & ~Q(why="")),
            ),
        ]
        indexes = [
            models.Index(fields=["until"], condition=Q(revoked_at__isnull=False), name="card_withdrawn"),
            models.Index(fields=["person", "until"], name="card_of_person"),
            models.Index(fields=["family"], condition=Q(family__isnull=False), name="card_of_family"),
        ]

    def __str__(self) -> str:
        return self.serial


class Photo(models.Model):
    """The face for a paper card, re-encoded and small. The newest counts."""

    person = models.ForeignKey("people.Person", models.PROTECT)  # the insured person
    family = models.ForeignKey(
        "families.FamilyMember", models.PROTECT, null=True
    )  # whose face, if not the own
    content = models.BinaryField()
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    warnings = models.CharField(max_length=60, blank=True)  # 'dark small': known when it was accepted


class Choice(models.Model):
    """A person's hospital from a month on (C58). The latest granted one whose month has come is in force."""

    class State(models.TextChoices):
        GRANTED = "granted"
        WAITING = "waiting"  # an officer decides
        REFUSED = "refused"

    class Reason(models.TextChoices):
        FIRST = "first"
        YEARLY = "yearly"
        MOVED = "moved"
        OTHER = "other"

    person = models.ForeignKey("people.Person", models.PROTECT)
    facility = models.ForeignKey(Facility, models.PROTECT)
    first_month = MonthField()
    reason = models.CharField(max_length=8, choices=Reason)
    text = models.CharField(max_length=WORDS, blank=True)
    state = models.CharField(max_length=8, choices=State)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=WORDS, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="waiting"), name="choice_once_waiting"
            ),
            models.CheckConstraint(
                name="choice_refused_by_someone",
                condition=~Q(state="refused") | (Q(decided_by__isnull=False) & ~Q(answer="")),
            ),
        ]
        indexes = [models.Index(fields=["person", "first_month"], name="choice_of_person")]


class Visit(models.Model):
    """Care that a person got, as a hospital noted it (perhaps without network) or an officer entered it; and its bill.

    `key` comes from whoever noted it: sent twice, it is one visit. The bill is agreed by two people.
    """

    class Kind(models.TextChoices):
        OUT = "out"
        IN = "in"
        EMERGENCY = "emergency"

    key = models.UUIDField(unique=True)
    person = models.ForeignKey("people.Person", models.PROTECT)  # on whose cover
    family = models.ForeignKey(
        "families.FamilyMember", models.PROTECT, null=True
    )  # who was treated, if not he
    facility = models.ForeignKey(Facility, models.PROTECT)
    card = models.ForeignKey(IssuedCard, models.PROTECT, null=True)
    kind = models.CharField(max_length=10, choices=Kind)
    served_at = models.DateTimeField()  # the reader's clock: a remark, not a fact
    was_offline = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    findings = models.CharField(max_length=120, blank=True)  # what reconciling found, in codes
    billed = KipField(default=0)
    agreed = KipField(null=True)
    proposed_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=WORDS, blank=True)  # when less is agreed than billed
    decided_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    entered_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="visit_billed", condition=Q(billed__gte=0)),
            models.CheckConstraint(
                name="visit_agreed",
                condition=Q(agreed=None) | (Q(agreed__gte=0) & Q(agreed__lte=F("billed"))),
            ),
            models.CheckConstraint(
                name="visit_two_people",
                condition=Q(decided_by=None)
                | (Q(proposed_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="visit_less_has_a_reason",
                condition=Q(agreed=None) | Q(agreed=F("billed")) | ~Q(why=""),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-served_at"], name="visit_of_person"),
            models.Index(fields=["facility", "received_at"], name="visit_at_facility"),
            models.Index(
                fields=["received_at"], condition=Q(decided_at=None, billed__gt=0), name="visit_bill_waits"
            ),
        ]


class Rating(models.Model):
    """What a patient thinks of a visit, once (C60). The facility sees sums only."""

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="rating")
    stars = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=WORDS, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="rating_one_to_five", condition=Q(stars__gte=1, stars__lte=5))
        ]
