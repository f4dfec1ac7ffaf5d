"""Django's name for this channel."""

from django.apps import AppConfig


class OpenlawConfig(AppConfig):
    name = "pakan.channels.openlaw"
    label = "channel_openlaw"
