"""Papers to open or keep: the official form, the notice, receipts, and the wage file with problems marked."""

from django.http import Http404, HttpResponse

from pakan.channels.employer.frame import of_employer, of_month, to
from pakan.channels.employer.pages.check import working_sheet
from pakan.channels.employer.pages.wages import XLSX
from pakan.channels.employer.wording import whole
from pakan.channels.kit.files import file_answer
from pakan.operations import collect, declare
from pakan.registers.access.actor import Asked
from pakan.registers.contributions.models import Sheet
from pakan.registers.contributions.queries import latest_declaration
from pakan.registers.payments.queries import last_notice, open_notice, receipt_by_number
from pakan.registers.people.models import Employer
from pakan.units.month import Month

PDF = "application/pdf"


@of_month("GET", "HEAD")
def form(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """The official form 2-01 with its detail sheet 2-02, as it was signed last."""
    declaration = latest_declaration(employer, month)
    if declaration is None:
        raise Http404
    name = f"form-2-01-{employer.code}-{month}-v{declaration.version}.pdf"
    return file_answer(declare.form_pdf(declaration), PDF, name, attachment=False)


@of_month("GET", "HEAD")
def form_preview(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """The form as it would be signed, for whoever wants to read it before signing."""
    sheet = working_sheet(employer, month)
    if sheet is None or sheet.state != Sheet.State.HANDED_OVER:
        raise Http404
    name = f"form-2-01-{employer.code}-{month}-draft.pdf"
    return file_answer(declare.form_preview(sheet), PDF, name, attachment=False)


@of_month("GET", "HEAD")
def notice(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """The newest payment notice that asks for this month."""
    found = last_notice(employer, month)
    if found is None:
        raise Http404
    return file_answer(collect.notice_pdf(found), PDF, f"notice-{found.number}.pdf", attachment=False)


@of_month("GET", "HEAD")
def cash_slip(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """The slip for paying the open notice in cash; without one that may be paid, the page that makes one."""
    found = open_notice(employer, month)
    content = collect.cash_slip_pdf(found, request.actor.today) if found else None
    if found is None or content is None:
        return to("pay", employer, month)
    return file_answer(content, PDF, f"cash-slip-{found.number}.pdf", attachment=False)


@of_employer("GET", "HEAD")
def receipt(request: Asked, employer: Employer, number: str) -> HttpResponse:
    """A receipt of this company; anybody else's is not there."""
    found = receipt_by_number(number)
    if found is None or found.employer_id != employer.id:
        raise Http404
    return file_answer(collect.receipt_pdf(found), PDF, f"receipt-{found.number}.pdf", attachment=False)


@of_month("GET", "HEAD")
def marked(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """The rows as they came with what is wrong beside each, to mend at home and upload again."""
    sheet = working_sheet(employer, month)
    if sheet is None:
        raise Http404
    name = f"wages-{employer.code}-{month}-marked.xlsx"
    return file_answer(declare.marked_file(sheet, whole), XLSX, name, attachment=True)
