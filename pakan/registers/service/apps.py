"""Django's name for this register."""

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    name = "pakan.registers.service"
    label = "service"
