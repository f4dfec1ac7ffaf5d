"""Django's name for this register."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "pakan.registers.documents"
    label = "documents"
