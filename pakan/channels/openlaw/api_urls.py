"""Addresses of the open interface, under /api/v1/law/."""

from django.urls import path

from pakan.channels.openlaw.api import api

urlpatterns = [path("", api.urls)]
