"""What the open law's templates need besides the kit."""

from urllib.parse import urlsplit

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pakan.channels.kit.speech import language
from pakan.law.cites import in_lao

register = template.Library()


@register.simple_tag
def cited(text: str) -> SafeString | str:
    """A source in the page's language; one that is only known in English says so to those who listen."""
    if language() == "en":
        return text
    lao = in_lao(text)
    if lao != text:
        return lao
    return format_html('<span lang="en">{}</span>', text) if text.isascii() else text


@register.filter
def site(address: str) -> str:
    """'https://www.example.org/a/b' -> 'example.org'."""
    return urlsplit(address).netloc.removeprefix("www.").rstrip(".")
