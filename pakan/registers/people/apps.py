"""Django's name for this register."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "pakan.registers.people"
    label = "people"
