"""Django's name for this register."""

from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    name = "pakan.registers.benefits"
    label = "benefits"
