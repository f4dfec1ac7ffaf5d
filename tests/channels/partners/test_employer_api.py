"""The interface for payroll software: prepared and handed over by a program, approved by a person, each act once."""

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from pakan.operations import apikeys, collect, declare, enrol, invite, reconcile, steps
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, ApiKey, ApiToken, AuditRow, Mandate
from pakan.registers.access.roles import Role
from pakan.registers.contributions.models import Declaration, Sheet
from pakan.registers.contributions.queries import obligation
from pakan.registers.payments.models import Notice, Receipt
from pakan.registers.people.models import Employer, Person
from pakan.registers.submissions.models import Submission
from pakan.units.month import Month
from tests.channels.partners.bank_hall import Hall, work
from tests.channels.partners.conftest import open_with_mandate
from tests.channels.partners.payroll import ROOT, Software, key_for, lines

pytestmark = pytest.mark.django_db
Act = Callable[..., Actor]


def prepared(software: Software, month: Month, workers: list[Person], key: str = "", **more: Any) -> Any:
    return software.send("declarations", {"month": str(month), "lines": lines(workers)} | more, key)


def approved(sheet_key: str, approver: Actor) -> Declaration:
    sheet = Sheet.objects.select_related("employer").get(key=sheet_key)
    return declare.approve(approver, sheet, sheet.revision)


def assert_proven() -> None:
    assert {one.invariant: one.examples for one in reconcile.prove() if not one.holds} == {}


# The whole way


def test_a_month_is_prepared_by_software_approved_by_a_person_and_paid(
    software: Software, open_month: Month, workers: list[Person], factory: Employer, approver: Account, as_actor: Act,
    hall: Hall,
) -> None:  # fmt: skip
    made = prepared(software, open_month, workers)
    assert made.status_code == 201, made.content
    told = made.json()
    assert told["state"] == "preparing" and told["errors"] == told["questions"] == told["missing_count"] == 0
    assert told["totals"]["workers"] == 12 and told["totals"]["total"] == 12 * 345_000
    assert made.headers["Location"] == f"{ROOT}declarations/{told['id']}"

    handed = software.send(f"declarations/{told['id']}/hand-over", {"revision": told["revision"]})
    assert handed.status_code == 200 and handed.json()["state"] == "waiting_for_approval"
    assert "approval" in handed.json()["says"]["en"] and handed.json()["accepted"] is None
    assert Declaration.objects.count() == 0, "a key never approves"

    signed = approved(told["id"], as_actor(approver))
    seen = software.ask(f"declarations/{told['id']}").json()
    assert seen["state"] == "approved" and seen["accepted"]["incoming_number"] == signed.incoming_number

    asked = software.send("notices", {"months": [str(open_month)]})
    assert asked.status_code == 201, asked.content
    notice = asked.json()
    assert notice["amount"] == 12 * 345_000 and notice["qr"] and notice["reference"].startswith("RF")
    assert software.ask("notices").json()["notices"][0]["number"] == notice["number"]

    hall.tells(hall.notice(hall.pays(notice["amount"], notice["reference"])))
    work()
    [receipt] = software.ask("receipts").json()["receipts"]
    assert receipt["amount"] == notice["amount"] and receipt["notice"] == notice["number"]
    [row] = software.ask("statement").json()["months"]
    assert row["state"] == "paid" and row["open"] == 0 and row["receipts"] == [receipt["number"]]
    assert_proven()


def test_a_client_that_retries_everything_twice_does_nothing_double(
    software: Software, open_month: Month, workers: list[Person], factory: Employer, approver: Account, as_actor: Act,
    hall: Hall,
) -> None:  # fmt: skip
    """And still once after the month is paid: the first answers come back, word for word."""
    first = prepared(software, open_month, workers, "october-lines")
    hand = {"revision": first.json()["revision"]}
    path = f"declarations/{first.json()['id']}/hand-over"
    calls: list[tuple[str, Any, str, Any]] = [
        ("declarations", {"month": str(open_month), "lines": lines(workers)}, "october-lines", first)
    ]
    calls.append((path, hand, "october-hand", software.send(path, hand, "october-hand")))
    approved(first.json()["id"], as_actor(approver))
    ask = {"months": [str(open_month)]}
    calls.append(("notices", ask, "october-bill", software.send("notices", ask, "october-bill")))
    hook = {"url": "https://payroll.example.com/hook", "events": ["receipt.issued"]}
    calls.append(("webhooks", hook, "hook-once", software.send("webhooks", hook, "hook-once")))
    hall.tells(hall.notice(hall.pays(calls[2][3].json()["amount"], calls[2][3].json()["reference"])))
    work()
    before = counts()

    for path, body, key, answer in calls + calls:
        again = software.send(path, body, key)
        assert (again.status_code, again.content) == (answer.status_code, answer.content), path

    assert counts() == before
    assert (Sheet.objects.count(), Declaration.objects.count(), Notice.objects.count(), Receipt.objects.count()) == (
        1, 1, 1, 1,
    )  # fmt: skip
    assert Submission.objects.count() == 4
    debt = obligation(factory, open_month)
    assert debt is not None and debt.open == 0 and debt.settled == 12 * 345_000
    assert_proven()


def counts() -> dict[str, int]:
    tables = ("contributions_sheet", "contributions_declaration", "payments_notice", "payments_receipt",
              "ledger_posting", "submissions_submission", "webhooks_endpoint", "webhooks_event",
              "documents_document")  # fmt: skip
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def test_the_same_key_with_other_content_is_refused(
    software: Software, open_month: Month, workers: list[Person]
) -> None:
    prepared(software, open_month, workers, "october-lines")
    other = prepared(software, open_month, workers[:3], "october-lines")
    assert other.status_code == 409 and other.json()["code"] == "other_content"
    assert Sheet.objects.count() == 1


def test_another_key_of_the_company_continues_what_the_first_one_sent(
    software: Software,
    open_month: Month,
    workers: list[Person],
    factory: Employer,
    system: Actor,
    as_actor: Act,
) -> None:
    """A renewed key, made by another administrator: the same content is the same declaration."""
    second = open_with_mandate(system, "second@example.la", factory)
    other = key_for(as_actor(second), factory)[1]
    one, two = (prepared(each, open_month, workers, "october-lines").json() for each in (software, other))
    assert one["id"] == two["id"] and Sheet.objects.count() == 1


# Rows


def test_every_rows_problem_is_told_at_once_where_it_is_and_what_to_do(
    software: Software, open_month: Month, workers: list[Person]
) -> None:
    sent = lines(workers[:10])
    sent[1]["number"] = "#?!"
    sent[2]["wage"] = 100_000
    sent[3]["name"] = "ຄົນ ອື່ນ"
    sent.append(dict(sent[0]))
    made = software.send("declarations", {"month": str(open_month), "lines": sent})
    told = software.ask(f"declarations/{made.json()['id']}").json()
    found = {(one["pointer"], one["code"]): one for one in told["problems"]}
    assert {
        ("/lines/1/number", "number_malformed"), ("/lines/2/wage", "under_half_floor"), ("/lines/3/name", "name_differs"),
        ("/lines/10", "twice"),
    } <= set(found)  # fmt: skip
    for one in found.values():
        assert one["says"]["lo"] != one["says"]["en"] and one["says"]["en"].endswith(".")
    assert (
        told["missing_count"] == len(told["missing"]) == 4
    )  # two were left out, of two we do not know who is meant
    assert told["errors"] == 2 and told["questions"] == 2
    refused = software.send(f"declarations/{told['id']}/hand-over", {"revision": told["revision"]})
    assert refused.status_code == 409 and refused.json()["code"] == "not_ready"


def test_software_answers_what_it_knows_and_hands_over_in_one_step(
    software: Software, open_month: Month, workers: list[Person]
) -> None:
    sent = lines(workers[:10])
    sent[2] |= {"wage": 1_500_000, "answers": [{"question": "under_floor", "reason": "part_time"}]}
    gone = [
        {"number": workers[10].number, "kind": "leave"},
        {"number": workers[11].number, "kind": "left", "on": str(open_month.first)},
    ]
    body = {"month": str(open_month), "lines": sent, "absences": gone, "hand_over": True}
    told = software.send("declarations", body).json()
    assert told["state"] == "waiting_for_approval", told
    [note] = [one for one in told["problems"] if one["code"] == "under_floor"]
    assert note["level"] == "note" and "part-time" in note["says"]["en"]


def test_what_software_cannot_know_is_refused_place_by_place(
    software: Software, open_month: Month, workers: list[Person]
) -> None:
    sent = lines(workers[:2])
    sent[1]["answers"] = [{"question": "under_floor", "reason": " "}]
    gone = [{"number": "9999999999", "kind": "leave"}, {"number": workers[5].number, "kind": "left"}]
    refused = software.send("declarations", {"month": str(open_month), "lines": sent, "absences": gone})
    assert refused.status_code == 422
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("/absences/0/number", "nobody_here"), ("/absences/1/on", "left_day_needed"), ("/lines/1/answers", "reason_needed"),
    ]  # fmt: skip
    assert Sheet.objects.count() == 0
    future = software.send("declarations", {"month": str(open_month + 3), "lines": lines(workers)})
    assert [(one["pointer"], one["code"]) for one in future.json()["errors"]] == [("/month", "future")]


def test_nobody_can_smuggle_a_new_worker_in_by_an_answer(
    software: Software, open_month: Month, workers: list[Person], other_factory: Employer
) -> None:
    """'new' beside `joins` is what our own registering writes (form 1-02)."""
    stranger = Person.objects.filter(employments__employer=other_factory).order_by("id")[0]
    answers = [{"question": "joins", "reason": "new"}]
    sent = [*lines(workers), lines([stranger])[0] | {"name": "", "answers": answers}]
    told = software.send("declarations", {"month": str(open_month), "lines": sent}).json()
    sheet = Sheet.objects.get(key=told["id"])
    assert sheet.lines.get(row=13).confirmed == {"joins": ""}


def test_a_month_in_which_nobody_worked(software: Software, open_month: Month) -> None:
    empty = software.send("declarations", {"month": str(open_month)})
    assert empty.status_code == 422 and empty.json()["errors"][0]["code"] == "lines_needed"
    nobody = software.send("declarations", {"month": str(open_month), "nobody_worked": True})
    assert nobody.status_code == 201 and nobody.json()["totals"]["workers"] == 0


def test_the_same_file_that_the_pages_take(
    software: Software, open_month: Month, factory: Employer, workers: list[Person]
) -> None:
    content = declare.template_file(factory, open_month, "en")
    made = software.upload(str(open_month), "wages.xlsx", content, "file-once")
    assert made.status_code == 201, made.content
    told = made.json()
    assert told["state"] == "columns_needed"
    sheet = Sheet.objects.get(key=told["id"])
    letters = {
        name: text
        for name, text in (sheet.layout or {})["columns"].items()
        if name in ("number", "name", "wage")
    }
    confirmed = software.send(f"declarations/{told['id']}/columns", letters, "columns-once")
    assert confirmed.status_code == 200, confirmed.content
    seen = confirmed.json()
    assert seen["state"] == "preparing" and {one["code"] for one in seen["problems"]} == {"wage_empty"}
    assert all(one["pointer"] is None and one["cell"] for one in seen["problems"])
    again = software.upload(str(open_month), "wages.xlsx", content, "file-once")
    assert again.content == made.content and Sheet.objects.count() == 1
    refused = software.upload(str(open_month), "wages.xlsx", b"no workbook")
    assert refused.status_code == 422 and refused.json()["errors"][0]["pointer"] == "/file"


# Shapes


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "not_json"),
        ('{"month": "2026-10", "month": "2026-09"}', 400, "repeated"),
        ('{"month": "2026-10", "lines": [{"number": "1", "number": "2", "wage": 1}]}', 400, "repeated"),
        ('{"month": NaN}', 400, "not_json"),
        ('{"month": "\\ud800"}', 400, "not_json"),
        ("[" * 3000, 400, "not_json"),
        (b"\xff\xfe", 400, "not_json"),
        ("[]", 422, "wrong"),
        ('{"month": "2026-13", "lines": []}', 422, "wrong"),
    ],
)
def test_what_cannot_be_read_is_said_so(software: Software, body: Any, status: int, code: str) -> None:
    answer = software.send("declarations", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"].count("no-store") and answer.json()["says"]["lo"]


def test_abuse_A15_extra_fields_are_refused_and_change_nothing(
    software: Software, open_month: Month, workers: list[Person]
) -> None:
    before = counts()
    for path, body in (
        ("declarations", {"month": str(open_month), "lines": lines(workers), "state": "approved"}),
        ("declarations", {"month": str(open_month), "lines": [lines(workers)[0] | {"person_id": 1}]}),
        ("notices", {"months": [str(open_month)], "amount": 1}),
        ("webhooks", {"url": "https://a.example.com/", "events": ["notice.paid"], "employer": "0777702"}),
    ):
        refused = software.send(path, body)
        assert refused.status_code == 422, path
        assert [one["code"] for one in refused.json()["errors"]] == ["extra_forbidden"]
    assert counts() == before


def test_money_is_whole_kip_and_text_is_plain(
    software: Software, open_month: Month, workers: list[Person]
) -> None:
    number = workers[0].number
    sent = [
        {"number": number, "wage": 2_500_000.5}, {"number": number, "wage": "2500000"}, {"number": number, "wage": -1},
        {"number": number, "wage": 10**13}, {"number": number, "wage": True}, {"number": f"{number}\u0000", "wage": 1},
        {"number": number, "name": "a\u202eb", "wage": 1}, {"number": number, "name": "x" * 251, "wage": 1},
    ]  # fmt: skip
    refused = software.send("declarations", {"month": str(open_month), "lines": sent})
    assert refused.status_code == 422
    places = {one["pointer"].split("/")[2] for one in refused.json()["errors"]}
    assert places == {str(place) for place in range(len(sent))}


def test_other_kinds_methods_and_addresses_are_problems_too(software: Software) -> None:
    headers = software.headers("")
    kind = software.client.post(ROOT + "notices", "<a/>", content_type="application/xml", headers=headers)
    assert kind.status_code == 415
    method = software.client.put(ROOT + "employees", headers=headers)
    assert method.status_code == 405 and method.headers["Allow"]
    assert software.ask("nothing/here").status_code == 404
    assert software.ask("employees?limit=1&limit=2").status_code == 400
    assert software.ask("employees?cursor=x").status_code == 422
    without = software.client.post(
        ROOT + "notices",
        "{}",
        content_type="application/json",
        headers={"Authorization": f"Bearer {software.text}"},
    )
    assert without.status_code == 422
    large = software.send("declarations", '{"month": "' + "x" * 1_100_000 + '"}')
    assert large.status_code == 413
    for answer in (kind, method, without, large):
        assert answer.headers["Content-Type"] == "application/problem+json" and answer.json()["says"]["lo"]


def test_pages_by_cursor_hold_everybody_once(software: Software, workers: list[Person]) -> None:
    found, cursor = [], ""
    while cursor is not None:
        page = software.ask(f"employees?limit=5&cursor={cursor}").json()
        found += [one["number"] for one in page["employees"]]
        cursor = page["next"]
    assert sorted(found) == [one.number for one in workers] and len(found) == 12


# Keys


def test_the_secret_is_nowhere_in_the_database(software: Software) -> None:
    secret = software.text.split(".")[1]
    kept = ApiKey.objects.get()
    assert len(base64.urlsafe_b64decode(secret + "=")) == 32
    row = json.dumps(ApiKey.objects.filter(id=kept.id).values().get(), default=str)
    assert secret not in row and kept.prefix in software.text


def test_no_key_a_wrong_key_an_expired_and_a_revoked_one(
    software: Software, administrator: Account, factory: Employer, now: datetime, as_actor: Act
) -> None:
    assert software.ask("employees").status_code == 200
    nobody = Client().get(ROOT + "employees")
    assert nobody.status_code == 401 and nobody.headers["WWW-Authenticate"].startswith("Bearer")
    for wrong in (
        "",
        "x",
        software.text[:-1],
        software.text + "x",
        "tok_" + "a" * 43,
        "live_00.x",
        "ກ",
        "\xff",
    ):
        answer = Client().get(ROOT + "employees", headers={"Authorization": f"Bearer {wrong}"})
        assert answer.status_code == 401, wrong
    kept = ApiKey.objects.get()
    ApiKey.objects.update(made_at=now - timedelta(days=9), expires_at=now - timedelta(seconds=1))
    assert software.ask("employees").json()["code"] == "expired"
    ApiKey.objects.update(expires_at=now + timedelta(days=1))
    token = software.client.post(
        ROOT + "token",
        {
            "grant_type": "client_credentials",
            "client_id": kept.prefix,
            "client_secret": software.text.split(".")[1],
        },
    ).json()["access_token"]
    assert apikeys.revoke(as_actor(administrator), factory, kept.id)
    assert software.ask("employees").json()["code"] == "revoked"
    assert Software(token).ask("employees").status_code == 401, "its tokens end with it"


def test_abuse_A14_a_narrowed_key_does_only_what_is_left(
    administrator: Account, factory: Employer, open_month: Month, workers: list[Person], as_actor: Act
) -> None:
    narrow = key_for(as_actor(administrator), factory, ["employees:read"])[1]
    assert narrow.ask("employees").status_code == 200
    before = counts()
    refused = [
        prepared(narrow, open_month, workers), narrow.ask("statement"), narrow.ask("receipts"), narrow.ask("notices"),
        narrow.ask("declarations/x"), narrow.ask("webhooks"), narrow.ask("events"), narrow.drop("webhooks/x"),
        narrow.send("notices", {"months": [str(open_month)]}),
        narrow.send("webhooks", {"url": "https://a.example.com/", "events": ["notice.paid"]}),
    ]  # fmt: skip
    assert [one.status_code for one in refused] == [403] * len(refused)
    assert counts() == before


def test_abuse_A14_a_key_ends_with_the_mandate_of_who_made_it(
    software: Software, administrator: Account, factory: Employer, system: Actor, as_actor: Act, now: datetime
) -> None:
    other = open_with_mandate(system, "second@example.la", factory)
    invite.end(as_actor(other, now + timedelta(seconds=1)), factory, administrator.id)
    assert Mandate.objects.filter(account=administrator, end=None).count() == 0
    Mandate.objects.filter(account=administrator).update(end=now)
    assert software.ask("employees").json()["code"] == "maker_left"


def test_abuse_A13_another_companys_papers_are_not_there(
    software: Software,
    open_month: Month,
    workers: list[Person],
    other_factory: Employer,
    system: Actor,
    as_actor: Act,
) -> None:
    """With a key of another company every address answers as if nothing were there, and lists are empty."""
    told = prepared(software, open_month, workers).json()
    hook = {"url": "https://payroll.example.com/hook", "events": ["receipt.issued"]}
    endpoint = software.send("webhooks", hook).json()["id"]
    stranger = key_for(as_actor(open_with_mandate(system, "x@example.la", other_factory)), other_factory)[1]
    before = counts()
    for answer in (
        stranger.ask(f"declarations/{told['id']}"),
        stranger.send(f"declarations/{told['id']}/hand-over", {"revision": told["revision"]}),
        stranger.send(f"declarations/{told['id']}/columns", {"number": "A", "wage": "B"}),
        stranger.drop(f"webhooks/{endpoint}"),
    ):
        assert answer.status_code == 404 and answer.json()["code"] == "not_found"
    assert stranger.ask("notices").json()["notices"] == stranger.ask("events").json()["events"] == []
    assert stranger.ask("webhooks").json()["webhooks"] == []
    ours = {one.number for one in workers}
    assert not ours & {one["number"] for one in stranger.ask("employees").json()["employees"]}
    assert counts() == before


def test_who_made_the_key_cannot_approve_alone_what_it_handed_over(
    software: Software, administrator: Account, approver: Account, factory: Employer, open_month: Month,
    workers: list[Person], as_actor: Act, system: Actor,
) -> None:  # fmt: skip
    """C84: the key is its maker's hand."""
    told = prepared(software, open_month, workers, hand_over=True).json()
    enrol.mandate(system, factory, administrator, Role.EMPLOYER_APPROVER)
    with pytest.raises(declare.SecondPersonNeeded):
        approved(told["id"], as_actor(administrator, system.at + timedelta(seconds=1)))
    assert approved(told["id"], as_actor(approver)).workers == 12


def test_a_token_lives_ten_minutes_and_can_do_less(
    software: Software, administrator: Account, factory: Employer, now: datetime
) -> None:
    client, secret = software.text.split(".")
    asked = {"grant_type": "client_credentials", "scope": "employees:read"}
    basic = base64.b64encode(software.text.replace(".", ":").encode()).decode()
    given = software.client.post(ROOT + "token", asked, headers={"Authorization": f"Basic {basic}"})
    assert given.status_code == 200 and given.json()["expires_in"] == 600
    assert given.headers["Cache-Control"].count("no-store")
    holder = Software(given.json()["access_token"])
    assert holder.ask("employees").status_code == 200 and holder.ask("statement").status_code == 403
    ApiToken.objects.update(expires_at=now - timedelta(seconds=1))
    assert holder.ask("employees").status_code == 401
    assert AuditRow.objects.filter(act="apikeys.token").count() == 1
    pair = {"client_id": client, "client_secret": secret}
    for wrong, error in (
        (asked | {"client_id": client, "client_secret": "x"}, "invalid_client"),
        (pair | {"grant_type": "password"}, "unsupported_grant_type"),
        (pair | {"grant_type": "client_credentials", "scope": "declare.approve"}, "invalid_scope"),
    ):
        refused = software.client.post(ROOT + "token", wrong)
        assert refused.status_code in (401, 422) and refused.json()["error"] == error


def test_abuse_A32_a_key_has_its_quota_and_guessing_has_its_own(
    software: Software, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apikeys, "USE", 3)
    answers = [software.ask("employees") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[3].headers["Retry-After"]) <= 300 and "seconds" in answers[3].json()["says"]["en"]
    guessed = [Software(f"live_0123456789abcdef.{n:043d}").ask("employees").status_code for n in range(31)]
    assert guessed == [401] * 30 + [429]


# Practice


def test_a_practice_key_answers_the_same_and_writes_nothing(
    administrator: Account, factory: Employer, open_month: Month, workers: list[Person], as_actor: Act, software: Software,
) -> None:  # fmt: skip
    practice = key_for(as_actor(administrator), factory, practice=True)[1]
    assert practice.text.startswith("test_") and software.text.startswith("live_")
    before, audit = counts(), AuditRow.objects.count()
    told = prepared(practice, open_month, workers, hand_over=True)
    assert (
        told.status_code == 201 and told.json()["practice"] and told.json()["state"] == "waiting_for_approval"
    )
    content = declare.template_file(factory, open_month, "en")
    assert practice.upload(str(open_month), "wages.xlsx", content).json()["practice"]
    hook = {"url": "https://payroll.example.com/hook", "events": ["receipt.issued"]}
    assert practice.send("webhooks", hook).json()["practice"]
    assert counts() == before and AuditRow.objects.count() == audit
    assert practice.ask(f"declarations/{told.json()['id']}").status_code == 404
    real = prepared(software, open_month, workers, hand_over=True).json()
    same = {name: real[name] for name in ("state", "totals", "errors", "questions", "problems", "missing")}
    assert {name: told.json()[name] for name in same} == same


def test_a_practice_notice_cannot_be_paid(
    administrator: Account, approver: Account, factory: Employer, open_month: Month, workers: list[Person], as_actor: Act,
    software: Software,
) -> None:  # fmt: skip
    told = prepared(software, open_month, workers, hand_over=True).json()
    practice = key_for(as_actor(administrator), factory, practice=True)[1]
    nothing = practice.send("notices", {"months": [str(open_month)]})
    assert nothing.status_code == 409 and nothing.json()["code"] == "nothing_to_pay"
    approved(told["id"], as_actor(approver))
    notice = practice.send("notices", {"months": [str(open_month)]}).json()
    assert notice["state"] == "practice" and notice["qr"] is None and notice["amount"] == 12 * 345_000
    assert Notice.objects.count() == 0


def test_the_bank_is_silent_and_nothing_is_kept(
    software: Software,
    approver: Account,
    open_month: Month,
    workers: list[Person],
    as_actor: Act,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def silence(*_: object) -> None:
        raise collect.BankUnreachable

    told = prepared(software, open_month, workers, hand_over=True).json()
    approved(told["id"], as_actor(approver))
    monkeypatch.setattr(steps, "ask_for_code", silence)
    silent = software.send("notices", {"months": [str(open_month)]}, "october-bill")
    assert silent.status_code == 503 and silent.headers["Retry-After"] == "60"
    assert not Submission.objects.filter(location__contains="notices").exists()
