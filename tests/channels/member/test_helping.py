"""A helper claims for somebody who allowed it: begun, proved and sent in her name, into her account, and never further (C12)."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from pakan.operations import entrust, payee
from pakan.registers.access.actions import member_account
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.benefits.models import Claim
from pakan.registers.benefits.queries import payee_of
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Person
from pakan.registers.relatives.models import Entrusted
from tests.channels.claimants import answer_all, begin, covered, photo
from tests.channels.member.test_relatives import english, gives, helper, owner

pytestmark = pytest.mark.django_db
__all__ = ["covered", "helper", "owner"]  # fixtures
ANSWERS = {"pregnancy_months": "9", "children": "1", "leave_days": "105"}


@pytest.fixture
def allowed(owner: Actor, helper: Account, covered: list[Person]) -> Entrusted:
    return gives(owner, helper, "claim")


@pytest.fixture
def phone(allowed: Entrusted, helper: Account, client_of: Callable[[Account], Client]) -> Client:
    """The helper's telephone."""
    return english(client_of(helper))


def began(phone: Client, given: Entrusted) -> str:
    """The address of the draft that the helper has just begun."""
    answer = phone.post(f"/member/for/{given.key}/claims/start/maternity/", {"key": uuid.uuid4()})
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def filled(phone: Client, given: Entrusted, now: datetime) -> str:
    """A draft with every question answered."""
    first = str(phone.get(began(phone, given))["Location"])
    return answer_all(phone, first, now.date(), **ANSWERS)


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_a_helper_claims_and_the_owner_hears_it_and_keeps_the_money(
    phone: Client, allowed: Entrusted, member: Account, member_person: Person, helper: Account, now: datetime,
    client_of: Callable[[Account], Client],
) -> None:  # fmt: skip
    address = filled(phone, allowed, now)
    banner = f"You act for {member_person.name}"
    papers = f"{address}papers/"
    for page in (f"/member/for/{allowed.key}/claims/", f"{address}question/day/", papers, address):
        assert banner in read(phone, page), page
    sent = phone.post(papers, {"kind": "birth", "paper_key": uuid.uuid4(), "photo": photo()})
    assert sent.status_code == 302
    assert phone.post(address).status_code == 302
    claim = Claim.objects.get()
    assert (claim.state, claim.person_id, claim.insured_id) == ("lodged", member_person.id, member_person.id)
    told = Message.objects.get(wording="claim_by_helper")
    assert (told.person_id, told.values["number"]) == (member_person.id, claim.number)
    assert told.values["name"] == helper.full_name
    assert Message.objects.get(wording="claim_received").person_id == member_person.id
    acts = AuditRow.objects.filter(person_id=member_person.id, account_id=helper.id)
    assert {"claim.start", "claim.answer", "claim.add_evidence", "claim.lodge", "look"} <= set(
        acts.values_list("act", flat=True)
    )
    hers = client_of(member)
    assert helper.full_name in read(hers, "/member/looks/")
    assert claim.number in read(hers, "/member/claims/")
    assert hers.post(f"/member/claims/{claim.key}/withdraw/").status_code == 302
    claim.refresh_from_db()
    assert claim.state == "withdrawn"


def test_he_sees_no_amount_no_account_and_no_claim_of_her_own(
    phone: Client, allowed: Entrusted, owner: Actor, member: Account, now: datetime,
    client_of: Callable[[Account], Client],
) -> None:  # fmt: skip
    payee.add(owner, "sandbox", "010123456789", "KHAMPHENG SISAVATH")
    hers = client_of(member)
    answer_all(hers, begin(hers), now.date(), **ANSWERS)
    own = Claim.objects.get()
    address = filled(phone, allowed, now)
    seen = "".join(
        read(phone, page) for page in (address, f"{address}papers/", f"/member/for/{allowed.key}/claims/")
    )
    seen = re.sub(
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", seen
    )  # an id may hold any four digits by chance
    for secret in (" kip", "₭", "6789", "KHAMPHENG", own.number):
        assert secret not in seen, secret
    for place in ("", "papers/", "question/day/"):
        hidden = f"/member/for/{allowed.key}/claims/{own.key}/{place}"
        assert (phone.get(hidden).status_code, phone.post(hidden).status_code) == (404, 404)


def test_abuse_A14_a_helper_after_the_end_of_the_mandate(
    phone: Client, allowed: Entrusted, owner: Actor, now: datetime
) -> None:
    """Between two taps it ends: nothing he began opens, takes a paper or is sent."""
    address = filled(phone, allowed, now)
    entrust.end(owner, allowed.key)
    assert phone.get(address).status_code == 404
    for place, form in (
        ("", {}),
        ("papers/", {"kind": "birth", "paper_key": str(uuid.uuid4())}),
        ("question/day/", {"day": "01/01/2026"}),
    ):
        assert phone.post(address + place, form).status_code == 404, place
    start = f"/member/for/{allowed.key}/claims/start/maternity/"
    assert phone.post(start, {"key": uuid.uuid4()}).status_code == 404
    assert Claim.objects.get().state == "draft"


def test_abuse_A14_without_the_scope_nothing_of_claims_is_there(
    owner: Actor, helper: Account, covered: list[Person], client_of: Callable[[Account], Client]
) -> None:
    given = gives(owner, helper, "record", "messages", "wrong")
    phone = client_of(helper)
    assert phone.get(f"/member/for/{given.key}/claims/").status_code == 404
    answer = phone.post(f"/member/for/{given.key}/claims/start/maternity/", {"key": uuid.uuid4()})
    assert (answer.status_code, Claim.objects.count()) == (404, 0)


def test_abuse_A14_the_scope_opens_claims_and_nothing_else(phone: Client, allowed: Entrusted) -> None:
    for place in ("", "messages/"):
        assert phone.get(f"/member/for/{allowed.key}/{place}").status_code == 404


def test_abuse_A9_a_helper_changing_the_payee_changes_his_own_only(
    phone: Client, allowed: Entrusted, owner: Actor, helper: Account, member_person: Person, now: datetime
) -> None:
    """Whatever he types where, her account stays; what he lodged is paid to it."""
    payee.add(owner, "sandbox", "010123456789", "KHAMPHENG SISAVATH")
    address = filled(phone, allowed, now)
    theft = {
        "bank": "sandbox",
        "number": "019999999999",
        "name": "HELPER",
        "payee": "019999999999",
        "q-payee": "x",
    }
    for place in ("", "papers/", "question/day/", "account/", "payee/"):
        phone.post(address + place, theft)
    phone.post(f"/member/for/{allowed.key}/account/", theft)
    phone.post("/member/account/", theft | {"person": str(member_person.id), "for": allowed.key})
    hers = payee_of(member_person.id)
    assert hers is not None and hers.number == "010123456789"
    assert Claim.objects.get().person_id == member_person.id


def test_a_stranger_with_the_key_of_the_claim_finds_nothing(
    phone: Client,
    allowed: Entrusted,
    workers: list[Person],
    now: datetime,
    client_of: Callable[[Account], Client],
) -> None:
    address = began(phone, allowed)
    stranger = client_of(member_account(workers[7], now))
    assert (stranger.get(address).status_code, stranger.post(address).status_code) == (404, 404)


def test_a_page_asks_the_database_no_more_than_others_do(
    phone: Client, allowed: Entrusted, now: datetime, django_assert_max_num_queries: Any
) -> None:
    address = filled(phone, allowed, now)
    for page in (
        address,
        f"{address}papers/",
        f"{address}question/day/",
        f"/member/for/{allowed.key}/claims/",
    ):
        with django_assert_max_num_queries(12):
            read(phone, page)


def test_three_drafts_are_enough(phone: Client, allowed: Entrusted) -> None:
    for _ in range(3):
        began(phone, allowed)
    refused = phone.post(f"/member/for/{allowed.key}/claims/start/death/", {"key": uuid.uuid4()}, follow=True)
    assert "You have many claims open" in refused.content.decode()
    assert Claim.objects.count() == 3


def test_wrong_answers_and_papers_are_said_and_nothing_is_lost(phone: Client, allowed: Entrusted) -> None:
    address = began(phone, allowed)
    page: Any = phone.post(f"{address}question/day/", {"day": "31/31/2026"})
    assert page.status_code == 422 and "31/31/2026" in page.content.decode()
    assert phone.post(f"{address}papers/", {"kind": "birth", "paper_key": uuid.uuid4()}).status_code == 422
    assert phone.get(f"{address}question/nothing/").status_code == 404
    assert (
        phone.post(f"/member/for/{allowed.key}/claims/start/health/", {"key": uuid.uuid4()}).status_code
        == 404
    )
