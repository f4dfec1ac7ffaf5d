"""What is signed: the card of an insured person in the Claim 169 layout, and a statement of contributions.

A card says who is covered for care, and until when; never wage, employer, illness or account.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pakan.integrations.formats.credential.keys import PublicKey, Purpose, SigningKey, year_of
from pakan.integrations.formats.credential.sign1 import CredentialRefused, open_signed, sign, unpack
from pakan.units.month import Month

ISS, SUB, AUD, EXP, NBF, IAT, CTI = 1, 2, 3, 4, 5, 6, 7  # RFC 8392
CARD, OWN = 169, -70001
AUDIENCE: Mapping[Purpose, str] = {"card": "health-care", "statement": "anyone"}
VERSION, OWN_VERSION = "1.2.2", 1
TOLERANCE = timedelta(minutes=5)  # that two honest clocks may differ
_SEX = {"m": 1, "f": 2}
_SEX_READ = {1: "m", 2: "f"}


@dataclass(frozen=True)
class Card:
    """`scheme`, `group`, `serial` and `insured` stand in keys 75 to 78, which Claim 169 leaves to the issuer."""

    number: str
    name: str
    name_latin: str
    birth_date: date
    sex: str  # 'f', 'm'
    scheme: str
    group: str  # 'insured', 'spouse', 'child'
    serial: str = ""  # by which this one card can be withdrawn
    insured: str = ""  # of a family member: the number of the person through whom care is covered


@dataclass(frozen=True)
class Year:
    """The months of a year that count, and the contributions paid for it in kip."""

    year: int
    months: tuple[int, ...]
    paid: int


@dataclass(frozen=True)
class Statement:
    """What the printed statement says in short. `digest`: SHA-256 of its whole table."""

    document: str  # number of the document
    number: str  # of the person
    name: str
    years: tuple[Year, ...]
    digest: bytes

    @property
    def months(self) -> int:
        return sum(len(year.months) for year in self.years)

    @property
    def paid(self) -> int:
        """Kip, both shares."""
        return sum(year.paid for year in self.years)

    @property
    def first(self) -> Month | None:
        return next((Month(year.year, min(year.months)) for year in self.years if year.months), None)

    @property
    def last(self) -> Month | None:
        return next(
            (Month(year.year, max(year.months)) for year in reversed(self.years) if year.months), None
        )


@dataclass(frozen=True)
class Letter:
    """What the letter of a decision says in short. `digest`: SHA-256 of everything that stands on it."""

    document: str  # number of the letter
    number: str  # of the person
    name: str
    claim: str
    benefit: str
    granted: bool
    digest: bytes


@dataclass(frozen=True)
class Clearance:
    """That an employer owed nothing overdue on the day of issue, or keeps an agreed plan."""

    document: str  # number of the certificate
    number: str  # code of the employer
    name: str
    plan: str  # number of the plan on which it rests, '' for none


@dataclass(frozen=True)
class Registration:
    """That a labour unit is registered under this code and name."""

    document: str  # number of the certificate
    number: str  # code of the employer
    name: str
    registered_on: date


Paper = Statement | Letter | Clearance | Registration


@dataclass(frozen=True)
class Verified:
    """A genuine document in force; moments are aware, in UTC."""

    document: Card | Paper
    issuer: str
    issued: datetime
    expires: datetime
    key: PublicKey

    @property
    def serial(self) -> str:
        """What a list of withdrawn documents calls it; '' for a card from before cards had one."""
        return self.document.serial if isinstance(self.document, Card) else self.document.document


def compose(document: Card | Paper, key: SigningKey, issuer: str, issued: datetime, expires: datetime) -> str:
    """The text of the QR code. Raises ValueError when the key is another purpose's or year's."""
    purpose: Purpose = "card" if isinstance(document, Card) else "statement"
    at = int(issued.timestamp())
    if key.public.purpose != purpose or key.public.year != year_of(at):
        raise ValueError(f"{key.public.id} may not sign a {purpose} of {issued:%Y}")
    claims: dict[int, Any] = {
        ISS: issuer, SUB: document.number, AUD: AUDIENCE[purpose], EXP: int(expires.timestamp()), NBF: at, IAT: at,
    }  # fmt: skip
    if isinstance(document, Card):
        claims |= _card(document)
    else:
        claims |= _paper(document)
    return sign(claims, key)


def _paper(document: Paper) -> dict[int, Any]:
    if isinstance(document, Registration):
        return _registration(document)
    if isinstance(document, Clearance):
        return _clearance(document)
    return _letter(document) if isinstance(document, Letter) else _statement(document)


def verify(text: str, keys: Mapping[str, PublicKey], now: datetime) -> Verified:
    """The document that a code carries. Raises CredentialRefused for whatever is not ours, not whole, or not in force."""
    key, claims = open_signed(unpack(text), keys)
    try:
        return _checked(key, claims, now)
    except CredentialRefused:
        raise
    except (LookupError, TypeError, ValueError, OverflowError, AttributeError, OSError) as fault:
        raise CredentialRefused("not_readable") from fault


def _checked(key: PublicKey, claims: dict[int, Any], now: datetime) -> Verified:
    if key.purpose not in AUDIENCE:
        raise CredentialRefused("wrong_kind")
    kind = CARD if key.purpose == "card" else OWN
    other = OWN if key.purpose == "card" else CARD
    if claims[AUD] != AUDIENCE[key.purpose] or kind not in claims or other in claims:
        raise CredentialRefused("wrong_kind")
    issued, begins, ends = (datetime.fromtimestamp(int(claims[at]), UTC) for at in (IAT, NBF, EXP))
    if issued.year != key.year:
        raise CredentialRefused("wrong_kind")
    if now + TOLERANCE < begins:
        raise CredentialRefused("not_yet")
    if now - TOLERANCE > ends:
        raise CredentialRefused("expired")
    document = _read_card(claims) if key.purpose == "card" else _read_paper(claims)
    return Verified(document, str(claims[ISS]), issued, ends, key)


def _card(card: Card) -> dict[int, Any]:
    facts: dict[int, Any] = {
        1: card.number, 2: VERSION, 3: "lao", 4: card.name, 8: f"{card.birth_date:%Y%m%d}", 9: _SEX[card.sex],
        23: "LA", 75: card.scheme, 76: card.group,
    }  # fmt: skip
    if card.name_latin:
        facts |= {19: card.name_latin, 20: "eng"}
    more = {77: card.serial, 78: card.insured}
    return {CARD: facts | {key: value for key, value in more.items() if value}}


def _read_card(claims: Mapping[int, Any]) -> Card:
    facts = claims[CARD]
    born = datetime.strptime(str(facts[8]), "%Y%m%d").replace(tzinfo=UTC).date()
    return Card(
        number=str(facts[1]),
        name=str(facts[4]),
        name_latin=str(facts.get(19, "")),
        birth_date=born,
        sex=_SEX_READ[facts[9]],
        scheme=str(facts[75]),
        group=str(facts[76]),
        serial=str(facts.get(77, "")),
        insured=str(facts.get(78, "")),
    )


def _letter(letter: Letter) -> dict[int, Any]:
    facts = {1: letter.name, 2: letter.claim, 3: letter.digest, 4: letter.benefit, 5: letter.granted}
    own = {1: "letter", 2: letter.number, 3: facts, 4: "lao", 5: OWN_VERSION}
    return {CTI: letter.document.encode(), OWN: own}


def _clearance(clearance: Clearance) -> dict[int, Any]:
    facts = {1: clearance.name, 2: clearance.plan}
    own = {1: "clearance", 2: clearance.number, 3: facts, 4: "lao", 5: OWN_VERSION}
    return {CTI: clearance.document.encode(), OWN: own}


def _registration(found: Registration) -> dict[int, Any]:
    own = {
        1: "registration",
        2: found.number,
        3: {1: found.name, 2: f"{found.registered_on:%Y%m%d}"},
        4: "lao",
        5: OWN_VERSION,
    }
    return {CTI: found.document.encode(), OWN: own}


def _read_registration(claims: Mapping[int, Any]) -> Registration:
    own = claims[OWN]
    day = datetime.strptime(str(own[3][2]), "%Y%m%d").replace(tzinfo=UTC).date()
    return Registration(bytes(claims[CTI]).decode(), str(own[2]), str(own[3][1]), day)


def _read_paper(claims: Mapping[int, Any]) -> Paper:
    own = claims[OWN]
    if own[1] == "registration":
        return _read_registration(claims)
    if own[1] == "clearance":
        said = own[3]
        return Clearance(bytes(claims[CTI]).decode(), str(own[2]), str(said[1]), str(said[2]))
    if own[1] != "letter":
        return _read_statement(claims)
    facts = own[3]
    if not isinstance(facts[5], bool):
        raise CredentialRefused("not_readable")
    return Letter(
        document=bytes(claims[CTI]).decode(),
        number=str(own[2]),
        name=str(facts[1]),
        claim=str(facts[2]),
        benefit=str(facts[4]),
        granted=facts[5],
        digest=bytes(facts[3]),
    )


def _statement(statement: Statement) -> dict[int, Any]:
    """Months of a year are twelve bits, January the lowest: thirty years still fit a code on paper."""
    years = {
        year.year: [sum(1 << (month - 1) for month in year.months), year.paid] for year in statement.years
    }
    facts = {1: statement.name, 2: years, 3: statement.digest}
    own = {1: "statement", 2: statement.number, 3: facts, 4: "lao", 5: OWN_VERSION}
    return {CTI: statement.document.encode(), OWN: own}


def _read_statement(claims: Mapping[int, Any]) -> Statement:
    own = claims[OWN]
    if own[1] != "statement":
        raise CredentialRefused("wrong_kind")
    facts = own[3]
    years = tuple(
        Year(int(year), tuple(month for month in range(1, 13) if bits >> (month - 1) & 1), int(paid))
        for year, (bits, paid) in sorted(facts[2].items())
    )
    return Statement(bytes(claims[CTI]).decode(), str(own[2]), str(facts[1]), years, bytes(facts[3]))
