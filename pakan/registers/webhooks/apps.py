"""Django's name for this register."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "pakan.registers.webhooks"
    label = "webhooks"
