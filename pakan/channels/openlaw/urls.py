"""Addresses of the open law: calculators, legal values, assumptions, and how a program asks."""

from django.urls import path

from pakan.channels.openlaw.pages import benefit, contribution, developers, start, values, wages

app_name = "openlaw"
urlpatterns = [
    path("", start.start, name="start"),
    path("contribution/", contribution.employer, name="contribution"),
    path("voluntary/", contribution.voluntary, name="voluntary"),
    path("benefit/<slug:name>/", benefit.benefit, name="benefit"),
    path("values/", values.groups, name="values"),
    path("values/<slug:name>/", values.one_group, name="group"),
    path("open/", values.open_questions, name="open_questions"),
    path("open/<str:number>/", values.open_question, name="open_question"),
    path("wages/", wages.wages, name="wages"),
    path("wages/sample.xlsx", wages.sample, name="sample"),
    path("developers/", developers.developers, name="developers"),
]
