"""Benefit claims from the first answer to the last kip: papers, decisions, awards, instalments, appeals; and payees.

What was lodged, decided, said or paid is never changed or erased (migration 0002); a later row takes its place.
"""

from django.db import models
from django.db.models import F, Q

from pakan.registers.benefits.states import State, StepName
from pakan.registers.columns import KipField, MonthField

TEXT = 1000  # letters of a person's or officer's words
WHY = 500
SUPERSEDED = "superseded"  # why an award ended whose place another one took


class PayeeAccount(models.Model):
    """Where a person wants to be paid. Ended, never erased; one in force at a time."""

    class Check(models.TextChoices):
        WAITING = "waiting"
        MATCH = "match"
        CLOSE = "close"  # a person looks
        NO = "no"
        UNKNOWN = "unknown"  # the bank did not answer: asked again
        ACCEPTED = "accepted"  # by a person who looked

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="payee_accounts")
    bank = models.CharField(max_length=20)
    number = models.CharField(max_length=20)  # 6-20 digits
    name = models.CharField(max_length=140)  # as the bank knows its owner
    check_result = models.CharField(max_length=8, choices=Check, default=Check.WAITING)
    checked_at = models.DateTimeField(null=True)
    looked_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    usable_from = models.DateTimeField()  # a change cools for 72 hours (C4)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at=None), name="payee_one_in_force"),
            models.CheckConstraint(name="payee_digits", condition=Q(number__regex=r"^[0-9]{6,20}$")),
        ]

    @property
    def checked(self) -> bool:
        """The name is right, by the bank or by a person who looked (C43)."""
        return self.check_result in (self.Check.MATCH, self.Check.ACCEPTED)

    @property
    def masked(self) -> str:
        return f"••••{self.number[-4:]}"


class PaymentHold(models.Model):
    """A person stopped the own payments (C5). Taken off, never erased."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="payment_holds")
    on_at = models.DateTimeField()
    on_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    off_at = models.DateTimeField(null=True)
    off_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(off_at=None), name="payment_hold_once"),
            models.CheckConstraint(
                name="payment_hold_off_by_someone",
                condition=Q(off_at=None, off_by=None) | Q(off_at__gte=F("on_at")),
            ),
        ]


class Claim(models.Model):
    """One request for one benefit. `key` is made on the phone: sent twice, or from two devices, it is one claim."""

    key = models.UUIDField(unique=True)
    number = models.CharField(max_length=14, unique=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="claims"
    )  # who claims, and is paid
    insured = models.ForeignKey("people.Person", models.PROTECT, related_name="claims_on_record")
    benefit = models.CharField(max_length=20)
    event_day = models.DateField(null=True)
    told = models.JSONField(default=dict)  # the answers as saved
    family = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, choices=[(state.value, state.value) for state in State], default=State.DRAFT.value
    )
    channel = models.CharField(max_length=10)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    lodged_at = models.DateTimeField(null=True)
    promised_on = models.DateField(null=True)  # 15 working days from a complete file
    late = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="claim_lodged_whole",
                condition=Q(state__in=[State.DRAFT.value, State.WITHDRAWN.value])
                | Q(lodged_at__isnull=False, promised_on__isnull=False, event_day__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-started_at"], name="claim_of_person"),
            models.Index(
                fields=["promised_on"],
                condition=Q(state__in=["lodged", "asked", "proposed"]),
                name="claim_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ClaimStep(models.Model):
    """What happened to a claim, in order. Append-only."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="steps")
    name = models.CharField(max_length=20, choices=[(step.value, step.value) for step in StepName])
    text = models.CharField(max_length=TEXT, blank=True)
    account = models.ForeignKey(
        "access.Account", models.PROTECT, null=True, related_name="+"
    )  # null: the machine
    at = models.DateTimeField()


class Evidence(models.Model):
    """A paper handed in, with a dated receipt (C35). Judged once; a better one is another row."""

    class State(models.TextChoices):
        RECEIVED = "received"
        ACCEPTED = "accepted"
        REFUSED = "refused"

    key = models.UUIDField(unique=True)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=30)  # key of the law's evidence
    document = models.ForeignKey("documents.Document", models.PROTECT)
    receipt_number = models.CharField(max_length=14, unique=True)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    why = models.CharField(max_length=WHY, blank=True)
    judged_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="evidence_judged_by_someone",
                condition=Q(state="received", judged_by=None, judged_at=None)
                | Q(state="accepted", judged_by__isnull=False, judged_at__isnull=False)
                | (Q(state="refused", judged_by__isnull=False, judged_at__isnull=False) & ~Q(why="")),
            ),
        ]


class MissingRequest(models.Model):
    """What the fund still needs: said once a claim, all together, with what, where and until when (C38)."""

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="missing")
    kinds = models.JSONField()
    text = models.CharField(max_length=TEXT, blank=True)
    place = models.CharField(max_length=200)
    until = models.DateField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)


class ClaimDecision(models.Model):
    """What the law says to the established facts, proposed by one and decided by another. `facts`: law Decision as JSON.

    Without a person on either side it is the machine's, which may only grant (C42).
    """

    class Outcome(models.TextChoices):
        GRANTED = "granted"
        REFUSED = "refused"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="decisions")
    version = models.PositiveSmallIntegerField()
    facts = models.JSONField()
    told = models.JSONField()
    law = models.IntegerField()  # number of the newest decree in force
    outcome = models.CharField(max_length=8, choices=Outcome)
    confidence = models.CharField(max_length=8)
    estimate = models.BooleanField()
    risks = models.JSONField(default=list)
    article = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=TEXT, blank=True)
    proposed_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    sent_back_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    sent_back_at = models.DateTimeField(null=True)
    sent_back_why = models.CharField(max_length=WHY, blank=True)
    letter_number = models.CharField(max_length=14, unique=True, null=True)
    letter = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "version"], name="claim_decision_version"),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(decided_at=None, sent_back_at=None),
                name="claim_decision_one_open",
            ),
            # Who proposes does not decide, and does not send back the own proposal.
            models.CheckConstraint(
                name="claim_decision_two_people",
                condition=~Q(decided_by=F("proposed_by")) & ~Q(sent_back_by=F("proposed_by")),
            ),
            # An adverse decision has two people and an article (I14).
            models.CheckConstraint(
                name="claim_decision_adverse",
                condition=Q(outcome="granted")
                | (
                    Q(proposed_by__isnull=False)
                    & ~Q(article="")
                    & ~Q(reason="")
                    & (Q(decided_at=None) | Q(decided_by__isnull=False))
                ),
            ),
            # The machine pays on nothing that is not certain.
            models.CheckConstraint(
                name="claim_decision_machine",
                condition=Q(proposed_by__isnull=False, decided_at=None)
                | Q(proposed_by__isnull=False, decided_by__isnull=False)
                | Q(proposed_by=None, decided_by=None, outcome="granted", estimate=False, risks=[]),
            ),
            models.CheckConstraint(
                name="claim_decision_letter",
                condition=Q(decided_at=None, letter_number=None)
                | Q(decided_at__isnull=False, letter_number__isnull=False),
            ),
        ]


class Award(models.Model):
    """Money that was granted: once, for a time, or each month until it ends. `carried`: already paid by an earlier one."""

    class Kind(models.TextChoices):
        LUMP_SUM = "lump_sum"
        PERIOD = "period"
        MONTHLY = "monthly"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="awards")
    decision = models.ForeignKey(ClaimDecision, models.PROTECT, related_name="awards")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="awards")
    benefit = models.CharField(max_length=20)
    expense = models.CharField(max_length=4)  # account of the ledger
    kind = models.CharField(max_length=8, choices=Kind)
    label = models.CharField(max_length=40)
    kip = KipField()  # in all, or a month for `monthly`
    start = models.DateField()
    end = models.DateField(null=True)
    total = KipField(null=True)  # null: nobody knows when it ends
    carried = KipField(default=0)
    payee = models.ForeignKey(PayeeAccount, models.PROTECT)
    payee_digest = models.CharField(max_length=64)  # of the account as it was when this was decided (A9)
    ended_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=WHY, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "label"], name="award_once"),
            models.CheckConstraint(name="award_positive", condition=Q(kip__gt=0)),
            models.CheckConstraint(name="award_carried", condition=Q(carried__gte=0)),
        ]
        indexes = [
            models.Index(fields=["start"], condition=Q(ended_on=None), name="award_running"),
            models.Index(fields=["person"], name="award_of_person"),
        ]


class Instalment(models.Model):
    """What of an award is due for one month: once a month, together never more than the award (I15)."""

    class State(models.TextChoices):
        DUE = "due"
        ORDERED = "ordered"
        HELD = "held"  # frozen, cooling, or the account is another than decided: a person or time must act
        PAID = "paid"
        REFUSED = "refused"  # by the bank
        CANCELLED = "cancelled"  # before it was paid, by an award that took this one's place

    award = models.ForeignKey(Award, models.PROTECT, related_name="instalments")
    month = MonthField()
    kip = KipField()
    due_on = models.DateField()
    state = models.CharField(max_length=9, choices=State, default=State.DUE)
    why = models.CharField(max_length=30, blank=True)
    made_at = models.DateTimeField()
    paid_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["award", "month"], name="instalment_once_a_month"),
            models.CheckConstraint(name="instalment_positive", condition=Q(kip__gt=0)),
            models.CheckConstraint(
                name="instalment_paid_on",
                condition=Q(state="paid", paid_on__isnull=False) | (~Q(state="paid") & Q(paid_on=None)),
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=~Q(state="paid"), name="instalment_open")]


class Appeal(models.Model):
    """Somebody disagrees with a decision (A-25). Answered by a person who decided nothing in the claim."""

    class State(models.TextChoices):
        OPEN = "open"
        KEPT = "kept"
        CHANGED = "changed"  # the claim goes back to the desk, and other people decide anew

    key = models.UUIDField(unique=True)
    number = models.CharField(max_length=14, unique=True)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="appeals")
    decision = models.OneToOneField(ClaimDecision, models.PROTECT, related_name="appeal")
    text = models.CharField(max_length=TEXT)
    opened_at = models.DateTimeField()
    late = models.BooleanField(default=False)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    answer = models.CharField(max_length=TEXT, blank=True)
    article = models.CharField(max_length=200, blank=True)
    answered_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="appeal_answered_by_someone",
                condition=Q(state="open", answered_by=None, answered_at=None)
                | (
                    ~Q(state="open") & Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer="")
                ),
            ),
            models.CheckConstraint(
                name="appeal_kept_by_article", condition=~Q(state="kept") | ~Q(article="")
            ),
        ]
        indexes = [models.Index(fields=["opened_at"], condition=Q(state="open"), name="appeal_open")]


class Overpayment(models.Model):
    """Paid more than a later decision gives, or for a month after a death. Nothing is taken back before a plan (C52)."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="overpayments")
    decision = models.OneToOneField(ClaimDecision, models.PROTECT, null=True)
    instalment = models.OneToOneField(Instalment, models.PROTECT, null=True)  # for a month after a death
    kip = KipField()
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="overpayment_positive", condition=Q(kip__gt=0)),
            models.CheckConstraint(
                name="overpayment_one_cause",
                condition=Q(decision=None, instalment__isnull=False)
                | Q(decision__isnull=False, instalment=None),
            ),
        ]


class Recovery(models.Model):
    """A plan, seen before it starts: offered by an officer or by the person, agreed by the person, approved by another.

    Contested, it stands still at once; the fund has to prove, and a third officer decides (C45).
    """

    class State(models.TextChoices):
        OFFERED = "offered"  # the person reads it; nothing is taken
        AGREED = "agreed"  # by the person; another officer looks
        RUNNING = "running"
        CONTESTED = "contested"  # nothing is taken
        DONE = "done"
        REPLACED = "replaced"
        DROPPED = "dropped"  # nothing is owed: what was taken goes back

    overpayment = models.ForeignKey(Overpayment, models.PROTECT, related_name="plans")
    monthly = KipField()
    reason = models.CharField(max_length=TEXT)
    by_person = models.BooleanField(default=False)
    proposed_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.OFFERED)
    before = models.CharField(max_length=9, blank=True)  # the state that a contest interrupted
    agreed_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    contest = models.CharField(max_length=TEXT, blank=True)
    contested_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=TEXT, blank=True)
    article = models.CharField(max_length=200, blank=True)
    answered_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["overpayment"],
                condition=~Q(state__in=["done", "replaced", "dropped"]),
                name="recovery_one_open",
            ),
            models.CheckConstraint(name="recovery_positive", condition=Q(monthly__gt=0)),
            models.CheckConstraint(
                name="recovery_two_people",
                condition=~Q(approved_by=F("proposed_by"))
                & ~Q(answered_by=F("proposed_by"))
                & ~Q(answered_by=F("approved_by")),
            ),
            models.CheckConstraint(
                name="recovery_with_consent",
                condition=~Q(state="running") | Q(agreed_at__isnull=False, approved_by__isnull=False),
            ),
        ]


class Deduction(models.Model):
    """What was taken of one payment, with the plan that the person agreed to. Released when the payment is cancelled."""

    plan = models.ForeignKey(Recovery, models.PROTECT, related_name="deductions")
    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="deductions")
    kip = KipField()
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "instalment"], name="deduction_once"),
            models.CheckConstraint(name="deduction_positive", condition=Q(kip__gt=0)),
        ]


class WriteOff(models.Model):
    """An overpayment that is owed no more: `left` was never taken, `back` was taken and is paid back."""

    overpayment = models.OneToOneField(Overpayment, models.PROTECT, related_name="dropped")
    left = KipField()
    back = KipField()
    at = models.DateTimeField()
