"""Django's name for this channel."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "pakan.channels.console"
    label = "channel_console"
