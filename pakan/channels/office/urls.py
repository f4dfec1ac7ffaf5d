"""Addresses of the office channel."""

from django.urls import path

from pakan.channels.office.pages import bank, employers, home, ledger, money, prove

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
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/<slug:code>/", ledger.account, name="account"),
    path("prove/", prove.prove, name="prove"),
]
