"""Addresses of the member channel: phone-sized, each page one idea."""

from django.urls import path

from pakan.channels.member.pages import benefits, card, front, inbox, record, sign_in, trust, wrong

app_name = "member"
urlpatterns = [
    path("", front.home, name="home"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.code, name="code"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("record/", record.record, name="record"),
    path("record/<str:month>/", record.month, name="month"),
    path("record/<str:month>/wrong/", wrong.wrong, name="wrong"),
    path("benefits/", benefits.benefits, name="benefits"),
    path("benefits/<slug:name>/", benefits.benefit, name="benefit"),
    path("card/", card.card, name="card"),
    path("statement/", card.statement, name="statement"),
    path("statement/<str:month>/", card.statement, name="month_statement"),
    path("messages/", inbox.messages, name="messages"),
    path("help/", trust.help_page, name="help"),
    path("looks/", trust.looks, name="looks"),
    path("signed-in/", trust.sign_ins, name="sign_ins"),
    path("signed-in/end/", trust.end, name="end_sign_in"),
]
