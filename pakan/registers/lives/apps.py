"""Django's name for this register."""

from django.apps import AppConfig


class LivesConfig(AppConfig):
    name = "pakan.registers.lives"
    label = "lives"
