"""The site's own words (Django's own strings in Lao) are found through this app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "pakan.site"
    label = "pakan_site"
