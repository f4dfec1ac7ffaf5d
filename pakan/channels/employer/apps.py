"""Django's name for this channel."""

from django.apps import AppConfig


class EmployerConfig(AppConfig):
    name = "pakan.channels.employer"
    label = "channel_employer"
