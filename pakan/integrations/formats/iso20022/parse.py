"""Reading a camt.053 of any version. A file is taken whole or not at all, and it commands nothing."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO

from lxml import etree

from pakan.integrations.formats.iso20022.statement import VIENTIANE, Entry, Statement, StatementRefused
from pakan.units.money import KIP_LIMIT, Kip, kip

LARGEST = 128 * 1024 * 1024

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.\d{2}")
# The schema allows 18 digits with five decimals; a sign or an exponent is not in it.
_AMOUNT = re.compile(r"(\d{1,18})(?:\.(\d{0,5}))?", re.ASCII)
_DECLARATION = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_NOT_GIVEN = {"", "NOTPROVIDED", "NONREF"}


def parse(content: bytes) -> Statement:
    """The statement in the file. Raises StatementRefused."""
    booked: list[Entry] = []
    pending: list[Entry] = []
    body, head = _statement(_tree(harmless(content), booked, pending))
    account = _text(body, "Acct/Id/Othr/Id") or _text(body, "Acct/Id/IBAN")
    number = _text(body, "Id")
    if not account or not number:
        raise StatementRefused("missing", "Acct/Id" if not account else "Id")
    if _text(body, "Acct/Ccy") not in ("", "LAK"):
        raise StatementRefused("currency", "Acct/Ccy")
    opening, _ = _balance(body, ("OPBD", "PRCD"))
    closing, day = _balance(body, ("CLBD",))
    return Statement(
        bank=_text(body, "Acct/Svcr/FinInstnId/BICFI") or _text(body, "Acct/Svcr/FinInstnId/BIC"),
        account=account,
        number=number,
        opening=opening,
        closing=closing,
        day=day,
        entries=tuple(booked),
        pending=tuple(pending),
        copy=_text(body, "CpyDplctInd") in ("DUPL", "COPY", "CODU"),
        page=_page(_text(head, "MsgPgntn/PgNb")),
        last_page=_text(head, "MsgPgntn/LastPgInd") not in ("false", "0"),
    )


def harmless(content: bytes) -> bytes:
    """The file as UTF-8, after a look at its outside."""
    if len(content) > LARGEST:
        raise StatementRefused("size")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StatementRefused("encoding") from error
    # Looked for before parsing: nothing in a statement needs a declaration, and an entity is an attack.
    if _DECLARATION.search(text):
        raise StatementRefused("dtd")
    return text.encode()


def _tree(content: bytes, booked: list[Entry], pending: list[Entry]) -> etree._Element:
    """The elements without their name space, entries taken out as they come: 50,000 would fill the memory."""
    steps = etree.iterparse(
        BytesIO(content), events=("start", "end"), encoding="utf-8", resolve_entities=False, no_network=True,
        load_dtd=False, dtd_validation=False, huge_tree=False, remove_blank_text=True, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    root: etree._Element | None = None
    namespace = ""
    seen: Counter[str] = Counter()
    try:
        for event, element in steps:
            name = etree.QName(element)
            if root is None:
                root, namespace = element, name.namespace or ""
                if name.localname != "Document" or not _NAMESPACE.fullmatch(namespace):
                    raise StatementRefused("message", namespace)
            # Elements of another name space (enclosed data, includes) keep it and so are never found below.
            if event == "end" and name.namespace == namespace:
                element.tag = name.localname
                parent = element.getparent()
                if name.localname == "Ntry" and parent is not None and parent.tag == f"{{{namespace}}}Stmt":
                    _take(element, seen, booked, pending)
                    element.clear()
    except etree.XMLSyntaxError as error:
        raise StatementRefused("xml") from error
    if root is None:
        raise StatementRefused("xml")
    return root


def _statement(root: etree._Element) -> tuple[etree._Element, etree._Element]:
    message = root.find("BkToCstmrStmt")
    statements = [] if message is None else message.findall("Stmt")
    if message is None or not statements:
        raise StatementRefused("message")
    if len(statements) > 1:
        raise StatementRefused("several")
    head = message.find("GrpHdr")
    return statements[0], etree.Element("GrpHdr") if head is None else head


def _text(parent: etree._Element, path: str) -> str:
    return (parent.findtext(path) or "").strip()


def _page(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,5}", text, re.ASCII) else 1


def amount_of(parent: etree._Element, path: str = "Amt") -> Kip:
    element = parent.find(path)
    if element is None:
        raise StatementRefused("missing", path)
    if element.get("Ccy") != "LAK":
        raise StatementRefused("currency", path)
    text = (element.text or "").strip()
    found = _AMOUNT.fullmatch(text)
    if not found or int(found[1]) > KIP_LIMIT:
        raise StatementRefused("amount", text[:40])
    if (found[2] or "").strip("0"):
        raise StatementRefused("part_of_kip", text)
    return kip(int(found[1]))


def _is_credit(parent: etree._Element) -> bool:
    way = _text(parent, "CdtDbtInd")
    if way not in ("CRDT", "DBIT"):
        raise StatementRefused("missing", "CdtDbtInd")
    return way == "CRDT"


def _day(parent: etree._Element | None) -> date | None:
    """The day below BookgDt, ValDt or Bal/Dt, which is a date or a moment; a moment is told in Vientiane."""
    if parent is None:
        return None
    try:
        if text := _text(parent, "Dt"):
            return date.fromisoformat(text[:10])
        if text := _text(parent, "DtTm"):
            moment = datetime.fromisoformat(text)
            return (moment.astimezone(VIENTIANE) if moment.tzinfo else moment).date()
    except ValueError as error:
        raise StatementRefused("day", text[:40]) from error
    return None


def _balance(body: etree._Element, kinds: tuple[str, ...]) -> tuple[Kip, date]:
    for balance in body.findall("Bal"):
        if _text(balance, "Tp/CdOrPrtry/Cd") in kinds:
            amount, day = amount_of(balance), _day(balance.find("Dt"))
            if day is None:
                raise StatementRefused("missing", "Bal/Dt")
            return (amount if _is_credit(balance) else kip(-amount)), day
    raise StatementRefused("missing", f"Bal {kinds[0]}")


def _take(written: etree._Element, seen: Counter[str], booked: list[Entry], pending: list[Entry]) -> None:
    # Until version .02 the status is the text itself.
    status = _text(written, "Sts/Cd") or _text(written, "Sts")
    (booked if status == "BOOK" else pending).extend(_parts(written, seen))


def _parts(written: etree._Element, seen: Counter[str]) -> Iterator[Entry]:
    """One entry; or one for each payment of a batch, if those add up."""
    total, credit = amount_of(written), _is_credit(written)
    parts = written.findall("NtryDtls/TxDtls")
    amounts = [_part_amount(part) for part in parts]
    given = [amount for amount in amounts if amount is not None]
    if len(parts) > 1 and len(given) == len(parts) and sum(given) == total:
        for part, amount in zip(parts, given, strict=True):
            yield _entry(written, part, amount, credit, seen)
    else:
        yield _entry(written, parts[0] if len(parts) == 1 else None, total, credit, seen)


def _part_amount(part: etree._Element) -> Kip | None:
    for path in ("Amt", "AmtDtls/TxAmt/Amt"):
        if part.find(path) is not None:
            return amount_of(part, path)
    return None


def _entry(
    written: etree._Element, part: etree._Element | None, amount: Kip, credit: bool, seen: Counter[str]
) -> Entry:
    booked = _day(written.find("BookgDt")) or _day(written.find("ValDt"))
    if booked is None:
        raise StatementRefused("missing", "BookgDt")
    detail = etree.Element("TxDtls") if part is None else part
    texts = [(line.text or "").strip() for line in detail.findall("RmtInf/Ustrd")]
    text = "".join(texts) if len(texts) > 1 and len(texts[0]) == 140 else " ".join(texts)
    text = text or _text(detail, "AddtlTxInf") or _text(written, "AddtlNtryInf")
    return Entry(
        bank_reference=_key(written, part, f"{booked}|{amount}|{credit}|{text}", seen),
        amount=amount,
        credit=credit,
        booked_on=booked,
        remittance_reference=_text(detail, "RmtInf/Strd/CdtrRefInf/Ref").replace(" ", "").upper(),
        remittance_text=text,
        payer=_text(detail, "RltdPties/Dbtr/Pty/Nm") or _text(detail, "RltdPties/Dbtr/Nm"),
        payer_account=_text(detail, "RltdPties/DbtrAcct/Id/Othr/Id")
        or _text(detail, "RltdPties/DbtrAcct/Id/IBAN"),
        valued_on=_day(written.find("ValDt")),
        reversal=_text(written, "RvslInd") in ("true", "1"),
    )


def _key(written: etree._Element, part: etree._Element | None, contents: str, seen: Counter[str]) -> str:
    """The bank's own reference; without one, a hash of the contents and a number among equal entries."""
    batch = len(written.findall("NtryDtls/TxDtls")) > 1
    places = [] if part is None else [(part, "Refs/AcctSvcrRef"), (part, "Refs/TxId")]
    # The reference of a batch is the same for all its parts, so it cannot be the key of one.
    if not (batch and part is not None):
        places = [(written, "AcctSvcrRef"), *places, (written, "NtryRef")]
    for element, path in places:
        if (found := _text(element, path)) not in _NOT_GIVEN:
            return found
    digest = hashlib.sha256(contents.encode()).hexdigest()[:16].upper()
    seen[digest] += 1
    return f"X{digest}-{seen[digest]}"
