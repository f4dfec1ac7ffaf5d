"""Django's name for this register."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "pakan.registers.visits"
    label = "visits"
