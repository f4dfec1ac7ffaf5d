"""Django's name for this channel."""

from django.apps import AppConfig


class MemberConfig(AppConfig):
    name = "pakan.channels.member"
    label = "channel_member"
