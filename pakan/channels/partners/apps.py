"""Django's name for this channel."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "pakan.channels.partners"
    label = "channel_partners"
