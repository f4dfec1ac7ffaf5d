"""What each letter needs to be told. Days are 'YYYY-MM-DD', months 'YYYY-MM', amounts whole kip, '' is unknown."""

from typing import Literal, NotRequired, TypedDict


class SheetRow(TypedDict):
    """One worker on a sheet 2-02; the number and the total are reckoned."""

    code: str  # social security code as it is shown
    name: str
    born: str  # a day, or '' if not known
    sex: Literal["f", "m", ""]
    wage: int
    employer: int
    worker: int
    remark: str


class Form201(TypedDict):
    """Form 2-01 and its sheets 2-02. Line 5, the amount due, the words and the count of sheets are reckoned."""

    # staff only; '' leaves the line empty for a pen
    incoming_number: str  # '26-00042'
    received_by: str
    received_on: str
    entered_by: str
    receipt_number: str
    bank: str
    slip: Literal["cash", "cheque", ""]
    slip_on: str
    paid: int | None
    # the employer
    month: str
    employer: str
    employer_code: str  # seven digits
    phone: str
    fax: str
    email: str
    village: str
    district: str
    province: str
    # the table; rates as they are printed, with a comma
    employer_rate: str  # '6'
    worker_rate: str  # '5,5'
    total_rate: str  # '11,5'
    employer_total: int  # line 1
    worker_total: int  # line 2
    add: int  # line 3
    deduct: int  # line 4
    # counts
    workers: int
    joined: int  # with form 1-02
    joined_with_card: int  # with form 1-04
    left: int  # with form 1-07
    # the end
    place: str
    signed_on: str
    owner: str
    preparer: str
    rows: list[SheetRow]
    draft: NotRequired[bool]  # not signed yet: each page says so across itself


class ReminderStep(TypedDict):
    step_lo: str
    step_en: str
    on: str


class ReminderLetter(TypedDict):
    """A late month is asked for by letter, or ordered to be paid."""

    number: str
    is_order: bool
    employer: str
    employer_code: str
    month: str
    due_on: str
    open: int
    charges: int  # late charges if it is paid on the day of the letter
    issued_on: str
    before: list[ReminderStep]  # what was done before


class FundLine(TypedDict):
    """What is another fund's: never a contribution, always named apart."""

    name_lo: str
    name_en: str
    month: str
    reference: str  # that fund's own
    amount: int


class NoticeLetter(TypedDict):
    """The payment notice in Lao and English."""

    number: str  # 13 digits
    reference: str  # ISO 11649, without spaces
    code: str  # text of the LAO QR
    employer: str
    employer_code: str
    month: str
    amount: int
    due_on: str
    issued_on: str
    receiver: str  # name of the account, Latin
    account: str
    bank_lo: str
    bank_en: str
    funds: NotRequired[list[FundLine]]  # of the amount


class CashSlipLetter(NoticeLetter):
    """A slip for paying the notice in cash; only of one that may still be paid."""

    months: list[str]
    expires_on: str


class ReceiptLine(TypedDict):
    """What of the money was set against one month, or against its late charges."""

    month: str
    amount: int
    is_charge: NotRequired[bool]


class ReceiptLetter(TypedDict):
    """The receipt. What is left after the lines is shown as credit."""

    number: str
    employer: str
    employer_code: str
    reference: str  # of the notice, '' if the money came without one
    lines: list[ReceiptLine]
    amount: int
    bank_lo: str
    bank_en: str
    bank_reference: str
    paid_on: str
    issued_on: str
    verify_at: str  # address of the page that confirms this receipt
    funds: NotRequired[list[FundLine]]  # of the amount


class Told(TypedDict):
    """A sentence in both languages."""

    lo: str
    en: str


class Reason(Told):
    """A condition, step or note of a decision with what it rests on."""

    article: str
    article_en: NotRequired[str]  # letters until November 2026 have it in one language
    assumption: str


class DecisionLetter(TypedDict):
    """The decision on a claim: facts, article, arithmetic, and how to disagree."""

    number: str
    claim: str
    person: str
    person_number: str
    title: list[str]  # of the benefit, Lao and English
    outcome: list[str]
    granted: bool
    event_day: str
    rows: list[Reason]
    amounts: list[Told]
    gave_way: list[Told]  # what is not paid beside another benefit
    article: str  # of a refusal, as the officer named it
    reason: str
    account: str  # masked, '' where nothing is paid
    issued_on: str
    appeal_until: str
    verify_at: str
    code: str  # the signed text of the QR code


class SlipLine(Told):
    kip: int
    why_lo: str
    why_en: str


class SlipLetter(TypedDict):
    """What was paid of a benefit for a month, with every deduction and why."""

    number: str
    claim: str
    person: str
    person_number: str
    lines: list[SlipLine]
    net: int
    account: str
    bank_reference: str
    paid_on: str


class StatementRow(TypedDict):
    """One month at one employer that counts."""

    month: str
    employer: str
    employer_code: str
    insured: int  # wage that counts
    employer_share: int
    worker_share: int


class StatementLetter(TypedDict):
    """The member's statement: every month that counts. Totals and years are reckoned."""

    number: str
    person: str
    person_number: str
    born: str
    rows: list[StatementRow]  # oldest first
    months: int  # a month with two employers counts once
    issued_on: str
    valid_until: str
    code: str  # the signed text of the QR code
    verify_at: str  # address of the page that reads it


class PrintedCard(TypedDict):
    """One paper card, both sides. `photo`: base64 of a JPEG, '' for none."""

    name: str
    name_latin: str
    number: str  # as it is shown
    born: str
    sex: str  # 'f', 'm'
    until: str
    serial: str
    code: str  # the signed text of the QR code
    photo: str
    family_of: str  # number of the insured person as it is shown; '' on the own card


class CardSheet(TypedDict):
    """Cards to print, ten on a sheet of A4."""

    cards: list[PrintedCard]


class AccountRow(TypedDict):
    """One month of an employer's account."""

    month: str
    due_on: str
    workers: int
    owed: int
    settled: int
    open: int
    charges: int
    charges_open: int
    receipts: list[str]


class AccountLetter(TypedDict):
    """The account of an employer. `open`, `charges_open` and `credit` are of all years."""

    employer: str
    employer_code: str
    year: str  # '' for all
    rows: list[AccountRow]
    open: int
    charges_open: int
    credit: int
    issued_on: str
    funds: NotRequired[list[FundLine]]  # paid for other funds, apart from the sums


class RegistrationLetter(TypedDict):
    """The certificate that a labour unit is registered."""

    number: str
    employer: str
    name_en: str  # '' for none
    employer_code: str
    registered_on: str
    issued_on: str
    valid_until: str
    code: str
    verify_at: str


class PaySlipLetter(TypedDict):
    """One worker's month at a small employer. `rows`: (Lao, English, kip), the last one is what the worker gets."""

    employer: str
    employer_code: str
    worker: str
    person_number: str
    month: str
    rows: list[tuple[str, str, int]]


class ClearanceLetter(TypedDict):
    """The certificate that an employer owes nothing overdue."""

    number: str
    employer: str
    employer_code: str
    last_month: str  # '' before the first month
    plan: str  # number of the plan on which it rests, '' for none
    issued_on: str
    valid_until: str
    code: str
    verify_at: str
