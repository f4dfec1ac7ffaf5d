"""The reminder ladder: each step on its day, people's steps by people, stopped by plans, disputes and payment (C124)."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from pakan.operations import collect, dispute, notify, plan, remind
from pakan.registers.access.actor import Actor
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.compliance.models import Reminder
from pakan.registers.contributions.models import Obligation
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Employer, Person
from tests.operations.debtors import chan, debt, pays_late, rate, sing, vone
from tests.operations.desk import broken, pays

__all__ = ["chan", "debt", "rate", "sing", "vone"]  # fixtures
pytestmark = pytest.mark.django_db
WELL = "They pay on Friday, says the accountant."


def climb(debt: Obligation, days: int) -> list[str]:
    """The steps that stand after the job of this day."""
    remind.climb_all((debt.due_on + timedelta(days=days)).isoformat())
    return list(Reminder.objects.order_by("due_on", "id").values_list("step", flat=True))


def at(actor: Actor, debt: Obligation, days: int) -> Actor:
    return replace(actor, at=actor.at + (debt.due_on + timedelta(days=days) - actor.today))


def take(actor: Actor, step: str) -> None:
    remind.done(actor, Reminder.objects.get(step=step), WELL)


def test_each_step_has_its_day_and_its_person(debt: Obligation, chan: Actor, sing: Actor) -> None:
    days = {one.step: one.days for one in remind.rungs()}
    assert climb(debt, days["sms"] - 1) == []
    assert climb(debt, days["sms"]) == ["sms"]
    assert climb(debt, days["letter"] - 1) == ["sms"]
    assert climb(debt, days["letter"]) == ["sms", "letter"]
    assert climb(debt, 70) == ["sms", "letter"], "nobody is called before the letter is posted"
    take(chan, "letter")
    assert climb(debt, days["call"]) == ["sms", "letter", "call"]
    take(chan, "call")
    assert climb(debt, days["visit"])[-1] == "visit"
    take(sing, "visit")
    assert climb(debt, days["order"])[-1] == "order"
    with pytest.raises(remind.Refused, match="same_person"):
        take(sing, "order")
    take(chan, "order")
    assert climb(debt, 400) == ["sms", "letter", "call", "visit", "order"]


def test_an_old_debt_begins_with_the_message_and_not_with_the_order(debt: Obligation, chan: Actor) -> None:
    assert climb(debt, 300) == ["sms"]
    assert climb(debt, 300) == ["sms"], "run twice, it climbs once"
    assert climb(debt, 311) == ["sms"]
    assert climb(debt, 312) == ["sms", "letter"], "as many days later as the ladder says"
    assert Reminder.objects.get(step="letter").due_on == debt.due_on + timedelta(days=312)


def test_the_message_names_the_month_and_the_amount_once(
    debt: Obligation, factory: Employer, noy: Actor
) -> None:
    climb(debt, 3)
    climb(debt, 4)
    rows = Message.objects.filter(wording="month_overdue")
    assert {one.account_id for one in rows} >= {noy.account_id}
    assert rows.count() == len({one.account_id for one in rows})
    said = notify.text_of(rows[0])
    assert f"{debt.owed:,}".replace(",", ".") in said


def test_the_steps_wait_while_a_plan_is_asked_for_and_kept(
    rate: None, debt: Obligation, chan: Actor, noy: Actor, factory: Employer
) -> None:
    climb(debt, 3)
    climb(debt, 15)
    matter = plan.ask(noy, factory, 3, "The flood of September.", plan.preview(factory, 3, noy.today).seal)
    take(chan, "letter")
    days = (noy.today - debt.due_on).days
    assert climb(debt, days + 60) == ["sms", "letter"]
    assert remind.to_do(noy.today + timedelta(days=60)) == []
    plan.decide(chan, matter, True, "We looked into it.")
    assert climb(debt, days + 90) == ["sms", "letter"]


def test_a_dispute_of_the_whole_debt_stops_the_climb_and_of_a_part_does_not(
    debt: Obligation, noy: Actor, kham: Actor, factory: Employer, workers: list[Person], now: object
) -> None:
    dispute.line(kham, factory, debt.month, workers[0], "She left in June, as form 1-07 says.")
    assert climb(debt, 3) == ["sms"]
    [said] = {one.values["amount"] for one in Message.objects.filter(wording="month_overdue")}
    part = debt.owed - debt.owed // len(workers)
    assert said == f"{part:,}".replace(",", ".")
    notice = collect.ask(noy, factory, [debt.month])
    pays(noy.at, notice, part)
    assert climb(debt, 60) == ["sms"], "what is disputed is asked of nobody"


def test_payment_ends_the_ladder(debt: Obligation, noy: Actor, chan: Actor, factory: Employer) -> None:
    climb(debt, 3)
    climb(debt, 15)
    day = debt.due_on + timedelta(days=20)
    [task] = remind.to_do(day)
    assert (task.rung.step, task.open, task.days) == ("letter", debt.owed, 5)
    assert remind.to_do(day, "visit") == []
    collect.ask(noy, factory, [debt.month])
    pays_late(debt, noy.at, debt.owed, 16)
    assert remind.to_do(day) == []
    climb(debt, 17)
    letter = Reminder.objects.get(step="letter")
    assert letter.done_at is not None and letter.done_by_id is None
    assert [one.step for one, _ in remind.steps_of(factory.id)] == ["sms"], "a step nobody took is not told"
    with pytest.raises(remind.Refused, match="state"):
        take(chan, "letter")
    assert broken() == {}


def test_only_officers_take_steps_and_they_say_what_came_of_it(
    debt: Obligation, noy: Actor, chan: Actor, factory: Employer
) -> None:
    climb(debt, 3)
    climb(debt, 15)
    letter = Reminder.objects.get(step="letter")
    for actor in (noy, Actor.system(noy.at)):
        with pytest.raises(NotAllowed):
            remind.done(actor, letter, WELL)
    with pytest.raises(remind.Refused, match="short"):
        remind.done(chan, letter, " ok ")


def test_the_letter_tells_what_is_open_and_what_can_be_done(
    rate: None, debt: Obligation, chan: Actor, factory: Employer
) -> None:
    climb(debt, 3)
    climb(debt, 15)
    day: date = debt.due_on + timedelta(days=20)
    pdf = PdfReader(io.BytesIO(remind.letter_pdf(Reminder.objects.get(step="letter"), day)))
    text = " ".join(page.extract_text() for page in pdf.pages)
    assert f"{debt.owed:,}".replace(",", ".") in text
    assert f"{debt.owed * 20 // 1000:,}".replace(",", ".") in text, "the charge of that day"
    assert "Ask for instalments" in text and "Order to pay" not in text


def test_a_ladder_that_goes_down_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remind.tomllib, "loads", lambda text: {"rung": [
        {"step": step, "days": days, "by": "officer", "lo": "ກ", "en": "a"} for step, days in (("a", 3), ("b", 3))
    ]})  # fmt: skip
    remind.rungs.cache_clear()
    with pytest.raises(ValueError, match="later"):
        remind.rungs()
    monkeypatch.undo()
    remind.rungs.cache_clear()
    assert len(remind.rungs()) == 5
