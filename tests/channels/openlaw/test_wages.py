"""The page that looks at a wage file for everybody."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pakan.registers.documents.models import Document

pytestmark = pytest.mark.django_db
HEADER = "ລະຫັດປະກັນສັງຄົມ,ຊື່ ແລະ ນາມສະກຸນ,ເງິນເດືອນ\n"


def send(client: Client, text: str, month: str = "10/2026") -> tuple[int, str]:
    client.cookies["language"] = "en"
    file = SimpleUploadedFile("wages.csv", text.encode())
    answer = client.post("/law/wages/", {"month": month, "file": file})
    return answer.status_code, answer.content.decode()


def test_a_file_is_looked_at_and_forgotten(client: Client) -> None:
    status, page = send(client, HEADER + "0100000011,ນາງ ຕົວຢ່າງ,3000000\n0100000012,ທ້າວ ຕົວຢ່າງ,abc\n")
    assert status == 200
    assert "The check digit of the number does not fit." in page
    assert "The wage cannot be read." in page
    assert not Document.objects.exists()


def test_what_cannot_be_read_is_refused_in_words(client: Client) -> None:
    assert send(client, "hello\nworld\n")[0] == 422
    assert send(client, HEADER + "0100000011,ນາງ,3000000\n", "10/1990")[0] == 422
    assert client.post("/law/wages/", {"month": "10/2026"}).status_code == 422


def test_the_sample_is_an_xlsx(client: Client) -> None:
    answer = client.get("/law/wages/sample.xlsx")
    assert answer.status_code == 200 and answer.content[:2] == b"PK"
