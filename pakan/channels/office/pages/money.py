"""Money in: whose is it, what will happen if it is settled, and the receipt."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pakan.channels.office import figures
from pakan.channels.office.forms import OwnerForm
from pakan.channels.office.frame import may_open, page_of, show
from pakan.channels.office.wording import bank_of, masked_account, masked_name, reason_of, sureness
from pakan.operations import collect, reconcile
from pakan.registers.access.actor import Asked
from pakan.registers.contributions.queries import open_obligations
from pakan.registers.payments.models import Receipt
from pakan.registers.payments.queries import receipt_by_number
from pakan.registers.people.models import Employer
from pakan.units.money import Kip
from pakan.units.month import Month


def _receipt(number: str) -> Receipt:
    found = receipt_by_number(number)
    if found is None:
        raise Http404
    return found


@require_safe
def money(request: Asked) -> HttpResponse:
    """Unmatched money, oldest first. Suggestions come row by row, so that the list is there at once."""
    page = page_of(request, figures.unmatched())
    rows = [{"receipt": one, "payer": masked_name(one.payer_name), "bank": bank_of(one.bank)} for one in page]
    return show(request, "money", {"page": page, "rows": rows}, current="money")


def _offers(receipt: Receipt) -> list[dict[str, Any]]:
    """The likeliest owners, each with its reasons in sentences and the address of its plan."""
    offers = []
    for one in reconcile.suggest(receipt):
        tone, words = sureness(one.score)
        chosen = [("employer", one.employer.code), *(("month", str(month)) for month in one.months)]
        offers.append(
            {
                "employer": one.employer,
                "notice": one.notice,
                "months": one.months,
                "tone": tone,
                "sureness": words,
                "reasons": [reason_of(code) for code in one.reasons],
                "url": f"{reverse('office:settle', args=[receipt.number])}?{urlencode(chosen)}",
            }
        )
    return offers


@require_safe
def suggestion(request: Asked, number: str) -> HttpResponse:
    """The best suggestion alone, for a row of the list."""
    receipt = _receipt(number)
    offers = _offers(receipt) if receipt.state == Receipt.State.UNMATCHED else []
    facts = {"receipt": receipt, "offer": offers[0] if offers else None}
    return render(request, "office/parts/suggestion.html", facts)


@require_safe
def receipt(request: Asked, number: str) -> HttpResponse:
    return _receipt_page(request, _receipt(number), OwnerForm())


def _receipt_page(request: Asked, receipt: Receipt, form: OwnerForm, status: int = 200) -> HttpResponse:
    unmatched = receipt.state == Receipt.State.UNMATCHED
    facts = {
        "receipt": receipt,
        "bank": bank_of(receipt.bank),
        "payer": masked_name(receipt.payer_name),
        "payer_account": masked_account(receipt.payer_account),
        "parts": sorted(receipt.allocations.all(), key=lambda part: part.month),
        "offers": _offers(receipt) if unmatched else [],
        "form": form,
        "may_settle": unmatched and may_open(request.actor, "settle"),
    }
    return show(request, "receipt", facts, current="money", status=status)


@require_safe
def receipt_pdf(request: Asked, number: str) -> HttpResponse:
    """The receipt as the employer gets it; there is none while nobody owns the money."""
    receipt = _receipt(number)
    if receipt.state != Receipt.State.MATCHED:
        raise Http404
    answer = HttpResponse(collect.receipt_pdf(receipt), content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, f"{receipt.number}.pdf") or ""
    return answer


# Settling: first what will happen, then the button


@dataclass(frozen=True)
class Part:
    """One open month: what it needs, whether it is chosen, and what it would get."""

    month: Month
    due: Kip
    is_chosen: bool
    part: Kip

    @property
    def stays_open(self) -> Kip:
        return Kip(self.due - self.part)


@dataclass(frozen=True)
class Plan:
    """What settling would do. Nothing has happened yet."""

    employer: Employer
    parts: tuple[Part, ...]
    credit: Kip

    @property
    def months(self) -> list[Month]:
        return [part.month for part in self.parts if part.is_chosen]

    @property
    def seal(self) -> str:
        """The plan as one line: the form sends it back, and a debt that changed meanwhile is noticed."""
        return ",".join(f"{part.month}:{part.due}:{part.part}" for part in self.parts if part.is_chosen)

    @property
    def needs_month(self) -> bool:
        return bool(self.parts) and not self.months


def plan_of(receipt: Receipt, employer: Employer, chosen: list[str]) -> Plan:
    """Oldest chosen month first, the rest as credit: the same order in which settling does it."""
    left = receipt.left
    parts = []
    for debt in open_obligations(employer.id):
        is_chosen = str(debt.month) in chosen
        part = Kip(min(left, debt.open)) if is_chosen else Kip(0)
        parts.append(Part(debt.month, Kip(debt.open), is_chosen, part))
        left = Kip(left - part)
    return Plan(employer, tuple(parts), left)


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: Asked, number: str) -> HttpResponse:
    """GET shows what will happen, POST does it."""
    receipt = _receipt(number)
    if receipt.state != Receipt.State.UNMATCHED:
        messages.info(request, _("Somebody has settled this money already."))
        return redirect("office:receipt", receipt.number)
    typed = request.POST if request.method == "POST" else request.GET
    form = OwnerForm(typed)
    if not form.is_valid():
        return _receipt_page(request, receipt, form, status=422)
    employer: Employer = form.cleaned_data["employer"]
    chosen = typed.getlist("month")
    if not chosen and "chosen" not in typed:
        chosen = [str(debt.month) for debt in open_obligations(employer.id)]
    plan = plan_of(receipt, employer, chosen)
    if request.method != "POST":
        return _plan_page(request, receipt, plan)
    if plan.needs_month or typed.get("seal", "") != plan.seal:
        return _plan_page(request, receipt, plan, changed=not plan.needs_month)
    return _settled(request, receipt, plan)


def _plan_page(request: Asked, receipt: Receipt, plan: Plan, changed: bool = False) -> HttpResponse:
    facts = {"receipt": receipt, "plan": plan, "payer": masked_name(receipt.payer_name), "changed": changed}
    status = 409 if changed else 422 if plan.needs_month else 200
    return show(request, "settle", facts, current="money", status=status)


def _settled(request: Asked, receipt: Receipt, plan: Plan) -> HttpResponse:
    try:
        reconcile.settle(request.actor, receipt.id, plan.employer, plan.months)
    except reconcile.AlreadySettled:
        messages.info(request, _("Somebody has settled this money already."))
    else:
        messages.success(request, _("Settled. The receipt is ready."))
    return redirect("office:receipt", receipt.number)
