"""Django's name for this register."""

from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "pakan.registers.contributions"
    label = "contributions"
