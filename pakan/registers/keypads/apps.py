"""Django's name for this register."""

from django.apps import AppConfig


class KeypadsConfig(AppConfig):
    name = "pakan.registers.keypads"
    label = "keypads"
