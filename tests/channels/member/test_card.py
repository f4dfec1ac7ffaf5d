"""The card on the phone and the statement as PDF: right, readable without script, and only one's own."""

import gzip
import io
import re
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.test import Client
from django.utils.html import escape
from django.utils.translation import override
from PIL import Image, ImageDraw

from pakan.channels.kit.speech import day_text
from pakan.operations import certify
from pakan.registers.access.models import AuditRow
from pakan.registers.people.models import Person
from pakan.units.month import Month
from tests.codes import codes_on


@pytest.fixture
def covered(paid: Any, open_month: Month) -> None:
    for back in range(6, -1, -1):
        paid(open_month - back)


def text(client: Client, address: str) -> str:
    return re.sub(r"\s+", " ", client.get(address).content.decode())


def code_of(page: str) -> str:
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page)
    assert found
    return unescape(found[1])


def strokes(svg: str) -> list[tuple[int, int, int]]:
    """Left, row and width of each dark stroke; a row begins absolute, the others from the end of the one before."""
    found, x, y = [], 0, 0
    for left, row, gap, width in re.findall(r"(?:M(\d+) (\d+)\.5|m(\d+) 0)h(\d+)", svg):
        x, y = (int(left), int(row)) if left else (x + int(gap), y)
        found.append((x, y, int(width)))
        x += int(width)
    return found


def drawn(page: str) -> Image.Image:
    """The picture of the code as a screen shows it: its one path of dark strokes."""
    found = re.search(r'src="data:image/svg\+xml,([^"]+)"', page)
    assert found
    svg = unquote(found[1])
    side = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])  # type: ignore[index]
    picture = Image.new("L", (side * 4, side * 4), 255)
    pen = ImageDraw.Draw(picture)
    for x, y, width in strokes(svg):
        left, top = x * 4, y * 4
        pen.rectangle((left, top, left + width * 4 - 1, top + 3), fill=0)
    return picture


def test_the_card_of_a_covered_member(
    phone: Client, covered: None, member_person: Person, now: datetime
) -> None:
    page = text(phone, "/member/card/")
    assert member_person.name in page
    assert "Covered" in page
    assert "Your care is covered until" in page
    found = certify.verify(code_of(phone.get("/member/card/").content.decode()), now)
    with override("en"):
        assert day_text(found.expires) in page
        assert day_text(member_person.birth_date) in page
    assert "Show this code at the hospital." in page


def test_the_picture_is_the_code(phone: Client, covered: None) -> None:
    page = phone.get("/member/card/").content.decode()
    [code] = codes_on(drawn(page))
    assert code.text == code_of(page)


def test_the_card_in_lao(phone: Client, covered: None) -> None:
    phone.cookies[settings.LANGUAGE_COOKIE_NAME] = "lo"
    page = text(phone, "/member/card/")
    for said in ("ບັດຂອງຂ້ອຍ", "ຄຸ້ມຄອງການປິ່ນປົວຮອດວັນທີ", "ໂຮງໝໍກວດໄດ້ ເຖິງບໍ່ມີອິນເຕີເນັດ."):
        assert said in page, said


def test_without_cover_the_card_says_why_and_has_no_code(phone: Client, paid: Any) -> None:
    paid()
    page = text(phone, "/member/card/")
    assert "Your care is not covered today." in page
    assert "months of contributions must be paid" in page
    assert "<textarea" not in page
    assert "<img" not in page
    phone.cookies[settings.LANGUAGE_COOKIE_NAME] = "lo"
    assert "ບໍ່ຄຸ້ມຄອງ" in text(phone, "/member/card/")


def test_the_card_is_small_needs_few_queries_and_is_kept_by_nobody(
    phone: Client, covered: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(16):  # the first look at a new cover issues the card
        phone.get("/member/card/")
    with django_assert_max_num_queries(12):
        answer = phone.get("/member/card/")
    assert len(gzip.compress(answer.content)) <= 14_000
    assert "no-store" in answer.headers["Cache-Control"]


def test_looking_again_at_the_card_writes_nothing(phone: Client, covered: None) -> None:
    phone.get("/member/card/")
    before = AuditRow.objects.count()
    phone.get("/member/card/")
    assert AuditRow.objects.count() == before


def test_home_and_record_lead_there(phone: Client, covered: None) -> None:
    assert 'href="/member/card/"' in text(phone, "/member/")
    assert 'href="/member/statement/"' in text(phone, "/member/record/")


def test_the_statement_is_a_pdf_with_a_line_in_the_audit_trail(phone: Client, covered: None) -> None:
    answer = phone.get("/member/statement/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    row = AuditRow.objects.latest("number")
    assert row.act == "certify.statement"
    assert answer.headers["Content-Disposition"] == f'inline; filename="statement-{row.object}.pdf"'


def test_abuse_A13_card_and_statement_are_only_ones_own(
    phone: Client, covered: None, workers: list[Person], now: datetime
) -> None:
    for address in ("/member/card/", "/member/statement/"):
        phone.get(address, {"person": workers[1].id, "person_id": workers[1].id, "number": workers[1].number})
    page = phone.get("/member/card/", {"person_id": workers[1].id}).content.decode()
    assert escape(workers[1].name) not in page
    document = certify.verify(code_of(page), now).document
    assert document.number != workers[1].number
    assert (
        AuditRow.objects.filter(act="certify.statement")
        .values_list("person_id", flat=True)
        .distinct()
        .count()
        == 1
    )


def test_the_page_reads_the_same_picture_at_the_size_of_a_screen(phone: Client, covered: None) -> None:
    """Seen from a phone of two pixels a module, made blurry by a saved JPEG."""
    picture = drawn(phone.get("/member/card/").content.decode()).resize((320, 320), Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=60)
    assert len(codes_on(Image.open(kept))) == 1


def test_one_months_receipt_is_the_workers_own(phone: Client, covered: None, open_month: Month) -> None:
    """C111: the statement of one month; of a month that does not count there is none."""
    page = phone.get(f"/member/record/{open_month}/").content.decode()
    assert f"/member/statement/{open_month}/" in page
    paper = phone.get(f"/member/statement/{open_month}/")
    assert paper.content.startswith(b"%PDF") and paper.headers["Content-Type"] == "application/pdf"
    for month in (str(open_month + 1), "2026-13", "nonsense"):
        assert phone.get(f"/member/statement/{month}/").status_code == 404
