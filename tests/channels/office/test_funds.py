"""Another fund's money at both doors: agreed by two, added to a bill, paid, passed on by two, nothing of it before (C109)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from pakan.operations import enrol
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.contributions.models import Obligation
from pakan.registers.funds.models import Agreement, Line, Remittance
from pakan.registers.ledger.queries import balance
from pakan.registers.payments.queries import open_notice
from tests.integrations.conftest import Process
from tests.operations.claims import _vault, bank, run_jobs
from tests.operations.conftest import kham, noy
from tests.operations.debtors import debt
from tests.operations.desk import broken, pays

__all__ = ["_vault", "bank", "debt", "kham", "noy"]  # fixtures
pytestmark = pytest.mark.django_db
ADDRESS = "/office/other-funds/"


@pytest.fixture
def second(db: None, system: Actor, client_of: Callable[[Account], Client]) -> Client:
    """Another finance officer, reading English."""
    made = enrol.account(system, "phet", "staff", "ເພັດ ການເງິນ", staff_roles=[Role.FINANCE.value])
    client = client_of(made)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def company(preparer: Account, client_of: Callable[[Account], Client]) -> Client:
    client = client_of(preparer)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def written(now: datetime, **change: str) -> dict[str, str]:
    day = now.date()
    return {
        "code": "skl", "name_lo": "ກອງທຶນພັດທະນາສີມືແຮງງານ", "name_en": "Skills Fund", "collects_lo": "ເງິນພັດທະນາສີມື",
        "collects_en": "Skills levy", "bank": "sandbox", "account": "0100 00777", "account_name": "Skills Fund",
        "basis": "12/SKL", "basis_on": f"{day - timedelta(days=9):%d/%m/%Y}", "starts": f"{day - timedelta(days=30):%d/%m/%Y}",
        "ends": f"{day + timedelta(days=300):%d/%m/%Y}", "days": "10",
    } | change  # fmt: skip


def said(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_from_the_agreement_to_the_payment(
    bank: Process, debt: Obligation, officer: Client, second: Client, company: Client, now: datetime
) -> None:
    pay = f"/employer/{debt.employer.code}/{debt.month}/pay/"
    enclose = f"/employer/{debt.employer.code}/{debt.month}/pay/other-funds/"
    assert company.get(enclose).status_code == 404, "nothing is there without an agreement"
    assert "other-funds" not in said(company.get(pay))

    wrong = officer.post(ADDRESS + "new/", written(now, code="1", account="12", account_name="ກອງທຶນ"))
    assert wrong.status_code == 422 and said(wrong).count('class="error"') >= 3
    assert "Skills levy" in said(wrong), "what was typed stays"
    assert officer.post(ADDRESS + "new/", written(now)).status_code == 302
    agreement = Agreement.objects.get()
    act = {"do": "approve", "which": str(agreement.id)}
    assert 'value="approve"' not in said(officer.get(ADDRESS)), "not by who entered it"
    assert "Another officer has to do this" in said(officer.post(ADDRESS, act, follow=True))
    assert 'value="approve"' in said(second.get(ADDRESS))
    assert "Agreed." in said(second.post(ADDRESS, act, follow=True))

    assert "Pay another fund with the same code" in said(company.get(pay))
    page = company.get(enclose)
    key = page.context["form"]["key"].value()
    line = {"key": key, "fund": "SKL", "month": str(debt.month), "reference": "=1", "amount": "no"}
    bad = company.post(enclose, line)
    assert bad.status_code == 422 and "3 to 30 Latin letters" in said(bad) and "whole kip" in said(bad)
    answer = company.post(enclose, line | {"reference": "tin 42", "amount": "300.000"}, follow=True)
    assert "The bill asks for the total now" in said(answer) and "TIN42" in said(answer)
    company.post(enclose, line | {"reference": "tin 42", "amount": "300.000"})
    assert Line.objects.count() == 1, "sent twice is one line"
    notice = open_notice(debt.employer, debt.month)
    assert notice is not None and notice.amount == debt.open + 300_000

    pays(now, notice)
    assert "Paid for other funds" in said(company.get(f"/employer/{debt.employer.code}/statement/"))
    page = said(officer.get(ADDRESS))
    assert "Waits to be passed on" in page and "300" in page
    assert "Another officer releases it" in said(
        officer.post(ADDRESS, {"do": "gather", "which": "SKL"}, follow=True)
    )
    [sent] = Remittance.objects.all()
    release = {"do": "release", "which": sent.number}
    assert "Another officer has to do this" in said(officer.post(ADDRESS, release, follow=True))
    assert "The bank is asked" in said(second.post(ADDRESS, release, follow=True))
    run_jobs()
    page = said(officer.get(ADDRESS))
    assert balance("2400") == 0 and "passed on" in page and broken() == {}
    assert page.count("ດາລາ ການເງິນ") >= 2 and page.count("ເພັດ ການເງິນ") >= 2, (
        "who entered and agreed, made and released"
    )
    text = officer.get(f"{ADDRESS}{sent.number}.csv")
    assert "TIN42" in text.content.decode("utf-8-sig") and "attachment" in text["Content-Disposition"]
    assert officer.get(f"{ADDRESS}{sent.number}.xlsx").content[:2] == b"PK"


def test_a_line_is_taken_back_and_an_agreement_ends_by_two(
    bank: Process, debt: Obligation, officer: Client, second: Client, company: Client, now: datetime
) -> None:
    officer.post(ADDRESS + "new/", written(now))
    agreement = Agreement.objects.get()
    second.post(ADDRESS, {"do": "approve", "which": str(agreement.id)})
    enclose = f"/employer/{debt.employer.code}/{debt.month}/pay/other-funds/"
    line = {"key": "k1", "fund": "SKL", "month": str(debt.month), "reference": "TIN1", "amount": "300000"}
    company.post(enclose, line)
    answer = company.post(enclose, {"take_back": str(Line.objects.get().id)}, follow=True)
    assert "Taken back." in said(answer)
    notice = open_notice(debt.employer, debt.month)
    assert notice is not None and notice.amount == debt.open
    assert company.post(enclose, {"take_back": "999"}).status_code == 404

    end = f"{ADDRESS}{agreement.id}/end/"
    assert officer.post(end, {"last_day": "01/01/2020", "why": "x"}).status_code == 422
    told = {"last_day": f"{now:%d/%m/%Y}", "why": "The fund collects by itself again."}
    assert officer.post(end, told).status_code == 302
    act = {"do": "end", "which": str(agreement.id)}
    assert "Another officer has to do this" in said(officer.post(ADDRESS, act, follow=True))
    assert "The agreement ends on that day" in said(second.post(ADDRESS, act, follow=True))
    agreement.refresh_from_db()
    assert agreement.ended_on == now.date()
    assert officer.post(ADDRESS, {"do": "end", "which": "77"}).status_code == 404
