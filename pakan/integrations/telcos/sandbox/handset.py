"""The sandbox operator's pages: a telephone that anybody here can look at."""

from html import escape
from urllib.parse import quote

from pakan.integrations.sandbox.web import Ask, Reply, page
from pakan.integrations.telcos.parts import split
from pakan.integrations.telcos.sandbox.mailbox import MODES, Message
from pakan.units.number import shown_phone

WORDS = {
    "operator": ("ເຄືອຂ່າຍທົດລອງ", "Sandbox Operator"),
    "banner": (
        "ໂທລະສັບທົດລອງ: ຂໍ້ຄວາມເຫຼົ່ານີ້ບໍ່ໄດ້ສົ່ງໄປຫາໃຜແທ້",
        "Sandbox: these messages reach nobody. Nothing here is real.",
    ),
    "phones": ("ໂທລະສັບ", "Telephones"),
    "none": ("ຍັງບໍ່ມີຂໍ້ຄວາມ", "No message has come yet."),
    "messages": ("ຂໍ້ຄວາມ", "messages"),
    "parts": ("ສ່ວນ", "parts"),
    "mode": ("ເຄືອຂ່າຍເຮັດຈັ່ງໃດກັບຂໍ້ຄວາມຕໍ່ໄປ", "What the network does with the next messages"),
    "normal": ("ສົ່ງຕາມປົກກະຕິ", "Deliver them"),
    "lose": ("ເຮັດເສຍ", "Lose them"),
    "delay": ("ສົ່ງຊ້າ 30 ວິນາທີ", "Deliver 30 seconds late"),
    "double": ("ສົ່ງສອງຄັ້ງ", "Deliver twice"),
    "choose": ("ໃຊ້", "Use this"),
    "not_found": ("ບໍ່ພົບ", "Not found"),
    "bad_form": ("ແບບຟອມບໍ່ໄດ້ມາຈາກໜ້ານີ້", "The form did not come from this page."),
}


def say(key: str, language: str) -> str:
    lao, english = WORDS[key]
    return english if language == "en" else lao


def shown(ask: Ask, title: str, main: str, status: int = 200, refresh: int = 0) -> Reply:
    language = ask.language
    menu = f'<a href="/">{say("phones", language)}</a>'
    heading = f"{title} · {say('operator', language)}"
    reply = page(ask, heading, main, say("banner", language), menu, refresh)
    return Reply(reply.body, status, reply.kind, reply.headers)


def problem(ask: Ask, key: str, status: int) -> Reply:
    return shown(ask, say(key, ask.language), '<p><a href="/">&larr;</a></p>', status)


def phones(ask: Ask, numbers: list[tuple[str, int]], mode: str) -> Reply:
    language = ask.language
    rows = "".join(
        f'<p class="card"><a href="/phone/{quote(number)}">{escape(shown_phone(number))}</a>'
        f" · {many} {say('messages', language)}</p>"
        for number, many in numbers
    )
    options = "".join(
        f'<option value="{one}"{" selected" if one == mode else ""}>{say(one, language)}</option>'
        for one in MODES
    )
    switch = (
        f'<form method="post" action="/mode" class="card"><label for="mode">{say("mode", language)}</label>'
        f'<select id="mode" name="mode">{options}</select><button>{say("choose", language)}</button></form>'
    )
    empty = f"<p>{say('none', language)}</p>"
    return shown(ask, say("phones", language), (rows or empty) + switch, refresh=5)


def phone(ask: Ask, number: str, messages: list[Message]) -> Reply:
    language = ask.language
    bubbles = "".join(
        f'<div class="bubble"><small>{escape(one.sender)} · {one.made:%d/%m/%Y %H:%M}'
        f" · {split(one.text).count} {say('parts', language)}</small><p>{escape(one.text)}</p></div>"
        for one in messages
    )
    empty = f"<p>{say('none', language)}</p>"
    return shown(ask, shown_phone(number), f'<div class="phone">{bubbles or empty}</div>', refresh=3)
