"""The sandbox operator itself: takes messages over HTTP and SMPP, shows them, sends receipts."""

import argparse
import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import quote, unquote

from pakan.integrations.sandbox.outbox import Sender, post
from pakan.integrations.sandbox.web import Ask, Reply, goes_to, serve, style
from pakan.integrations.telcos.counter import accept, as_json, is_phone
from pakan.integrations.telcos.sandbox import handset
from pakan.integrations.telcos.sandbox.centre import Centre
from pakan.integrations.telcos.sandbox.mailbox import MODES, Mailbox

VIENTIANE = timezone(timedelta(hours=7))


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
        if ask.method == "POST" and ask.path.startswith("/reply/"):
            return self.reply(ask)
        if ask.method == "GET":
            if ask.path == "/":
                return handset.phones(ask, self.mailbox.phones(), self.mailbox.mode)
            if ask.path == "/style.css":
                return style(ask)
            number = unquote(ask.path.removeprefix("/phone/"))
            if ask.path.startswith("/phone/") and is_phone(number):
                return handset.phone(
                    ask, number, self.mailbox.messages(number), self.mailbox.typed_by(number)
                )
        return handset.problem(ask, "not_found", 404)

    def take(self, ask: Ask) -> Reply:
        """POST /messages -> {id}."""
        taken = accept(ask, self.token)
        if isinstance(taken, Reply):
            return taken
        message_id = self.mailbox.take(
            taken.to, taken.sender, taken.text, taken.key, self.now().astimezone(VIENTIANE)
        )
        self.sender.wake()
        return as_json({"id": message_id}, 201)

    def reply(self, ask: Ask) -> Reply:
        """A person types a text on the telephone; it goes to whoever holds a bind."""
        number = unquote(ask.path.removeprefix("/reply/"))
        if not ask.same_origin:
            return handset.problem(ask, "bad_form", 403)
        text = ask.form.get("text", "").strip()
        if not is_phone(number) or not text or len(text) > 160:
            return handset.problem(ask, "not_found", 422)
        self.mailbox.typed(number, text)
        return goes_to(f"/phone/{quote(number)}")

    def mode(self, ask: Ask) -> Reply:
        if not ask.same_origin:
            return handset.problem(ask, "bad_form", 403)
        if ask.form.get("mode") not in MODES:
            return handset.problem(ask, "not_found", 422)
        self.mailbox.turn(ask.form["mode"])
        return goes_to("/")


def main(arguments: list[str] | None = None) -> None:
    """Serve until a signal says stop."""
    reader = argparse.ArgumentParser(prog="python -m pakan.integrations.telcos.sandbox", description=__doc__)
    reader.add_argument("--port", type=int, default=8002)
    reader.add_argument(
        "--smpp-port", type=int, default=-1, help="of the message centre; 0 a free one, -1 none"
    )
    reader.add_argument(
        "--smpp-password", default=os.environ.get("PAKAN_SMPP_PASSWORD", ""), help="else --key"
    )
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
    centre = Centre(mailbox, (given.smpp_password or given.key)[:8]) if given.smpp_port >= 0 else None
    if centre is not None:
        centre.start(given.smpp_port)
    # serve_forever must be stopped from another thread, or it waits for itself.
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"sandbox operator on http://127.0.0.1:{server.server_address[1]}", flush=True)
    if centre is not None:
        print(f"message centre on 127.0.0.1:{centre.port}", flush=True)
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        server.server_close()
        sender.stop()
        if centre is not None:
            centre.stop()
