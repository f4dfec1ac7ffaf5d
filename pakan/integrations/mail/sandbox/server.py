"""The mail server itself: aiosmtpd takes, one SQLite file keeps, a page shows. Nothing leaves this machine."""

import argparse
import signal
import socket
import threading
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from pakan.integrations.sandbox.outbox import Book
from pakan.integrations.sandbox.web import Ask, Reply, goes_to, page, serve, style

LARGEST = 1024 * 1024
MODES = ("normal", "refuse", "busy")
_TABLES = """
create table if not exists mails (
    id integer primary key, message_id text not null unique, recipient text not null, subject text not null,
    text text not null, came text not null
);
"""
WORDS = {
    "title": ("ອີເມລທົດລອງ", "Sandbox mail"),
    "banner": (
        "ອີເມລທົດລອງ: ອີເມລເຫຼົ່ານີ້ບໍ່ໄດ້ສົ່ງໄປຫາໃຜແທ້",
        "Sandbox: these e-mails reach nobody. Nothing here is real.",
    ),
    "none": ("ຍັງບໍ່ມີອີເມລ", "No e-mail has come yet."),
    "mode": ("ເຮັດຈັ່ງໃດກັບອີເມລຕໍ່ໄປ", "What the server does with the next e-mails"),
    "normal": ("ຮັບ", "Take them"),
    "refuse": ("ບໍ່ຮັບ", "Refuse them"),
    "busy": ("ບອກໃຫ້ສົ່ງໃໝ່", "Say: later"),
    "choose": ("ໃຊ້", "Use this"),
}


class Postbox:
    """Takes messages: the same Message-ID is one."""

    def __init__(self, path: Path) -> None:
        self.book = Book(path, _TABLES)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        mode = self.book.switch("mode", "normal")
        if mode == "refuse":
            return "550 no such person"
        if mode == "busy":
            return "451 later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain",))
        with self.book.change() as base:
            base.execute(
                "insert or ignore into mails (message_id, recipient, subject, text, came) values (?, ?, ?, ?, ?)",
                (str(message["Message-ID"]), ", ".join(envelope.rcpt_tos), str(message["Subject"]),
                 body.get_content() if body else "", datetime.now(UTC).isoformat()),
            )  # fmt: skip
        return "250 taken"

    def answer(self, ask: Ask) -> Reply:
        if ask.path == "/style.css":
            return style(ask)
        if ask.method == "POST":
            if not ask.same_origin or ask.path != "/mode" or ask.form.get("mode") not in MODES:
                return Reply(b"refused", 403, "text/plain")
            self.book.turn("mode", ask.form["mode"])
            return goes_to("/")
        return self._shown(ask)

    def _shown(self, ask: Ask) -> Reply:
        at = 1 if ask.language == "en" else 0
        rows = self.book.read("select * from mails order by id desc limit 100")
        mails = "".join(
            f'<div class="bubble"><small>{escape(row["recipient"])} · {escape(row["came"][:16])}</small>'
            f"<p><b>{escape(row['subject'])}</b></p><p>{escape(row['text'])}</p></div>"
            for row in rows
        )
        now = self.book.switch("mode", "normal")
        options = "".join(
            f'<option value="{one}"{" selected" if one == now else ""}>{WORDS[one][at]}</option>'
            for one in MODES
        )
        switch = (
            f'<form method="post" action="/mode" class="card"><label for="mode">{WORDS["mode"][at]}</label>'
            f'<select id="mode" name="mode">{options}</select><button>{WORDS["choose"][at]}</button></form>'
        )
        main = f'<div class="phone">{mails or WORDS["none"][at]}</div>{switch}'
        return page(ask, WORDS["title"][at], main, WORDS["banner"][at], "", refresh=5)


def main(arguments: list[str] | None = None) -> None:
    """Serve until a signal says stop."""
    reader = argparse.ArgumentParser(prog="python -m pakan.integrations.mail.sandbox", description=__doc__)
    reader.add_argument("--port", type=int, default=8004)
    reader.add_argument("--smtp-port", type=int, default=8025)
    reader.add_argument("--data", type=Path, required=True, help="SQLite file, made if it is not there")
    given = reader.parse_args(arguments)
    postbox = Postbox(given.data)
    smtp = Controller(
        postbox, hostname="127.0.0.1", port=given.smtp_port, data_size_limit=LARGEST, ident="sandbox"
    )
    if given.smtp_port == 0:  # the library asks itself whether it is ready, at the port it was told
        smtp.port = _free_port()
    smtp.start()
    server = serve(given.port, postbox.answer)
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"sandbox mail on http://127.0.0.1:{server.server_address[1]}", flush=True)
    print(f"smtp on 127.0.0.1:{smtp.port}", flush=True)
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        server.server_close()
        smtp.stop()


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])
