"""Django's name for this register."""

from django.apps import AppConfig


class JoiningConfig(AppConfig):
    name = "pakan.registers.joining"
    label = "joining"
