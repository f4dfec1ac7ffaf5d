"""The second person: what is signed, in what it differs from before, and the two buttons."""

from django.contrib import messages
from django.http import HttpResponse

from pakan.channels.employer import changes
from pakan.channels.employer.frame import may, of_month, show, to
from pakan.channels.employer.pages.check import sheet_facts, working_sheet
from pakan.channels.employer.wording import refusal_words
from pakan.operations import collect, declare
from pakan.registers.access.actor import Asked
from pakan.registers.access.queries import approvers_besides
from pakan.registers.contributions.models import Sheet
from pakan.registers.contributions.queries import obligation
from pakan.registers.people.models import Employer
from pakan.units.month import Month


@of_month("GET", "HEAD", "POST")
def approve(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """What was handed over, exactly as it will be signed."""
    sheet = working_sheet(employer, month)
    if sheet is None:
        return to("pay" if obligation(employer, month) else "month", employer, month)
    if sheet.state != Sheet.State.HANDED_OVER:
        return to("check", employer, month)
    if request.method == "POST":
        return _act(request, employer, month, sheet)
    base = changes.base_of(sheet)
    left_count, left = changes.gone(sheet, base)
    rates = changes.rates_of(employer, month)
    facts = sheet_facts(request, employer, month, sheet) | {
        "page": changes.changed_page(sheet, base, request.GET.get("page")),
        "base": base,
        "corrects": base is not None and base.month == month,
        "left": left,
        "left_count": left_count,
        "explanation": changes.shares_explained(rates, sheet.summary),
        "effect": declare.effect(sheet, request.actor.today),
        "may_approve": may(request.actor, employer, "declare.approve")
        and not _needs_another(request, employer, sheet),
        "may_send_back": may(request.actor, employer, "declare.take_back"),
        "is_mine": sheet.handed_over_by_id == request.actor.account_id,
    }
    return show(request, "approve", employer, facts, current="due")


def _needs_another(request: Asked, employer: Employer, sheet: Sheet) -> bool:
    """Whoever handed it over may approve it only where one person may, and nobody else is there (C84)."""
    actor = request.actor
    if sheet.handed_over_by_id != actor.account_id:
        return False
    return not employer.one_person_may_approve or approvers_besides(employer.id, actor.account_id, actor.at)


def _act(request: Asked, employer: Employer, month: Month, sheet: Sheet) -> HttpResponse:
    """Approve, then ask for the money; or send it back. A page that is older than the sheet changes nothing."""
    revision = request.POST.get("revision", "")
    try:
        if request.POST.get("do") == "send_back":
            declare.take_back(request.actor, sheet)
            return to("check", employer, month)
        declare.approve(request.actor, sheet, int(revision) if revision.isdigit() else -1)
    except declare.Refused as refusal:
        messages.error(request, refusal_words(refusal.code))
        return to("approve", employer, month)
    ask(request, employer, [month])
    return to("pay", employer, month)


def ask(request: Asked, employer: Employer, months: list[Month]) -> None:
    """Make the payment notice; where nothing is open, there is nothing to ask for."""
    try:
        collect.ask(request.actor, employer, months)
    except collect.NothingToPay:
        messages.info(request, refusal_words("nothing_to_pay"))
    except collect.BankUnreachable:
        messages.error(request, refusal_words("bank_silent"))
    except collect.AmountChanged:  # money came in while we asked: the page shows what is open now
        messages.error(request, refusal_words("sheet_changed"))
