"""The one address of the kit: the page that shows its parts."""

from django.urls import path

from pakan.channels.kit import pages

app_name = "kit"
urlpatterns = [path("", pages.index, name="index")]
