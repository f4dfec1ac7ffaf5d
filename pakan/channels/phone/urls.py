"""Addresses of the phone channel."""

from django.urls import path

from pakan.channels.phone.pages import door, keys

app_name = "phone"
urlpatterns = [
    path("ussd/", door.ussd, name="ussd"),
    path("keys/", keys.keys, name="keys"),
    path("keys/code/", keys.code, name="keys_code"),
    path("keys/end/", keys.end, name="keys_end"),
]
