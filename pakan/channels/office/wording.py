"""Codes of the floors below, said to an officer in whole sentences; and personal data, masked."""

import unicodedata

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.operations.steps import bank_name

Words = str | Promise

# Why a bank message was refused, or still waits (BankMessage.why).
BANK_MESSAGES: dict[str, Words] = {
    "missing": gettext_lazy("It carried no signature. Whoever sent it did not have the bank's key."),
    "malformed": gettext_lazy("Its signature did not have the agreed form."),
    "wrong": gettext_lazy("Its signature was wrong: forged, or changed on the way."),
    "stale": gettext_lazy(
        "It was signed over five minutes before or after it came: an old one, or a wrong clock."
    ),
    "unreadable": gettext_lazy("It was signed rightly, but could not be read."),
    "currency": gettext_lazy("It spoke of money that is not kip."),
    "amount": gettext_lazy("Its amount was no whole number of kip above zero."),
    "time": gettext_lazy("Its day or time is not in the calendar."),
    "unknown to the bank": gettext_lazy("The bank was asked and knows of no such payment."),
    "bank does not answer": gettext_lazy("The bank does not answer. We ask again every five minutes."),
    "": gettext_lazy("It has not been worked on yet."),
}
NOT_KNOWN: Words = gettext_lazy("The reason has no words yet. Tell the people who keep the system.")

# Why money may belong to somebody (Suggestion.reasons).
REASONS: dict[str, Words] = {
    "reference_close": gettext_lazy("What the payer wrote is nearly the reference of this notice."),
    "amount_equal": gettext_lazy("The notice asks for exactly this amount."),
    "payer_name": gettext_lazy("The payer's name is close to the employer's name."),
    "amount_of_open_debt": gettext_lazy("Exactly this amount is open at this employer."),
}

# How a day's statement differed; the code may be followed by the bank's reference.
DIFFERENCES: dict[str, Words] = {
    "balance": gettext_lazy("Opening balance and lines do not give the closing balance."),
    "debit": gettext_lazy("Money went out of the collecting account."),
    "amount": gettext_lazy("The statement says another amount than our receipt."),
}

# What a posting means (Posting.kind).
HAPPENED: dict[str, Words] = {
    "money received": gettext_lazy("Money came to the bank"),
    "kept as credit": gettext_lazy("More than was owed: kept as credit"),
    "contributions owed": gettext_lazy("A month was declared and is owed"),
    "contributions corrected": gettext_lazy("A declaration was corrected"),
    "overpaid after correction": gettext_lazy("Paid too much after a correction: to the credit"),
    "credit used": gettext_lazy("Credit was set against a month"),
    "contribution paid": gettext_lazy("Money was set against a month"),
}


def happened(kind: str) -> Words:
    return HAPPENED.get(kind, kind)


def why_of(code: str) -> Words:
    return BANK_MESSAGES.get(code, NOT_KNOWN)


def reason_of(code: str) -> Words:
    return REASONS.get(code, NOT_KNOWN)


def difference_of(said: str) -> tuple[Words, str]:
    """The sentence of a difference, and the bank's reference it is about."""
    code, _space, reference = said.partition(" ")
    return DIFFERENCES.get(code, NOT_KNOWN), reference


def bank_of(name: str) -> dict[str, str]:
    """A bank's name in both languages; one without words is called as its folder is."""
    lo, en = bank_name(name)
    return {"lo": lo, "en": en}


def sureness(score: float) -> tuple[str, str]:
    """A score from 0 to 1 as a tone and in words: officers decide by reasons, not by decimals."""
    if score >= 0.8:
        return "ok", _("very likely")
    if score >= 0.5:
        return "info", _("likely")
    return "wait", _("possible")


DOTS = "•••"


def _letters(word: str) -> list[str]:
    """A word in letters as they are seen: marks above and below stay with their consonant."""
    seen: list[str] = []
    for sign in word:
        if seen and (unicodedata.category(sign) in ("Mn", "Mc") or seen[-1] in "ເແໂໃໄ"):
            seen[-1] += sign
        else:
            seen.append(sign)
    return seen


def masked_name(name: str) -> str:
    """'SOMSACK TRADING' -> 'SO••• TR•••': enough to compare with a known name, too little to learn one."""
    return " ".join("".join(_letters(word)[:2]) + DOTS for word in name.split())


def masked_account(account: str) -> str:
    """The last four digits of an account."""
    return f"{DOTS}{account[-4:]}" if len(account) > 4 else DOTS if account else ""
