"""Django's name for the kit."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "pakan.channels.kit"
    label = "kit"
