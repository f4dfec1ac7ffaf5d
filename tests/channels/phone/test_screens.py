"""Every screen of the menu, in both languages, at its longest: 80 letters with a Lao one among them, else 182 septets."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext as _

from pakan.channels.kit.claims import STATES
from pakan.channels.phone import company, menu
from pakan.channels.phone.walk import Stop
from pakan.operations import dial, enter
from pakan.operations.dial import NotPossible, Offer, Outcome, Owed, Standing, Verdict
from pakan.registers.access.models import Account
from pakan.registers.benefits.states import State
from pakan.registers.keypads.models import Talk
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.channels.phone.conftest import PIN, WRONG, fits

AT = datetime(2026, 8, 12, 3, 0, tzinfo=UTC)
JULY, DAY = Month(2026, 7), date(2026, 7, 28)  # ກໍລະກົດ is the longest month in Lao
SEPTEMBER, LAST = Month(2026, 9), date(2026, 9, 28)
MUCH = 11_500_000_000
LOCKED = "000001"
OWED = Owed(JULY, MUCH, DAY, "RF18 2610 0451 2010 1")
REFERENCE_SOON = Owed(SEPTEMBER, MUCH, LAST, "")


def standings() -> list[Standing]:
    return [
        Standing(month, ways, waits, owed)
        for month in (JULY, SEPTEMBER)
        for owed in (OWED, REFERENCE_SOON)
        for ways, waits in ((("same", "nil"), False), (("sign",), True), ((), True), ((), False))
    ] + [Standing(None, (), False, OWED), Standing(None, (), False, None)]


class World:
    """Everything that the menu asks, at its longest; `turn` is one combination of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
        self.account = Account(id=7, pin="x", language=language)
        self.people = [Person(id=3, number="123456789012")]
        self.standing = standings()[0]
        self.offer: Offer | NotPossible = Offer(JULY, 99_999, MUCH, DAY, 1)
        self.outcome: Outcome | NotPossible | dial.Changed = Outcome("26-00042", MUCH)
        self.months: list[Any] = [
            SimpleNamespace(month=JULY, employer_share=MUCH // 2, worker_share=MUCH // 2)
        ]
        self.called: Any = object()
        self.named = 5
        self.known = True
        for where, name, does in (
            (menu, "people_of_phone", lambda phone: self.people),
            (menu.Menu, "_account", lambda _self, person: self.account if self.known and person else None),
            (dial, "declaring", lambda phone: self.account if self.named else None),
            (dial, "prove", lambda account, phone, pin, at, request: judged(pin)),
            (dial, "turned_away", lambda phone, at: Verdict.WRONG),
            (menu, "statement", lambda person_id: self.months),
            (menu, "of_person", lambda person_id: self.claims),
            (enter, "call_to", lambda person_id, at: self.called),
            (enter, "halves", lambda call: ("888", "888")),
            (company.Company, "__init__", lambda self_, account, talk, at, request: setattr(self_, "talk", talk)),
            (company.Company, "choose", lambda made: self.choose(made)),
            (dial, "standing", lambda actor, employer: self.standing),
            (dial, "offer", lambda actor, employer, month, way: told(self.offer)),
            (dial, "sign", lambda actor, employer, month, way, talk: told(self.outcome)),
        ):  # fmt: skip
            monkeypatch.setattr(where, name, does)
        self.claims: list[Any] = [
            SimpleNamespace(number="C26-0000123-4", state=state.value, promised_on=DAY)
            for state in State
            if state is not State.DRAFT
        ]

    def choose(self, made: company.Company) -> Any:
        made.actor = None  # type: ignore[assignment]
        names = [Employer(name_lo="ໂຮງງານຜະລິດເຄື່ອງນຸ່ງຫົ່ມ", name_en="Garment factory") for _ in range(self.named)]
        if len(names) == 1:
            return made.company(names[0])
        if not names:
            return Stop(lambda: _("You act for no company any more."))
        return Stop(
            lambda: _("Which one?"),
            {str(at): (company._name(one), made._to(one)) for at, one in enumerate(names, 1)},
        )


def judged(pin: str) -> Verdict:
    return {PIN: Verdict.RIGHT, LOCKED: Verdict.LOCKED}.get(pin, Verdict.WRONG)


def told(said: Any) -> Any:
    if isinstance(said, Exception):
        raise said
    return said


def walked(inputs: tuple[str, ...], offered: list[str]) -> tuple[menu.Menu, str, bool]:
    talk = Talk(offered=offered, shown="x")
    one = menu.Menu(talk, "+8562055550000", AT, "-")
    one.go(list(inputs))
    screen = one.speak()
    return one, screen.text, screen.ends


def every(
    inputs: tuple[str, ...] = (), offered: list[str] | None = None
) -> Iterator[tuple[tuple[str, ...], str]]:
    """All screens from here on, each with an unknown key too."""
    one, text, ends = walked(inputs, offered or [])
    yield inputs, text
    if ends or len(inputs) > 9:
        return
    here = one.walk.here
    if here.typed is not None:
        tried = (PIN, WRONG, LOCKED, "123456789012") if inputs[-1:] != (WRONG,) else (PIN,)
        for typed in tried:
            if inputs.count(typed) < 2:
                yield from every((*inputs, typed), offered)
        return
    yield (*inputs, "77"), walked((*inputs, "77"), offered or [])[1]
    for key in here.choices:
        if key != "9":
            yield from every((*inputs, key), offered)


def look_at_all(**offered: Any) -> int:
    found = list(every(**offered))
    too_long = {text: inputs for inputs, text in found if not fits(text)}
    assert too_long == {}
    return len({text for _inputs, text in found})


@pytest.mark.parametrize("language", ["lo", "en"])
def test_every_screen_fits_at_its_longest(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    world = World(monkeypatch, language)
    assert look_at_all() > 20
    world.named = 1
    for world.standing in standings():
        look_at_all()
    world.standing = standings()[0]
    for code in ("questions", "in_work", "cools", "over"):
        world.offer = NotPossible(code)
        look_at_all()
        world.offer, world.outcome = Offer(SEPTEMBER, 99_999, MUCH, LAST, 1), NotPossible(code)
        look_at_all()
    for world.outcome in (Outcome("", 0), Outcome("26-00042", 0), dial.Changed()):
        look_at_all()
    world.months, world.claims, world.called = [], [], None
    assert look_at_all(offered=["4"]) > 5
    world.people = [Person(id=3, number="123456789012"), Person(id=4, number="223456789012")]
    assert look_at_all() > 5
    world.people, world.named = [], 0
    look_at_all()
    world.people, world.known = [Person(id=3, number="123456789012")], False
    look_at_all()


def test_every_problem_and_state_has_words() -> None:
    assert set(company.PROBLEMS) == {"questions", "in_work", "cools", "over"}
    assert set(STATES) == {state.value for state in State}


# Free for the member: what is zero-rated is enough (C25)


def test_a_members_page_loads_nothing_from_anybody_else(client: Client, db: None) -> None:
    """One address to zero-rate is enough: no picture, script, style or form leads elsewhere."""
    answer = client.get("/member/sign-in/")
    policy = answer.headers["Content-Security-Policy"]
    allowed = {word for rule in policy.split(";") for word in rule.split()[1:]}
    assert allowed <= {"'self'", "'none'", "data:"}
    assert "default-src 'self'" in policy and settings.STATIC_URL.startswith("/")


def test_no_template_of_the_member_names_another_host() -> None:
    root = Path(company.__file__).parents[1]
    pages = [*(root / "member").rglob("*.html"), *(root / "kit" / "templates").rglob("*.html")]
    styles = [
        *(root / "kit" / "static" / "kit").glob("*.css"),
        *(root / "kit" / "static" / "kit").glob("*.js"),
    ]
    elsewhere = r"""(?:https?:)?//"""
    loads = re.compile(
        rf"""(?:src|srcset|action|poster)\s*=\s*["']{elsewhere}|<link[^>]+href\s*=\s*["']{elsewhere}"""
        rf"""|url\(["']?{elsewhere}|@import|(?:fetch|import)\(["']{elsewhere}"""
    )
    assert len(pages) > 50 and styles
    assert [path.name for path in pages + styles if loads.search(path.read_text("utf-8"))] == []
