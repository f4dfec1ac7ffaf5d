"""E-mail: a short text, handed to our own mail server over SMTP, always with TLS outside the sandbox."""

import hashlib
import re
import smtplib
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Literal

Tls = Literal["starttls", "tls", "none"]
# Plain addresses only: no quoted names, no comments, nothing that could begin a second header.
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}")
PATIENCE = 20  # seconds


class MailRefused(Exception):
    """The server will never take this one (5xx), or the address is none."""


class MailUnreachable(Exception):
    """No answer, or "later" (4xx)."""


@dataclass(frozen=True)
class MailConfig:
    """Our mail server, from the settings. The password comes from the environment."""

    host: str
    port: int
    sender: str
    sender_name: str
    tls: Tls = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)


def is_address(text: str) -> bool:
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None and ".." not in text


def compose(config: MailConfig, to: str, subject: str, text: str, key: str) -> EmailMessage:
    """The message. The same key gives the same Message-ID, so that a repeated try is recognised. Raises MailRefused."""
    if not is_address(to):
        raise MailRefused("address")
    message = EmailMessage()
    try:
        message["To"] = Address(addr_spec=to)
        message["From"] = Address(config.sender_name, addr_spec=config.sender)
        # Line ends in a header are refused by the library too; here they become spaces.
        message["Subject"] = " ".join(subject.split())[:150]
    except ValueError as error:
        raise MailRefused("header") from error
    domain = config.sender.rpartition("@")[2]
    message["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def send(config: MailConfig, message: EmailMessage) -> str:
    """Hand it over; its Message-ID. Raises MailRefused, MailUnreachable."""
    try:
        with _server(config) as server:
            if config.user:
                server.login(config.user, config.password)
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        if all(code >= 500 for code in codes):
            raise MailRefused("recipient") from error
        raise MailUnreachable("recipient") from error
    except smtplib.SMTPResponseException as error:
        # A wrong password is ours to mend and nobody's mail is lost meanwhile.
        if error.smtp_code >= 500 and not isinstance(error, smtplib.SMTPAuthenticationError):
            raise MailRefused(str(error.smtp_code)) from error
        raise MailUnreachable(str(error.smtp_code)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailUnreachable(type(error).__name__) from error
    return str(message["Message-ID"])


def _server(config: MailConfig) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if config.tls == "tls":
        return smtplib.SMTP_SSL(config.host, config.port, timeout=PATIENCE, context=context)
    server = smtplib.SMTP(config.host, config.port, timeout=PATIENCE)
    if config.tls == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server
