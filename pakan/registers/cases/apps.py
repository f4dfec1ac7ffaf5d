"""Django's name for this register."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "pakan.registers.cases"
    label = "cases"
