"""Claims of the invented country, in every state that waits for somebody; one of them pays itself when the worker starts."""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from PIL import Image, ImageDraw

from pakan.channels.console.country.accounts import ACCOUNTS, BENEFITS, DECIDER
from pakan.channels.console.country.careers import STAYS
from pakan.channels.console.country.history import Unit
from pakan.operations import appeal, award, claim, enrol, payee
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.queries import actor_of
from pakan.registers.benefits.models import Claim
from pakan.registers.people.models import Person

NAMES = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
AGO = timedelta(days=9)
MOTHER: dict[str, Any] = {"leave_days": 105}
FATHER: dict[str, Any] = {"claimant": "father", "wife_has_occupation": False, "leave_days": 0}
EARLY: dict[str, Any] = {"leave_days": 30, "pregnancy_months": 1}


def claims(unit: Unit, now: datetime) -> list[Claim]:
    """A draft, a lodged one, one that was asked for a paper, one proposed, one refused with an appeal, and one that the
    machine will pay. Fewer, where the firm is too small."""
    at = now - AGO
    proposer, decider = officer(BENEFITS, at), officer(DECIDER, at)
    women, men = members_of(unit, "f", at), members_of(unit, "m", at)
    made: list[Claim] = []
    for act, whose, told, papers in (
        (_leave_it, women, MOTHER, ()),
        (_lodge, women, MOTHER, ("birth", "leave")),
        (_ask, women, MOTHER, ("birth",)),
        (_propose, women, MOTHER, ("birth", "leave")),
        (_refuse, women, EARLY, ()),
        (_pay, men, FATHER, ("birth", "marriage")),
    ):
        who = next(whose, None)
        if who is not None:
            drafted = _draft(who, told, papers)
            act(who, drafted, proposer, decider)
            made.append(Claim.objects.get(id=drafted.id))
    return made


def officer(name: str, at: datetime) -> Actor:
    account = Account.objects.get(sign_in=ACCOUNTS[name].sign_in)
    return actor_of(account, at, "office", "-", "lo")


def members_of(unit: Unit, sex: str, at: datetime) -> Iterator[Actor]:
    """People of the firm who stay, have a telephone and no account yet, each with a new one."""
    crew = unit.crew
    for place, person in enumerate(crew.people):
        stays = crew.first[place] == 0 and crew.last[place] == STAYS
        if person["sex"] != sex or not person["phone"] or not stays:
            continue
        found = Person.objects.filter(number=crew.numbers[place], account=None).first()
        if found is not None:
            account = enrol.account(
                Actor.system(at, "country"),
                f"member-{found.number}",
                "member",
                found.name,
                person=found,
                phone=found.phone,
            )
            yield actor_of(account, at, "member", "-", "lo")


def _draft(who: Actor, told: dict[str, Any], papers: tuple[str, ...]) -> Claim:
    key = uuid5(NAMES, f"claim {who.person_id}")
    claim.start(who, "maternity", key)
    made = claim.answer(who, key, told, event_day=who.today - timedelta(days=20))
    for kind in papers:
        claim.add_evidence(who, key, kind, uuid5(key, kind), f"{kind}.jpg", "image/jpeg", photo(kind))
    return made


def photo(kind: str) -> bytes:
    """A sheet that says what it stands for."""
    sheet = Image.new("RGB", (420, 594), "white")
    ImageDraw.Draw(sheet).text((40, 60), f"EXAMPLE: {kind}", fill="black")
    out = io.BytesIO()
    sheet.save(out, "JPEG")
    return out.getvalue()


def _leave_it(who: Actor, made: Claim, proposer: Actor, decider: Actor) -> None:
    return None


def _lodge(who: Actor, made: Claim, proposer: Actor, decider: Actor) -> None:
    claim.lodge(who, made.key)


def _ask(who: Actor, made: Claim, proposer: Actor, decider: Actor) -> None:
    claim.lodge(who, made.key)
    until = proposer.today + timedelta(days=30)
    award.request_missing(proposer, made.number, ["leave"], "", "ຫ້ອງການປະກັນສັງຄົມ ໃກ້ບ້ານ", until)


def _propose(who: Actor, made: Claim, proposer: Actor, decider: Actor) -> None:
    payee.add(who, "sandbox", f"0101{who.person_id or 0:08d}1", "EXAMPLE MOTHER")
    claim.lodge(who, made.key)
    _accept(proposer, made)
    award.propose(proposer, made.number, "granted")


def _refuse(who: Actor, made: Claim, proposer: Actor, decider: Actor) -> None:
    claim.lodge(who, made.key)
    reason = "ການຖືພາບໍ່ຮອດສອງເດືອນ ຕາມໃບຢັ້ງຢືນ."
    award.propose(proposer, made.number, "refused", article="ກົດໝາຍ 54/ສພຊ", reason=reason)
    award.decide(decider, made.number, True)
    appeal.open_appeal(who, made.key, "ໃບຢັ້ງຢືນບໍ່ຖືກ. ກະລຸນາກວດຄືນ.", uuid5(made.key, "appeal"))


def _pay(who: Actor, made: Claim, proposer: Actor, decider: Actor) -> None:
    payee.add(who, "sandbox", f"0101{who.person_id or 0:08d}2", "EXAMPLE FATHER")
    claim.lodge(who, made.key)
    _accept(proposer, made)


def _accept(officer: Actor, made: Claim) -> None:
    for paper in made.papers.order_by("id"):
        award.judge(officer, paper.receipt_number, True)
