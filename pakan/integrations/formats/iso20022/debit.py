"""Drawing: the direct debit (pain.008.001.08) that we write; a bank answers it with pain.002 as it answers a transfer.

One debit a file: its number is MsgId, InstrId and EndToEndId, so that asking again can never draw a second time. The bill's
RF reference goes with it, so that the money comes in like a payment of that bill by hand.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree

from pakan.integrations.formats.iso20022.compose import named, put
from pakan.integrations.formats.iso20022.parse import amount_of
from pakan.integrations.formats.iso20022.statement import VIENTIANE, StatementRefused
from pakan.integrations.formats.iso20022.transfer import NoLatinName, latin, message_of, only, text_of
from pakan.units.money import Kip

DEBIT_NAME = "pain.008.001.08"
DEBIT = f"urn:iso:std:iso:20022:tech:xsd:{DEBIT_NAME}"
_DEBITS = re.compile(re.escape(DEBIT))


@dataclass(frozen=True, slots=True)
class Debit:
    """One sum to be drawn for the fund from an account whose owner gave leave (`mandate`, signed on `given_on`)."""

    number: str
    mandate: str
    given_on: date
    amount: Kip
    day: date  # on which it shall be drawn
    made_at: datetime
    creditor: str
    creditor_account: str
    debtor_bank: str
    debtor_account: str
    debtor: str
    reference: str  # ISO 11649, of the bill


def compose_debit(debit: Debit) -> bytes:
    """The debit as XML; the same debit always gives the same bytes. Raises NoLatinName."""
    name = latin(debit.debtor)
    if not name:
        raise NoLatinName(debit.number)
    root = etree.fromstring(f'<Document xmlns="{DEBIT}"/>')
    message = etree.SubElement(root, "CstmrDrctDbtInitn")
    put(message, "GrpHdr/MsgId", debit.number)
    put(message, "GrpHdr/CreDtTm", debit.made_at.astimezone(VIENTIANE).replace(microsecond=0).isoformat())
    put(message, "GrpHdr/NbOfTxs", "1")
    put(message, "GrpHdr/CtrlSum", str(debit.amount))
    put(message, "GrpHdr/InitgPty/Nm", latin(debit.creditor))
    part = etree.SubElement(message, "PmtInf")
    put(part, "PmtInfId", debit.number)
    put(part, "PmtMtd", "DD")
    put(part, "BtchBookg", "false")
    put(part, "PmtTpInf/SeqTp", "RCUR")
    put(part, "ReqdColltnDt", debit.day.isoformat())
    put(part, "Cdtr/Nm", latin(debit.creditor))
    put(part, "CdtrAcct/Id/Othr/Id", debit.creditor_account)
    put(part, "CdtrAcct/Ccy", "LAK")
    put(part, "CdtrAgt/FinInstnId/Othr/Id", "NOTPROVIDED")
    put(part, "ChrgBr", "SLEV")
    one = etree.SubElement(part, "DrctDbtTxInf")
    put(one, "PmtId/InstrId", debit.number)
    put(one, "PmtId/EndToEndId", debit.number)
    put(one, "InstdAmt", str(debit.amount)).set("Ccy", "LAK")
    put(one, "DrctDbtTx/MndtRltdInf/MndtId", debit.mandate)
    put(one, "DrctDbtTx/MndtRltdInf/DtOfSgntr", debit.given_on.isoformat())
    put(one, "DbtrAgt/FinInstnId/Othr/Id", debit.debtor_bank)
    put(one, "Dbtr/Nm", name)
    put(one, "DbtrAcct/Id/Othr/Id", debit.debtor_account)
    put(one, "RmtInf/Strd/CdtrRefInf/Tp/CdOrPrtry/Cd", "SCOR")
    put(one, "RmtInf/Strd/CdtrRefInf/Ref", debit.reference)
    return named(root, DEBIT)


def read_debit(content: bytes) -> Debit:
    """The debit in a file, as a bank reads it; count and sum must agree. Raises StatementRefused."""
    message = message_of(content, _DEBITS, "CstmrDrctDbtInitn")
    [part], [one] = only(message, "PmtInf"), only(message, "PmtInf/DrctDbtTxInf")
    amount = amount_of(one, "InstdAmt")
    if text_of(message, "GrpHdr/NbOfTxs") != "1" or text_of(message, "GrpHdr/CtrlSum") != str(amount):
        raise StatementRefused("amount", "CtrlSum")
    given = "DrctDbtTx/MndtRltdInf"
    try:
        return Debit(
            number=text_of(one, "PmtId/EndToEndId"),
            mandate=text_of(one, f"{given}/MndtId"),
            given_on=date.fromisoformat(text_of(one, f"{given}/DtOfSgntr")),
            amount=amount,
            day=date.fromisoformat(text_of(part, "ReqdColltnDt")),
            made_at=datetime.fromisoformat(text_of(message, "GrpHdr/CreDtTm")),
            creditor=text_of(part, "Cdtr/Nm"),
            creditor_account=text_of(part, "CdtrAcct/Id/Othr/Id"),
            debtor_bank=text_of(one, "DbtrAgt/FinInstnId/Othr/Id"),
            debtor_account=text_of(one, "DbtrAcct/Id/Othr/Id"),
            debtor=text_of(one, "Dbtr/Nm"),
            reference=text_of(one, "RmtInf/Strd/CdtrRefInf/Ref"),
        )
    except ValueError as error:
        raise StatementRefused("day", "ReqdColltnDt") from error
