"""Addresses of the office channel."""

from django.urls import path

from pakan.channels.office.pages import (
    bank,
    cases,
    decrees,
    employers,
    filing,
    home,
    ledger,
    money,
    outages,
    prove,
)

app_name = "office"
urlpatterns = [
    path("", home.home, name="home"),
    path("money/", money.money, name="money"),
    path("money/<slug:number>/", money.receipt, name="receipt"),
    path("money/<slug:number>/suggestion/", money.suggestion, name="suggestion"),
    path("money/<slug:number>/settle/", money.settle, name="settle"),
    path("money/<slug:number>/receipt.pdf", money.receipt_pdf, name="receipt_pdf"),
    path("bank/", bank.messages, name="bank"),
    path("bank/statement/", bank.statement, name="statement"),
    path("bank/statement/take-in/", bank.take_in, name="take_in"),
    path("employers/", employers.employers, name="employers"),
    path("employers/<slug:code>/", employers.employer, name="employer"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<slug:number>/", cases.case, name="case"),
    path("outages/", outages.outages, name="outages"),
    path("not-declared/", filing.non_filers, name="non_filers"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/<slug:code>/", ledger.account, name="account"),
    path("decrees/", decrees.decrees, name="decrees"),
    path("decrees/new/", decrees.new, name="decree_new"),
    path("decrees/new/<slug:name>/", decrees.enter, name="decree_enter"),
    path("decrees/history/<slug:name>/", decrees.history, name="decree_history"),
    path("decrees/<int:id>/", decrees.decree, name="decree"),
    path("decrees/<int:id>/scan/", decrees.scan, name="decree_scan"),
    path("decrees/<int:id>/rehearse/", decrees.rehearse, name="decree_rehearse"),
    path("decrees/<int:id>/approve/", decrees.approve, name="decree_approve"),
    path("decrees/<int:id>/withdraw/", decrees.withdraw, name="decree_withdraw"),
    path("prove/", prove.prove, name="prove"),
]
