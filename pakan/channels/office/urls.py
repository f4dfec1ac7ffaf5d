"""Addresses of the office channel."""

from django.urls import URLPattern

app_name = "office"
urlpatterns: list[URLPattern] = []
