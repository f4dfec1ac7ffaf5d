"""The page of a large file that is being read, and the page for forgotten workers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pakan.operations.declare.read import read_large
from pakan.registers.contributions.models import Declaration, Sheet
from pakan.registers.people.models import Person
from tests.channels.employer.conftest import Desk, rows_of, said, wage_file


@pytest.fixture
def large(workers: list[Person]) -> SimpleUploadedFile:
    """A csv above the limit: twelve workers and a very long title above them."""
    rows = "\n".join(",".join(row) for row in rows_of(workers))
    filler = "\n".join(f"ໝາຍເຫດ {at},{'x' * 60}" for at in range(6000))
    text = "ລະຫັດປະກັນສັງຄົມ,ຊື່ ແລະ ນາມສະກຸນ,ເງິນເດືອນ\n" + rows + "\n\n\n" + filler
    return SimpleUploadedFile("wages.csv", text.encode())


def test_a_large_file_is_read_while_the_page_waits(kham: Desk, large: SimpleUploadedFile) -> None:
    answer = kham.client.post(kham.at(), {"key": "page-1", "file": large})
    assert answer["Location"] == kham.at("reading/")
    page = kham.look("reading/")
    assert "The file is here and kept safe." in said(page) and 'http-equiv="refresh"' in page
    part = kham.client.get(kham.at("reading/"), HTTP_HX_REQUEST="true").content.decode()
    assert part.startswith("<section") and "hx-trigger" in part
    assert kham.at("reading/") in kham.look("")  # the month page leads back to it
    read_large(kham.sheet.id)
    assert kham.sheet.state == Sheet.State.READ
    there = kham.client.get(kham.at("reading/"), HTTP_HX_REQUEST="true")
    assert there["HX-Redirect"] == kham.at("columns/")
    assert kham.client.get(kham.at("reading/"))["Location"] == kham.at("columns/")


def test_a_large_file_that_is_refused_says_why(kham: Desk) -> None:
    junk = SimpleUploadedFile("wages.csv", b"hello world\n" * 40_000)
    kham.client.post(kham.at(), {"key": "page-1", "file": junk})
    read_large(kham.sheet.id)
    page = kham.look("reading/")
    assert "No wage table was found" in said(page) and "hx-trigger" not in page


def test_what_the_gate_sees_is_said_at_once(kham: Desk) -> None:
    picture = SimpleUploadedFile("wages.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(500_000))
    answer = kham.client.post(kham.at(), {"key": "page-1", "file": picture})
    assert answer.status_code == 422 and not Sheet.objects.exists()


def test_forgotten_workers_have_a_page_of_their_own(
    declared: Declaration, kham: Desk, workers: list[Person]
) -> None:
    assert kham.at("forgotten/") in kham.look("correct/")
    assert "12 workers are declared for this month." in said(kham.look("forgotten/"))
    refused = kham.client.post(kham.at("forgotten/"), {"key": "k"})
    assert refused.status_code == 422
    kham.client.post(kham.at("forgotten/"), {"key": "k", "file": wage_file(rows_of(workers[:1], "5000000"))})
    assert kham.sheet.origin == "supplement"


def test_without_a_declaration_there_is_nothing_to_add_to(kham: Desk) -> None:
    assert kham.client.get(kham.at("forgotten/"))["Location"] == kham.at()
