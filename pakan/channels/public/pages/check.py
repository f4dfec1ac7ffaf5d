"""Is this receipt real? Shows what the paper shows, the employer masked, so that a forged paper is found out."""

import unicodedata
from datetime import timedelta

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pakan.channels.kit.speech import VIENTIANE
from pakan.channels.public.pages.sign_in import too_often
from pakan.operations import enter
from pakan.registers.access.actor import Asked
from pakan.registers.payments.models import Receipt
from pakan.registers.payments.queries import receipt_by_number
from pakan.units.number import WrongNumber, check_receipt_number

MOST = (30, timedelta(minutes=10))
SHOWN = 3  # letters of a name
BEFORE_THEIR_LETTER = "ເແໂໃໄ"  # vowels written before the consonant: a name is not cut between the two


class ReceiptForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Number of the receipt"),
        help_text=gettext_lazy("It stands at the top of the receipt, such as R26-0000123-4."),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "short", "autocapitalize": "characters"}),
    )


def masked_name(name: str) -> str:
    """The first letters of a name, whole with their marks: 'ບໍລິ•••'."""
    shown, letters = "", 0
    for at, letter in enumerate(name):
        is_mark = unicodedata.category(letter).startswith("M") or letter in "ະາຳ"
        if not is_mark and not (at and name[at - 1] in BEFORE_THEIR_LETTER):
            letters += 1
        if letters > SHOWN:
            break
        shown += letter
    return f"{shown.strip()}•••"


def masked_code(code: str) -> str:
    """'1234567' -> '•••45-67'."""
    return f"•••{code[3:5]}-{code[5:]}"


@require_GET
def ask(request: Asked) -> HttpResponse:
    """The question; a number that is typed leads to its own address."""
    if "number" not in request.GET:
        return render(request, "public/check.html", {"form": ReceiptForm()})
    form = ReceiptForm(request.GET)
    if form.is_valid():
        try:
            return redirect("public:check_number", check_receipt_number(form.cleaned_data["number"]))
        except WrongNumber as fault:
            form.add_error("number", _why(fault))
    return render(request, "public/check.html", {"form": form})


def _why(fault: WrongNumber) -> str:
    if fault.code == "wrong_check":
        return _("One digit of this number is wrong. Compare it with the paper.")
    return _("This is not the number of a receipt. It looks like R26-0000123-4.")


@require_GET
def answer(request: Asked, number: str) -> HttpResponse:
    """Real, unknown, or mistyped: three different answers."""
    try:
        enter.look_up("receipt", request.META.get("REMOTE_ADDR", ""), request.actor.at, *MOST)
    except enter.TooOften as fault:
        return too_often(request, fault.until, reverse("public:check"))
    try:
        number = check_receipt_number(number)
    except WrongNumber as fault:
        form = ReceiptForm({"number": number})
        form.is_valid()
        form.add_error("number", _why(fault))
        return render(request, "public/check.html", {"form": form}, status=404)
    receipt = receipt_by_number(number)
    facts = {"number": number, "receipt": receipt, "form": ReceiptForm()}
    if receipt is None:
        return render(request, "public/check_answer.html", facts, status=404)
    return render(request, "public/check_answer.html", facts | _shown(receipt))


def _shown(receipt: Receipt) -> dict[str, object]:
    months = sorted({allocation.month for allocation in receipt.allocations.all() if allocation.amount > 0})
    employer = receipt.employer
    return {
        "months": months,
        "paid_on": receipt.paid_at.astimezone(VIENTIANE).date(),
        "employer": masked_name(employer.name_lo) if employer else "",
        "code": masked_code(employer.code) if employer else "",
    }
