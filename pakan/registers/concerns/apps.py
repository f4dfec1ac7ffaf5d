"""Django's name for this register."""

from django.apps import AppConfig


class ConcernsConfig(AppConfig):
    name = "pakan.registers.concerns"
    label = "concerns"
