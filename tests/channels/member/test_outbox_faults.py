"""What a phone's outbox may bring: late, twice, from two devices, by somebody else, from a phone that was revoked, or wrong."""

import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from pakan.operations import enter, entrust
from pakan.registers.access.actions import member_account
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow, SignIn
from pakan.registers.benefits.models import Claim, Evidence, PayeeAccount
from pakan.registers.lives.models import DeathReport
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Person
from pakan.registers.relatives.models import Entrusted
from pakan.registers.submissions.models import Submission
from pakan.registers.voluntary.models import Membership
from pakan.units.month import Month
from tests.channels.claimants import answer_all, begin, covered, photo
from tests.channels.member.months import phone
from tests.channels.member.test_relatives import gives, proved

__all__ = ["covered", "phone"]  # fixtures
Sign = Callable[[Account], Client]
BY_OUTBOX = {"Outbox": "1"}


def bring(client: Client, address: str, fields: dict[str, Any], key: uuid.UUID | None = None) -> Any:
    """Send one act as the outbox does; what it is told."""
    return client.post(address, fields | {"once": str(key or uuid.uuid4())}, headers=BY_OUTBOX)


def done(act: str) -> int:
    return AuditRow.objects.filter(act=act).count()


@pytest.fixture
def draft(phone: Client, covered: list[Person], now: datetime) -> str:
    """A claim with all its answers, not sent yet: the address of its papers."""
    return answer_all(phone, begin(phone), now.date(), pregnancy_months="9", children="1", leave_days="105")


def test_abuse_A19_a_claim_sent_from_two_devices_is_one_claim_and_both_are_told_so(
    phone: Client, draft: str, member: Account, client_of: Sign
) -> None:
    address = draft.replace("/papers/", "/check/")
    told = [bring(one, address, {}).json() for one in (phone, client_of(member))]
    assert [one["state"] for one in told] == ["sent", "sent"]
    assert told[0]["url"] == told[1]["url"] and all(one["says"] for one in told)
    assert done("claim.lodge") == 1 and Claim.objects.get().steps.filter(name="lodged").count() == 1


def test_an_answer_that_comes_after_the_claim_was_sent_needs_the_person(phone: Client, draft: str) -> None:
    phone.post(draft.replace("/papers/", "/check/"))
    late = bring(phone, draft.replace("papers/", "question/children/"), {"q-children": "2"}).json()
    assert late["state"] == "refused" and late["says"] == ["This claim was sent already."]
    assert Claim.objects.get().told["children"] == 1


def test_a_sending_that_comes_after_the_claim_was_taken_back_needs_the_person(
    phone: Client, draft: str
) -> None:
    phone.post(draft.replace("/papers/", "/withdraw/"))
    late = bring(phone, draft.replace("/papers/", "/check/"), {}).json()
    assert late["state"] == "refused" and late["says"]
    assert Claim.objects.get().state == "withdrawn" and done("claim.lodge") == 0


def test_a_sending_before_all_is_answered_needs_the_person(phone: Client, covered: list[Person]) -> None:
    address = begin(phone)
    early = bring(phone, f"{address.split('question')[0]}check/", {}).json()
    assert early["state"] == "refused" and early["says"]
    assert Claim.objects.get().state == "draft"


def test_abuse_A21_a_replayed_answer_does_not_undo_a_later_one(phone: Client, draft: str) -> None:
    address, first = draft.replace("papers/", "question/children/"), uuid.uuid4()
    for key, number in ((first, "1"), (uuid.uuid4(), "2"), (first, "1")):
        assert bring(phone, address, {"q-children": number}, key).json()["state"] == "sent"
    assert Claim.objects.get().told["children"] == 2


def test_abuse_A21_a_replayed_photo_is_one_paper(phone: Client, draft: str) -> None:
    key, fields = uuid.uuid4(), {"kind": "birth", "paper_key": uuid.uuid4()}
    said = [bring(phone, draft, fields | {"photo": photo()}, key).json() for _twice in range(2)]
    assert said[0] == said[1] and said[0]["state"] == "sent"
    assert Evidence.objects.get().receipt_number in said[0]["says"][0]


def test_two_photos_from_one_page_kept_on_the_phone_are_two_papers(phone: Client, draft: str) -> None:
    fields = {"kind": "birth", "paper_key": uuid.uuid4()}
    for _photo in range(2):
        assert bring(phone, draft, fields | {"photo": photo()}).json()["state"] == "sent"
    assert Evidence.objects.count() == 2


def test_abuse_A21_somebody_elses_outbox_changes_nothing_of_mine(
    phone: Client, draft: str, workers: list[Person], now: datetime, client_of: Sign
) -> None:
    """The same acts, copied from a shared phone into another person's session: ids and claims belong to one person."""
    key = uuid.uuid4()
    bring(phone, draft.replace("papers/", "question/children/"), {"q-children": "1"}, key)
    stranger = client_of(member_account(workers[1], now))
    for address in (
        draft.replace("papers/", "question/children/"),
        draft.replace("/papers/", "/check/"),
        draft,
    ):
        assert bring(stranger, address, {"q-children": "2", "kind": "birth"}, key).status_code == 404
    claim = Claim.objects.get()
    assert (claim.state, claim.told["children"]) == ("draft", 1)
    assert not Submission.objects.exclude(account_id=claim.person.account.id).exists()


def test_abuse_A22_the_outbox_of_a_revoked_phone_is_not_taken_and_goes_after_signing_in(
    phone: Client, draft: str, member: Account, client_of: Sign, now: datetime
) -> None:
    address, key = draft.replace("/papers/", "/check/"), uuid.uuid4()
    SignIn.objects.filter(account=member).update(ended_at=now)
    assert "/sign-in/" in bring(phone, address, {}, key)["Location"]
    assert "/sign-in/" in phone.get("/member/outbox/token/")["Location"]
    assert Claim.objects.get().state == "draft"
    again = client_of(member)
    assert [bring(again, address, {}, key).json()["state"] for _twice in range(2)] == ["sent", "sent"]
    assert done("claim.lodge") == 1


def test_a_day_a_year_ahead_as_a_wrong_clock_makes_it_is_refused_at_its_field(
    phone: Client, covered: list[Person], now: datetime
) -> None:
    """The day of an event is the only day that a phone sends; all other times are the server's own."""
    address, key = begin(phone), uuid.uuid4()
    ahead = {"day": f"{now.date() + timedelta(days=365):%d/%m/%Y}"}
    assert bring(phone, address, ahead, key).json()["state"] == "refused"
    page = phone.post(address, ahead)
    assert page.status_code == 422 and ahead["day"] in page.content.decode()
    assert bring(phone, address, {"day": f"{now:%d/%m/%Y}"}, key).json()["state"] == "sent"
    assert Claim.objects.get().event_day == now.date()


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("hospital/", {"facility": "H99"}),
        ("messages/reach/", {"act": "mail", "address": "nobody"}),
        ("data/correct/", {"field": "name", "wanted": ""}),
    ],
)
def test_a_change_that_was_refused_is_not_sent_and_its_page_says_why(
    phone: Client, db: None, address: str, wrong: dict[str, str]
) -> None:
    """The outbox hands it to its page under the same id: nothing was done, so the id is free, and the input is kept."""
    key = uuid.uuid4()
    assert bring(phone, f"/member/{address}", wrong, key).json()["state"] == "refused"
    assert not Submission.objects.exists()
    page = phone.post(f"/member/{address}", wrong | {"once": str(key)}).content.decode()
    assert "data-error-summary" in page
    assert all(value in page for value in wrong.values())


def test_a_consent_that_waited_counts_once(phone: Client, db: None) -> None:
    key, page = uuid.uuid4(), phone.get("/member/consents/")
    fields = {"purpose": page.context["rows"][0]["purpose"], "act": "allow"}
    for _twice in range(2):
        assert bring(phone, "/member/consents/", fields, key).json()["state"] == "sent"
    assert done("wish.allow") == 1


def test_abuse_A27_a_photo_of_40_megabytes_is_refused_with_the_limit_also_from_the_outbox(
    phone: Client, draft: str
) -> None:
    large = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0" + bytes(40 * 1024 * 1024), "image/jpeg")
    told = bring(phone, draft, {"kind": "birth", "paper_key": uuid.uuid4(), "photo": large})
    assert told.json()["state"] == "refused" and not Evidence.objects.exists()


# --- every family of acts ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Family:
    """One kind of act: where it is sent, what it says, what else it might say, and its line in the audit trail."""

    address: str
    says: Callable[[Month, Person], dict[str, Any]]
    other: dict[str, Any]
    act: str
    joined: bool = False  # needs a member who insures herself


def _proof() -> dict[str, Any]:
    return {"field": "village", "wanted": "ໂພນທັນ", "proof": photo("id.jpg")}


def _death(dead: Person, day: date) -> dict[str, Any]:
    told = {"number": dead.number, "born": f"{dead.birth_date:%d/%m/%Y}", "relation": "spouse"}
    return told | {"died_on": f"{day:%d/%m/%Y}"}


def _child(born: date) -> dict[str, Any]:
    told = {"given_name": "ແກ້ວ", "family_name": "ວົງສາ", "birth_date": f"{born:%d/%m/%Y}", "sex": "f"}
    return told | {"paper": photo("family-book.jpg")}


CHOICE = {"income": "1.200.000", "months": "3"}
FAMILIES = {
    "report": Family(
        "record/{month}/wrong/", lambda month, dead: {"kind": "other", "text": "1"}, {"text": "2"}, "report.open"
    ),
    "correction": Family(
        "data/correct/", lambda month, dead: _proof(), {"wanted": "ທາດຫຼວງ"}, "wish.ask_correction"
    ),
    "death": Family(
        "death/", lambda month, dead: _death(dead, month.first), {"relation": "other"}, "life.report_death"
    ),
    "family": Family(
        "family/new/child/", lambda month, dead: _child(month.first), {"given_name": "ດາວ"}, "family.ask"
    ),
    "payments": Family("account/stop/", lambda month, dead: {}, {"other": "1"}, "payee.freeze"),
    "join": Family(
        "voluntary/join/", lambda month, dead: CHOICE | {"since": str(month + 1)}, {"months": "1"}, "voluntary.join"
    ),
    "choose": Family(
        "voluntary/change/", lambda month, dead: CHOICE | {"months": "1"}, {"months": "6"}, "voluntary.choose", True
    ),
    "pause": Family(
        "voluntary/stop/", lambda month, dead: {"act": "pause"}, {"act": "leave"}, "voluntary.pause", True
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Written:
    """An act as it lies on the phone: the same id each time it is sent."""

    family: Family
    address: str
    fields: Callable[[], dict[str, Any]]
    key: uuid.UUID

    def send(self, client: Client, **other: Any) -> Any:
        return bring(client, self.address, self.fields() | other, self.key)


@pytest.fixture(params=FAMILIES)
def written(
    request: pytest.FixtureRequest, phone: Client, open_month: Month, workers: list[Person], now: datetime
) -> Written:
    family = FAMILIES[request.param]
    if family.joined:
        phone.post("/member/voluntary/join/", CHOICE | {"since": str(Month.of(now.date()))})
        assert Membership.objects.get().state == "active"
    fields = functools.partial(family.says, open_month, workers[1])
    return Written(family, f"/member/{family.address.format(month=open_month)}", fields, uuid.uuid4())


def test_abuse_A21_a_replayed_act_of_every_family_is_done_once(written: Written, phone: Client) -> None:
    first, again = (written.send(phone).json() for _twice in range(2))
    assert first == again and first["state"] == "sent" and first["says"]
    changed = written.send(phone, **written.family.other)
    assert changed.status_code == 409 and changed.json()["state"] == "conflict"
    assert done(written.family.act) == 1 and Submission.objects.count() == 1


def test_abuse_A21_an_act_of_every_family_from_two_phones_is_one_row_each_and_says_so(
    written: Written, phone: Client, member: Account, client_of: Sign
) -> None:
    """One id from two phones at different times, as after a phone was restored from a copy."""
    told = [written.send(one).json() for one in (phone, client_of(member))]
    assert told[0] == told[1] and done(written.family.act) == 1


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_abuse_A22_an_act_of_every_family_waits_for_signing_in_where_the_session_is_over(
    written: Written, phone: Client, member: Account, client_of: Sign, now: datetime, how: str
) -> None:
    """The phone was revoked, or nobody used it for long, while the act waited: it is not taken, and goes after signing in."""
    over = {"ended_at": now} if how == "revoked" else {"seen_at": now - timedelta(days=400)}
    SignIn.objects.filter(account=member).update(**over)
    assert "/sign-in/" in written.send(phone)["Location"]
    assert done(written.family.act) == 0
    again = client_of(member)
    assert [written.send(again).json()["state"] for _twice in range(2)] == ["sent", "sent"]
    assert done(written.family.act) == 1


@pytest.mark.parametrize("years", [-1, 1])
def test_a_phone_whose_clock_is_wrong_by_a_year_changes_no_moment_of_ours(
    written: Written, phone: Client, years: int, now: datetime
) -> None:
    """What a phone may say of its own time is not heard: every row carries the server's moment."""
    phone.post(
        written.address,
        {},
        headers={"Date": f"{now + timedelta(days=365 * years):%a, %d %b %Y %H:%M:%S GMT}"},
    )
    assert written.send(phone).json()["state"] == "sent"
    moments = AuditRow.objects.filter(act=written.family.act).values_list("at", flat=True)
    assert moments and all(abs(at - timezone.now()) < timedelta(minutes=5) for at in moments)


def test_a_day_of_death_or_a_birth_date_a_year_ahead_is_refused_at_its_field(
    phone: Client, workers: list[Person], now: datetime
) -> None:
    ahead = now.date() + timedelta(days=365)
    day = f"{ahead:%d/%m/%Y}"
    for address, fields in (
        ("/member/death/", _death(workers[1], ahead)),
        ("/member/data/correct/", _proof() | {"field": "birth_date", "wanted": day}),
    ):
        key = uuid.uuid4()
        assert bring(phone, address, fields, key).json()["state"] == "refused"
        page = phone.post(address, fields | {"once": str(key)}).content.decode()
        assert "data-error-summary" in page and day in page
    assert not Submission.objects.exists()


def test_months_a_year_ahead_are_refused_and_the_question_is_asked_again(
    phone: Client, now: datetime
) -> None:
    ahead = Month.of(now.date()) + 12
    told = bring(phone, "/member/voluntary/join/", CHOICE | {"since": str(ahead)}).json()
    assert told["state"] == "refused" and not Membership.objects.exists()
    page = phone.post("/member/voluntary/join/", CHOICE | {"since": str(ahead)}).content.decode()
    assert "data-error-summary" in page and 'value="1.200.000"' in page
    report = bring(phone, f"/member/record/{ahead}/wrong/", {"kind": "other"}).json()
    assert report["state"] == "refused" and report["says"] == ["This month has not come yet."]


@pytest.mark.parametrize("address", ["voluntary/change/", "voluntary/stop/"])
def test_a_choice_that_comes_after_she_left_is_said_in_words(
    phone: Client, address: str, now: datetime
) -> None:
    phone.post("/member/voluntary/join/", CHOICE | {"since": str(Month.of(now.date()))})
    phone.post("/member/voluntary/stop/", {"act": "leave"})
    late = bring(phone, f"/member/{address}", CHOICE | {"act": "pause"})
    assert late.json()["state"] == "refused" and late.json()["says"]
    assert phone.post(f"/member/{address}", CHOICE | {"act": "pause"}, follow=True).status_code == 200
    assert Membership.objects.get().state == "left"


def test_a_page_of_death_kept_on_the_phone_reports_two_deaths(
    phone: Client, workers: list[Person], now: datetime
) -> None:
    """The kept page is one; each report sent from it is its own."""
    for dead in workers[1:3]:
        assert bring(phone, "/member/death/", _death(dead, now.date())).json()["state"] == "sent"
    assert set(DeathReport.objects.values_list("person_id", flat=True)) == {one.id for one in workers[1:3]}


def test_what_needs_a_code_a_bank_or_a_fresh_proof_is_no_act_of_the_outbox(
    phone: Client, member: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """These forms say `data-now`: without network their pages say so before and after, and keep what was typed."""
    monkeypatch.setattr(enter, "is_fresh", lambda request, at: True)
    for name in ("life", "me/phone", "account", "me/pin"):
        page = phone.get(f"/member/{name}/").content.decode()
        assert " data-now>" in page and "<template data-now>" in page, name
        assert "data-outbox=" not in page, name
        assert name == "life" or "data-before hidden" in page, name


def test_the_three_questions_of_joining_stand_on_one_page_that_may_wait(phone: Client, db: None) -> None:
    """The page by page way leads there without network; what waits is the same act at the same address."""
    assert (
        'data-instead="/member/voluntary/join/all/"' in phone.get("/member/voluntary/join/").content.decode()
    )
    assert "/member/voluntary/join/all/" in phone.get("/member/voluntary/").content.decode()
    page = phone.get("/member/voluntary/join/all/").content.decode()
    assert 'action="/member/voluntary/join/"' in page and "data-along data-outbox=" in page
    assert all(f'name="{name}"' in page for name in ("income", "months", "since"))


# --- mandates: given before the owner's eyes, taken back and used by what waited ------------------------------------------


@pytest.fixture
def given(member: Account, workers: list[Person], now: datetime, as_actor: Callable[..., Actor]) -> Entrusted:
    """The member lets somebody claim for him."""
    return gives(as_actor(member), member_account(workers[5], now), "claim")


def offered(workers: list[Person]) -> dict[str, Any]:
    born = f"{workers[5].birth_date:%d/%m/%Y}"
    return {"number": workers[5].number, "birth_date": born, "scopes": ["record"], "days": "30"}


def test_abuse_A22_a_mandate_that_waited_on_a_phone_is_given_only_before_its_owners_eyes(
    phone: Client, member: Account, workers: list[Person], now: datetime
) -> None:
    """Whoever held the phone may have typed it without network: a PIN shown for something else later is no word to it."""
    helper, key = member_account(workers[5], now), uuid.uuid4()
    proved(phone, now)
    told = bring(phone, "/member/helpers/new/", offered(workers), key).json()
    assert (told["state"], told["url"]) == ("prove", "/member/prove/?next=%2Fmember%2Fhelpers%2Fnew%2F")
    assert not Entrusted.objects.exists() and not Submission.objects.exists()
    assert "kept" not in phone.session
    # The outbox hands it to its page, by a tap: done now, once, and the phone hears of it when it asks again.
    assert phone.post("/member/helpers/new/", offered(workers) | {"once": str(key)}).status_code == 302
    assert bring(phone, "/member/helpers/new/", offered(workers), key).json()["state"] == "sent"
    assert Entrusted.objects.get().holder == helper and done("entrust.give") == 1


def test_a_mandate_or_an_account_typed_before_the_pin_is_kept_and_sent_after_it_with_one_tap(
    phone: Client, member: Account, workers: list[Person], now: datetime
) -> None:
    member_account(workers[5], now)
    PayeeAccount.objects.create(
        person=member.person, bank="sandbox", number="0100000001", name="X", asked_at=now, usable_from=now
    )
    typed = {"bank": "sandbox", "number": "0200000002", "name": "KEO VONGSA"}
    for address, fields in (("/member/helpers/new/", offered(workers)), ("/member/account/", typed)):
        assert phone.post(address, fields)["Location"].startswith("/member/prove/")
        page = phone.get("/member/kept/").content.decode()
        assert f'action="{address}"' in page and all(
            str(value) in page for value in fields.values() if isinstance(value, str)
        )
    assert (
        phone.get("/member/account/?change")["Location"]
        == "/member/prove/?next=%2Fmember%2Faccount%2F%3Fchange"
    )


def test_an_end_of_a_mandate_that_waited_counts_once_and_from_two_phones(
    phone: Client, given: Entrusted, member: Account, client_of: Sign
) -> None:
    for one in (phone, client_of(member), phone):
        assert bring(one, "/member/helpers/end/", {"key": given.key}).json()["state"] == "sent"
    given.refresh_from_db()
    assert given.ended_at is not None
    assert Message.objects.filter(wording__startswith="entrusted_").count() == 2
    for key in ("nobody", gives_another(given).key):
        assert bring(phone, "/member/helpers/end/", {"key": key}).status_code == 404


def gives_another(given: Entrusted) -> Entrusted:
    """The helper's own mandate to a third person: none of the member's."""
    assert given.holder.person is not None
    return Entrusted.objects.create(
        key="another", owner=given.holder.person, holder=given.owner.account, scopes=["record"],
        made_at=given.made_at, until=given.until,
    )  # fmt: skip


def test_abuse_A21_a_helpers_answers_photos_and_sending_wait_and_count_once(
    given: Entrusted, covered: list[Person], now: datetime, client_of: Sign
) -> None:
    """Replayed, with other content, from two phones, and after the claim was sent."""
    phone, other = (client_of(given.holder) for _phone in range(2))
    start = phone.post(f"/member/for/{given.key}/claims/start/maternity/", {"key": uuid.uuid4()})
    address = str(start["Location"])
    papers = answer_all(
        phone,
        str(phone.get(address)["Location"]),
        now.date(),
        pregnancy_months="9",
        children="1",
        leave_days="105",
    )
    question, first = f"{address}question/children/", uuid.uuid4()
    for key, number in ((first, "1"), (uuid.uuid4(), "2"), (first, "1")):
        assert bring(phone, question, {"q-children": number}, key).json()["state"] == "sent"
    assert bring(phone, question, {"q-children": "3"}, first).status_code == 409
    assert Claim.objects.get().told["children"] == 2
    paper, fields = uuid.uuid4(), {"kind": "birth", "paper_key": uuid.uuid4()}
    for one in (phone, other):
        assert bring(one, f"{address}papers/", fields | {"photo": photo()}, paper).json()["state"] == "sent"
    assert Evidence.objects.count() == 1 and papers
    assert [bring(one, address, {}).json()["state"] for one in (phone, other)] == ["sent", "sent"]
    assert done("claim.lodge") == 1
    late = bring(phone, question, {"q-children": "1"}).json()
    assert late["state"] == "refused" and late["says"]
    assert Claim.objects.get().told["children"] == 2


def test_abuse_A14_what_a_helper_wrote_is_not_taken_after_the_mandate_ended_and_he_is_told(
    given: Entrusted, covered: list[Person], now: datetime, client_of: Sign, as_actor: Callable[..., Actor],
    workers: list[Person],
) -> None:  # fmt: skip
    phone = client_of(given.holder)
    phone.cookies["django_language"] = "en"
    start = phone.post(f"/member/for/{given.key}/claims/start/maternity/", {"key": uuid.uuid4()})
    address, before = str(start["Location"]), Claim.objects.get().told
    entrust.end(as_actor(given.owner.account), given.key)
    for where in (address, f"{address}question/children/", f"/member/for/{given.key}/2026-03/wrong/"):
        late = bring(phone, where, {"q-children": "3"}).json()
        assert (late["state"], late["url"]) == ("refused", "/member/helpers/")
        assert late["says"]
        assert phone.get(where).status_code in (404, 405)
        stranger = client_of(member_account(workers[6], now))
        assert bring(stranger, where, {"q-children": "3"}).status_code == 404
    claim = Claim.objects.get()
    assert (claim.state, claim.told) == ("draft", before) and not Submission.objects.exists()
