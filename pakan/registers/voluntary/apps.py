"""Django's name for this register."""

from django.apps import AppConfig


class VoluntaryConfig(AppConfig):
    name = "pakan.registers.voluntary"
    label = "voluntary"
