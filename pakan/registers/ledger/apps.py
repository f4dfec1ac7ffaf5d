"""Django's name for this register."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "pakan.registers.ledger"
    label = "ledger"
