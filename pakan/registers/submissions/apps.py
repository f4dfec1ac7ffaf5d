"""Django's name for this register."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "pakan.registers.submissions"
    label = "submissions"
