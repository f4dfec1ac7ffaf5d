"""The sandbox operator itself: takes messages over HTTP, shows them, sends receipts."""

import argparse
import hmac
import json
import logging
import os
import re
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import unquote

from pakan.integrations.sandbox.outbox import Sender, post
from pakan.integrations.sandbox.web import Ask, Reply, goes_to, serve, style
from pakan.integrations.telcos.sandbox import handset
from pakan.integrations.telcos.sandbox.mailbox import MODES, Mailbox

VIENTIANE = timezone(timedelta(hours=7))
LONGEST = 1600  # letters: ten full parts


class Exchange:
    """Answers one request. `now` is handed in, so that tests need no clock."""

    def __init__(
        self,
        mailbox: Mailbox,
        sender: Sender,
        token: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.mailbox, self.sender, self.token, self.now = mailbox, sender, token, now

    def answer(self, ask: Ask) -> Reply:
        if ask.method == "POST" and ask.path == "/messages":
            return self.take(ask)
        if ask.method == "POST" and ask.path == "/mode":
            return self.mode(ask)
        if ask.method == "GET":
            if ask.path == "/":
                return handset.phones(ask, self.mailbox.phones(), self.mailbox.mode)
            if ask.path == "/style.css":
                return style(ask)
            number = unquote(ask.path.removeprefix("/phone/"))
            if ask.path.startswith("/phone/") and _is_phone(number):
                return handset.phone(ask, number, self.mailbox.messages(number))
        return handset.problem(ask, "not_found", 404)

    def take(self, ask: Ask) -> Reply:
        """POST /messages {to, text, key, sender} -> {id}. 401 without the token, 422 for a wrong message."""
        given = ask.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {self.token}".encode()):
            return _json({"error": "unauthorised"}, 401)
        try:
            told = json.loads(ask.body.decode())
            to, text, key = told["to"], told["text"], told["key"]
            sender = told.get("sender", "")
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return _json({"error": "message"}, 422)
        if not all(isinstance(one, str) for one in (to, text, key, sender)) or not key or not _is_phone(to):
            return _json({"error": "message"}, 422)
        if not text.strip() or len(text) > LONGEST:
            return _json({"error": "text"}, 422)
        message_id = self.mailbox.take(to, sender[:20], text, key, self.now().astimezone(VIENTIANE))
        self.sender.wake()
        return _json({"id": message_id}, 201)

    def mode(self, ask: Ask) -> Reply:
        if not ask.same_origin:
            return handset.problem(ask, "bad_form", 403)
        if ask.form.get("mode") not in MODES:
            return handset.problem(ask, "not_found", 422)
        self.mailbox.book.turn("mode", ask.form["mode"])
        return goes_to("/")


def _is_phone(text: str) -> bool:
    # Lao numbers have 9 or 10 digits behind the country; a wrong length would be a bug of ours, seen here.
    return bool(re.fullmatch(r"\+856(20\d{8}|\d{8,9})|\+(?!856)[1-9]\d{6,14}", text, re.ASCII))


def _json(content: dict[str, object], status: int = 200) -> Reply:
    return Reply(json.dumps(content).encode(), status, "application/json")


def main(arguments: list[str] | None = None) -> None:
    """Serve until a signal says stop."""
    reader = argparse.ArgumentParser(prog="python -m pakan.integrations.telcos.sandbox", description=__doc__)
    reader.add_argument("--port", type=int, default=8002)
    reader.add_argument("--data", type=Path, required=True, help="SQLite file, made if it is not there")
    reader.add_argument("--receipts", default="", help="address that takes the delivery receipts")
    reader.add_argument("--key", default=os.environ.get("SANDBOX_TELCO_KEY", ""), help="signs the receipts")
    reader.add_argument(
        "--token", default=os.environ.get("SANDBOX_TELCO_TOKEN", ""), help="bearer; else --key"
    )
    given = reader.parse_args(arguments)
    if not given.key:
        reader.error("a key is needed: --key or SANDBOX_TELCO_KEY")
    logging.basicConfig(level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    mailbox = Mailbox(given.data)
    sender = Sender(mailbox.book, given.receipts, given.key.encode(), post)
    server = serve(given.port, Exchange(mailbox, sender, given.token or given.key).answer)
    sender.start()
    # serve_forever must be stopped from another thread, or it waits for itself.
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"sandbox operator on http://127.0.0.1:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        server.server_close()
        sender.stop()
