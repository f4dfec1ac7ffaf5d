"""Django's name for this register."""

from django.apps import AppConfig


class RelativesConfig(AppConfig):
    name = "pakan.registers.relatives"
    label = "relatives"
