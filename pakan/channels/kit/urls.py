from django.urls import path

from pakan.channels.kit import pages

app_name = "kit"
urlpatterns = [path("", pages.index, name="index")]
