"""Django's name for this register."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "pakan.registers.access"
    label = "access"
