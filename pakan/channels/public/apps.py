"""Django's name for this channel."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "pakan.channels.public"
    label = "channel_public"
