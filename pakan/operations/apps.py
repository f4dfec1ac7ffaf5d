"""The jobs of the operations are found through this app (tasks.py of each)."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "pakan.operations"
    label = "operations"
