"""Claims at the desk: the oldest promise first, two people, papers that harm nobody, and looks that the member sees."""

import inspect
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from pakan.channels.office.claim_words import NOT_KNOWN, refused, risk
from pakan.operations import appeal, award
from pakan.operations import claim as claims
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.benefits.models import (
    Appeal,
    Claim,
    ClaimDecision,
    Evidence,
    Instalment,
    MissingRequest,
    PayeeAccount,
)
from pakan.registers.people.models import Person
from tests.cast import _staff
from tests.channels.claimants import answer_all, begin, covered, lodged, text

__all__ = ["covered", "lodged"]  # fixtures
Sign = Callable[[Account], Client]


def english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def phone(member: Account, client_of: Sign) -> Client:
    return english(client_of(member))


@pytest.fixture
def desk(benefits_officer: Account, client_of: Sign) -> Client:
    return english(client_of(benefits_officer))


@pytest.fixture
def other_desk(second_benefits_officer: Account, client_of: Sign) -> Client:
    return english(client_of(second_benefits_officer))


@pytest.fixture
def claim(lodged: Any, phone: Client) -> Claim:
    found: Claim = lodged(phone)
    sent = {"bank": "sandbox", "number": "01012345678", "name": "KHAM"}
    phone.post("/member/account/", sent)
    PayeeAccount.objects.update(check_result="match")
    return found


def accept_all(desk: Client, claim: Claim) -> None:
    for paper in Evidence.objects.filter(claim=claim):
        desk.post(f"/office/claims/{claim.number}/papers/{paper.receipt_number}/judge/", {"accepted": "yes"})


def facts_of(claim: Claim) -> dict[str, Any]:
    told = {f"q-{key}": value for key, value in claim.told.items()}
    assert claim.event_day is not None
    return {"day": f"{claim.event_day:%d/%m/%Y}", **told}


def test_the_oldest_promise_stands_first_with_its_clock(
    desk: Client, claim: Claim, phone: Client, now: Any
) -> None:
    told = {"cause": "other", "wage_stopped": "yes", "certificate": "yes"}
    there = answer_all(phone, begin(phone, "sickness"), now.date() - timedelta(days=9), **told)
    phone.post(there.replace("/papers/", "/check/"))
    late = Claim.objects.get(benefit="sickness")
    Claim.objects.filter(id=late.id).update(promised_on=now.date() - timedelta(days=2))
    page = text(desk, "/office/claims/")
    assert page.index(late.number) < page.index(claim.number) and 'class="err"' in page
    assert claim.person.name not in page
    assert late.number not in text(desk, "/office/claims/?state=proposed")
    assert text(desk, "/office/claims/?state=nonsense")


def test_the_page_shows_facts_months_law_and_papers_and_the_member_sees_who_looked(
    desk: Client, claim: Claim, phone: Client, django_assert_max_num_queries: Any
) -> None:
    page = text(desk, f"/office/claims/{claim.number}/")
    for said in (claim.person.name, "What the law says", "How is this worked out?", "Months on the record", "3,200,000",
                 "A paper is missing, or nobody has accepted it yet.", "Ask for what is missing", "105"):  # fmt: skip
        assert said in page, said
    with django_assert_max_num_queries(40):
        text(desk, f"/office/claims/{claim.number}/")
    looks = text(phone, "/member/looks/")
    assert "Social security staff" in looks
    assert desk.get("/office/claims/B26-9999999-9/").status_code == 404


def test_a_paper_comes_as_an_attachment_and_that_look_is_kept_too(desk: Client, claim: Claim) -> None:
    paper = Evidence.objects.filter(claim=claim).first()
    assert paper is not None
    answer = desk.get(f"/office/claims/{claim.number}/papers/{paper.receipt_number}/")
    assert (
        answer["Content-Disposition"].startswith("attachment")
        and answer["X-Content-Type-Options"] == "nosniff"
    )
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer.content == bytes(paper.document.content)
    assert desk.get(f"/office/claims/B26-9999999-9/papers/{paper.receipt_number}/").status_code == 404
    assert desk.get(f"/office/claims/{claim.number}/papers/E26-0000999-9/").status_code == 404


def test_two_people_grant_it_and_the_first_one_is_told_why_he_cannot(
    desk: Client, other_desk: Client, claim: Claim
) -> None:
    there = f"/office/claims/{claim.number}/"
    early = desk.post(f"{there}propose/", facts_of(claim) | {"outcome": "granted"})
    assert early.status_code == 422 and "Accept every paper first." in early.content.decode()
    accept_all(desk, claim)
    assert desk.post(f"{there}propose/", facts_of(claim) | {"outcome": "granted"}).status_code == 302
    own = text(desk, there)
    assert "You proposed this yourself. Another officer decides." in own and "/decide/" not in own
    forced = desk.post(f"{there}decide/", {"agree": "yes"})
    assert forced.status_code == 422 and "You proposed this yourself." in forced.content.decode()
    assert ClaimDecision.objects.get().decided_at is None
    assert "Proposed by" in text(other_desk, there)
    assert other_desk.post(f"{there}decide/", {"agree": "yes"}).status_code == 302
    claim.refresh_from_db()
    assert claim.state == "approved"
    page = text(other_desk, there)
    assert "1,920,000 kip" in page and "The letter (PDF)" in page
    assert other_desk.get(f"{there}letter/").content.startswith(b"%PDF")
    again = desk.post(f"{there}propose/", facts_of(claim) | {"outcome": "granted"})
    assert (
        again.status_code == 422 and "Somebody has gone on with this claim already." in again.content.decode()
    )


def test_sent_back_with_the_reason(desk: Client, other_desk: Client, claim: Claim) -> None:
    there = f"/office/claims/{claim.number}/"
    accept_all(desk, claim)
    desk.post(f"{there}propose/", facts_of(claim) | {"outcome": "granted"})
    assert other_desk.post(f"{there}decide/", {"agree": "no"}).status_code == 422
    assert other_desk.post(f"{there}decide/", {}).status_code == 422
    other_desk.post(f"{there}decide/", {"agree": "no", "why": "The stamp is of another hospital."})
    claim.refresh_from_db()
    assert claim.state == "lodged" and "Propose" in text(desk, there)


def test_a_refusal_needs_an_article_a_reason_and_facts_that_give_no_right(
    desk: Client, other_desk: Client, claim: Claim
) -> None:
    there, facts = f"/office/claims/{claim.number}/", facts_of(claim)
    for typed, said in (
        ({"outcome": "refused"}, "Name the article of the law."),
        ({"outcome": "refused", "article": "Art. 20"}, "Give the reason"),
        ({"outcome": "refused", "article": "Art. 20", "reason": "x"}, "With these facts the law grants it."),
        ({}, "This field is required."),
    ):
        answer = desk.post(f"{there}propose/", facts | typed)
        assert answer.status_code == 422 and said in answer.content.decode(), said
    typed = {
        "outcome": "refused",
        "article": "Art. 20",
        "reason": "Lost after one month.",
        "q-pregnancy_months": "1",
    }
    assert desk.post(f"{there}propose/", facts | typed).status_code == 302
    decision = ClaimDecision.objects.get()
    assert decision.told["pregnancy_months"] == 1 and claim.told["pregnancy_months"] == 9
    other_desk.post(f"{there}decide/", {"agree": "yes"})
    claim.refresh_from_db()
    assert claim.state == "refused"


def test_what_is_missing_is_asked_once(desk: Client, claim: Claim, now: Any) -> None:
    there = f"/office/claims/{claim.number}/"
    until = now.date() + timedelta(days=14)
    asked = {"kinds": ["birth"], "text": "The stamp.", "place": "ນະຄອນຫຼວງ", "until": f"{until:%d/%m/%Y}"}
    for typed, said in (
        (asked | {"kinds": [], "text": ""}, "Tick what is missing, or write it."),
        (asked | {"place": ""}, "This field is required."),
        (asked | {"until": "01/01/2020"}, "Choose a day from one week"),
        (asked | {"until": "x"}, "Type day, month, year."),
    ):
        answer = desk.post(f"{there}ask/", typed)
        assert answer.status_code == 422 and said in answer.content.decode(), said
    assert desk.post(f"{there}ask/", asked).status_code == 302
    assert MissingRequest.objects.get().kinds == ["birth"]
    again = desk.post(f"{there}ask/", asked)
    assert again.status_code == 422 and "asked once already" in again.content.decode()
    assert "Ask for what is missing" not in text(desk, there)


def test_a_paper_is_refused_with_words_for_the_member(desk: Client, claim: Claim, phone: Client) -> None:
    paper = Evidence.objects.filter(claim=claim).first()
    assert paper is not None
    there = f"/office/claims/{claim.number}/papers/{paper.receipt_number}/judge/"
    answer = desk.post(there, {"accepted": "no"})
    assert answer.status_code == 422 and "Say why: the member reads it." in answer.content.decode()
    desk.post(there, {"accepted": "no", "why": "The photo is dark."})
    assert "The photo is dark." in text(phone, f"/member/claims/{claim.key}/papers/")
    assert desk.post(there, {"accepted": "yes"}).status_code == 422
    assert (
        desk.post(there.replace(paper.receipt_number, "E26-0000999-9"), {"accepted": "yes"}).status_code
        == 404
    )


def test_an_appeal_is_answered_by_somebody_who_decided_nothing(
    desk: Client, other_desk: Client, claim: Claim, phone: Client, system: Actor, client_of: Sign
) -> None:
    there = f"/office/claims/{claim.number}/"
    accept_all(desk, claim)
    desk.post(f"{there}propose/", facts_of(claim) | {"outcome": "granted"})
    other_desk.post(f"{there}decide/", {"agree": "yes"})
    phone.post(f"/member/claims/{claim.key}/appeal/", {"text": "120 days.", "key": uuid.uuid4()})
    page = text(desk, there)
    assert "120 days." in page and "You took part in the decision. Somebody else answers." in page
    reply = {"changed": "no", "text": "One child: 105 days.", "article": "Art. 21"}
    assert desk.post(f"{there}answer/", reply).status_code == 422

    third = english(client_of(_staff(system, "bouavanh", "ບົວວັນ ອຸດໜູນ", Role.BENEFITS_OFFICER)))
    assert Appeal.objects.get().number in text(third, "/office/claims/")
    assert third.post(f"{there}answer/", reply | {"article": ""}).status_code == 422
    assert third.post(f"{there}answer/", reply).status_code == 302
    assert "One child: 105 days." in text(phone, f"/member/claims/{claim.key}/")


def test_the_bank_said_nearly_and_a_person_compares_the_names(desk: Client, claim: Claim) -> None:
    PayeeAccount.objects.update(check_result="close")
    there = f"/office/claims/{claim.number}/"
    assert "The bank says that the name is nearly the same." in text(desk, there)
    assert desk.post(f"{there}name/", {"accepted": "yes"}).status_code == 422
    desk.post(f"{there}name/", {"accepted": "yes", "why": "Same person, other spelling"})
    assert PayeeAccount.objects.get().check_result == "accepted"


def test_what_the_bank_refused_is_paid_once_more(desk: Client, other_desk: Client, claim: Claim) -> None:
    there = f"/office/claims/{claim.number}/"
    accept_all(desk, claim)
    desk.post(f"{there}propose/", facts_of(claim) | {"outcome": "granted"})
    other_desk.post(f"{there}decide/", {"agree": "yes"})
    instalment = Instalment.objects.order_by("id").first()
    assert instalment is not None
    assert desk.post(f"{there}again/{instalment.id}/").status_code == 422  # it is on its way
    assert desk.post(f"{there}again/{instalment.id + 999}/").status_code == 404


def test_the_auditor_reads_and_cannot_act(auditor: Account, claim: Claim, client_of: Sign) -> None:
    client = english(client_of(auditor))
    page = text(client, f"/office/claims/{claim.number}/")
    assert "What the law says" in page and "/propose/" not in page and "/judge/" not in page
    assert client.post(f"/office/claims/{claim.number}/propose/", {"outcome": "granted"}).status_code == 404


def test_a_draft_is_not_the_desks_business(
    desk: Client, covered: list[Person], member: Account, as_actor: Any
) -> None:
    draft = claims.start(as_actor(member), "sickness", uuid.uuid4())
    assert desk.get(f"/office/claims/{draft.number}/").status_code == 404
    assert draft.number not in text(desk, "/office/claims/")


def test_every_code_of_the_desk_has_words() -> None:

    used = set(
        re.findall(r'Refused\("(\w+)"\)', "".join(inspect.getsource(one) for one in (award.desk, appeal)))
    )
    assert used - {"unknown"} and all(refused(code) is not NOT_KNOWN for code in used - {"unknown"}), used
    signs = set(re.findall(r'^        "(\w+)":', inspect.getsource(award.desk._risks), re.MULTILINE))
    assert signs and all(risk(code) is not NOT_KNOWN for code in signs)
