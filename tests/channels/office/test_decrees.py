"""The office's pages for decrees: entered in plain words, judged at once, rehearsed, signed by others, kept."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pakan.operations import declare
from pakan.operations.law_in_force import law_in_force
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.access.roles import Role
from pakan.registers.decrees.models import Decree
from pakan.registers.documents.models import Document
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.cast import _staff

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nthe text\n"
ENTER = "/office/decrees/new/enterprise/"


@pytest.fixture
def clients(
    client_of: Callable[[Account], Client], law_officer: Account, system: Actor
) -> tuple[Client, Client, Client]:
    """Khamla enters, Sisavath and Bouakham may sign; all read English."""
    others = [_staff(system, name, name, Role.LAW_OFFICER) for name in ("sisavath", "bouakham")]
    made = [client_of(account) for account in (law_officer, *others)]
    for client in made:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return made[0], made[1], made[2]


@pytest.fixture
def declared(system: Actor, factory: Employer, workers: list[Person], open_month: Month) -> Month:
    ids = np.array(sorted(worker.id for worker in workers), dtype=np.int64)
    declare.declare_wages(system, factory, open_month, ids, np.full(12, 5_000_000, dtype=np.int64))
    return open_month


def typed(first_day: date | str, content: bytes = PDF, **more: str) -> dict[str, object]:
    form: dict[str, object] = {
        "value_ceiling": "6.000.000", "first_day": str(first_day), "cite": "Decision 99/MOLSW", "article": "3",
        "confidence": "high", "scan": SimpleUploadedFile("99.pdf", content),
    }  # fmt: skip
    return form | more


def enter(client: Client, first_day: date) -> Decree:
    answer = client.post(ENTER, typed(first_day))
    made = Decree.objects.latest("id")
    assert (answer.status_code, answer["Location"]) == (302, f"/office/decrees/{made.id}/")
    return made


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def approve(client: Client, made: Decree) -> str:
    page = client.get(f"/office/decrees/{made.id}/approve/")
    if page.status_code == 302:
        return text(client, page["Location"])
    seen = page.context["rehearsal"].id
    return client.post(
        f"/office/decrees/{made.id}/approve/", {"rehearsal": seen}, follow=True
    ).content.decode()


def test_the_whole_way_from_a_text_to_law(clients: tuple[Client, Client, Client], declared: Month) -> None:
    one, two, _ = clients
    month = declared + 2
    assert "Now: 4,500,000 kip." in text(one, ENTER)
    made = enter(one, month.first)
    page = text(one, f"/office/decrees/{made.id}/")
    assert "4,500,000 kip" in page and "6,000,000 kip" in page and "Not rehearsed yet" in page
    page = one.post(f"/office/decrees/{made.id}/rehearse/", follow=True).content.decode()
    assert "Nothing was changed; this is what it would do." in page
    # Twelve workers: 500,000 kip more each, of which the employer pays 6 % and the worker 5.5 %.
    assert "360,000" in page and "330,000" in page and "690,000 kip" in page
    assert "You entered it, so another person approves." in page
    assert "You entered this decree. Another person must approve it." in approve(one, made)
    assert law_in_force().enterprise.on(month.first).ceiling == 4_500_000
    assert "1 decree waits" in text(two, "/office/")
    assert "Approved. It is law from its first day." in approve(two, made)
    assert law_in_force().enterprise.on(month.first).ceiling == 6_000_000
    assert "Now: 6,000,000 kip." in text(one, ENTER)
    history = text(one, "/office/decrees/history/enterprise/")
    assert (
        "Decision 99/MOLSW" in history and "Decision 1740/MOLSW" in history and "not yet in force" in history
    )
    acts = list(
        AuditRow.objects.filter(act__startswith="decree.").order_by("number").values_list("act", flat=True)
    )
    assert acts == ["decree.enter", "decree.rehearse", "decree.approve"]


def test_a_decree_into_the_past_asks_for_two_others(
    clients: tuple[Client, Client, Client], declared: Month
) -> None:
    one, two, three = clients
    made = enter(one, declared.first)
    page = one.post(f"/office/decrees/{made.id}/rehearse/", follow=True).content.decode()
    assert "two persons besides the one who entered it must approve" in page
    assert "These months have been declared already." in page
    assert "one more person must sign" in approve(two, made)
    assert "You have signed it already." in approve(two, made)
    assert "Approved. It is law from its first day." in approve(three, made)


def test_every_fault_stands_at_its_field_with_what_is_allowed(clients: tuple[Client, Client, Client]) -> None:
    answer = clients[0].post(
        ENTER,
        typed(
            "3/13/2027",
            b"MZ",
            value_ceiling="six",
            value_worker="150",
            value_employer="-",
            cite="",
            confidence="",
        ),
    )
    assert answer.status_code == 422
    errors = {name: list(found) for name, found in answer.context["form"].errors.items()}
    assert errors == {
        "value_ceiling": ["This is no amount in kip. Type it as 4.500.000."],
        "value_worker": ["A rate lies between 0 and 100 percent, such as 5,5."],
        "value_employer": ["This value is always needed; it cannot be taken away."],
        "first_day": ["This is no day in the calendar. Type it as 3/12/2026."],
        "cite": ["Fill this in."],
        "confidence": ["Fill this in."],
        "scan": ["Only PDF, PNG and JPEG are taken; this file is none of them inside."],
    }
    page = answer.content.decode()
    assert "Choose the file of the scan again" in page and 'value="150"' in page
    assert not Decree.objects.exists() and not Document.objects.exists()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"value_ceiling": ""}, "Type at least one new value."),
        ({"value_ceiling": "1.000.000"}, "the floor would stand above the ceiling (Enterprises)"),
        ({"first_day": "1999-01-01"}, "The first day lies between 2001 and 2100."),
        ({"first_day": "2001-02-01"}, "The first values known here begin on 1 June 2001"),
        ({"first_day": "2017-01-01"}, "Another text sets this value on the same day."),
        ({"supersedes": "77"}, "That decree is not in force"),
        ({"article": "x" * 61}, "at most 60 letters"),
    ],
)
def test_a_refused_entry_says_why(
    clients: tuple[Client, Client, Client], more: dict[str, str], says: str
) -> None:
    answer = clients[0].post(ENTER, typed("2027-06-01") | more)
    assert answer.status_code == 422 and says in answer.content.decode()


def test_each_group_has_its_page_in_both_languages(clients: tuple[Client, Client, Client]) -> None:
    one = clients[0]
    groups = one.get("/office/decrees/new/").context["groups"]
    assert len(groups) == 7
    for language in ("en", "lo"):
        one.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for group, *_words in groups:
            page = text(one, f"/office/decrees/new/{group}/")
            assert "None" not in page
            if group != "holidays":
                assert "None" not in text(one, f"/office/decrees/history/{group}/")
    assert one.get("/office/decrees/new/pensions/").status_code == 404
    assert one.get("/office/decrees/history/holidays/").status_code == 404


def test_a_holiday_is_entered_and_shows_which_due_dates_move(clients: tuple[Client, Client, Client]) -> None:
    one, two, _ = clients
    form = {
        "value_days": "20/1/2028", "value_name_lo": "ວັນພັກ", "value_name_en": "Holiday", "first_day": "2028-01-20",
        "cite": "Notice 5", "confidence": "high", "scan": SimpleUploadedFile("n.pdf", PDF),
    }  # fmt: skip
    assert one.post("/office/decrees/new/holidays/", form).status_code == 302
    made = Decree.objects.get()
    page = one.post(f"/office/decrees/{made.id}/rehearse/", follow=True).content.decode()
    assert "Due dates that move" in page and "21 January 2028" in page
    assert "Approved." in approve(two, made)


def test_the_scan_is_given_back_as_a_file(clients: tuple[Client, Client, Client]) -> None:
    made = enter(clients[0], date(2030, 1, 1))
    answer = clients[1].get(f"/office/decrees/{made.id}/scan/")
    assert answer.content == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="99.pdf"'
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")


def test_withdrawing_needs_a_reason_and_is_the_end(clients: tuple[Client, Client, Client]) -> None:
    one, two, _ = clients
    made = enter(one, date(2030, 1, 1))
    assert one.post(f"/office/decrees/{made.id}/withdraw/", {"why": ""}).status_code == 422
    page = one.post(
        f"/office/decrees/{made.id}/withdraw/", {"why": "typing slip"}, follow=True
    ).content.decode()
    assert "never becomes law" in page and "typing slip" in page
    refused = "it changes no more"
    assert refused in two.post(f"/office/decrees/{made.id}/rehearse/", follow=True).content.decode()
    assert refused in approve(two, made)
    assert (
        refused
        in two.post(f"/office/decrees/{made.id}/withdraw/", {"why": "again"}, follow=True).content.decode()
    )


def test_the_law_that_changed_meanwhile_asks_for_another_rehearsal(
    clients: tuple[Client, Client, Client], declared: Month
) -> None:
    one, two, three = clients
    first, second = enter(one, date(2030, 1, 1)), enter(one, date(2031, 1, 1))
    for made in (first, second):
        one.post(f"/office/decrees/{made.id}/rehearse/")
    lay_open = three.get(f"/office/decrees/{second.id}/approve/").context["rehearsal"].id
    approve(two, first)
    late = three.post(
        f"/office/decrees/{second.id}/approve/", {"rehearsal": lay_open}, follow=True
    ).content.decode()
    assert "The law changed since the rehearsal." in late
    one.post(f"/office/decrees/{second.id}/rehearse/")
    seen = three.post(
        f"/office/decrees/{second.id}/approve/", {"rehearsal": lay_open}, follow=True
    ).content.decode()
    assert "There is a newer rehearsal than the one you saw." in seen
    assert "Approved." in approve(three, second)


def test_the_auditor_reads_and_others_see_nothing(
    clients: tuple[Client, Client, Client],
    client_of: Callable[[Account], Client],
    auditor: Account,
    finance: Account,
) -> None:
    made = enter(clients[0], date(2030, 1, 1))
    addresses = ["", f"{made.id}/", f"{made.id}/scan/", "history/enterprise/"]
    reads, sees_nothing = client_of(auditor), client_of(finance)
    for address in addresses:
        assert reads.get(f"/office/decrees/{address}").status_code == 200
        assert sees_nothing.get(f"/office/decrees/{address}").status_code == 404
    for act in ("rehearse", "approve", "withdraw"):
        assert reads.post(f"/office/decrees/{made.id}/{act}/").status_code == 404
    assert reads.get(ENTER).status_code == 404
    page = reads.get(f"/office/decrees/{made.id}/").content.decode()
    assert "rehearse/" not in page and "withdraw/" not in page
