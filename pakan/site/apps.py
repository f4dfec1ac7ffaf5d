"""The site's own words (Django's own strings in Lao) are found through this app."""

from django.apps import AppConfig
from django.conf import settings

PRACTICE_STAMP = "ຝຶກຫັດ · PRACTICE"


class SiteConfig(AppConfig):
    name = "pakan.site"
    label = "pakan_site"

    def ready(self) -> None:
        if settings.PRACTICE:  # whatever the practice house prints says so
            from pakan.integrations.formats.letter import stamp_all

            stamp_all(PRACTICE_STAMP)
