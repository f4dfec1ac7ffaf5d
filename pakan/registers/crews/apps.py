"""Django's name for this register."""

from django.apps import AppConfig


class CrewsConfig(AppConfig):
    name = "pakan.registers.crews"
    label = "crews"
