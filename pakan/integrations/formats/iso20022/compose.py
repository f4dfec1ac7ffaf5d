"""Writing a camt.053.001.08, as the sandbox bank sends it."""

from datetime import date, datetime

from lxml import etree

from pakan.integrations.formats.iso20022.statement import VIENTIANE, Entry, Statement

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def compose(statement: Statement) -> bytes:
    """The statement as an XML file. The same statement always gives the same bytes."""
    root = etree.fromstring(f'<Document xmlns="{NAMESPACE}"/>')
    message = etree.SubElement(root, "BkToCstmrStmt")
    _header(message, statement)
    body = etree.SubElement(message, "Stmt")
    _put(body, "Id", statement.number)
    if statement.copy:
        _put(body, "CpyDplctInd", "DUPL")
    _put(body, "Acct/Id/Othr/Id", statement.account)
    _put(body, "Acct/Ccy", "LAK")
    _put(body, "Acct/Svcr/FinInstnId/BICFI", statement.bank)
    for kind, amount in (("OPBD", statement.opening), ("CLBD", statement.closing)):
        _balance(body, kind, amount, statement.day)
    for entry in statement.entries:
        _entry(body, entry, "BOOK")
    for entry in statement.pending:
        _entry(body, entry, "PDNG")
    # Children were made without a name space, which keeps the paths short; they get it here.
    for element in message.iter():
        element.tag = f"{{{NAMESPACE}}}{element.tag}"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _header(message: etree._Element, statement: Statement) -> None:
    head = etree.SubElement(message, "GrpHdr")
    _put(head, "MsgId", statement.number)
    made = datetime.combine(statement.day, datetime.max.time(), VIENTIANE).replace(microsecond=0)
    _put(head, "CreDtTm", made.isoformat())
    _put(head, "MsgPgntn/PgNb", str(statement.page))
    _put(head, "MsgPgntn/LastPgInd", "true" if statement.last_page else "false")


def _put(parent: etree._Element, path: str, text: str) -> etree._Element:
    """The element at `path` below `parent`, made where it is missing; the last one is always new."""
    *way, last = path.split("/")
    for name in way:
        found = parent.find(name)
        parent = etree.SubElement(parent, name) if found is None else found
    child = etree.SubElement(parent, last)
    child.text = text
    return child


def _balance(body: etree._Element, kind: str, amount: int, day: date) -> None:
    balance = etree.SubElement(body, "Bal")
    _put(balance, "Tp/CdOrPrtry/Cd", kind)
    _put(balance, "Amt", str(abs(amount))).set("Ccy", "LAK")
    _put(balance, "CdtDbtInd", "DBIT" if amount < 0 else "CRDT")
    _put(balance, "Dt/Dt", day.isoformat())


def _entry(body: etree._Element, entry: Entry, status: str) -> None:
    written = etree.SubElement(body, "Ntry")
    _put(written, "Amt", str(entry.amount)).set("Ccy", "LAK")
    _put(written, "CdtDbtInd", "CRDT" if entry.credit else "DBIT")
    if entry.reversal:
        _put(written, "RvslInd", "true")
    _put(written, "Sts/Cd", status)
    _put(written, "BookgDt/Dt", entry.booked_on.isoformat())
    _put(written, "ValDt/Dt", (entry.valued_on or entry.booked_on).isoformat())
    _put(written, "AcctSvcrRef", entry.bank_reference)
    _put(written, "BkTxCd/Domn/Cd", "PMNT")
    _put(written, "BkTxCd/Domn/Fmly/Cd", "RCDT" if entry.credit else "ICDT")
    _put(written, "BkTxCd/Domn/Fmly/SubFmlyCd", "OTHR")
    part = _put(written, "NtryDtls/TxDtls", "")
    part.text = None
    _put(part, "Refs/AcctSvcrRef", entry.bank_reference)
    _put(part, "Amt", str(entry.amount)).set("Ccy", "LAK")
    _put(part, "CdtDbtInd", "CRDT" if entry.credit else "DBIT")
    if entry.payer:
        _put(part, "RltdPties/Dbtr/Pty/Nm", entry.payer)
    if entry.payer_account:
        _put(part, "RltdPties/DbtrAcct/Id/Othr/Id", entry.payer_account)
    # One text is at most 140 characters; a longer one is written in pieces and joined on reading.
    for at in range(0, len(entry.remittance_text), 140):
        _put(part, "RmtInf/Ustrd", entry.remittance_text[at : at + 140])
    if entry.remittance_reference:
        _put(part, "RmtInf/Strd/CdtrRefInf/Ref", entry.remittance_reference)
