"""Django's name for this register."""

from django.apps import AppConfig


class DebitsConfig(AppConfig):
    name = "pakan.registers.debits"
    label = "debits"
