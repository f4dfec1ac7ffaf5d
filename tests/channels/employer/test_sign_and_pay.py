"""The second person, the bill, and the receipt: what an approver and the bank bring about on the pages."""

from collections.abc import Callable
from typing import Any, Literal

import pytest

from pakan.integrations.formats.letter import render
from pakan.operations import collect, declare, enrol, steps
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.contributions.models import Declaration, Obligation, Sheet
from pakan.registers.contributions.queries import latest_declaration, obligation
from pakan.registers.payments.models import Notice, Receipt
from pakan.registers.payments.queries import open_notice
from pakan.registers.people.models import Person
from tests.channels.employer.conftest import Desk, rows_of, said, wage_file

Tell = Callable[..., Receipt]


def handed_over(kham: Desk) -> Sheet:
    kham.send("", way="last", key="same")
    kham.send("hand-over/", sheet=kham.sheet.id, revision=kham.sheet.revision)
    return kham.sheet


def notice_of(desk: Desk) -> Notice:
    found = open_notice(desk.employer, desk.month)
    assert found is not None
    return found


class Drawn:
    """The printer, which remembers what it was told."""

    def __init__(self) -> None:
        self.forms: list[dict[str, Any]] = []

    def __call__(self, name: Literal["form_2_01"], form: Any) -> bytes:
        self.forms.append(form)
        return render(name, form)


def declared_by(desk: Desk) -> Declaration:
    found = latest_declaration(desk.employer, desk.month)
    assert found is not None
    return found


def debt_of(desk: Desk) -> Obligation:
    found = obligation(desk.employer, desk.month)
    assert found is not None
    return found


def test_an_approver_sees_what_changed_and_signs_it(
    kham: Desk, noy: Desk, last_month: Declaration, workers: list[Person]
) -> None:
    rows = rows_of(workers[1:])
    rows[0] = (rows[0][0], rows[0][1], "3400000")
    kham.upload(wage_file(rows))
    kham.mend(f"leave:{workers[0].id}:")
    page = kham.send("hand-over/", sheet=kham.sheet.id, revision=kham.sheet.revision)
    assert "It waits for a second person." in page and "Approve and go to payment" not in page
    page = noy.look("approve/")
    assert "3,400,000" in page and "1 worker not in it any more" in page and "on leave without pay" in page
    assert "How is this worked out?" in page and "6 %" in page
    page = noy.send("approve/", do="approve", revision=noy.sheet.revision)
    notice = notice_of(noy)
    assert f"{notice.reference[:4]} {notice.reference[4:8]}" in page
    assert "data:image/svg+xml;base64," in page and "waiting for the bank" in page


def test_a_sheet_with_open_questions_is_not_handed_over(
    kham: Desk, last_month: Declaration, workers: list[Person]
) -> None:
    kham.upload(wage_file(rows_of(workers[1:])))
    page = kham.send("hand-over/", sheet=kham.sheet.id, revision=kham.sheet.revision)
    assert "Some rows still need an answer." in page
    assert kham.sheet.state == Sheet.State.OPEN


def test_an_old_page_hands_nothing_over(kham: Desk, last_month: Declaration) -> None:
    kham.send("", way="last", key="same")
    page = kham.send("hand-over/", sheet=kham.sheet.id, revision=kham.sheet.revision - 1)
    assert "Somebody changed this month since you opened the page." in page


def test_the_approver_sends_it_back(kham: Desk, noy: Desk, last_month: Declaration) -> None:
    handed_over(kham)
    noy.send("approve/", do="send_back")
    assert kham.sheet.state == Sheet.State.OPEN
    assert "Hand over for approval" in kham.look("check/")


def test_the_approvers_page_open_twice(kham: Desk, noy: Desk, last_month: Declaration) -> None:
    revision = handed_over(kham).revision
    kham.send("approve/", do="send_back")
    kham.send("hand-over/", sheet=kham.sheet.id, revision=kham.sheet.revision)
    page = noy.send("approve/", do="approve", revision=revision)
    assert "Somebody changed this month since you opened the page." in page
    assert not Declaration.objects.filter(month=noy.month).exists()
    revision = noy.sheet.revision
    noy.send("approve/", do="approve", revision=revision)
    answer = noy.client.post(noy.at("approve/"), {"do": "approve", "revision": revision})
    assert answer["Location"] == noy.at("pay/")
    assert Declaration.objects.filter(month=noy.month).count() == 1


def test_a_preparer_cannot_approve(kham: Desk, last_month: Declaration) -> None:
    revision = handed_over(kham).revision
    assert kham.client.post(kham.at("approve/"), {"do": "approve", "revision": revision}).status_code == 403
    assert kham.sheet.state == Sheet.State.HANDED_OVER


def test_who_prepared_and_may_approve_needs_a_second_person(
    kham: Desk, last_month: Declaration, preparer: Account, system: Actor
) -> None:
    enrol.mandate(system, kham.employer, preparer, Role.EMPLOYER_APPROVER)
    revision = handed_over(kham).revision
    assert "Approve and go to payment" not in kham.look("approve/")
    page = kham.send("approve/", do="approve", revision=revision)
    assert "A second person must approve." in page


def test_a_company_of_one_person_may_sign_alone(
    at_desk: Callable[[Account], Desk], last_month: Declaration, preparer: Account, system: Actor
) -> None:
    alone = at_desk(preparer)
    enrol.mandate(system, alone.employer, preparer, Role.EMPLOYER_APPROVER)
    alone.employer.one_person_may_approve = True
    alone.employer.save()
    alone.send("", way="last", key="same")
    assert "Confirm and go on to sign" in alone.look("check/")
    page = alone.send("hand-over/", sheet=alone.sheet.id, revision=alone.sheet.revision)
    assert "Approve and go to payment" in page
    assert "waiting for the bank" in alone.send("approve/", do="approve", revision=alone.sheet.revision)


def test_the_page_turns_to_paid_by_itself(kham: Desk, declared: Declaration, bank_tells: Tell) -> None:
    page = kham.look("pay/")
    state = page.split('hx-get="')[1].split('"')[0]
    assert kham.client.get(state).status_code == 204
    receipt = bank_tells(notice_of(kham), debt_of(kham).owed)
    answer = kham.client.get(state)
    part = answer.content.decode()
    assert answer.status_code == 200 and "<html" not in part
    assert f"Receipt {receipt.number} (PDF)" in part and "hx-get" not in part
    assert "The month stands on the record of every worker." in kham.look("pay/")


def test_a_part_payment_says_what_is_open(kham: Desk, declared: Declaration, bank_tells: Tell) -> None:
    bank_tells(notice_of(kham), 1_000_000)
    left = debt_of(kham).owed - 1_000_000
    page = said(kham.look("pay/"))
    assert f"Paid in part: 1,000,000 kip. Still open: {left:,} kip." in page
    assert "paid in part" in kham.client.get(f"/employer/{kham.employer.code}/").content.decode()


def test_several_months_in_one_notice(kham: Desk, declared: Declaration) -> None:
    before = kham.month - 1
    assert f'name="months" value="{before}"' in kham.look("pay/")
    page = kham.send("pay/", months=[str(before), "no month"])
    notice = notice_of(kham)
    assert {line.month for line in notice.lines.all()} == {before, kham.month}
    assert f"Pay {notice.amount:,} kip" in said(page)


def test_a_correction_after_payment_keeps_the_rest_as_credit(
    kham: Desk, noy: Desk, declared: Declaration, bank_tells: Tell
) -> None:
    bank_tells(notice_of(kham), debt_of(kham).owed)
    assert "Begin a correction" in kham.look("correct/")
    page = kham.send("correct/", key="fix")
    assert "Correction of what was declared, 12 rows" in page
    kham.mend("wage:1:2600000")
    kham.send("hand-over/", sheet=kham.sheet.id, revision=kham.sheet.revision)
    page = noy.look("approve/")
    assert "What the correction changes" in page and "46,000 kip were paid too much" in said(page)
    noy.send("approve/", do="approve", revision=noy.sheet.revision)
    assert debt_of(kham).declaration.version == 2
    overview = kham.client.get(f"/employer/{kham.employer.code}/").content.decode()
    assert "46,000 kip" in overview and "corrected" in overview
    assert "−46,000" in kham.look("correct/")


def test_papers_open_and_have_safe_names(kham: Desk, declared: Declaration, bank_tells: Tell) -> None:
    receipt = bank_tells(notice_of(kham), debt_of(kham).owed)
    month, code = kham.month, kham.employer.code
    for address, name in (
        (kham.at("form/"), f"form-2-01-{code}-{month}-v1.pdf"),
        (kham.at("notice/"), f"notice-{receipt.notice.number if receipt.notice else ''}.pdf"),
        (f"/employer/{code}/receipt/{receipt.number}/", f"receipt-{receipt.number}.pdf"),
    ):
        answer = kham.client.get(address)
        assert answer.content.startswith(b"%PDF")
        assert answer["Content-Type"] == "application/pdf" and answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"] == f'inline; filename="{name}"'


def test_the_statement_shows_owed_paid_and_receipts(
    kham: Desk, declared: Declaration, bank_tells: Tell
) -> None:
    receipt = bank_tells(notice_of(kham), debt_of(kham).owed)
    page = kham.client.get(f"/employer/{kham.employer.code}/statement/").content.decode()
    assert receipt.number in page and f"{debt_of(kham).owed:,}" in page
    open_before = still_open(kham)
    assert f"₭ {open_before:,}" in page


def still_open(desk: Desk) -> int:
    return sum(debt.open for debt in Obligation.objects.filter(employer=desk.employer))


def test_a_nil_month_is_declared_with_nothing_to_pay(kham: Desk, noy: Desk, workers: list[Person]) -> None:
    kham.send("", way="nobody", key="nil")
    kham.send("hand-over/", sheet=kham.sheet.id, revision=kham.sheet.revision)
    page = noy.send("approve/", do="approve", revision=noy.sheet.revision)
    assert "Declared. Nothing is to pay for this month." in page
    assert declare.form_pdf(debt_of(kham).declaration).startswith(b"%PDF")


def test_the_form_is_there_before_it_is_signed(
    kham: Desk, noy: Desk, last_month: Declaration, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_over(kham)
    assert noy.at("form/draft/") in noy.look("approve/")
    drawn = Drawn()
    monkeypatch.setattr("pakan.operations.declare.preview.render", drawn)
    answer = noy.client.get(noy.at("form/draft/"))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    [draft] = drawn.forms
    assert draft["draft"] and draft["incoming_number"] == draft["signed_on"] == draft["owner"] == ""
    assert noy.sheet.state == Sheet.State.HANDED_OVER
    monkeypatch.setattr("pakan.operations.declare.papers.render", drawn)
    noy.send("approve/", do="approve", revision=noy.sheet.revision)
    declare.form_pdf(declared_by(noy))
    signed = drawn.forms[1]
    given = {"incoming_number", "received_on", "signed_on", "owner", "draft"}
    assert {key: draft[key] for key in draft.keys() - given} == {
        key: signed[key] for key in signed.keys() - given
    }


def test_a_draft_of_a_paid_month_shows_the_difference(
    kham: Desk,
    noy: Desk,
    declared: Declaration,
    workers: list[Person],
    bank_tells: Tell,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bank_tells(notice_of(noy), debt_of(noy).owed)
    kham.send("correct/", key="again")
    line = kham.sheet.lines.order_by("row").first()
    assert line is not None
    kham.mend("save", **{f"wage-{line.row}": "3.100.000", f"was-wage-{line.row}": "3,000,000"})
    kham.send("hand-over/", sheet=kham.sheet.id, revision=kham.sheet.revision)
    drawn = Drawn()
    monkeypatch.setattr("pakan.operations.declare.preview.render", drawn)
    declare.form_preview(kham.sheet)
    [draft] = drawn.forms
    assert draft["deduct"] == declared.employer_share + declared.worker_share
    assert draft["employer_total"] + draft["worker_total"] - draft["deduct"] == 11_500


def test_no_draft_of_what_is_not_handed_over(kham: Desk, last_month: Declaration) -> None:
    kham.look("form/draft/", 404)
    kham.send("", way="last", key="same")
    kham.look("form/draft/", 404)


def test_a_bank_that_does_not_answer_loses_no_declaration(
    kham: Desk, noy: Desk, last_month: Declaration, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Silent:
        def ask_for_code(self, order: object) -> None:
            raise collect.BankUnreachable

    handed_over(kham)
    with monkeypatch.context() as silence:
        silence.setattr(steps, "bank", lambda name: Silent())
        page = noy.send("approve/", do="approve", revision=noy.sheet.revision)
        assert "The bank does not answer. Your declaration is safe." in page
        assert "Make the payment notice" in page and debt_of(noy).open
        assert "The bank does not answer." in noy.send("pay/")
    noy.send("pay/")
    assert notice_of(noy).amount == debt_of(noy).open


def test_the_way_to_the_sandbox_bank_is_for_trying_out_only(
    noy: Desk, declared: Declaration, settings: Any
) -> None:
    settings.ENV = "production"
    assert "Pay in the sandbox bank" not in noy.look("pay/")
    settings.ENV = "demo"
    assert f"{settings.BANKS['sandbox']['url']}/?q=000201" in noy.look("pay/")
