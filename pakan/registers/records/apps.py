"""Django's name for this register."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "pakan.registers.records"
    label = "records"
