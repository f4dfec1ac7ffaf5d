"""Debts and charges at the pages of a company: reckoned by day, instalments, waivers, disputes, the certificate."""

import io
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from django.conf import settings
from django.test import Client

from pakan.integrations.formats import credential
from pakan.integrations.formats.credential import Verdict, judge, read_keys, read_revoked
from pakan.operations import appraise, clear, collect, dispute, enrol, issuing, plan, publish
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.compliance.models import Charge, Clearance, Matter
from pakan.registers.contributions import queries as contributions
from pakan.registers.contributions.models import Obligation, Sheet
from pakan.registers.payments.models import Notice
from pakan.registers.people.models import Employer, Person, Suspension
from pakan.units.money import Kip
from pakan.units.month import Month
from tests.channels.employer.conftest import said
from tests.operations.conftest import kham, noy
from tests.operations.debtors import chan, debt, pays_late, rate, sing
from tests.operations.desk import broken, declared, pay, payment, pays

__all__ = ["chan", "debt", "kham", "noy", "rate", "sing"]  # fixtures
pytestmark = pytest.mark.django_db
WHY = "The flood of September took our stock."


@pytest.fixture
def approving(approver: Account, client_of: Callable[[Account], Client]) -> Client:
    client = client_of(approver)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def preparing(preparer: Account, client_of: Callable[[Account], Client]) -> Client:
    client = client_of(preparer)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def look(client: Client, factory: Employer, page: str, status: int = 200) -> str:
    answer = client.get(f"/employer/{factory.code}/{page}")
    assert answer.status_code == status, (page, answer.status_code)
    return answer.content.decode()


def send(client: Client, factory: Employer, page: str, status: int = 302, **data: object) -> str:
    answer = client.post(f"/employer/{factory.code}/{page}", data)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return client.get(answer["Location"]).content.decode() if status == 302 else answer.content.decode()


def test_the_charge_of_any_day_with_its_formula(
    rate: None, debt: Obligation, approving: Client, factory: Employer, noy: Actor
) -> None:
    days = (noy.today - debt.due_on).days + 10
    day = noy.today + timedelta(days=10)
    page = said(look(approving, factory, f"debts/?day={day:%d/%m/%Y}"))
    assert f"× 0.1 % × {days} days" in " ".join(page.split())
    assert f"{debt.owed * days // 1000:,}" in page
    assert not Charge.objects.exists()
    assert 'class="error"' in look(approving, factory, "debts/?day=31/02/2026", 422)


def test_without_a_rate_the_page_says_zero(debt: Obligation, approving: Client, factory: Employer) -> None:
    page = " ".join(said(look(approving, factory, "debts/")).split())
    assert "× 0 % ×" in page and f"{debt.owed:,}" in page


def test_a_plan_from_preview_to_the_first_instalment(
    rate: None, debt: Obligation, approving: Client, factory: Employer, chan: Actor, noy: Actor
) -> None:
    page = look(approving, factory, "debts/plan/?count=3")
    seal = plan.preview(factory, 3, noy.today).seal
    assert seal in page
    wrong = send(approving, factory, "debts/plan/", 422, count=3, seal=seal, text="")
    assert "error" in wrong
    stale = send(approving, factory, "debts/plan/", 422, count=3, seal="1:x", text=WHY)
    assert "new figures" in stale
    send(approving, factory, "debts/plan/", count=3, seal=seal, text=WHY)
    matter = Matter.objects.get(kind="plan")
    plan.decide(chan, matter, True, "We looked into it and agree.")
    page = look(approving, factory, f"debts/matter/{matter.number}/")
    assert "Pay this instalment" in page and "We looked into it and agree." in page
    assert "between 2 and 12" in look(approving, factory, "debts/plan/?count=99", 422)


def test_a_waiver_is_asked_with_every_problem_at_once(
    rate: None, debt: Obligation, approving: Client, factory: Employer, kham: Actor, now: object
) -> None:
    collect.ask(kham, factory, [debt.month])
    pays_late(debt, kham.at, debt.owed, 10)
    page = send(approving, factory, f"{debt.month}/waiver/", 422, amount="x", reason="", text="")
    assert page.count('class="error"') >= 3
    send(approving, factory, f"{debt.month}/waiver/", amount="100", reason="disaster", text=WHY)
    assert Matter.objects.get(kind="waiver").amount == 100


def test_a_line_is_disputed_and_taken_back(
    debt: Obligation, preparing: Client, factory: Employer, workers: list[Person]
) -> None:
    wrong = send(preparing, factory, f"{debt.month}/dispute/", 422, number="01 0000 0000", text=WHY)
    assert "not in the declaration" in wrong
    send(preparing, factory, f"{debt.month}/dispute/", number=workers[0].number, text=WHY)
    matter = Matter.objects.get(kind="dispute")
    page = send(preparing, factory, f"debts/matter/{matter.number}/", do="withdraw")
    assert "taken back" in page.lower()
    assert "done this already" in send(
        preparing, factory, f"debts/matter/{matter.number}/", 422, do="withdraw"
    )


def test_a_charge_is_disputed_by_its_own_link(
    rate: None, debt: Obligation, preparing: Client, factory: Employer, kham: Actor
) -> None:
    collect.ask(kham, factory, [debt.month])
    pays_late(debt, kham.at, debt.owed, 10)
    charge = Charge.objects.get()
    look(preparing, factory, f"{debt.month}/dispute/?charge=9999", 404)
    send(preparing, factory, f"{debt.month}/dispute/?charge={charge.id}", text=WHY)
    assert "disputed" in look(preparing, factory, "debts/")


def test_an_assessment_becomes_the_draft_of_the_declaration(
    preparer: Account, client_of: Callable[[Account], Client], approving: Client, factory: Employer, sing: Actor,
    chan: Actor, open_month: Month, system: Actor,
) -> None:  # fmt: skip
    matter = appraise.propose(
        sing, factory, open_month - 1, 12, Kip(3_000_000), "Seen at the visit of the works."
    )
    look(approving, factory, f"debts/matter/{matter.number}/", 404)
    appraise.confirm(chan, matter, True, "The visit is on record.")
    assert "Accept and declare" in look(approving, factory, f"debts/matter/{matter.number}/")
    send(approving, factory, f"debts/matter/{matter.number}/", do="accept")
    matter.refresh_from_db()
    assert matter.state == "accepted"
    assert not Sheet.objects.exists(), "the approver does not prepare"


def test_who_prepares_too_finds_the_month_filled_with_the_officers_wage(
    approver: Account,
    approving: Client,
    factory: Employer,
    sing: Actor,
    chan: Actor,
    system: Actor,
    open_month: Month,
) -> None:
    """For the workers on record; an open sheet, since what is signed is the employer's own declaration."""
    enrol.mandate(system, factory, approver, Role.EMPLOYER_PREPARER)
    matter = appraise.propose(sing, factory, open_month - 1, 10, Kip(3_210_000), "Seen at the visit.")
    appraise.confirm(chan, matter, True, "The visit is on record.")
    page = send(approving, factory, f"debts/matter/{matter.number}/", do="accept")
    sheet = Sheet.objects.get(employer=factory, month=open_month - 1)
    assert [line.wage for line in sheet.lines.all()] == [3_210_000] * 12, (
        "twelve are on record, ten were estimated"
    )
    assert page.count("3.210.000") + page.count("3,210,000") + page.count("3210000") >= 12
    assert (sheet.state, sheet.summary["errors"]) == ("open", 0)


def test_a_certificate_tells_what_is_missing_and_is_issued_when_nothing_is(
    kham: Actor, noy: Actor, approving: Client, factory: Employer, open_month: Month, now: object
) -> None:
    page = look(approving, factory, "certificates/")
    assert "Declare these months" in page and "Issue the certificate" not in page
    assert "still open" in send(approving, factory, "certificates/")
    assert not Clearance.objects.exists()
    Employer.objects.filter(id=factory.id).update(first_month=(open_month - 1).first)
    declared(kham, noy, factory, open_month - 1)
    pays(kham.at, collect.ask(kham, factory, [open_month - 1]))
    declared(kham, noy, factory, open_month, key="second")
    month = Obligation.objects.get(month=open_month)
    if month.due_on < noy.today:
        pays(kham.at, collect.ask(kham, factory, [open_month]), number="FT2")
    send(approving, factory, "certificates/")
    made = Clearance.objects.get()
    answer = approving.get(f"/employer/{factory.code}/certificates/{made.number}/")
    assert answer.content.startswith(b"%PDF")
    public = Client().post("/verify/", {"code": made.code}, headers={"accept-language": "en"})
    assert factory.name_lo in public.content.decode()
    assert broken() == {}


def test_abuse_A24_an_altered_or_withdrawn_certificate_is_not_believed(
    kham: Actor, noy: Actor, chan: Actor, factory: Employer, open_month: Month
) -> None:
    Employer.objects.filter(id=factory.id).update(first_month=(open_month + 1).first)
    made = clear.issue(noy, Employer.objects.get(id=factory.id))
    assert factory.name_lo in Client().post("/verify/", {"code": made.code}).content.decode()
    for place in range(0, len(made.code), 7):
        other = "A" if made.code[place] != "A" else "B"
        changed = made.code[:place] + other + made.code[place + 1 :]
        assert factory.name_lo not in Client().post("/verify/", {"code": changed}).content.decode(), place
    clear.withdraw(chan, made, "A month was found undeclared.")
    assert factory.name_lo not in Client().post("/verify/", {"code": made.code}).content.decode()
    with pytest.raises(clear.Refused, match="state"):
        clear.withdraw(chan, made, "A month was found undeclared.")


def test_a_certificate_on_a_plan_is_read_without_network_until_it_is_withdrawn(
    debt: Obligation, factory: Employer, noy: Actor, chan: Actor
) -> None:
    """What a reader carries: the list of keys, and the list of what was withdrawn, made anew each day."""
    Employer.objects.filter(id=factory.id).update(first_month=debt.month.first)
    matter = plan.ask(noy, factory, 3, WHY, plan.preview(factory, 3, noy.today).seal)
    plan.decide(chan, matter, True, "We looked into it and agree.")
    for month in contributions.months_missing(Employer.objects.get(id=factory.id), Month.of(noy.today) - 1):
        Suspension.objects.create(employer=factory, first_month=month, last_month=month)
    made = clear.issue(noy, Employer.objects.get(id=factory.id))

    def judged() -> Verdict:
        roots = {one.id: one for one in issuing.public_keys(noy.at).values() if one.purpose == "keys"}
        keys = read_keys(publish.key_list(noy.at), roots)
        gone = read_revoked(publish.revoked_list(noy.at), keys.keys)
        return judge(made.code, keys.keys, noy.at, gone, noy.at)

    found = judged()
    assert found.code == "genuine" and found.found is not None
    document = found.found.document
    assert isinstance(document, credential.Clearance)
    assert (document.number, document.plan) == (factory.code, matter.number)
    clear.withdraw(chan, made, "An instalment was missed and the plan has ended.")
    found = judged()
    assert (found.code, found.found) == ("revoked", None)


def test_while_an_instalment_is_missed_no_certificate_rests_on_the_plan(
    debt: Obligation, factory: Employer, noy: Actor, chan: Actor
) -> None:
    Employer.objects.filter(id=factory.id).update(first_month=debt.month.first)
    matter = plan.ask(noy, factory, 3, WHY, plan.preview(factory, 3, noy.today).seal)
    plan.decide(chan, matter, True, "We looked into it and agree.")
    plan.follow_all((matter.instalments.get(place=1).due_on + timedelta(days=1)).isoformat())
    found = clear.conditions(Employer.objects.get(id=factory.id), noy.today)
    assert found.plan_missed and not found.overdue and not found.met
    with pytest.raises(clear.Refused, match="debt"):
        clear.issue(noy, Employer.objects.get(id=factory.id))


def test_the_statement_as_a_file_holds_no_formula(
    rate: None, debt: Obligation, approving: Client, factory: Employer, kham: Actor
) -> None:
    Employer.objects.filter(id=factory.id).update(name_lo="=HYPERLINK(1)")
    notice = collect.ask(kham, factory, [debt.month])
    pay(kham.at, payment(notice.amount, notice.reference))
    answer = approving.get(f"/employer/{factory.code}/statement.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in cells)
    assert debt.owed in [cell.value for cell in cells]
    assert approving.get(f"/employer/{factory.code}/statement.pdf?year={debt.month.year}").content.startswith(
        b"%PDF"
    )


def test_nobody_sees_another_companys_matters(
    debt: Obligation, other_preparer: Account, client_of: Callable[[Account], Client], factory: Employer,
    other_factory: Employer, kham: Actor, workers: list[Person],
) -> None:  # fmt: skip
    matter = dispute.line(kham, factory, debt.month, workers[0], WHY)
    stranger = client_of(other_preparer)
    assert stranger.get(f"/employer/{factory.code}/debts/matter/{matter.number}/").status_code == 404
    assert stranger.get(f"/employer/{other_factory.code}/debts/matter/{matter.number}/").status_code == 404
    assert Notice.objects.count() == 0


def test_a_refund_is_asked_with_a_fresh_proof_only(
    debt: Obligation, approving: Client, factory: Employer, kham: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = collect.ask(kham, factory, [debt.month])
    pay(kham.at, payment(notice.amount + 50_000, notice.reference))
    monkeypatch.setattr("pakan.channels.employer.pages.debts.enter.is_fresh", lambda request, at: False)
    here = f"/employer/{factory.code}/debts/refund/"
    answer = approving.post(here, {"amount": "50000", "text": WHY})
    assert answer.status_code == 302
    assert "prove" in answer["Location"] and "refund" in answer["Location"]
    assert not Matter.objects.exists(), "nothing is asked before the proof"
