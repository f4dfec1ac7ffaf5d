"""Invented situations of the law are tried without a time limit: a busy machine proves nothing about a rule."""

from hypothesis import settings

settings.register_profile("law", deadline=None)
settings.load_profile("law")
