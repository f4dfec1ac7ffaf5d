"""Django's name for this register."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "pakan.registers.care"
    label = "care"
