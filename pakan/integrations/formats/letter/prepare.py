"""From the data of a letter to the texts that stand on it: points, words, dates, sums, sheets."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from pakan.integrations.formats.emvco import svg
from pakan.integrations.formats.letter.data import (
    AccountLetter,
    AccountRow,
    CardSheet,
    CashSlipLetter,
    ClearanceLetter,
    DecisionLetter,
    Form201,
    FundLine,
    NoticeLetter,
    PaySlipLetter,
    PrintedCard,
    ReceiptLetter,
    RegistrationLetter,
    ReminderLetter,
    SheetRow,
    SlipLetter,
    StatementLetter,
    StatementRow,
)
from pakan.units.money import dotted
from pakan.units.month import Month
from pakan.units.number import shown_creditor_reference, shown_employer_code, shown_person_number
from pakan.units.words import (
    LAO_MONTHS,
    english_date,
    english_month,
    kip_in_words_lao,
    lao_date,
    lao_month,
)

ROWS_A_SHEET = 25
_SEX = {"f": "ຍິງ", "m": "ຊາຍ", "": ""}


def day_first(day: str) -> str:
    """'2026-03-02' -> '02/03/2026'; '' stays empty."""
    return f"{date.fromisoformat(day):%d/%m/%Y}" if day else ""


def _boxes(text: str) -> list[str]:
    return [letter for letter in text if letter.isdigit()]


def _words(amount: int) -> str:
    return kip_in_words_lao(amount) if amount >= 0 else ""


def form_2_01(data: Form201) -> dict[str, Any]:
    """Raises ValueError when the sheets do not add up to lines 1 and 2: such a form must not be printed."""
    rows = data["rows"]
    for column, line in (("employer", data["employer_total"]), ("worker", data["worker_total"])):
        if rows and sum(row[column] for row in rows) != line:  # type: ignore[literal-required]
            raise ValueError(f"the sheets 2-02 do not add up to the {column} total of form 2-01")
    month = Month.parse(data["month"])
    total = data["employer_total"] + data["worker_total"]
    due = total + data["add"] - data["deduct"]
    amounts = [data["employer_total"], data["worker_total"], data["add"], data["deduct"], total]
    sheets = [rows[at : at + ROWS_A_SHEET] for at in range(0, len(rows), ROWS_A_SHEET)]
    days = {name: day_first(data[name]).split("/") for name in ("received_on", "slip_on", "signed_on")}
    return {
        **{key: value for key, value in data.items() if key != "rows"},
        **{name: parts if len(parts) == 3 else ["", "", ""] for name, parts in days.items()},
        "incoming": _boxes(data["incoming_number"]),
        "paid": "" if data["paid"] is None else dotted(data["paid"]),
        "month_name": LAO_MONTHS[month.month - 1],
        "month_text": lao_month(month),
        "year": str(month.year),
        "code": _boxes(data["employer_code"]),
        "code_text": shown_employer_code(data["employer_code"]),
        "amounts": [dotted(amount) for amount in amounts],
        "words": _words(total),
        "due": dotted(due),
        "due_words": _words(due),
        "sheets": [_sheet(sheet, at * ROWS_A_SHEET) for at, sheet in enumerate(sheets)],
        "grand": _sums(rows),
    }


def _sheet(rows: list[SheetRow], before: int) -> dict[str, Any]:
    return {
        "rows": [
            [
                str(before + at),
                row["code"],
                row["name"],
                day_first(row["born"]),
                _SEX[row["sex"]],
                dotted(row["wage"]),
                dotted(row["employer"]),
                dotted(row["worker"]),
                dotted(row["employer"] + row["worker"]),
                row["remark"],
            ]
            for at, row in enumerate(rows, 1)
        ],
        "sums": _sums(rows),
    }


def _sums(rows: list[SheetRow]) -> list[str]:
    wage, employer, worker = (sum(row[key] for row in rows) for key in ("wage", "employer", "worker"))
    return [dotted(wage), dotted(employer), dotted(worker), dotted(employer + worker)]


def _funds(lines: Sequence[FundLine]) -> list[list[str]]:
    """Name in both languages, what for, and how much."""
    months = [(line, Month.parse(line["month"])) for line in lines]
    return [
        [line["name_lo"], line["name_en"], lao_month(month), english_month(month), line["reference"], dotted(line["amount"])]
        for line, month in months
    ]  # fmt: skip


def notice(data: NoticeLetter) -> dict[str, Any]:
    month = Month.parse(data["month"])
    due, issued = date.fromisoformat(data["due_on"]), date.fromisoformat(data["issued_on"])
    return {
        **data,
        "qr": svg(data["code"]),
        "reference": shown_creditor_reference(data["reference"]),
        "employer_code": shown_employer_code(data["employer_code"]),
        "month": [lao_month(month), english_month(month)],
        "amount": dotted(data["amount"]),
        "words": kip_in_words_lao(data["amount"]),
        "due_on": [lao_date(due), english_date(due)],
        "issued_on": [lao_date(issued), english_date(issued)],
        "funds": _funds(data.get("funds", ())),
        "own": dotted(data["amount"] - sum(line["amount"] for line in data.get("funds", ()))),
    }


def cash_slip(data: CashSlipLetter) -> dict[str, Any]:
    """Raises ValueError for an amount that nobody can pay."""
    if data["amount"] <= 0:
        raise ValueError("a cash slip asks for money")
    months = [Month.parse(month) for month in data["months"]]
    until = date.fromisoformat(data["expires_on"])
    return notice(data) | {
        "months_lo": ", ".join(map(lao_month, months)),
        "months_en": ", ".join(map(english_month, months)),
        "expires_on": [lao_date(until), english_date(until)],
    }


def receipt(data: ReceiptLetter) -> dict[str, Any]:
    """Raises ValueError when more is set against months than was received."""
    funds = data.get("funds", [])
    credit = data["amount"] - sum(part["amount"] for part in (*data["lines"], *funds))
    if credit < 0:
        raise ValueError("the months of the receipt come to more than the amount received")
    paid, issued = date.fromisoformat(data["paid_on"]), date.fromisoformat(data["issued_on"])
    months = [
        (Month.parse(line["month"]), line["amount"], line.get("is_charge", False)) for line in data["lines"]
    ]
    return {
        **data,
        "qr": svg(data["verify_at"], title="verify"),
        "reference": shown_creditor_reference(data["reference"]),
        "employer_code": shown_employer_code(data["employer_code"]),
        "lines": [
            [lao_month(month), english_month(month), dotted(amount), is_charge]
            for month, amount, is_charge in months
        ],
        "funds": _funds(funds),
        "credit": dotted(credit) if credit else "",
        "amount": dotted(data["amount"]),
        "words": kip_in_words_lao(data["amount"]),
        "paid_on": [lao_date(paid), english_date(paid)],
        "issued_on": [lao_date(issued), english_date(issued)],
    }


def statement(data: StatementLetter) -> dict[str, Any]:
    """The months with a heading for each year; all sums are reckoned here."""
    rows = data["rows"]
    days = {name: date.fromisoformat(data[name]) for name in ("born", "issued_on", "valid_until")}
    years = sorted({row["month"][:4] for row in rows})
    employer = sum(row["employer_share"] for row in rows)
    worker = sum(row["worker_share"] for row in rows)
    return {
        **data,
        **{name: [lao_date(day), english_date(day)] for name, day in days.items()},
        "qr": svg(data["code"], title="verify"),
        "person_number": shown_person_number(data["person_number"]),
        "years": [[year, [_month_row(row) for row in rows if row["month"][:4] == year]] for year in years],
        "months": str(data["months"]),
        "employer": dotted(employer),
        "worker": dotted(worker),
        "total": dotted(employer + worker),
    }


def _month_row(row: StatementRow) -> list[str]:
    month, shares = Month.parse(row["month"]), (row["employer_share"], row["worker_share"])
    name = f"{row['employer']} ({shown_employer_code(row['employer_code'])})"
    amounts = (row["insured"], *shares, sum(shares))
    return [LAO_MONTHS[month.month - 1], name, *(dotted(amount) for amount in amounts)]


CARDS_A_SHEET = 10


def cards(data: CardSheet) -> dict[str, Any]:
    """Sheets of ten; the backs stand mirrored, for paper that is turned over its long edge."""
    shown = [_card(card) for card in data["cards"]]
    return {"sheets": [shown[at : at + CARDS_A_SHEET] for at in range(0, len(shown), CARDS_A_SHEET)]}


def _card(card: PrintedCard) -> dict[str, Any]:
    return {
        **card,
        "born": day_first(card["born"]),
        "until": day_first(card["until"]),
        "sex": _SEX[card["sex"]],
        "serial": " ".join(card["serial"][at : at + 4] for at in range(0, len(card["serial"]), 4)),
        "qr": svg(card["code"], title="card"),
        "photo": _framed(card["photo"]) if card["photo"] else "",
    }


def _framed(jpeg: str) -> str:
    """A JPEG in base64 as SVG, which is how a picture gets into a letter as text."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 5">'
        f'<image width="4" height="5" href="data:image/jpeg;base64,{jpeg}"/></svg>'
    )


def account(data: AccountLetter) -> dict[str, Any]:
    """The months as they stand on the paper; the sum to pay is reckoned here."""
    issued = date.fromisoformat(data["issued_on"])
    total = data["open"] + data["charges_open"]
    return {
        **data,
        "employer_code": shown_employer_code(data["employer_code"]),
        "issued_on": [lao_date(issued), english_date(issued)],
        "rows": [_account_row(row) for row in data["rows"]],
        "funds": _funds(data.get("funds", ())),
        **{name: dotted(data[name]) for name in ("open", "charges_open", "credit")},
        "total": dotted(total),
    }


def _account_row(row: AccountRow) -> list[Any]:
    amounts = (row["owed"], row["settled"], row["open"], row["charges"])
    month = lao_month(Month.parse(row["month"]))
    return [month, day_first(row["due_on"]), *(dotted(amount) for amount in amounts), row["receipts"]]


def clearance(data: ClearanceLetter) -> dict[str, Any]:
    days = {name: date.fromisoformat(data[name]) for name in ("issued_on", "valid_until")}
    month = Month.parse(data["last_month"]) if data["last_month"] else None
    return {
        **data,
        **{name: [lao_date(day), english_date(day)] for name, day in days.items()},
        "qr": svg(data["code"], title="verify"),
        "employer_code": shown_employer_code(data["employer_code"]),
        "last_month": [lao_month(month), english_month(month)] if month else [],
    }


def reminder(data: ReminderLetter) -> dict[str, Any]:
    """What is open and its charges as they stand on the paper, with the sum in words."""
    days = {name: date.fromisoformat(data[name]) for name in ("issued_on", "due_on")}
    month, total = Month.parse(data["month"]), data["open"] + data["charges"]
    return {
        **data,
        **{name: [lao_date(day), english_date(day)] for name, day in days.items()},
        "employer_code": shown_employer_code(data["employer_code"]),
        "month": [lao_month(month), english_month(month)],
        "open": dotted(data["open"]),
        "charges": dotted(data["charges"]) if data["charges"] else "",
        "total": dotted(total),
        "words": kip_in_words_lao(total),
        "before": [[one["step_lo"], one["step_en"], day_first(one["on"])] for one in data["before"]],
    }


def registration(data: RegistrationLetter) -> dict[str, Any]:
    days = {name: date.fromisoformat(data[name]) for name in ("registered_on", "issued_on", "valid_until")}
    return {
        **data,
        **{name: [lao_date(day), english_date(day)] for name, day in days.items()},
        "qr": svg(data["code"], title="verify"),
        "employer_code": shown_employer_code(data["employer_code"]),
    }


def pay_slip(data: PaySlipLetter) -> dict[str, Any]:
    """Raises ValueError when the worker would get something else than wage less share."""
    amounts = [kip for _lo, _en, kip in data["rows"]]
    if amounts[0] - amounts[1] != amounts[-1]:
        raise ValueError("the slip does not add up")
    month = Month.parse(data["month"])
    return {
        **data,
        "employer_code": shown_employer_code(data["employer_code"]),
        "person_number": shown_person_number(data["person_number"]),
        "month": [lao_month(month), english_month(month)],
        "rows": [[lo, en, dotted(kip)] for lo, en, kip in data["rows"]],
    }


def decision(data: DecisionLetter) -> dict[str, Any]:
    """The sentences as they were decided; only days and the picture of the code are made here."""
    days = {name: date.fromisoformat(data[name]) for name in ("event_day", "issued_on", "appeal_until")}
    return {
        **data,
        **{name: [lao_date(day), english_date(day)] for name, day in days.items()},
        "qr": svg(data["code"], title="verify"),
        "person_number": shown_person_number(data["person_number"]),
    }


def slip(data: SlipLetter) -> dict[str, Any]:
    """Raises ValueError when the lines do not come to what was paid."""
    if sum(line["kip"] for line in data["lines"]) != data["net"]:
        raise ValueError("the lines of the slip do not add up to what was paid")
    paid = date.fromisoformat(data["paid_on"])
    return {
        **data,
        "person_number": shown_person_number(data["person_number"]),
        "lines": [{**line, "kip": dotted(line["kip"])} for line in data["lines"]],
        "net": dotted(data["net"]),
        "words": kip_in_words_lao(data["net"]),
        "paid_on": [lao_date(paid), english_date(paid)],
    }


_LETTERS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "form_2_01": form_2_01,
    "notice": notice,
    "cash_slip": cash_slip,
    "receipt": receipt,
    "decision": decision,
    "slip": slip,
    "statement": statement,
    "account": account,
    "clearance": clearance,
    "registration": registration,
    "reminder": reminder,
    "pay_slip": pay_slip,
    "cards": cards,
}


def texts(name: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that stands on the letter `name`. Raises KeyError for an unknown letter or a missing key."""
    return _LETTERS[name](data)
