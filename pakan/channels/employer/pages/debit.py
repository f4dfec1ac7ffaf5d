"""Direct debit: the leave to draw bills from an account, and every debit with what became of it (C108)."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.channels.employer.frame import may, of_employer, show, to
from pakan.channels.employer.pages.people import prove_first
from pakan.channels.kit.fields import DayField, KipField
from pakan.channels.kit.speech import in_language
from pakan.operations import debit
from pakan.registers.access.actor import Actor, Asked
from pakan.registers.debits.models import Debit, DebitMandate
from pakan.registers.debits.queries import AT_THE_BANK, debit_of_bill, debits_of, last_ended, mandate_of
from pakan.registers.payments.models import Notice
from pakan.registers.people.models import Employer

Words = str | Promise
State = Debit.State
STATES: dict[str, tuple[Words, str]] = {
    State.ANNOUNCED: (gettext_lazy("announced"), "wait"),
    State.UNKNOWN: (gettext_lazy("the bank has not answered yet"), "wait"),
    State.SENT: (gettext_lazy("at the bank"), "wait"),
    State.DRAWN: (gettext_lazy("drawn"), "ok"),
    State.REFUSED: (gettext_lazy("the bank refused it"), "bad"),
    State.RETURNED: (gettext_lazy("the bank returned it"), "bad"),
    State.DROPPED: (gettext_lazy("not drawn"), "plain"),
}
BY_HAND = gettext_lazy("Pay this bill yourself.")
WHYS: dict[str, tuple[Words, Words]] = {  # why, and what to do
    "paid": (gettext_lazy("The bill was paid before."), ""),
    "revoked": (gettext_lazy("The mandate was ended."), BY_HAND),
    "replaced": (gettext_lazy("The bill was replaced by another."), gettext_lazy("Pay the new bill yourself.")),
    "on_hold": (
        gettext_lazy("A dispute or a plan stands over its month."),
        gettext_lazy("Pay as the plan says, or wait for the answer."),
    ),
    "limit": (gettext_lazy("It is more than you allowed for a month."), BY_HAND),
    "AM04": (gettext_lazy("The account did not have enough money."), BY_HAND),
    "AC01": (gettext_lazy("The bank does not know the account."), gettext_lazy("Give a mandate for another account.")),
    "AC04": (gettext_lazy("The account is closed."), gettext_lazy("Give a mandate for another account.")),
    "AC06": (gettext_lazy("The account is blocked."), gettext_lazy("Ask your bank, and pay this bill yourself.")),
    "MD01": (gettext_lazy("The mandate was withdrawn at the bank."), BY_HAND),
}  # fmt: skip
OTHER_WHY = (
    gettext_lazy("The bank gave no reason."),
    gettext_lazy("Ask your bank, and pay this bill yourself."),
)
ENDED: dict[str, Words] = {
    "revoked": gettext_lazy("It was ended by your company."),
    "bank": gettext_lazy("It was withdrawn at the bank."),
    "name_no": gettext_lazy("The account belongs to somebody else, says the bank."),
    "name_close": gettext_lazy("The name differs a little. Write it as the bank does, and give it again."),
    "name_unknown": gettext_lazy("The bank does not know the account."),
}
WRONG: dict[str, tuple[str | None, Words]] = {
    "bank": ("bank", gettext_lazy("Choose the bank.")),
    "account": ("account", gettext_lazy("An account number has 6 to 20 figures.")),
    "name": ("name", gettext_lazy("Write the name in Latin letters, as the bank does.")),
    "limit": ("limit", gettext_lazy("Type an amount in whole kip. Like 2,500,000.")),
    "until": ("until", gettext_lazy("Choose a day after today, at most three years on.")),
    "live": (None, gettext_lazy("There is a mandate already. End it first.")),
    "second_person": (None, gettext_lazy("A second person must approve here. Invite an approver first.")),
    "same_person": (None, gettext_lazy("Another approver must agree: you gave it yourself.")),
    "state": (None, gettext_lazy("Somebody has done this already.")),
}


class MandateForm(forms.Form):
    bank = forms.ChoiceField(label=gettext_lazy("Bank"), choices=())
    account = forms.CharField(
        label=gettext_lazy("Account number"), max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("Name of the owner"), max_length=140,
        help_text=gettext_lazy("In Latin letters, as the bank writes it."),
    )  # fmt: skip
    limit = KipField(label=gettext_lazy("At most in a month (kip)"))
    until = DayField(
        label=gettext_lazy("Until this day"), help_text=gettext_lazy("Day, month, year. Like 31/12/2027.")
    )

    def __init__(self, sent: object = None) -> None:
        super().__init__(sent)  # type: ignore[arg-type]
        banks = [(name, in_language({"lo": lo, "en": en})) for name, lo, en in debit.banks()]
        self.fields["bank"].choices = banks  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Shown:
    """A debit with its state, the reason and what to do, in words."""

    debit: Debit
    says: Words
    tone: str
    why: Words = ""
    do: Words = ""


def shown(one: Debit) -> Shown:
    says, tone = STATES[one.state]
    why, do = WHYS.get(one.why, OTHER_WHY) if one.why else ("", "")
    return Shown(one, says, tone, why, do)


def beside(notice: Notice | None) -> Shown | None:
    """The debit of a bill, for the page that pays it; one that was only dropped since it is paid says nothing."""
    one = debit_of_bill(notice.number) if notice else None
    return None if one is None or one.why == "paid" else shown(one)


def came_too_late(employer_id: int, due_on: date, today: date) -> bool:
    """Whether a mandate draws, and a bill that is due on that day cannot be announced in time any more."""
    if debit.draw_day(due_on, today) is not None:
        return False
    held = mandate_of(employer_id)
    return held is not None and held.draws


def at_the_bank(found: Shown | None) -> bool:
    """Whether the bank draws it now: paid by hand as well, it would be paid twice."""
    return found is not None and found.debit.state in (*AT_THE_BANK, State.DRAWN)


@of_employer("GET", "HEAD", "POST")
def mandate(request: Asked, employer: Employer) -> HttpResponse:
    """The mandate in force, giving and ending one, and the debits."""
    form = MandateForm(request.POST if request.POST.get("do") == "give" else None)
    if request.method == "POST":
        # A fresh proof to give, none to end: stopping must be possible from any phone at once.
        gives = request.POST.get("do") != "revoke" and may(request.actor, employer, "debit.give")
        if gives and (prove := prove_first(request, employer, "debit")):
            return prove
        if _done(request, employer, form):
            return to("debit", employer)
    live = mandate_of(employer.id)
    ended = None if live else last_ended(employer.id)
    facts = {
        "form": form,
        "live": live,
        "state": _state(live, request.actor) if live else None,
        "bank": _bank_words(live.bank) if live else "",
        "ended": ended,
        "ended_why": ENDED.get(ended.end_why, "") if ended else "",
        "debits": [shown(one) for one in debits_of(employer.id)],
        "may_give": may(request.actor, employer, "debit.give"),
        "may_confirm": live is not None
        and live.confirmed_at is None
        and live.asked_by_id != request.actor.account_id
        and may(request.actor, employer, "debit.confirm"),
    }
    return show(request, "debit", employer, facts, current="debts", status=422 if form.errors else 200)


def _done(request: Asked, employer: Employer, form: MandateForm) -> bool:
    """Do what the pressed button says; False where the form is shown again with what is wrong."""
    act, live = request.POST.get("do", ""), mandate_of(employer.id)
    try:
        if act == "give":
            if not form.is_valid():
                return False
            told = form.cleaned_data
            debit.give(
                request.actor,
                employer,
                told["bank"],
                told["account"],
                told["name"],
                told["limit"],
                told["until"],
            )
            messages.success(request, _("Given. Below stands what comes next."))
        elif act == "confirm" and live:
            debit.confirm(request.actor, live)
            messages.success(request, _("Agreed. The bank is asked whose the account is."))
        elif act == "revoke" and live:
            debit.revoke(request.actor, live)
            messages.success(request, _("Ended. Nothing more is drawn."))
    except debit.Refused as refused:
        field, says = WRONG[refused.code]
        if act == "give":
            form.add_error(field, str(says))
            return False
        messages.error(request, str(says))
    return True


def _state(live: DebitMandate, actor: Actor) -> tuple[Words, str]:
    if live.confirmed_at is None:
        return gettext_lazy("waiting for a second person"), "wait"
    if live.check_result == DebitMandate.Check.WAITING:
        return gettext_lazy("waiting for the bank"), "wait"
    return (gettext_lazy("over"), "plain") if actor.today > live.until else (gettext_lazy("in force"), "ok")


def _bank_words(name: str) -> str:
    return next((in_language({"lo": lo, "en": en}) for known, lo, en in debit.banks() if known == name), name)
