"""Addresses of the partners channel."""

from django.urls import path

from pakan.channels.partners.pages import doors

app_name = "partners"
urlpatterns = [
    path("banks/<slug:name>/notice/", doors.bank_notice, name="bank_notice"),
    path("telcos/<slug:name>/receipt/", doors.delivery, name="delivery"),
]
