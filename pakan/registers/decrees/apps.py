"""Django's name for this register."""

from django.apps import AppConfig


class DecreesConfig(AppConfig):
    name = "pakan.registers.decrees"
    label = "decrees"
