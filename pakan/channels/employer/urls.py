"""Addresses of the employer channel: /employer/<code, 7 digits>/<month>/<step>."""

from django.urls import URLPattern, path
from django.urls.converters import StringConverter, register_converter

from pakan.channels.employer.pages import (
    approve,
    certificates,
    changes_asked,
    check,
    companies,
    company,
    crews,
    debit,
    debts,
    hire,
    mend,
    one_more,
    other_funds,
    papers,
    pay,
    people,
    practice,
    programs,
    simple,
    wages,
)
from pakan.units.month import Month


class EmployerCode(StringConverter):
    regex = "[0-9]{7}"


class MonthOfAddress:
    """2026-10. A text that is no month is no address (404)."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> Month:
        return Month.parse(value)

    def to_url(self, value: Month | str) -> str:
        return str(value)


register_converter(EmployerCode, "employer_code")
register_converter(MonthOfAddress, "employer_month")

app_name = "employer"
COMPANY = "<employer_code:code>/"
MONTH = "<employer_code:code>/<employer_month:month>/"

urlpatterns: list[URLPattern] = [
    path("", companies.companies, name="companies"),
    path("developers/", programs.developers, name="developers"),
    path("practice/", practice.go, name="practice"),
    path("practice/enter/", practice.enter_practice, name="practice_enter"),
    path(COMPANY + "practice.xlsx", practice.file, name="practice_file"),
    path(COMPANY, companies.overview, name="overview"),
    path(COMPANY + "due/", companies.due, name="due"),
    path(COMPANY + "workers/", company.workers, name="workers"),
    path(COMPANY + "simple/", simple.simple, name="simple"),
    path(COMPANY + "record/", changes_asked.changes, name="changes"),
    path(COMPANY + "record/registration.pdf", changes_asked.registration, name="registration"),
    path(COMPANY + "record/<slug:name>/", changes_asked.change, name="change"),
    path(COMPANY + "workers/one-more/", one_more.one_more, name="one_more"),
    path(COMPANY + "workers/new/", hire.new, name="hire"),
    path(COMPANY + "workers/new/<int:id>/", hire.listed, name="hire_list"),
    path(COMPANY + "workers/<str:number>/leaves/", hire.leave, name="leave"),
    path(COMPANY + "crews/", crews.crews, name="crews"),
    path(COMPANY + "crews/<int:id>/", crews.crew, name="crew"),
    path(COMPANY + "days/", crews.days, name="days"),
    path(COMPANY + "days/<str:number>/", crews.voucher, name="voucher"),
    path(COMPANY + "statement/", company.statement, name="statement"),
    path(COMPANY + "statement.pdf", company.statement_pdf, name="statement_pdf"),
    path(COMPANY + "statement.xlsx", company.statement_xlsx, name="statement_xlsx"),
    path(COMPANY + "debts/", debts.debts, name="debts"),
    path(COMPANY + "debit/", debit.mandate, name="debit"),
    path(COMPANY + "debts/plan/", debts.plan_page, name="debt_plan"),
    path(COMPANY + "debts/refund/", debts.refund_page, name="refund"),
    path(COMPANY + "debts/matter/<str:number>/", debts.matter, name="matter"),
    path(COMPANY + "certificates/", certificates.certificates, name="certificates"),
    path(COMPANY + "certificates/<str:number>/", certificates.certificate, name="certificate"),
    path(MONTH + "reach/", debts.reach_page, name="reach"),
    path(MONTH + "waiver/", debts.waiver, name="debt_waiver"),
    path(MONTH + "dispute/", debts.dispute_page, name="debt_dispute"),
    path(COMPANY + "people/", people.people, name="people"),
    path(COMPANY + "people/invite/", people.invite_person, name="invite"),
    path(COMPANY + "people/access/", people.access, name="access"),
    path(COMPANY + "keys/", programs.keys, name="keys"),
    path(COMPANY + "events/", programs.told, name="told"),
    path(COMPANY + "receipt/<str:number>/", papers.receipt, name="receipt"),
    path(MONTH, wages.month, name="month"),
    path(MONTH + "template/", wages.template, name="template"),
    path(MONTH + "simple/", simple.month, name="simple_month"),
    path(MONTH + "simple/sign/", simple.sign, name="simple_sign"),
    path(MONTH + "slips/", simple.slips, name="slips"),
    path(MONTH + "slips/<str:number>/", simple.slip, name="slip"),
    path(MONTH + "columns/", wages.columns, name="columns"),
    path(MONTH + "correct/", wages.correct, name="correct"),
    path(MONTH + "days/", crews.add_days, name="add_days"),
    path(MONTH + "reading/", wages.reading, name="reading"),
    path(MONTH + "forgotten/", wages.supplement, name="supplement"),
    path(MONTH + "check/", check.check, name="check"),
    path(MONTH + "rows/", check.rows, name="rows"),
    path(MONTH + "typing/", check.typing, name="typing"),
    path(MONTH + "mend/", mend.mend, name="mend"),
    path(MONTH + "new/<int:row>/", mend.register, name="register"),
    path(MONTH + "hand-over/", mend.hand_over, name="hand_over"),
    path(MONTH + "approve/", approve.approve, name="approve"),
    path(MONTH + "pay/", pay.pay, name="pay"),
    path(MONTH + "pay/state/", pay.pay_state, name="pay_state"),
    path(MONTH + "pay/other-funds/", other_funds.enclose_line, name="enclose"),
    path(MONTH + "form/", papers.form, name="form"),
    path(MONTH + "form/draft/", papers.form_preview, name="form_preview"),
    path(MONTH + "notice/", papers.notice, name="notice"),
    path(MONTH + "cash-slip/", papers.cash_slip, name="cash_slip"),
    path(MONTH + "marked/", papers.marked, name="marked"),
    path(MONTH + "worker/<str:number>/", company.explain, name="explain"),
]
