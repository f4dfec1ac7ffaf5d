"""Django's name for this register."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "pakan.registers.payments"
    label = "payments"
