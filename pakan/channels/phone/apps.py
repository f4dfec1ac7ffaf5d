"""Django's name for this channel."""

from django.apps import AppConfig


class PhoneConfig(AppConfig):
    name = "pakan.channels.phone"
    label = "channel_phone"
