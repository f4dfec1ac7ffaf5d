"""The sandbox identity's pages. Every value that came from outside passes `escape`."""

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from pakan.integrations.identity.sandbox.cards import Card
from pakan.integrations.identity.sandbox.words import say
from pakan.integrations.sandbox.web import Ask, Reply, page


def _shown(ask: Ask, title: str, main: str, status: int = 200, also: str = "") -> Reply:
    reply = page(ask, say(title, ask.language), main, say("banner", ask.language), "")
    headers = dict(reply.headers)
    if also:
        # A browser follows a form's answer only to places that the page names.
        headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'self'; form-action 'self' {also}; base-uri 'none'; frame-ancestors 'none'"
        )
    return Reply(reply.body, status, reply.kind, headers)


def problem(ask: Ask, key: str, status: int) -> Reply:
    language = ask.language
    text = f'<p class="error">{say(key, language)}</p><p><a href="/">{say("back", language)}</a></p>'
    return _shown(ask, "title", text, status)


def consent(ask: Ask, cards: Sequence[Card], goes_back_to: str) -> Reply:
    """Who are you, and do you agree? The question stays in the form's address."""
    language = ask.language
    asked = {name: value for name, value in ask.query.items() if name != "lang"}
    options = "".join(
        f'<option value="{escape(card.subject)}">{escape(card.name)} · {escape(card.born)}</option>'
        for card in cards
    )
    if not cards:
        return problem(ask, "none", 200)
    main = (
        f"<p>{say('gives', language)}</p>"
        f'<form method="post" action="/authorize?{escape(urlencode(asked))}" class="card">'
        f'<label for="card">{say("who", language)}</label><select id="card" name="card">{options}</select>'
        f'<p><button class="main" name="answer" value="agree">{say("agree", language)}</button></p>'
        f'<p><button name="answer" value="decline">{say("decline", language)}</button></p></form>'
    )
    return _shown(ask, "asks", main, also=goes_back_to)


def start(ask: Ask, cards: Sequence[Card], behaviours: Sequence[str], now: str) -> Reply:
    language = ask.language
    rows = "".join(
        f"<dt>{escape(card.name)}</dt><dd>{escape(card.born)} · {escape(card.number or '—')}</dd>"
        for card in cards
    )
    fields = "".join(
        f'<label for="{name}">{say(name, language)}</label><input id="{name}" name="{name}" maxlength="100">'
        for name in ("name", "born", "number")
    )
    options = "".join(
        f'<option value="{one}"{" selected" if one == now else ""}>{say(one, language)}</option>'
        for one in behaviours
    )
    main = (
        f"<h2>{say('people', language)}</h2>"
        + (f'<dl class="card">{rows}</dl>' if rows else f"<p>{say('none', language)}</p>")
        + f'<form method="post" action="/cards" class="card"><h2>{say("add", language)}</h2>{fields}'
        f"<button>{say('add', language)}</button></form>"
        f'<form method="post" action="/behave" class="card"><label for="behaviour">{say("behaves", language)}</label>'
        f'<select id="behaviour" name="behaviour">{options}</select><button>{say("choose", language)}</button></form>'
    )
    return _shown(ask, "title", main)
