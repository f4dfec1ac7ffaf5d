"""What waits at the desks of the invented country's office: one matter of each kind, brought in as people bring it in."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid5

from pakan.channels.console.country.accounts import BENEFITS, REGISTRAR
from pakan.channels.console.country.claims import NAMES, members_of, officer, photo
from pakan.channels.console.country.history import History, Unit
from pakan.operations import care, concern, family, join, report, visit, wish
from pakan.registers.access.actor import Actor
from pakan.registers.care.queries import under_contract
from pakan.registers.people.models import Person
from pakan.registers.visits.queries import offices
from pakan.units.money import Kip

AGO = timedelta(days=2)
NOWHERE = "0.0.0.0"  # what is counted by address is counted here  # noqa: S104
TAILOR = {
    "name_lo": "ຮ້ານ ຕັດຫຍິບ ດອກຄູນ",
    "name_en": "Golden Shower Tailors",
    "enterprise_number": "01-0007731",
    "tax_number": "123456789 000",
    "district_id": "0102",
    "village": "ໜອງບົວທອງ",
    "contact": "ນາງ ຕົວຢ່າງ",
    "phone": "020 5555 0177",
    "email": "tailor@demo.example",
}


def desks(units: list[Unit], history: History) -> Iterator[str]:
    """Bring them in, and say what each is."""
    at = history.now - AGO
    people = ((unit, who) for unit in units for sex in ("f", "m") for who in members_of(unit, sex, at))
    yield f"{_registration(Actor(name='', at=at, door='public'))} asks to be registered"
    anybody = Actor(name="", at=at, door="public")
    concern.leave(anybody, "wage_too_low", "ສວນຢາງ ຕົວຢ່າງ, ເມືອງໄຊທານີ", "ແຈ້ງເງິນເດືອນ ຕ່ຳກວ່າທີ່ຈ່າຍແທ້.", NOWHERE)
    yield "a report without a name"
    for act in (_question, _correction, _appointment, _hospital, _family):
        unit, who = next(people)
        yield act(who, unit, history)


def _registration(applicant: Actor) -> str:
    made, _code = join.begin(applicant, "enterprise", NOWHERE)
    day = applicant.today - timedelta(days=20)
    join.write(applicant, made.number, **(TAILOR | {"first_hire": day, "alone": True}))
    for kind in join.needed_papers(made):
        join.add_paper(applicant, made.number, kind, f"{kind}.jpg", "image/jpeg", photo(kind))
    return join.send(applicant, made.number).number


def _question(who: Actor, unit: Unit, history: History) -> str:
    case = report.open_case(who, history.end, "wrong_wage", "ເງິນເດືອນແທ້ ສູງກວ່ານີ້ 300.000 ກີບ.", unit.employer.id)
    return f"{case.number} says that a wage is wrong"


def _correction(who: Actor, unit: Unit, history: History) -> str:
    found = wish.ask_correction(
        who, "birth_date", "1990-02-03", "", "id.jpg", "image/jpeg", photo("identity card")
    )
    return f"{found.number} asks for another birth date"


def _appointment(who: Actor, unit: Unit, history: History) -> str:
    office = offices()[0]
    day = next(day for day in visit.days(who.today) if visit.free(office, day))
    booked = visit.book(who, office, day, visit.free(office, day)[0], "claim")
    return f"an appointment in {office.code} on {booked.day}"


def _hospital(who: Actor, unit: Unit, history: History) -> str:
    """Her hospital, another in the same year, a third that waits for an officer; and a bill of the first."""
    codes = [one.code for one in under_contract(who.today).order_by("code")[:3]]
    for code in codes:
        care.choose(who, code, "other", "ໃກ້ບ່ອນເຮັດວຽກກວ່າ")
    person = Person.objects.get(id=who.person_id or 0)
    first = under_contract(who.today).get(code=codes[0])
    clerk = officer(BENEFITS, who.at)
    day = (who.at - AGO).date()
    care.note_visit(clerk, person, first, uuid5(NAMES, f"bill {person.id}"), "out", day, Kip(185_000))
    return f"{person.number} wants another hospital, and {codes[0]} sent a bill"


def _family(who: Actor, unit: Unit, history: History) -> str:
    """Husband or wife and a child with their cards, a student whose proof waits where the age allows one, and a baby that
    waits to be confirmed."""
    person, name, year = Person.objects.get(id=who.person_id or 0), "ຕົວຢ່າງ", who.today.year
    born, sex = person.birth_date.year, "m" if person.sex == "f" else "f"
    every = (
        family.Told("spouse", "ວຽງ", name, date(born, 5, 6), sex, "Viengsay", since=date(born + 19, 12, 1)),
        family.Told("child", "ດາວ", name, date(year - 9, 4, 5), "f"),
        family.Told("child", "ສອນ", name, date(year - 19, 1, 5), "m"),
        family.Told("child", "ນ້ອຍ", name, who.today - timedelta(days=40), "f"),
    )
    clerk, numbers = officer(REGISTRAR, who.at), []
    for told in every:
        if told.relation == "child" and told.birth_date.year < born + 18:
            continue
        paper = (f"{told.given_name}.jpg", "image/jpeg", photo("family book"))
        made = family.ask(who, told, paper)
        numbers.append(made.number)
        if told is not every[-1]:
            family.card(who, family.decide(clerk, made.number, True))
        if told is every[2]:
            family.prove_study(who, made.number, who.today - timedelta(days=9), paper)
    return f"{numbers[0]} to {numbers[-1]} are a family, and the baby waits to be confirmed"
