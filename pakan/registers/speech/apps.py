"""Django's name for this register."""

from django.apps import AppConfig


class SpeechConfig(AppConfig):
    name = "pakan.registers.speech"
    label = "speech"
