"""Django's name for this register."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "pakan.registers.compliance"
    label = "compliance"
