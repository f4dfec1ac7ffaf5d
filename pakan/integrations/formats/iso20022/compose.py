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
    put(body, "Id", statement.number)
    if statement.copy:
        put(body, "CpyDplctInd", "DUPL")
    put(body, "Acct/Id/Othr/Id", statement.account)
    put(body, "Acct/Ccy", "LAK")
    put(body, "Acct/Svcr/FinInstnId/BICFI", statement.bank)
    for kind, amount in (("OPBD", statement.opening), ("CLBD", statement.closing)):
        _balance(body, kind, amount, statement.day)
    for entry in statement.entries:
        _entry(body, entry, "BOOK")
    for entry in statement.pending:
        _entry(body, entry, "PDNG")
    return named(root, NAMESPACE)


def named(root: etree._Element, namespace: str) -> bytes:
    """The file. Children were made without a name space, which keeps the paths short; they get it here."""
    for message in root:
        for element in message.iter():
            element.tag = f"{{{namespace}}}{element.tag}"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _header(message: etree._Element, statement: Statement) -> None:
    head = etree.SubElement(message, "GrpHdr")
    put(head, "MsgId", statement.number)
    made = datetime.combine(statement.day, datetime.max.time(), VIENTIANE).replace(microsecond=0)
    put(head, "CreDtTm", made.isoformat())
    put(head, "MsgPgntn/PgNb", str(statement.page))
    put(head, "MsgPgntn/LastPgInd", "true" if statement.last_page else "false")


def put(parent: etree._Element, path: str, text: str) -> etree._Element:
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
    put(balance, "Tp/CdOrPrtry/Cd", kind)
    put(balance, "Amt", str(abs(amount))).set("Ccy", "LAK")
    put(balance, "CdtDbtInd", "DBIT" if amount < 0 else "CRDT")
    put(balance, "Dt/Dt", day.isoformat())


def _entry(body: etree._Element, entry: Entry, status: str) -> None:
    written = etree.SubElement(body, "Ntry")
    put(written, "Amt", str(entry.amount)).set("Ccy", "LAK")
    put(written, "CdtDbtInd", "CRDT" if entry.credit else "DBIT")
    if entry.reversal:
        put(written, "RvslInd", "true")
    put(written, "Sts/Cd", status)
    put(written, "BookgDt/Dt", entry.booked_on.isoformat())
    put(written, "ValDt/Dt", (entry.valued_on or entry.booked_on).isoformat())
    put(written, "AcctSvcrRef", entry.bank_reference)
    put(written, "BkTxCd/Domn/Cd", "PMNT")
    put(written, "BkTxCd/Domn/Fmly/Cd", "RCDT" if entry.credit else "ICDT")
    put(written, "BkTxCd/Domn/Fmly/SubFmlyCd", "OTHR")
    part = put(written, "NtryDtls/TxDtls", "")
    part.text = None
    put(part, "Refs/AcctSvcrRef", entry.bank_reference)
    put(part, "Amt", str(entry.amount)).set("Ccy", "LAK")
    put(part, "CdtDbtInd", "CRDT" if entry.credit else "DBIT")
    if entry.payer:
        put(part, "RltdPties/Dbtr/Pty/Nm", entry.payer)
    if entry.payer_account:
        put(part, "RltdPties/DbtrAcct/Id/Othr/Id", entry.payer_account)
    # One text is at most 140 characters; a longer one is written in pieces and joined on reading.
    for at in range(0, len(entry.remittance_text), 140):
        put(part, "RmtInf/Ustrd", entry.remittance_text[at : at + 140])
    if entry.remittance_reference:
        put(part, "RmtInf/Strd/CdtrRefInf/Ref", entry.remittance_reference)
