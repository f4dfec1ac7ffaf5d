"""A practice company: twelve invented workers, three months declared and paid by the fund's own verbs, one month open."""

import secrets
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from pakan.integrations.banks.bank import PaymentNotice
from pakan.operations import collect, declare, enrol
from pakan.operations.due import due_on
from pakan.operations.practise.ticket import Ticket
from pakan.registers.access import actions as access
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.keys import living_everywhere
from pakan.registers.access.models import Account, Mandate
from pakan.registers.access.roles import Role
from pakan.registers.access.verbs import verb
from pakan.registers.contributions.queries import obligation
from pakan.registers.people.models import District, Employer, Person
from pakan.units.money import Kip
from pakan.units.month import Month

LIFE = timedelta(days=1)
MONTHS = 3  # declared and paid, before the open one
BANK = "sandbox"
DISTRICT = "0102"
# No province has the number 99: a notice of practice can never carry the reference of a real one.
CODES = "99"
NAME = ("ບໍລິສັດ ຝຶກຫັດ ຈຳກັດ", "Practice Co., Ltd")
HOLDER = "ຜູ້ຝຶກຫັດ (Practice)"
ROLES = (Role.EMPLOYER_ADMINISTRATOR, Role.EMPLOYER_PREPARER, Role.EMPLOYER_APPROVER)

# given name, family name, in Latin letters, woman or man, born, wage in kip
WORKERS: tuple[tuple[str, str, str, str, int, int], ...] = (
    ("ບົວຄຳ", "ສີສະຫວັດ", "Bouakham Sisavath", "f", 1988, 4_800_000),
    ("ສົມດີ", "ພົມມະວົງ", "Somdy Phommavong", "m", 1991, 3_600_000),
    ("ວັນເພັດ", "ແກ້ວມະນີ", "Vanpheth Keomani", "f", 1995, 3_150_000),
    ("ທອງໃສ", "ອິນທະລາດ", "Thongsay Inthalath", "m", 1979, 5_900_000),
    ("ຈັນສຸກ", "ໄຊຍະພົນ", "Chansouk Xayaphon", "f", 1998, 2_900_000),
    ("ຄູນມີ", "ລັດຕະນາ", "Khounmy Lattana", "m", 1985, 3_300_000),
    ("ພູທອນ", "ຈັນທະຈັກ", "Phouthone Chanthachak", "m", 1993, 2_750_000),
    ("ດາວເຮືອງ", "ສຸລິວົງ", "Daoheuang Soulivong", "f", 2000, 2_700_000),
    ("ນົກແກ້ວ", "ບຸນຍະສີ", "Nokkeo Bounyasi", "f", 1990, 3_050_000),
    ("ໄຊຊະນະ", "ມະຫາວົງ", "Xaysana Mahavong", "m", 1983, 4_200_000),
    ("ມະລິວັນ", "ຄຳພູມີ", "Malivan Khamphoumy", "f", 1997, 2_850_000),
    ("ສີທົນ", "ດວງຈັນ", "Sithon Douangchan", "m", 2002, 2_600_000),
)


def enter(ticket: Ticket, at: datetime) -> tuple[Account, Employer]:
    """The account of whoever holds the ticket, and its company: today's, or a new one.

    The account has no password and no phone; its name is held meanwhile, so that two tickets at once make one company.
    """
    assert settings.PRACTICE, "practice accounts are made in the practice house only"
    with transaction.atomic():
        system = Actor.system(at, "practice")
        sign_in = f"practice-{ticket.who}"
        access.hold_name(sign_in)
        account = Account.objects.filter(sign_in=sign_in).first() or enrol.account(
            system, sign_in, "employer", HOLDER, language=ticket.language
        )
        if account.language != ticket.language:
            access.speak(account, ticket.language)
            account.language = ticket.language
        return account, _company_of(account, at) or _found(system, account)


def _company_of(account: Account, at: datetime) -> Employer | None:
    """Today's company of the account."""
    mandates = Mandate.objects.filter(account=account, end=None)
    young = Q(employer__registered_at__gt=at - LIFE) | Q(employer_id__in=_with_software(at))
    found = mandates.filter(young).select_related("employer").order_by("-employer_id").first()
    return found.employer if found else None


def _with_software(at: datetime) -> Any:
    """The companies with a key that counts: whoever tries out a payroll program needs the same one for days."""
    return living_everywhere(at).values("employer_id")


def _found(system: Actor, account: Account) -> Employer:
    """A new company with its past. What happened lies in the past, so that the open month is the last full one."""
    for old in Employer.objects.filter(mandates__account=account, mandates__end=None).distinct():
        access.revoke(account, old, system.at)
    first = Month.of(system.today) - (MONTHS + 1)
    company = enrol.employer(
        system, _free_code(), NAME[0], District.objects.get(code=DISTRICT), first,
        name_en=NAME[1], one_person_may_approve=True,
    )  # fmt: skip
    numbers = enrol.workers(system, company, [_person(worker) for worker in WORKERS], first.first)
    for ahead in range(MONTHS):
        _live(company, first + ahead, numbers, ahead)
    for role in ROLES:
        enrol.mandate(system, company, account, role)
    return company


def _free_code() -> str:
    """Five digits that nobody has yet; the code is unique in the database too."""
    while True:
        code = f"{CODES}{secrets.randbelow(10**5):05d}"
        if not Employer.objects.filter(code=code).exists():
            return code


def _person(worker: tuple[str, str, str, str, int, int]) -> dict[str, Any]:
    given, family, latin, sex, born, _ = worker
    return {
        "given_name": given, "family_name": family, "name_latin": latin, "sex": sex,
        "birth_date": datetime(born, 1 + born % 12, 1 + born % 28, tzinfo=VIENTIANE).date(), "district_id": DISTRICT,
    }  # fmt: skip


def _live(company: Employer, month: Month, numbers: list[str], ahead: int) -> None:
    """One month as it was: declared four days before it was due, and paid in full on the next morning."""
    at = datetime.combine(due_on(month) - timedelta(days=4), time(10), VIENTIANE)
    system = Actor.system(at, "practice")
    ids = dict(Person.objects.filter(number__in=numbers).values_list("number", "id"))
    wages = [worker[5] + 10_000 * (place * ahead % 7) for place, worker in enumerate(WORKERS)]
    person = np.array([ids[number] for number in numbers], dtype=np.int64)
    declare.declare_wages(system, company, month, person, np.array(wages, dtype=np.int64))
    debt = obligation(company, month)
    assert debt is not None
    notice = collect.ask(system, company, [month])
    paid = PaymentNotice(
        bank_reference=f"PRACTICE{notice.number}",
        scheme_reference=f"PRACTICE{notice.number}",
        bill=notice.number,
        amount=Kip(debt.open),
        currency="LAK",
        paid_at=at + timedelta(days=1),
        payer_name="PRACTICE",
        payer_account=f"0{company.code}00418",
        reference=notice.reference,
    )
    collect.book(Actor.system(paid.paid_at, "practice"), BANK, settings.BANKS[BANK]["account"], paid)


@verb("practise.reset")
def reset(actor: Actor, /) -> int:
    """Every mandate in a company older than a day ends: whoever comes back finds a new one. How many companies ended.

    But a company whose software has a key is kept as long as the key.
    Postings, declarations and receipts are never erased, here as little as in the real house.
    """
    assert settings.PRACTICE, "only invented companies are given up"
    old = Mandate.objects.filter(
        end=None, account__sign_in__startswith="practice-", employer__registered_at__lte=actor.at - LIFE
    )
    old = old.exclude(employer_id__in=_with_software(actor.at)).select_related("account", "employer")
    pairs = {(mandate.account_id, mandate.employer_id): mandate for mandate in old}
    for mandate in pairs.values():
        access.revoke(mandate.account, mandate.employer, actor.at)
    remember("practice companies", ended=len(pairs))
    return len(pairs)
