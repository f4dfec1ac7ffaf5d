"""Addresses of what is for looking at only, where every telephone is invented."""

from django.urls import path

from pakan.channels.phone.pages import simulator

app_name = "sandbox"
urlpatterns = [path("ussd/", simulator.handset, name="ussd")]
