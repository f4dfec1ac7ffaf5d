"""Django's name for this register."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "pakan.registers.messages"
    label = "pakan_messages"
