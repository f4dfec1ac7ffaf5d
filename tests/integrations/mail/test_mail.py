"""E-mail to a real SMTP server in a process of its own: once a key, plain text in both scripts, no second header."""

import html
from pathlib import Path
from typing import Any

import pytest

from pakan.integrations.mail import MailConfig, MailRefused, MailUnreachable, compose, is_address, send

pytestmark = pytest.mark.enable_socket
MODULE = "pakan.integrations.mail.sandbox"


@pytest.fixture
def server(process: Any, tmp_path: Path) -> tuple[Any, MailConfig]:
    running = process(MODULE, "--smtp-port", "0", "--data", str(tmp_path / "mail.sqlite"))
    port = int(running.process.stdout.readline().strip().rpartition(":")[2])
    return running, MailConfig("127.0.0.1", port, "news@pakan.example", "LSSO", tls="none")


def test_a_mail_arrives_once_a_key_in_lao_and_is_shown(server: tuple[Any, MailConfig]) -> None:
    running, config = server
    ids = {
        send(config, compose(config, "kham@example.la", "ໄດ້ນັບໜຶ່ງເດືອນແລ້ວ", "ເດືອນນີ້ນັບ <b>.", "k1"))
        for _ in range(3)
    }
    assert len(ids) == 1
    send(config, compose(config, "noy@example.la", "x", "y", "k2"))
    page = html.unescape(running.get("/").text)
    assert page.count("ໄດ້ນັບໜຶ່ງເດືອນແລ້ວ") == 1 and "ເດືອນນີ້ນັບ <b>." in page and "noy@example.la" in page
    assert "&lt;b&gt;" in running.get("/").text
    assert running.stop() == 0


@pytest.mark.parametrize(("mode", "fault"), [("refuse", MailRefused), ("busy", MailUnreachable)])
def test_no_and_later_are_told_apart(
    mode: str, fault: type[Exception], server: tuple[Any, MailConfig]
) -> None:
    running, config = server
    assert running.post("/mode", {"mode": mode}).status_code == 303
    with pytest.raises(fault):
        send(config, compose(config, "kham@example.la", "x", "y", "k1"))
    assert running.post("/mode", {"mode": "normal"}, origin="http://evil.example").status_code == 403


def test_a_server_that_is_not_there_or_speaks_no_tls_is_unreachable_and_nothing_goes_in_the_clear(
    server: tuple[Any, MailConfig],
) -> None:
    running, config = server
    for tls in ("starttls", "tls"):
        wanted = MailConfig("127.0.0.1", config.port, config.sender, "LSSO", tls=tls)  # type: ignore[arg-type]
        with pytest.raises(MailUnreachable):
            send(wanted, compose(wanted, "kham@example.la", "x", "y", "k1"))
    gone = MailConfig("127.0.0.1", 9, config.sender, "LSSO", tls="none")
    with pytest.raises(MailUnreachable):
        send(gone, compose(gone, "kham@example.la", "x", "y", "k1"))
    assert "kham@example.la" not in running.get("/").text


def test_a_header_cannot_be_smuggled_in() -> None:
    config = MailConfig("127.0.0.1", 9, "news@pakan.example", "LSSO")
    message = compose(config, "kham@example.la", "x\r\nBcc: all@example.la", "Bcc: body@example.la", "k1")
    assert message["Subject"] == "x Bcc: all@example.la" and message["Bcc"] is None
    assert message.as_bytes().split(b"\n\n")[0].count(b"@example.la") == 2
    for address in ("a@b.la\nBcc: c@d.la", "a@b.la,c@d.la", "A <a@b.la>", "", "a@b", "a b@c.la"):
        assert not is_address(address)
        with pytest.raises(MailRefused):
            compose(config, address, "x", "y", "k1")


def test_the_password_shows_in_no_log() -> None:
    assert "secret" not in repr(MailConfig("h", 1, "a@b.la", "n", password="secret"))
