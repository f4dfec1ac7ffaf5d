"""Django's name for this channel."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "pakan.channels.office"
    label = "channel_office"
