"""Django's name for this register."""

from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "pakan.registers.families"
    label = "families"
