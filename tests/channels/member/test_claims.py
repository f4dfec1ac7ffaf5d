"""A claim as a member makes it: what has happened, one question a screen, papers, the last page, where it stands."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pakan.operations import appeal, award
from pakan.operations import claim as claims
from pakan.registers.access.actions import member_account
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.benefits.models import Appeal, Claim, Evidence, Instalment, PayeeAccount
from pakan.registers.people.models import Person
from tests.channels.claimants import answer_all, begin, covered, lodged, of_groups, photo, text

__all__ = ["covered", "lodged"]  # fixtures
Sign = Callable[[Account], Client]


@pytest.fixture
def stranger(workers: list[Person], now: datetime, client_of: Sign) -> Client:
    return client_of(member_account(workers[1], now))


def test_each_event_says_yes_not_yet_or_ask_us_from_the_real_months(
    phone: Client, covered: list[Person], django_assert_max_num_queries: Any
) -> None:
    phone.get("/member/benefits/")
    with django_assert_max_num_queries(12):
        page = text(phone, "/member/benefits/")
    shown = {link["url"].split("/")[-2]: link for link in of_groups(phone)}
    assert (shown["maternity"]["tone"], shown["maternity"]["status"]) == ("ok", "yes")
    assert shown["maternity"]["note"] == "about 10,880,000 kip"  # 60 % + 80 % for 105 days of 3.2 million
    assert shown["unemployment"]["tone"] == "ok"
    assert (shown["old_age"]["status"], shown["invalidity"]["status"]) == ("not yet", "ask us")
    assert "about 10,880,000 kip" in page


def test_without_months_nothing_is_promised(phone: Client) -> None:
    shown = {link["url"].split("/")[-2]: link for link in of_groups(phone)}
    assert shown["maternity"]["status"] == "not yet" and shown["maternity"]["note"] == "9 months more"
    assert not any(link.get("tone") == "ok" for link in shown.values())


def test_the_page_of_an_event_ticks_each_condition_before_anything_is_typed(
    phone: Client, covered: list[Person]
) -> None:
    page = text(phone, "/member/benefits/maternity/")
    assert "Yes, you can get it" in page and "met" in page and "Claim it" in page
    assert (
        "Marriage certificate" not in page and "Birth certificate" in page
    )  # a woman is asked for no wife's papers
    assert "Nothing to claim" in text(phone, "/member/benefits/health/")
    assert phone.post("/member/claims/start/health/", {"key": uuid.uuid4()}).status_code == 404


def test_from_home_to_the_first_question_in_four_screens_and_to_the_end_in_one_line(
    phone: Client, covered: list[Person], now: datetime
) -> None:
    first = begin(phone)  # home, what has happened, the event, and here the first question
    assert first.endswith("/question/day/")
    page = text(phone, first)
    assert "Question 1 of 4" in page and page.count("<form") == page.count('method="post"')
    assert len(re.findall(r"<input type=\"text\"", page)) == 1  # one question a screen
    there = answer_all(phone, first, now.date(), pregnancy_months="9", children="1", leave_days="105")
    claim = Claim.objects.get()
    assert there == f"/member/claims/{claim.key}/papers/"
    assert claim.told == {"claimant": "mother", "pregnancy_months": 9, "children": 1, "leave_days": 105}
    assert "Marriage" not in text(phone, there)


def test_a_father_is_asked_other_questions(
    workers: list[Person], covered: list[Person], now: datetime, client_of: Sign
) -> None:
    client = client_of(member_account(workers[1], now))
    assert workers[1].sex == "m"
    there = answer_all(
        client, begin(client), now.date(), wife_has_occupation="no", pregnancy_months="9", children="1"
    )
    assert Claim.objects.get().told["claimant"] == "father" and there.endswith("/papers/")
    client.cookies["language"] = "en"
    assert "Marriage certificate" in text(client, there)


def test_a_wrong_answer_is_told_at_its_field_and_kept(
    phone: Client, covered: list[Person], now: datetime
) -> None:
    first = begin(phone)
    for typed, said in (
        ("31/02/2026", "Type day, month, year."),
        ("", "This field is required."),
        (f"{now + timedelta(days=40):%d/%m/%Y}", "that day has not come yet"),
    ):
        answer = phone.post(first, {"day": typed})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert said in page and "data-error-summary" in page
        assert f'value="{typed}"' in page or not typed
    assert Claim.objects.get().event_day is None


def test_lao_digits_are_understood(phone: Client, covered: list[Person], now: datetime) -> None:
    lao = f"{now.date():%d/%m/%Y}".translate(str.maketrans("0123456789", "໐໑໒໓໔໕໖໗໘໙"))
    phone.post(begin(phone), {"day": lao})
    assert Claim.objects.get().event_day == now.date()


def test_a_draft_goes_on_on_another_phone_where_it_stopped(
    phone: Client, covered: list[Person], now: datetime, member: Account, client_of: Sign
) -> None:
    first = begin(phone)
    phone.post(first, {"day": f"{now:%d/%m/%Y}"})
    other = client_of(member)
    other.cookies["language"] = "en"
    claim = Claim.objects.get()
    assert claim.number in text(other, "/member/claims/") and "not sent yet" in text(other, "/member/claims/")
    assert "Go on with your claim" in text(other, "/member/") and "Go on with your claim" in text(
        other, "/member/benefits/"
    )
    assert other.get(f"/member/claims/{claim.key}/")["Location"].endswith("/question/leave_days/")
    assert f"{now:%d/%m/%Y}" in text(other, first)  # filled in with what was told


def test_abuse_A19_two_phones_that_begin_and_send_the_same_claim_make_one(
    phone: Client, covered: list[Person], now: datetime, member: Account, client_of: Sign
) -> None:
    key, other = uuid.uuid4(), client_of(member)
    first = begin(phone, key=key)
    assert begin(other, key=key) == first and Claim.objects.count() == 1
    answer_all(other, first, now.date(), pregnancy_months="9", children="1", leave_days="105")
    for client in (phone, other, phone):
        client.post(f"/member/claims/{key}/check/")
    claim = Claim.objects.get()
    assert claim.state == "lodged" and claim.steps.filter(name="lodged").count() == 1


def test_abuse_a_session_that_ended_in_the_middle_loses_no_answer(
    phone: Client, covered: list[Person], now: datetime, member: Account, client_of: Sign
) -> None:
    phone.post(begin(phone), {"day": f"{now:%d/%m/%Y}"})
    key = Claim.objects.get().key
    phone.cookies.pop("sessionid", None)
    for name in list(phone.cookies):
        if "session" in name:
            del phone.cookies[name]
    gone = phone.post(f"/member/claims/{key}/question/children/", {"q-children": "2"})
    assert gone.status_code == 302 and "sign-in" in gone["Location"]
    again = client_of(member)
    assert Claim.objects.get().event_day == now.date()
    assert again.get(f"/member/claims/{key}/")["Location"].endswith("/question/leave_days/")
    assert (
        b"data-unsaved" in again.get(f"/member/claims/{key}/question/children/").content
    )  # the tab keeps the open field


def test_each_paper_gets_a_dated_receipt_and_comes_back_as_it_was_kept(
    phone: Client, covered: list[Person], now: datetime, stranger: Client
) -> None:
    there = answer_all(phone, begin(phone), now.date(), pregnancy_months="9", children="1", leave_days="105")
    key = uuid.uuid4()
    for _twice in range(2):
        assert phone.post(there, {"kind": "birth", "paper_key": key, "photo": photo()}).status_code == 302
    paper = Evidence.objects.get()
    page = text(phone, there)
    assert paper.receipt_number in page and "received" in page
    kept = phone.get(f"{there}{paper.receipt_number}/")
    assert kept.content == bytes(paper.document.content) and kept["Content-Type"] == "image/jpeg"
    assert (
        kept["Content-Disposition"].startswith("attachment") and kept["X-Content-Type-Options"] == "nosniff"
    )
    assert "sandbox" in kept["Content-Security-Policy"]
    assert stranger.get(f"{there}{paper.receipt_number}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "kind", "content", "said"),
    [
        (
            "a.svg",
            "image/svg+xml",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "This is no photo and no PDF.",
        ),
        ("a.html", "text/html", b"<script>alert(1)</script>", "This is no photo and no PDF."),
        ("a.jpg", "image/jpeg", b"", "This file is empty."),
        ("a.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + bytes(500), "This file is not whole."),
        ("a.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + bytes(40 * 1024 * 1024), "larger than 8 MB"),
        ("a.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + bytes(8 * 1024 * 1024 + 100), "larger than 8 MB"),
    ],
)
def test_abuse_A27_what_is_no_paper_is_refused_in_words(
    phone: Client, covered: list[Person], now: datetime, name: str, kind: str, content: bytes, said: str
) -> None:
    there = answer_all(phone, begin(phone), now.date(), pregnancy_months="9", children="1", leave_days="105")
    sent = SimpleUploadedFile(name, content, kind)
    answer = phone.post(there, {"kind": "birth", "paper_key": uuid.uuid4(), "photo": sent})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Evidence.objects.exists()


def test_a_paper_without_a_photo_or_of_no_kind_is_told_so(
    phone: Client, covered: list[Person], now: datetime
) -> None:
    there = answer_all(phone, begin(phone), now.date(), pregnancy_months="9", children="1", leave_days="105")
    assert "Choose a photo first." in phone.post(there, {"kind": "birth"}).content.decode()
    sent = {"kind": "passport", "paper_key": uuid.uuid4(), "photo": photo()}
    assert "We do not need this paper." in phone.post(there, sent).content.decode()
    assert phone.post(there, {"kind": "birth", "paper_key": "x", "photo": photo()}).status_code == 404


def test_the_last_page_shows_everything_before_it_happens(
    phone: Client, covered: list[Person], now: datetime
) -> None:
    there = answer_all(phone, begin(phone), now.date(), pregnancy_months="9", children="1", leave_days="105")
    check = there.replace("/papers/", "/check/")
    page = text(phone, check)
    assert "about 10,880,000 kip" in page and "How is this worked out?" in page
    assert "We know no account of yours yet." in page and "You have our answer by" in page
    assert "Still to give:" in page and "usual answer" in page  # the first day of leave was not asked
    assert (
        phone.post(f"{check.replace('/check/', '/question/leave_from/')}?check", {"q-leave_from": ""})[
            "Location"
        ]
        == check
    )
    assert phone.post(check)["Location"] == check.replace("check/", "")
    page = text(phone, check.replace("check/", ""))
    assert "We promise an answer by" in page and "Received" in page and "Sent. We have your claim." in page


def test_the_page_of_a_claim_stays_within_its_questions(
    phone: Client, lodged: Any, django_assert_max_num_queries: Any
) -> None:
    claim = lodged(phone)
    text(phone, f"/member/claims/{claim.key}/")
    with django_assert_max_num_queries(24):
        text(phone, f"/member/claims/{claim.key}/")
    with django_assert_max_num_queries(14):
        text(phone, "/member/")


def test_abuse_A13_somebody_elses_claim_is_not_there(phone: Client, lodged: Any, stranger: Client) -> None:
    claim = lodged(phone)
    base = f"/member/claims/{claim.key}/"
    for part in ("", "papers/", "check/", "question/day/", "letter/", "appeal/"):
        assert stranger.get(base + part).status_code == 404, part
        assert stranger.post(
            base + part, {"day": "1/1/2026", "text": "x", "key": uuid.uuid4()}
        ).status_code in (404, 405), part
    for part in ("supplied/", "withdraw/"):
        assert stranger.post(base + part).status_code == 404
    sent = {"kind": "birth", "paper_key": uuid.uuid4(), "photo": photo()}
    assert stranger.post(f"{base}papers/", sent).status_code == 404
    stranger.post("/member/claims/start/maternity/", {"key": claim.key})
    assert Claim.objects.get().person_id == claim.person_id and Claim.objects.get().state == "lodged"
    assert claim.number not in text(stranger, "/member/claims/")
    for wrong in ("x", str(uuid.uuid4())):
        assert phone.get(f"/member/claims/{wrong}/").status_code == 404


def test_what_is_missing_is_asked_once_and_sent_from_the_same_page(
    phone: Client, lodged: Any, benefits_officer: Account, as_actor: Callable[..., Actor], now: datetime
) -> None:
    claim = lodged(phone)
    until = now.date() + timedelta(days=14)
    award.request_missing(
        as_actor(benefits_officer, datetime.now(UTC)),
        claim.number,
        ["birth"],
        "The stamp cannot be read.",
        "Vientiane office",
        until,
    )
    page = text(phone, f"/member/claims/{claim.key}/")
    for said in (
        "We still need",
        "The stamp cannot be read.",
        "Vientiane office",
        "We ask only this once.",
        "Papers are missing",
    ):
        assert said in page, said
    assert page.count('name="photo"') == 1 and 'value="birth"' in page  # a better one than the one that came
    assert "We still need papers from you." in text(phone, "/member/")
    phone.post(
        f"/member/claims/{claim.key}/papers/", {"kind": "birth", "paper_key": uuid.uuid4(), "photo": photo()}
    )
    assert Claim.objects.get().state == "lodged"
    assert "We still need" not in text(phone, f"/member/claims/{claim.key}/")


def test_a_claim_can_be_taken_back_before_it_is_decided(phone: Client, lodged: Any) -> None:
    claim = lodged(phone)
    phone.post(f"/member/claims/{claim.key}/withdraw/")
    assert Claim.objects.get().state == "withdrawn"
    assert "taken back" in text(phone, f"/member/claims/{claim.key}/")
    phone.post(f"/member/claims/{claim.key}/withdraw/")
    assert "This cannot be done any more." in text(phone, f"/member/claims/{claim.key}/")


def decide(claim: Claim, one: Actor, two: Actor, outcome: str, **why: str) -> None:
    for paper in Evidence.objects.filter(claim=claim):
        award.judge(one, paper.receipt_number, True)
    award.propose(one, claim.number, outcome, **why)  # type: ignore[arg-type]
    award.decide(two, claim.number, True)


def test_the_decision_its_letter_and_the_way_to_disagree_stand_on_one_page(
    phone: Client, lodged: Any, benefits_officer: Account, second_benefits_officer: Account,
    as_actor: Callable[..., Actor], stranger: Client,
) -> None:  # fmt: skip
    claim = lodged(phone)
    phone.post("/member/account/", {"bank": "sandbox", "number": "0101 2345 678", "name": "KHAM"})
    PayeeAccount.objects.update(check_result="match")
    assert phone.get(f"/member/claims/{claim.key}/letter/").status_code == 404
    decide(claim, as_actor(benefits_officer), as_actor(second_benefits_officer), "granted")
    page = text(phone, f"/member/claims/{claim.key}/")
    for said in (
        "We decided: you get it",
        "You can tell us until:",
        "I disagree",
        "The letter (PDF)",
        "How is this worked out?",
    ):
        assert said in page, said
    letter = phone.get(f"/member/claims/{claim.key}/letter/")
    assert letter["Content-Type"] == "application/pdf" and letter.content.startswith(b"%PDF")
    assert stranger.get(f"/member/claims/{claim.key}/letter/").status_code == 404
    there = f"/member/claims/{claim.key}/appeal/"
    assert phone.post(there, {"text": "", "key": uuid.uuid4()}).status_code == 422
    for _twice in range(2):
        phone.post(
            there, {"text": "My leave was <b>120</b> days.", "key": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"}
        )
    assert Appeal.objects.count() == 1
    assert "My leave was &lt;b&gt;120" in text(phone, f"/member/claims/{claim.key}/")
    assert appeal.Refused  # the verb's own refusals are words on this page


def test_money_to_come_its_slip_and_nobody_elses(
    phone: Client, lodged: Any, benefits_officer: Account, second_benefits_officer: Account,
    as_actor: Callable[..., Actor], stranger: Client, now: datetime,
) -> None:  # fmt: skip
    claim = lodged(phone)
    phone.post("/member/account/", {"bank": "sandbox", "number": "01012345678", "name": "KHAM"})
    PayeeAccount.objects.update(check_result="match")
    decide(claim, as_actor(benefits_officer), as_actor(second_benefits_officer), "granted")
    page = text(phone, f"/member/payments/?year={now.year}")
    assert "1,920,000 kip" in page  # 60 % of 3.2 million
    first = Instalment.objects.order_by("id").first()
    assert first is not None and f"/member/payments/{first.id}/" not in page  # a slip says what was paid
    for client in (phone, stranger):
        for part in ("", "slip/"):
            assert client.get(f"/member/payments/{first.id}/{part}").status_code == 404
    assert "No money comes in this year." in text(phone, "/member/payments/?year=2020")
    assert text(phone, "/member/payments/?year=x")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"bank": "sandbox", "number": "12", "name": "KHAM"}, "6 to 20 digits"),
        ({"bank": "sandbox", "number": "0123456789", "name": "ຄຳແພງ"}, "Latin letters"),
        ({"bank": "nobank", "number": "0123456789", "name": "KHAM"}, "nobank"),
        ({}, "This field is required."),
    ],
)
def test_an_account_that_cannot_be_is_told_in_words(phone: Client, typed: dict[str, str], said: str) -> None:
    answer = phone.post("/member/account/", typed)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not PayeeAccount.objects.exists()


def test_a_first_account_counts_and_leads_back_to_the_claim(phone: Client, lodged: Any) -> None:
    claim = lodged(phone)
    there = f"/member/claims/{claim.key}/"
    sent = {"bank": "sandbox", "number": "໐໑໒໓໔໕໖໗໘໙", "name": "kham phomma"}
    assert phone.post(f"/member/account/?next={there}", sent)["Location"] == there
    account = PayeeAccount.objects.get()
    assert (account.number, account.name) == ("0123456789", "KHAM PHOMMA")
    page = text(phone, "/member/account/")
    assert "••••6789" in page and "0123456789" not in page
    assert (
        phone.post("/member/account/?next=https://evil.example/", sent)["Location"] != "https://evil.example/"
    )


def test_abuse_another_account_and_letting_payments_go_ask_for_a_fresh_proof(phone: Client) -> None:
    phone.post("/member/account/", {"bank": "sandbox", "number": "0123456789", "name": "KHAM"})
    answer = phone.post("/member/account/", {"bank": "sandbox", "number": "9999999999", "name": "THIEF"})
    assert answer.status_code == 302 and "/prove/" in answer["Location"]
    assert PayeeAccount.objects.get().number == "0123456789"
    phone.post("/member/account/stop/")
    assert "Stopped since:" in text(phone, "/member/account/")
    assert "Your payments are stopped." in text(phone, "/member/payments/")
    assert "/prove/" in phone.post("/member/account/go-on/")["Location"]
    assert "Stopped since:" in text(phone, "/member/account/")


def test_claims_refuses_codes_have_words(phone: Client, lodged: Any, now: datetime) -> None:
    lodged(phone)
    there = answer_all(
        phone,
        begin(phone),
        now.date() - timedelta(days=5),
        pregnancy_months="9",
        children="1",
        leave_days="105",
    )
    phone.post(there.replace("/papers/", "/check/"))
    assert "You claimed for this day already." in text(phone, "/member/claims/")
    for _more in range(10):
        phone.post("/member/claims/start/sickness/", {"key": uuid.uuid4()})
    assert "You have many claims open." in text(phone, "/member/claims/")
    assert Claim.objects.count() == claims.MOST_OPEN
