"""What is read about people. No query lists the register: one asks for persons one already knows something of."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from pakan.registers.kept import kept
from pakan.registers.people.actions import grams
from pakan.registers.people.models import Alias, District, Employer, Employment, Person
from pakan.units.month import Month
from pakan.units.name import search_key


@dataclass(frozen=True, slots=True)
class Known:
    """The few facts about a person that checking a wage file needs."""

    id: int
    number: str
    name: str
    key: str
    birth_date: date
    sex: str


# Without when it was entered: of two years of months that would be half of all moments that a page reads.
EMPLOYER_FIELDS = [
    field.attname for field in Employer._meta.concrete_fields if field.attname != "registered_at"
]


def employer_columns(way: str) -> list[str]:
    """An employer's columns, for `values_list`, by the way from the rows' model to it ("employer__")."""
    return [f"{way}{name}" for name in EMPLOYER_FIELDS]


def employer_of_columns(values: Sequence[object], known: dict[int, Employer]) -> Employer:
    """The employer of such columns, made once for all rows that are its own: many months have few employers."""
    number = int(str(values[0]))
    if number not in known:
        known[number] = Employer.from_db(None, EMPLOYER_FIELDS, values)
    return known[number]


SHORTLIST = 30
_FACTS = ("id", "number", "given_name", "family_name", "key", "birth_date", "sex")


def _known(people: QuerySet[Person]) -> list[Known]:
    return [
        Known(id, number, f"{given} {family}".strip(), key, born, sex)
        for id, number, given, family, key, born, sex in people.values_list(*_FACTS)
    ]


def by_number(numbers: Iterable[str]) -> dict[str, Known]:
    """The persons with these numbers, by number; an old number leads to the person that it was merged into (C8)."""
    numbers = list(numbers)
    found = {person.number: person for person in _known(Person.objects.filter(number__in=numbers))}
    old = {person.id: number for number, person in found.items()}
    return found | {old[id]: person for id, person in _now(old).items()}


def _now(people: Iterable[int]) -> dict[int, Known]:
    """Of persons that were merged: who they are now, by the old id."""
    pairs = dict(merged().filter(old_id__in=list(people)).values_list("old_id", "person_id"))
    now = by_id(pairs.values()) if pairs else {}
    return {old: now[person] for old, person in pairs.items()}


def under_todays_ids(by_person: dict[int, int]) -> dict[int, int]:
    """Amounts by person, those of merged numbers under the person's own id."""
    now = dict(merged().filter(old_id__in=list(by_person)).values_list("old_id", "person_id"))
    return {id: amount for id, amount in by_person.items() if id not in now} | {
        now[id]: amount for id, amount in by_person.items() if id in now
    }


def merged() -> QuerySet[Alias]:
    """Old numbers that count for another person today."""
    return Alias.objects.filter(merged_at__isnull=False, ended_at=None)


def same_person(person_id: int, column: str = "person_id") -> Func:
    """Rows of this person and of old numbers merged into him, as one condition: no query more, and the index serves."""
    old = ArraySubquery(merged().filter(person_id=person_id).values("old_id"))
    everybody = Func(old, Value(person_id), function="array_append")
    return Func(
        F(column), everybody, template="(%(expressions)s))", arg_joiner=" = ANY(", output_field=BooleanField()
    )


def ids_of(person_id: int) -> set[int]:
    """The person and the old numbers merged into him, by id."""
    return {person_id, *merged().filter(person_id=person_id).values_list("old_id", flat=True)}


def same_human(person_id: int, column: str = "person_id") -> Func:
    """As `same_person`, from whichever of the numbers one asks: who has died has died under all of them."""
    main = Coalesce(
        Subquery(merged().filter(old_id=person_id).values("person_id")[:1]),
        Value(person_id, BigIntegerField()),
    )
    old = ArraySubquery(merged().filter(person_id=main).values("old_id"))
    everybody = Func(old, main, function="array_append")
    return Func(
        F(column), everybody, template="(%(expressions)s))", arg_joiner=" = ANY(", output_field=BooleanField()
    )


def in_use(person_ids: Iterable[int]) -> dict[int, int]:
    """Of each of these persons the id of the number in use: its own, or that of the number it was merged into."""
    ids = set(person_ids)
    into = merged().filter(old_id__in=ids).values_list("old_id", "person_id")
    return {one: one for one in ids} | dict(into)


def who_signs_in(number: str, birth_date: date) -> Person | None:
    """Whom a typed number and birth date mean: of an old number, the person under the number in use (C8).

    One statement, whoever it is and whether anybody is: the time it takes tells nothing.
    """
    old = merged().filter(old__number=number, old__birth_date=birth_date).values("person_id")
    meant = Q(number=number, birth_date=birth_date) | Q(id__in=old)
    newest = Person.objects.filter(meant).annotate(is_old=Exists(merged().filter(old_id=OuterRef("id"))))
    return next(iter(newest.order_by("is_old")[:1]), None)


def person_in_use(person: Person) -> Person:
    """The person under the number of today."""
    alias = merged().filter(old_id=person.id).select_related("person").first()
    return alias.person if alias else person


def number_in_use(number: str) -> str:
    """The number of today for one that was typed; what nobody has stays as it is."""
    alias = merged().filter(old__number=number).values_list("person__number", flat=True).first()
    return alias or number


def with_old(person_ids: Iterable[int]) -> dict[int, int]:
    """Each of these persons and each old number merged into one of them, with the id that was asked for."""
    ids = set(person_ids)
    into = merged().filter(person_id__in=ids).values_list("old_id", "person_id")
    return {one: one for one in ids} | dict(into)


def aliases() -> QuerySet[Alias]:
    """All that is proposed, agreed or merged and neither refused nor ended, the oldest first."""
    rows = Alias.objects.filter(refused_at=None, ended_at=None).select_related("old", "person")
    return rows.order_by("found_at", "id")


ALIKE = 0.9  # of two names in the same letters, with the same birth date


def likely_doubles(person: Person) -> list[tuple[Person, str]]:
    """Who may be the same person under another number, with why: 'national_id', 'name_and_birth', 'name_and_phone'.

    A proposal for people to look at, never a merge. Two numbers of identity cards that differ speak against it.
    """
    latin = search_key(person.name_latin)
    mine = {person.key, latin} - {""}
    near = Q(birth_date=person.birth_date) & (
        Q(grams__overlap=grams(person.key)) | ~Q(name_latin="") | Q(key=latin)
    )
    asked = near | Q(key__in=mine)
    if person.national_id:
        asked |= Q(national_id=person.national_id)
    known = Alias.objects.filter(refused_at=None, ended_at=None)
    found = Person.objects.filter(asked).exclude(id=person.id).exclude(id__in=known.values("old_id"))
    pairs = ((other, _why_alike(person, mine, other)) for other in found.order_by("id")[:2000])
    return [(other, why) for other, why in pairs if why]


def _why_alike(person: Person, mine: set[str], other: Person) -> str:
    cards = {person.national_id, other.national_id} - {""}
    if person.national_id and person.national_id == other.national_id:
        return "national_id"
    if len(cards) == 2 or person.sex != other.sex:
        return ""
    theirs = {other.key, search_key(other.name_latin)} - {""}
    same_name = bool(mine & theirs)
    if person.birth_date == other.birth_date:
        alike = SequenceMatcher(a=person.key, b=other.key, autojunk=False).ratio() >= ALIKE
        return "name_and_birth" if same_name or alike else ""
    return "name_and_phone" if same_name and person.phone and person.phone == other.phone else ""


@kept(int)
def _person(person_id: int) -> QuerySet[Person, Person]:
    return Person.objects.filter(id=person_id)


def person_by_id(person_id: int) -> Person:
    """The whole row of one person, for that person's own pages. Raises Person.DoesNotExist."""
    for person in _person(person_id):
        return person
    raise Person.DoesNotExist(f"no person {person_id}")


@kept(int)
def _employments(person_id: int) -> QuerySet[Employment, Employment]:
    return Employment.objects.filter(person_id=person_id).select_related("employer")


def employments_of(person_id: int) -> list[Employment]:
    """Where and when a person worked, with the employer; under the number of today only."""
    return _employments(person_id)


def by_id(ids: Iterable[int]) -> dict[int, Known]:
    return {person.id: person for person in _known(Person.objects.filter(id__in=list(ids)))}


def workers_of(employer: Employer, month: Month) -> dict[int, Known]:
    """Everybody employed there on at least one day of the month, by id."""
    there = Employment.objects.filter(employer=employer, start__lte=month.last).filter(
        Q(end=None) | Q(end__gte=month.first)
    )
    found = {person.id: person for person in _known(Person.objects.filter(id__in=there.values("person_id")))}
    now = _now(found)
    return {now.get(id, person).id: now.get(id, person) for id, person in found.items()}


def workers_in_order(employer: Employer) -> QuerySet[Employment]:
    """Today's workers with their person, in Lao alphabetical order."""
    return (
        Employment.objects.filter(employer=employer, end=None)
        .select_related("person")
        .order_by("person__sort_key", "id")
    )


class Names:
    """Persons by the letters of their names: the nearest to a name is found without comparing it with everybody's."""

    def __init__(self, people: Iterable[Known]) -> None:
        self.by_gram: dict[str, list[Known]] = {}
        for person in people:
            for gram in grams(person.key):
                self.by_gram.setdefault(gram, []).append(person)

    def like(self, name: str, most: int = 3, least: float = 0.6) -> list[tuple[Known, float]]:
        """The nearest to `name`, with a score from 0 to 1, best first."""
        key = search_key(name)
        shared: Counter[Known] = Counter()
        for gram in grams(key):
            shared.update(self.by_gram.get(gram, ()))
        scored = [
            (person, SequenceMatcher(a=key, b=person.key, autojunk=False).ratio())
            for person, _ in shared.most_common(SHORTLIST)
        ]
        near = [(person, score) for person, score in scored if score >= least]
        return sorted(near, key=lambda pair: (-pair[1], pair[0].number))[:most]


def named_like(name: str, birth_date: date | None = None, most: int = 5) -> list[Known]:
    """Persons of the whole register whose name shares most 3-grams with `name` (narrowed by the index first)."""
    key = search_key(name)
    wanted = grams(key)
    people = Person.objects.filter(grams__overlap=wanted)
    people = people.filter(birth_date=birth_date) if birth_date else people.filter(key__startswith=key[:2])
    return [person for person, _ in Names(_known(people[:2000])).like(name, most)]


def employers_by_code(codes: Iterable[str]) -> dict[str, Employer]:
    return {employer.code: employer for employer in Employer.objects.filter(code__in=list(codes))}


def all_districts() -> list[District]:
    """Every district with its province, by code: to choose from."""
    return list(District.objects.select_related("province").order_by("code"))


def worker_here(employer: Employer, number: str) -> Employment | None:
    """The open employment of the person with this number at this employer."""
    found = Employment.objects.filter(employer=employer, person__number=number, end=None)
    return found.select_related("person").first()


def left_lately(employer: Employer, most: int = 20) -> list[Employment]:
    """Who left, the newest first."""
    found = Employment.objects.filter(employer=employer, end__isnull=False).select_related("person")
    return list(found.order_by("-end", "-id")[:most])


@dataclass(frozen=True, slots=True)
class Kind:
    """How somebody works who is no regular worker."""

    category: str
    start: date
    until: date | None

    @property
    def months(self) -> int:
        """Whole months that contract or stay last, a begun one counted."""
        assert self.until is not None
        return Month.of(self.until).number - Month.of(self.start).number + (self.until.day >= self.start.day)


def kinds_of_work(employer: Employer, month: Month) -> dict[int, Kind]:
    """Temporary workers, interns and foreigners of the month, by person."""
    there = Employment.objects.filter(employer=employer, start__lte=month.last).filter(
        Q(end=None) | Q(end__gte=month.first)
    )
    rows = there.exclude(category=Employment.Category.REGULAR).values_list(
        "person_id", "category", "start", "until"
    )
    return {person: Kind(category, start, until) for person, category, start, until in rows}


def people_of_phone(phone: str) -> list[Person]:
    """Whose number it is, by number; a person's old numbers that were merged do not make a second person (C8)."""
    found = Person.objects.filter(phone=phone).exclude(id__in=merged().values("old_id"))
    return list(found.order_by("number")) if phone else []
