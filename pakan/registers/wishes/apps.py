"""Django's name for this register."""

from django.apps import AppConfig


class WishesConfig(AppConfig):
    name = "pakan.registers.wishes"
    label = "wishes"
