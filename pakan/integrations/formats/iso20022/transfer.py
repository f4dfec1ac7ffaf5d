"""Paying out: the credit transfer (pain.001.001.09) that we write, and the bank's word on it (pain.002) that we read.

One payment a file: its number is MsgId, InstrId and EndToEndId, so that asking again can never make a second one.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Literal
from uuid import UUID

from lxml import etree

from pakan.integrations.formats.iso20022.compose import named, put
from pakan.integrations.formats.iso20022.parse import amount_of, harmless
from pakan.integrations.formats.iso20022.statement import VIENTIANE, StatementRefused
from pakan.units.money import Kip

ORDER = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
REPORT = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
_REPORTS = re.compile(r"urn:iso:std:iso:20022:tech:xsd:pain\.002\.001\.(03|1[0-2])")
_ORDERS = re.compile(r"urn:iso:std:iso:20022:tech:xsd:pain\.001\.001\.09")
_ALLOWED = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
LONGEST_NUMBER, LONGEST_NAME = 35, 140

TransferStatus = Literal["ACTC", "ACCP", "PDNG", "ACSP", "ACSC", "ACCC", "RJCT", "CANC"]
WAITING, SETTLED, REFUSED = {"ACTC", "ACCP", "PDNG", "ACSP", "PART"}, {"ACSC", "ACCC"}, {"RJCT", "CANC"}


class NoLatinName(ValueError):
    """Nothing is left of the name in the letters that banks write: it must be told in Latin letters first."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment from the fund to somebody. `name` as the payee's bank knows it."""

    number: str
    uetr: UUID
    amount: Kip
    day: date
    made_at: datetime
    debtor: str
    debtor_account: str
    creditor_bank: str
    creditor_account: str
    creditor: str
    purpose: str = "SSBE"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What the bank says about one payment. `reason`: an ISO code such as AC01, '' for none."""

    number: str
    status: str
    reason: str = ""
    text: str = ""
    bank_reference: str = ""


def latin(text: str, most: int = LONGEST_NAME) -> str:
    """The letters of a text that a payment file may carry."""
    plain = unicodedata.normalize("NFKD", text)
    return " ".join(_ALLOWED.sub(" ", plain).split())[:most].strip()


def compose_transfer(transfer: Transfer) -> bytes:
    """The order as XML; the same order always gives the same bytes. Raises NoLatinName."""
    name = latin(transfer.creditor)
    if not name:
        raise NoLatinName(transfer.number)
    root = etree.fromstring(f'<Document xmlns="{ORDER}"/>')
    message = etree.SubElement(root, "CstmrCdtTrfInitn")
    put(message, "GrpHdr/MsgId", transfer.number)
    put(message, "GrpHdr/CreDtTm", transfer.made_at.astimezone(VIENTIANE).replace(microsecond=0).isoformat())
    put(message, "GrpHdr/NbOfTxs", "1")
    put(message, "GrpHdr/CtrlSum", str(transfer.amount))
    put(message, "GrpHdr/InitgPty/Nm", latin(transfer.debtor))
    part = etree.SubElement(message, "PmtInf")
    put(part, "PmtInfId", transfer.number)
    put(part, "PmtMtd", "TRF")
    put(part, "BtchBookg", "false")
    put(part, "PmtTpInf/CtgyPurp/Cd", transfer.purpose)
    put(part, "ReqdExctnDt/Dt", transfer.day.isoformat())
    put(part, "Dbtr/Nm", latin(transfer.debtor))
    put(part, "DbtrAcct/Id/Othr/Id", transfer.debtor_account)
    put(part, "DbtrAcct/Ccy", "LAK")
    put(part, "DbtrAgt/FinInstnId/Othr/Id", "NOTPROVIDED")
    put(part, "ChrgBr", "DEBT")
    one = etree.SubElement(part, "CdtTrfTxInf")
    put(one, "PmtId/InstrId", transfer.number)
    put(one, "PmtId/EndToEndId", transfer.number)
    put(one, "PmtId/UETR", str(transfer.uetr))
    put(one, "Amt/InstdAmt", str(transfer.amount)).set("Ccy", "LAK")
    put(one, "CdtrAgt/FinInstnId/Othr/Id", transfer.creditor_bank)
    put(one, "Cdtr/Nm", name)
    put(one, "CdtrAcct/Id/Othr/Id", transfer.creditor_account)
    put(one, "Purp/Cd", transfer.purpose)
    if transfer.text:
        put(one, "RmtInf/Ustrd", latin(transfer.text))
    return named(root, ORDER)


def read_transfer(content: bytes) -> Transfer:
    """The order in a file, as a bank reads it; count and sum must agree. Raises StatementRefused."""
    message = message_of(content, _ORDERS, "CstmrCdtTrfInitn")
    [part], [one] = only(message, "PmtInf"), only(message, "PmtInf/CdtTrfTxInf")
    amount = amount_of(one, "Amt/InstdAmt")
    if text_of(message, "GrpHdr/NbOfTxs") != "1" or text_of(message, "GrpHdr/CtrlSum") != str(amount):
        raise StatementRefused("amount", "CtrlSum")
    try:
        return Transfer(
            number=text_of(one, "PmtId/EndToEndId"),
            uetr=UUID(text_of(one, "PmtId/UETR")),
            amount=amount,
            day=date.fromisoformat(text_of(part, "ReqdExctnDt/Dt")),
            made_at=datetime.fromisoformat(text_of(message, "GrpHdr/CreDtTm")),
            debtor=text_of(part, "Dbtr/Nm"),
            debtor_account=text_of(part, "DbtrAcct/Id/Othr/Id"),
            creditor_bank=text_of(one, "CdtrAgt/FinInstnId/Othr/Id"),
            creditor_account=text_of(one, "CdtrAcct/Id/Othr/Id"),
            creditor=text_of(one, "Cdtr/Nm"),
            purpose=text_of(one, "Purp/Cd"),
            text=text_of(one, "RmtInf/Ustrd"),
        )
    except ValueError as error:
        raise StatementRefused("day", "ReqdExctnDt") from error


def compose_report(
    report: Report, made_at: datetime, amount: Kip, original: str = "pain.001.001.09"
) -> bytes:
    """The bank's word on one payment (or debit) as pain.002."""
    root = etree.fromstring(f'<Document xmlns="{REPORT}"/>')
    message = etree.SubElement(root, "CstmrPmtStsRpt")
    put(message, "GrpHdr/MsgId", f"S{report.number}")
    put(message, "GrpHdr/CreDtTm", made_at.astimezone(VIENTIANE).replace(microsecond=0).isoformat())
    put(message, "OrgnlGrpInfAndSts/OrgnlMsgId", report.number)
    put(message, "OrgnlGrpInfAndSts/OrgnlMsgNmId", original)
    put(message, "OrgnlGrpInfAndSts/OrgnlNbOfTxs", "1")
    put(message, "OrgnlGrpInfAndSts/OrgnlCtrlSum", str(amount))
    part = etree.SubElement(message, "OrgnlPmtInfAndSts")
    put(part, "OrgnlPmtInfId", report.number)
    one = etree.SubElement(part, "TxInfAndSts")
    put(one, "OrgnlEndToEndId", report.number)
    put(one, "TxSts", report.status)
    if report.reason:
        put(one, "StsRsnInf/Rsn/Cd", report.reason)
    if report.text:
        put(one, "StsRsnInf/AddtlInf", latin(report.text, 105))
    if report.bank_reference:
        put(one, "AcctSvcrRef", report.bank_reference)
    return named(root, REPORT)


def read_report(content: bytes) -> Report:
    """What a pain.002 of one payment says: of the payment, else of the whole file. Raises StatementRefused."""
    message = message_of(content, _REPORTS, "CstmrPmtStsRpt")
    number = text_of(message, "OrgnlGrpInfAndSts/OrgnlMsgId")
    if not number:
        raise StatementRefused("missing", "OrgnlMsgId")
    group = text_of(message, "OrgnlGrpInfAndSts/GrpSts")
    found = message.find("OrgnlPmtInfAndSts/TxInfAndSts")
    status = group if found is None or group == "RJCT" else text_of(found, "TxSts") or group
    if status not in WAITING | SETTLED | REFUSED:
        raise StatementRefused("missing", "TxSts")
    place = message.find("OrgnlGrpInfAndSts") if found is None else found
    assert place is not None
    return Report(
        number=number,
        status=status,
        reason=text_of(place, "StsRsnInf/Rsn/Cd") or text_of(place, "StsRsnInf/Rsn/Prtry"),
        text=text_of(place, "StsRsnInf/AddtlInf"),
        bank_reference=text_of(place, "AcctSvcrRef"),
    )


def message_of(content: bytes, names: re.Pattern[str], inside: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.parse(BytesIO(harmless(content)), parser).getroot()
    except etree.XMLSyntaxError as error:
        raise StatementRefused("xml") from error
    namespace = etree.QName(root).namespace or ""
    if not names.fullmatch(namespace):
        raise StatementRefused("message", namespace)
    for element in root.iter(etree.Element):
        if etree.QName(element).namespace == namespace:
            element.tag = etree.QName(element).localname
    message = root.find(inside)
    if message is None:
        raise StatementRefused("message", inside)
    return message


def only(message: etree._Element, path: str) -> list[etree._Element]:
    found = message.findall(path)
    if len(found) != 1:
        raise StatementRefused("several", path)
    return found


def text_of(parent: etree._Element, path: str) -> str:
    return (parent.findtext(path) or "").strip()
