"""The sandbox bank itself: who asks for what. A process of its own, killed and started as one likes."""

import argparse
import hmac
import json
import logging
import os
import re
import signal
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import httpx

from pakan.integrations.banks.sandbox import pages
from pakan.integrations.banks.sandbox.dialect import compose_notice
from pakan.integrations.banks.sandbox.drawing import Drawing, Drawn
from pakan.integrations.banks.sandbox.till import Till, Transfer
from pakan.integrations.banks.sandbox.vault import BEHAVIOURS, Conflict, Sent, Vault
from pakan.integrations.banks.sandbox.words import say
from pakan.integrations.formats import signature
from pakan.integrations.formats.emvco import Bill, CodeRefused, parse
from pakan.integrations.formats.iso20022 import (
    VIENTIANE,
    StatementRefused,
    compose,
    compose_report,
    read_debit,
    read_transfer,
)
from pakan.integrations.formats.iso20022.debit import DEBIT_NAME
from pakan.integrations.sandbox.outbox import Sender, post, sent
from pakan.integrations.sandbox.web import Ask, Reply, goes_to, serve, style
from pakan.units.money import Kip
from pakan.units.number import WrongNumber, read_creditor_reference

IIN = "99990418"
PAYER = "EXAMPLE EMPLOYER CO LTD"
PAYER_ACCOUNT = "099000000017"
MOST = 10**12  # kip in one payment
F = TypeVar("F")


class Counter:
    """Answers one request. `now` is handed in, so that tests need no clock."""

    def __init__(
        self,
        till: Till,
        sender: Sender,
        token: str,
        statement_url: str = "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.till, self.sender, self.token = till, sender, token
        self.vault = Vault(till.book)
        self.drawing = Drawing(till, self.vault)
        self.statement_url, self._now = statement_url, now

    def now(self) -> datetime:
        return self._now().astimezone(VIENTIANE)

    def answer(self, ask: Ask) -> Reply:
        reads: dict[str, Callable[[Ask], Reply]] = {
            "/": self.start, "/payments": self.payments, "/day": self.day, "/day.xml": self.file,
            "/statement": self.statement, "/state": self.state, "/style.css": style,
            "/out": self.out, "/transfer": self.transfer, "/drawn": self.drawn, "/debit": self.debit,
        }  # fmt: skip
        writes: dict[str, Callable[[Ask], Reply]] = {
            "/pay": self.pay, "/again": self.again, "/forge": self.forge, "/hold": self.hold,
            "/send": self.send, "/behave": self.behave, "/settle": self.settle, "/holder": self.holder,
            "/settle-debit": self.settle_debit, "/withdraw": self.withdraw,
        }  # fmt: skip
        asks: dict[str, Callable[[Ask], Reply]] = {
            "/account": self.account, "/transfers": self.transfers, "/debits": self.debits,
        }  # fmt: skip
        if ask.method == "GET" and ask.path in reads:
            return reads[ask.path](ask)
        if ask.method == "POST" and ask.path in asks:
            return asks[ask.path](ask) if self._knows(ask) else _json({"error": "unauthorised"}, 401)
        if ask.method == "POST" and ask.path in writes:
            if not ask.same_origin:
                return pages.problem(ask, "bad_form", 403)
            return writes[ask.path](ask)
        return pages.problem(ask, "not_found", 404)

    def start(self, ask: Ask) -> Reply:
        typed = ask.query.get("q", "").strip()
        payer = ask.query.get("payer", PAYER)[:70]
        bill, refusal = None, ""
        if typed.startswith("0002"):
            try:
                bill = parse(typed)
            except CodeRefused as refused:
                refusal = refused.en if ask.language == "en" else refused.lo
        elif typed or ask.query.get("bill"):
            bill = _bill(typed or ask.query["bill"], ask.query.get("amount", ""))
        return pages.start(ask, typed, bill, refusal, payer, self.now().date())

    def pay(self, ask: Ask) -> Reply:
        form = ask.form
        amount = _whole(form.get("amount", ""))
        if amount is None or form.get("way") not in pages.WAYS:
            return pages.problem(ask, "bad_amount", 422)
        moment = self.now()
        if form["way"] == "late":
            day = _day(form.get("day", ""))
            if day is None or abs(day - moment.date()) > timedelta(days=800):
                return pages.problem(ask, "bad_day", 422)
            moment = datetime.combine(day, moment.timetz())
        reference = form.get("reference", "").replace(" ", "").upper()[:35]
        transfer = Transfer(
            amount=amount,
            reference=reference,
            bill=form.get("bill", "")[:25],
            payer=form.get("payer", "")[:70] or PAYER,
            payer_account=PAYER_ACCOUNT,
            text=f"SSO {reference}" if reference else "SOCIAL SECURITY",
            paid_at=moment,
        )
        made = self.till.pay(*([transfer] * (2 if form["way"] == "twice" else 1)))
        self.sender.wake()
        return goes_to(f"/payments?new={','.join(made)}")

    def payments(self, ask: Ask) -> Reply:
        made = self.till.latest()
        notices = {one.bank_reference: sent(self.till.book, one.bank_reference) for one in made}
        new = re.findall(r"SB[0-9A-F]{14}", ask.query.get("new", ""))
        return pages.payments(ask, made, notices, self.till.book.switch("held") == "1", new)

    def again(self, ask: Ask) -> Reply:
        return self._notify(ask, forged=False)

    def forge(self, ask: Ask) -> Reply:
        return self._notify(ask, forged=True)

    def _notify(self, ask: Ask, forged: bool) -> Reply:
        if not self.till.notify_again(ask.form.get("bank_reference", ""), forged):
            return pages.problem(ask, "not_found", 404)
        self.sender.wake()
        return goes_to("/payments")

    def hold(self, ask: Ask) -> Reply:
        self.till.book.turn("held", "1" if ask.form.get("held") == "1" else "0")
        self.sender.wake()
        return goes_to("/payments")

    def day(self, ask: Ask) -> Reply:
        day = _day(ask.query.get("day") or self.now().date().isoformat())
        if day is None:
            return pages.problem(ask, "bad_day", 422)
        statement = self.till.statement(day)
        xml = compose(statement).decode()
        outcome = ask.query.get("outcome", "")
        outcome = say(outcome, ask.language) if outcome in ("sent", "not_sent") else ""
        return pages.day(ask, statement, self.till.days(), xml, bool(self.statement_url), outcome)

    def file(self, ask: Ask) -> Reply:
        day = _day(ask.query.get("day", ""))
        if day is None:
            return pages.problem(ask, "bad_day", 422)
        name = f'attachment; filename="camt053-{day}.xml"'
        return Reply(
            compose(self.till.statement(day)), kind="application/xml", headers={"Content-Disposition": name}
        )

    def send(self, ask: Ask) -> Reply:
        """The statement of a day to the product, signed; the page then says whether it arrived."""
        day = _day(ask.form.get("day", ""))
        if day is None or not self.statement_url:
            return pages.problem(ask, "bad_day", 422)
        body = compose(self.till.statement(day))
        signed = signature.sign(self.sender.key, body, self.now())
        headers = {signature.HEADER: signed, "Content-Type": "application/xml"}
        try:
            reply = self.sender.call(self.statement_url, content=body, headers=headers)
            outcome = "sent" if reply.is_success else "not_sent"
        except httpx.HTTPError:
            outcome = "not_sent"
        return goes_to(f"/day?day={day}&outcome={outcome}")

    def statement(self, ask: Ask) -> Reply:
        if not self._knows(ask):
            return _json({"error": "unauthorised"}, 401)
        day = _day(ask.query.get("day", ""))
        if day is None:
            return _json({"error": "day"}, 422)
        return Reply(compose(self.till.statement(day)), kind="application/xml")

    def state(self, ask: Ask) -> Reply:
        if not self._knows(ask):
            return _json({"error": "unauthorised"}, 401)
        reference = ask.query.get("reference", "")
        payments = [compose_notice(payment) for payment in self.till.state_of(reference)]
        return _json({"reference": reference, "payments": payments})

    # Money that the fund sends

    def account(self, ask: Ask) -> Reply:
        """Whose account it is, in four words."""
        if self.vault.behaviour == "down":
            return _json({"error": "down"}, 503)
        try:
            told = json.loads(ask.body)
            number, name = str(told["account"]), str(told["name"])
        except (ValueError, LookupError, TypeError):
            return _json({"error": "unreadable"}, 422)
        return _json({"owner": self.vault.owner(number[:34], name[:140])})

    def transfers(self, ask: Ask) -> Reply:
        """One credit transfer; the answer is its status. Known already: the same answer again."""

        def take() -> Reply:
            return self._told(self.vault.take(read_transfer(ask.body), ask.body.decode(), self.now()))

        return self._taken(take)

    def debits(self, ask: Ask) -> Reply:
        """One debit from a payer's account; the answer is its status. Known already: the same answer again."""

        def take() -> Reply:
            drawn = self.drawing.take(read_debit(ask.body), ask.body.decode(), self.now())
            self.sender.wake()
            return self._told_debit(drawn)

        return self._taken(take)

    def _taken(self, take: Callable[[], Reply]) -> Reply:
        """What `take` answers, as far as the bank behaves."""
        if self.vault.behaviour == "down":
            return _json({"error": "down"}, 503)
        try:
            reply = take()
        except StatementRefused as refused:
            return _json({"error": refused.code}, 422)
        except Conflict:
            return _json({"error": "conflict"}, 409)
        return _json({"error": "no answer"}, 503) if self.vault.behaviour == "silent" else reply

    def transfer(self, ask: Ask) -> Reply:
        return self._asked(ask, self.vault.find, self._told)

    def debit(self, ask: Ask) -> Reply:
        return self._asked(ask, self.drawing.find, self._told_debit)

    def _asked(self, ask: Ask, find: Callable[[str], F | None], told: Callable[[F], Reply]) -> Reply:
        if not self._knows(ask):
            return _json({"error": "unauthorised"}, 401)
        if self.vault.behaviour == "down":
            return _json({"error": "down"}, 503)
        found = find(ask.query.get("number", ""))
        return _json({"error": "not known"}, 404) if found is None else told(found)

    def _told(self, sent: Sent) -> Reply:
        return Reply(compose_report(sent.report, self.now(), Kip(sent.amount)), kind="application/xml")

    def _told_debit(self, drawn: Drawn) -> Reply:
        report = compose_report(drawn.report, self.now(), Kip(drawn.amount), DEBIT_NAME)
        return Reply(report, kind="application/xml")

    def drawn(self, ask: Ask) -> Reply:
        return pages.drawn(ask, self.drawing.latest(), self.vault.behaviour)

    def settle_debit(self, ask: Ask) -> Reply:
        if not self.drawing.settle(ask.form.get("number", ""), ask.form.get("paid") == "1", self.now()):
            return pages.problem(ask, "not_found", 404)
        self.sender.wake()
        return goes_to("/drawn")

    def withdraw(self, ask: Ask) -> Reply:
        self.drawing.withdraw(ask.form.get("mandate", "")[:35])
        return goes_to("/drawn")

    def out(self, ask: Ask) -> Reply:
        return pages.out(ask, self.vault.latest(), self.vault.behaviour)

    def behave(self, ask: Ask) -> Reply:
        how = ask.form.get("how", "")
        if how not in BEHAVIOURS:
            return pages.problem(ask, "not_found", 404)
        self.vault.behave(how)
        return goes_to("/drawn" if ask.form.get("page") == "drawn" else "/out")

    def settle(self, ask: Ask) -> Reply:
        paid = ask.form.get("paid") == "1"
        if not self.vault.settle(
            ask.form.get("number", ""), "ACSC" if paid else "RJCT", "" if paid else "AC04"
        ):
            return pages.problem(ask, "not_found", 404)
        return goes_to("/out")

    def holder(self, ask: Ask) -> Reply:
        account, name = ask.form.get("account", "").strip(), ask.form.get("name", "").strip()
        if not re.fullmatch(r"\d{6,20}", account, re.ASCII) or not name:
            return pages.problem(ask, "bad_account", 422)
        self.vault.open(account, name[:140])
        return goes_to("/out")

    def _knows(self, ask: Ask) -> bool:
        given = ask.headers.get("authorization", "").encode()
        return hmac.compare_digest(given, f"Bearer {self.token}".encode())


def _json(content: dict[str, object], status: int = 200) -> Reply:
    return Reply(json.dumps(content, ensure_ascii=False).encode(), status, "application/json")


def _bill(typed: str, amount: str) -> Bill:
    """A bill from a reference that was typed or came in a link; the number is inside a right reference."""
    reference = typed.replace(" ", "").upper()[:25]
    try:
        number = read_creditor_reference(reference)
    except WrongNumber:
        number = ""
    whole = _whole(amount)
    return Bill(IIN, "", None if whole is None else Kip(whole), number, reference)


def _whole(text: str) -> int | None:
    """'517.500', '517,500' and '517500' are the same amount; None for anything else."""
    text = text.strip()
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", text, re.ASCII):
        text = re.sub("[.,]", "", text)
    if not re.fullmatch(r"\d{1,13}", text, re.ASCII) or not 0 < int(text) <= MOST:
        return None
    return int(text)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def main(arguments: list[str] | None = None) -> None:
    """Serve until a signal says stop."""
    reader = argparse.ArgumentParser(prog="python -m pakan.integrations.banks.sandbox", description=__doc__)
    reader.add_argument("--port", type=int, default=8001)
    reader.add_argument("--data", type=Path, required=True, help="SQLite file, made if it is not there")
    reader.add_argument("--notify", default="", help="address that takes the notices")
    reader.add_argument("--statement-url", default="", help="address that takes statements")
    reader.add_argument("--key", default=os.environ.get("SANDBOX_BANK_KEY", ""), help="signs the notices")
    reader.add_argument(
        "--token", default=os.environ.get("SANDBOX_BANK_TOKEN", ""), help="bearer key; else --key"
    )
    reader.add_argument("--account", default="0100000000418", help="the receiver's account")
    given = reader.parse_args(arguments)
    if not given.key:
        reader.error("a key is needed: --key or SANDBOX_BANK_KEY")
    logging.basicConfig(level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    till = Till(given.data, given.account)
    sender = Sender(till.book, given.notify, given.key.encode(), post)
    counter = Counter(till, sender, given.token or given.key, given.statement_url)
    server = serve(given.port, counter.answer)
    sender.start()
    # serve_forever must be stopped from another thread, or it waits for itself.
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"sandbox bank on http://127.0.0.1:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        server.server_close()
        sender.stop()
