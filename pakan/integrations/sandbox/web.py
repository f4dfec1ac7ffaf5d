"""A small web server for pages with forms: one function answers, everything else is done here.

Standard library only, bound to this machine, no script, strict content policy. Not for the public.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from urllib.parse import parse_qsl, urlencode, urlsplit

log = logging.getLogger(__name__)

LARGEST = 1024 * 1024
LANGUAGE = "sandbox_language"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Ask:
    """A request, already taken apart."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def language(self) -> str:
        """'lo' unless the person chose English, now or before."""
        if self.query.get("lang") in ("lo", "en"):
            return self.query["lang"]
        try:
            cookie = SimpleCookie(self.headers.get("cookie", ""))
        except CookieError:
            return "lo"
        return "en" if LANGUAGE in cookie and cookie[LANGUAGE].value == "en" else "lo"

    @property
    def same_origin(self) -> bool:
        """Whether a form was sent from one of our own pages: another page must not pay."""
        origin = self.headers.get("origin") or self.headers.get("referer", "")
        return bool(origin) and urlsplit(origin).netloc == self.headers.get("host", "")


@dataclass(frozen=True)
class Reply:
    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Callable[[Ask], Reply]


def goes_to(address: str) -> Reply:
    """See other: after a form, so that reloading the page does not send it again."""
    return Reply(status=HTTPStatus.SEE_OTHER, headers={"Location": address})


def style(_ask: Ask) -> Reply:
    return Reply(files(__package__).joinpath("style.css").read_bytes(), kind="text/css; charset=utf-8")


def page(ask: Ask, title: str, main: str, banner: str, menu: str, refresh: int = 0) -> Reply:
    """A whole page. `title` and `banner` are escaped here; `main` and `menu` are markup already."""
    language = ask.language
    other, label = ("en", "English") if language == "lo" else ("lo", "ລາວ")
    here = f"{ask.path}?{urlencode({**ask.query, 'lang': other})}"
    again = f'<meta http-equiv="refresh" content="{refresh}">' if refresh else ""
    text = f"""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">{again}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title><link rel="stylesheet" href="/style.css"></head>
<body><header><p class="banner">{escape(banner)}</p>
<nav>{menu}<a class="language" lang="{other}" href="{escape(here)}">{label}</a></nav></header>
<main><h1>{escape(title)}</h1>{main}</main></body></html>"""
    kept = f"{LANGUAGE}={language}; Path=/; SameSite=Lax; HttpOnly"
    return Reply(text.encode(), headers={"Set-Cookie": kept})


class _Desk(BaseHTTPRequestHandler):
    answer: Answer
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds: a connection that says nothing is closed

    def do_GET(self) -> None:
        self._reply(b"")

    do_HEAD = do_GET

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST:
            self.close_connection = True
            self._send(Reply(b"too large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "text/plain"))
            return
        self._reply(self.rfile.read(int(length)))

    def _reply(self, body: bytes) -> None:
        address = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        is_form = headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)) if is_form else {}
        query = dict(parse_qsl(address.query, keep_blank_values=True))
        method = "GET" if self.command == "HEAD" else self.command
        ask = Ask(method, address.path, query, form, headers, body)
        try:
            # Every browser asks for a picture for its tab; there is none.
            reply = Reply(status=204) if ask.path == "/favicon.ico" else type(self).answer(ask)
        except Exception:  # the last line of defence: one bad request must not look like a dead server
            log.exception("%s %s failed", ask.method, ask.path)
            reply = Reply(b"failed", HTTPStatus.INTERNAL_SERVER_ERROR, "text/plain")
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {
            **_HEADERS,
            "Content-Type": reply.kind,
            "Content-Length": str(len(reply.body)),
            **reply.headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        log.debug(format, *args)


def serve(port: int, answer: Answer) -> ThreadingHTTPServer:
    """A server on this machine only, not yet running; port 0 takes a free one."""
    desk = type("Desk", (_Desk,), {"answer": staticmethod(answer)})
    server = ThreadingHTTPServer(("127.0.0.1", port), desk)
    server.daemon_threads = True
    return server
