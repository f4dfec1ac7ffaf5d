"""Addresses of the member channel: phone-sized, each page one idea."""

from django.urls import path

from pakan.channels.member.pages import (
    benefits,
    card,
    front,
    inbox,
    phone,
    record,
    sign_in,
    trust,
    voluntary,
    wrong,
)

app_name = "member"
urlpatterns = [
    path("", front.home, name="home"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.code, name="code"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("record/", record.record, name="record"),
    path("record/<str:month>/", record.month, name="month"),
    path("record/<str:month>/wrong/", wrong.wrong, name="wrong"),
    path("voluntary/", voluntary.overview, name="voluntary"),
    path("voluntary/join/", voluntary.join, name="voluntary_join"),
    path("voluntary/change/", voluntary.change, name="voluntary_change"),
    path("voluntary/stop/", voluntary.stop, name="voluntary_stop"),
    path("voluntary/pay/", voluntary.pay, name="voluntary_pay"),
    path("voluntary/pay/<slug:number>.png", voluntary.code, name="voluntary_code"),
    path("benefits/", benefits.benefits, name="benefits"),
    path("benefits/<slug:name>/", benefits.benefit, name="benefit"),
    path("card/", card.card, name="card"),
    path("statement/", card.statement, name="statement"),
    path("statement/<str:month>/", card.statement, name="month_statement"),
    path("messages/", inbox.messages, name="messages"),
    path("help/", trust.help_page, name="help"),
    path("app.webmanifest", phone.manifest, name="manifest"),
    path("worker.js", phone.worker, name="worker"),
    path("offline/<str:language>/", phone.offline, name="offline"),
    path("outbox/", phone.outbox, name="outbox"),
    path("outbox/token/", phone.token, name="outbox_token"),
    path("keep/", phone.keep, name="keep"),
    path("looks/", trust.looks, name="looks"),
    path("signed-in/", trust.sign_ins, name="sign_ins"),
    path("signed-in/end/", trust.end, name="end_sign_in"),
]
