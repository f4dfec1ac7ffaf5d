"""The sandbox bank's pages. Every value that came from outside passes `escape`."""

from collections.abc import Mapping
from datetime import date
from html import escape
from urllib.parse import urlencode

from pakan.integrations.banks.bank import PaymentNotice
from pakan.integrations.banks.iin import issuer
from pakan.integrations.banks.sandbox import vault
from pakan.integrations.banks.sandbox.drawing import Drawn
from pakan.integrations.banks.sandbox.words import say
from pakan.integrations.formats.emvco import Bill
from pakan.integrations.formats.iso20022 import Statement
from pakan.integrations.sandbox.outbox import Sent
from pakan.integrations.sandbox.web import Ask, Reply, page
from pakan.units.money import dotted
from pakan.units.number import WrongNumber, read_creditor_reference

WAYS = ("exact", "twice", "part", "much", "late", "wrong", "none")


def shown(ask: Ask, key: str, main: str, status: int = 200, refresh: int = 0) -> Reply:
    language = ask.language
    menu = "".join(
        f'<a href="{address}">{say(name, language)}</a>'
        for address, name in (
            ("/", "start"),
            ("/payments", "payments"),
            ("/out", "money_out"),
            ("/drawn", "debits"),
            ("/day", "end_of_day"),
        )
    )
    title = f"{say(key, language)} · {say('bank', language)}"
    reply = page(ask, title, main, say("banner", language), menu, refresh)
    return Reply(reply.body, status, reply.kind, reply.headers)


def problem(ask: Ask, key: str, status: int) -> Reply:
    text = f'<p class="error">{say(key, ask.language)}</p><p><a href="/">{say("back", ask.language)}</a></p>'
    return shown(ask, "start", text, status)


def start(ask: Ask, typed: str, bill: Bill | None, refusal: str, payer: str, today: date) -> Reply:
    """The field for a code or reference, and below it the bill with the ways to pay it."""
    language = ask.language
    main = (
        f'<form method="get" action="/"><label for="q">{say("ask", language)}</label>'
        f'<textarea id="q" name="q" required>{escape(typed)}</textarea>'
        f'<button class="main">{say("show", language)}</button></form>'
    )
    if refusal:
        main += f'<p class="error" role="alert">{escape(refusal)}</p>'
    if bill is not None:
        main += _bill(bill, today, language) + _ways(bill, payer, today, language)
    return shown(ask, "start", main)


def _bill(bill: Bill, today: date, language: str) -> str:
    bank = issuer(bill.iin, today)
    rows = [
        ("payee", bill.name_lo or bill.name or say("fund", language)),
        ("receiver_bank", bank.name_en if language == "en" else bank.name_lo),
        ("reference", bill.reference or "–"),
        ("bill", bill.number or "–"),
    ]
    amount = say("unknown_amount", language)
    if bill.amount:
        amount = f"{dotted(bill.amount)} {say('kip', language)}"
    warning = ""
    if bill.reference and not _right(bill.reference):
        warning = f'<p class="error">{say("wrong_check", language)}</p>'
    return (
        f'<section class="card"><p class="amount">{escape(amount)}</p>{warning}<dl>'
        + "".join(f"<dt>{say(key, language)}</dt><dd>{escape(value)}</dd>" for key, value in rows)
        + "</dl></section>"
    )


def _right(reference: str) -> bool:
    try:
        return bool(read_creditor_reference(reference))
    except WrongNumber:
        return False


def mistyped(text: str) -> str:
    """The same reference with its last digit one higher, as a tired person types it."""
    return text[:-1] + str((int(text[-1]) + 1) % 10) if text[-1:].isdigit() else text + "9"


def _ways(bill: Bill, payer: str, today: date, language: str) -> str:
    amount = bill.amount
    amounts = {"part": amount // 2 if amount else "", "much": amount + 100_000 if amount else ""}
    cards = ""
    for way in WAYS:
        reference = {"wrong": mistyped(bill.reference), "none": ""}.get(way, bill.reference)
        hidden = {"way": way, "bill": "" if way in ("wrong", "none") else bill.number, "payer": payer}
        fields = "".join(f'<input type="hidden" name="{k}" value="{escape(v)}">' for k, v in hidden.items())
        if way in amounts or not amount:
            fields += _field(
                way, "amount", str(amounts.get(way, "")), language, 'inputmode="numeric" required'
            )
        else:
            fields += f'<input type="hidden" name="amount" value="{amount}">'
        if way == "wrong":
            fields += _field(way, "reference", reference, language, "")
        else:
            fields += f'<input type="hidden" name="reference" value="{escape(reference)}">'
        if way == "late":
            fields += _field(way, "day", today.isoformat(), language, 'type="date" required')
        look = ' class="main"' if way == "exact" else ""
        cards += (
            f'<form class="card" method="post" action="/pay"><p>{say(way + "_hint", language)}</p>{fields}'
            f"<button{look}>{say(way, language)}</button></form>"
        )
    return f'<div class="ways">{cards}</div>'


def _field(way: str, name: str, value: str, language: str, more: str) -> str:
    return (
        f'<label for="{way}-{name}">{say(name, language)}</label>'
        f'<input id="{way}-{name}" name="{name}" value="{escape(value)}" {more}>'
    )


def payments(
    ask: Ask, made: list[PaymentNotice], notices: Mapping[str, list[Sent]], held: bool, new: list[str]
) -> Reply:
    """Every payment with its notices; the page renews itself while one is under way."""
    language = ask.language
    switch = (
        f'<form method="post" action="/hold"><input type="hidden" name="held" value="{0 if held else 1}">'
        f"<button>{say('release' if held else 'hold', language)}</button></form>"
    )
    main = f'<p class="waiting">{say("held", language)}</p>{switch}' if held else switch
    if new:
        main = f'<p class="arrived" role="status">{say("done", language)}: {escape(", ".join(new))}</p>{main}'
    if not made:
        main += f"<p>{say('no_payments', language)}</p>"
    for payment in made:
        main += _payment(payment, notices.get(payment.bank_reference, []), language)
    waiting = any(notice.state == "waiting" for group in notices.values() for notice in group)
    return shown(ask, "payments", main, refresh=3 if waiting and not held else 0)


def _payment(payment: PaymentNotice, notices: list[Sent], language: str) -> str:
    rows = [
        ("bank_reference", payment.bank_reference),
        ("reference", payment.reference or "–"),
        ("bill", payment.bill or "–"),
        ("payer", f"{payment.payer_name} · {payment.payer_account}"),
        ("when", f"{payment.paid_at:%d/%m/%Y %H:%M}"),
    ]
    told = "".join(f"<dt>{say(key, language)}</dt><dd>{escape(value)}</dd>" for key, value in rows)
    told += f"<dt>{say('notices', language)}</dt><dd>"
    for notice in notices:
        false = f" · {say('forged', language)}" if notice.forged else ""
        told += (
            f'<span class="{notice.state}">{say(notice.state, language)}</span>{false}'
            f" · {notice.attempts} {say('tries', language)} {escape(notice.answer)}<br>"
        )
    hidden = f'<input type="hidden" name="bank_reference" value="{escape(payment.bank_reference)}">'
    buttons = "".join(
        f'<form method="post" action="/{path}">{hidden}<button>{say(key, language)}</button></form>'
        for path, key in (("again", "again"), ("forge", "forge"))
    )
    return (
        f'<section class="card"><p class="amount">{dotted(payment.amount)} {say("kip", language)}</p><dl>{told}</dd></dl>'
        f'<div class="row">{buttons}</div></section>'
    )


def day(ask: Ask, statement: Statement, days: list[date], xml: str, may_send: bool, outcome: str) -> Reply:
    """The statement of one day: totals, the file, and the days that have payments."""
    language = ask.language
    chosen = statement.day.isoformat()
    rows = [
        ("opening", dotted(statement.opening)),
        ("entries", str(len(statement.entries))),
        ("closing", dotted(statement.closing)),
    ]
    told = "".join(f"<dt>{say(key, language)}</dt><dd>{value}</dd>" for key, value in rows)
    links = " · ".join(f'<a href="/day?day={one}">{one:%d/%m/%Y}</a>' for one in days)
    send = (
        f'<form method="post" action="/send"><input type="hidden" name="day" value="{chosen}">'
        f"<button>{say('send', language)}</button></form>"
    )
    result = f'<p role="status" class="waiting">{escape(outcome)}</p>' if outcome else ""
    main = (
        f'{result}<form method="get" action="/day" class="row">'
        f"<div>{_field('d', 'day', chosen, language, 'type=date')}</div>"
        f"<button>{say('show', language)}</button></form><p>{links}</p>"
        f'<section class="card"><h2>{statement.day:%d/%m/%Y}</h2><dl>{told}</dl><div class="row">'
        f'<a href="/day.xml?{urlencode({"day": chosen})}" download>{say("download", language)}</a>'
        f"{send if may_send else ''}</div></section>"
        f"<details><summary>{say('file', language)}</summary><pre>{escape(xml)}</pre></details>"
    )
    return shown(ask, "end_of_day", main)


def _switch(behaviour: str, page: str, language: str) -> str:
    """How the bank shall behave from now on, and how it does."""
    choices = "".join(
        f'<button name="how" value="{how}"{" class=main" if how == behaviour else ""}>{say("how_" + how, language)}</button>'
        for how in vault.BEHAVIOURS
    )
    return (
        f'<form class="row" method="post" action="/behave"><input type="hidden" name="page" value="{page}">{choices}</form>'
        f'<p class="waiting" role="status">{say("now_" + behaviour, language)}</p>'
    )


def out(ask: Ask, sent: list[vault.Sent], behaviour: str) -> Reply:
    """What the fund sent, and how the bank shall behave with the next one."""
    language = ask.language
    main = (
        f"{_switch(behaviour, 'out', language)}"
        f'<details><summary>{say("open_account", language)}</summary><form method="post" action="/holder">'
        f"{_field('h', 'account', '', language, 'inputmode=numeric required')}"
        f"{_field('h', 'name', '', language, 'required')}<button>{say('open_account', language)}</button></form></details>"
    )
    if not sent:
        main += f"<p>{say('no_transfers', language)}</p>"
    return shown(ask, "money_out", main + "".join(_transfer(one, language) for one in sent))


def _transfer(one: vault.Sent, language: str) -> str:
    rows = [
        ("payout", one.number),
        ("bank_reference", one.bank_reference),
        ("payee", f"{one.name} · {one.account}"),
        ("narration", one.text or "–"),
        ("when", one.made),
    ]
    offered = [("1", "pay_it"), ("0", "refuse_it")] if one.status == "PDNG" else [("0", "refuse_it")]
    offered = [] if one.status == "RJCT" else offered
    settle = _settle("/settle", one.number, offered, language)
    return _order(one, rows, "paid_out", "pain.001", settle, language)


def drawn(ask: Ask, made: list[Drawn], behaviour: str) -> Reply:
    """What the fund drew, how the bank behaves with the next debit, and what the payer can do here."""
    language = ask.language
    main = _switch(behaviour, "drawn", language)
    if not made:
        main += f"<p>{say('no_debits', language)}</p>"
    return shown(ask, "debits", main + "".join(_debit(one, language) for one in made))


def _debit(one: Drawn, language: str) -> str:
    rows = [
        ("debit", one.number),
        ("mandate", one.mandate),
        ("bank_reference", one.bank_reference or "–"),
        ("payer", f"{one.name} · {one.account}"),
        ("reference", one.reference),
        ("when", one.made),
    ]
    offered = [("1", "draw_it"), ("0", "return_it")] if one.status == "PDNG" else []
    hidden = f'<input type="hidden" name="mandate" value="{escape(one.mandate)}">'
    acts = _settle("/settle-debit", one.number, offered, language)
    acts += (
        f'<form method="post" action="/withdraw">{hidden}<button>{say("withdraw", language)}</button></form>'
    )
    return _order(one, rows, "drawn", "pain.008", acts, language)


def _settle(address: str, number: str, offered: list[tuple[str, str]], language: str) -> str:
    hidden = f'<input type="hidden" name="number" value="{escape(number)}">'
    buttons = "".join(
        f'<button name="paid" value="{value}">{say(key, language)}</button>' for value, key in offered
    )
    return f'<form class="row" method="post" action="{address}">{hidden}{buttons}</form>' if buttons else ""


def _order(
    one: vault.Sent | Drawn, rows: list[tuple[str, str]], settled: str, file: str, acts: str, language: str
) -> str:
    """A card: how much, what became of it, the facts, what can be done, and the file."""
    state = {"RJCT": "refused", "ACSC": "arrived"}.get(one.status, "waiting")
    words = {"refused": "refused", "arrived": settled, "waiting": "waiting"}[state]
    told = "".join(f"<dt>{say(key, language)}</dt><dd>{escape(value)}</dd>" for key, value in rows)
    return (
        f'<section class="card"><p class="amount">{dotted(one.amount)} {say("kip", language)}</p>'
        f'<p class="{state}">{say(words, language)} {escape(one.reason)}</p><dl>{told}</dl>{acts}'
        f"<details><summary>{file}</summary><pre>{escape(one.file)}</pre></details></section>"
    )
