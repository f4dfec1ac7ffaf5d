"""Addresses of the open law: calculators, histories, assumptions, and the API."""

from django.urls import URLPattern

app_name = "openlaw"
urlpatterns: list[URLPattern] = []
