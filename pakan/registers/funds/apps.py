"""Django's name for this register."""

from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "pakan.registers.funds"
    label = "funds"
