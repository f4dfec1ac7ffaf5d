"""The printer: one typst compiler a letter, kept, because starting one costs more than the letter."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal, overload

import typst

from pakan.integrations.formats.letter import prepare
from pakan.integrations.formats.letter.data import (
    AccountLetter,
    CardSheet,
    CashSlipLetter,
    ClearanceLetter,
    DecisionLetter,
    Form201,
    NoticeLetter,
    PaySlipLetter,
    ReceiptLetter,
    RegistrationLetter,
    ReminderLetter,
    SlipLetter,
    StatementLetter,
)

_HERE = Path(__file__).parent
# Tags for readers of screens make a form of 400 sheets ten times larger and slower; that one goes without.
_TAGGED_UP_TO = 200_000  # letters of data
_stamp = ""  # set once, at the start of a process


def stamp_all(words: str) -> None:
    """From now on `words` stand across every page that this process prints; '' ends it."""
    global _stamp
    _stamp = words


class _Press:
    """A compiler may print one letter at a time."""

    def __init__(self, name: str) -> None:
        self._lock = Lock()
        self._compiler = typst.Compiler(
            str(_HERE / f"{name}.typ"),
            root=str(_HERE),
            font_paths=[str(_HERE / "fonts")],
            ignore_system_fonts=True,
        )

    def run(self, texts: Mapping[str, Any], form: Literal["pdf", "png"], ppi: float) -> list[bytes]:
        data = json.dumps(texts, ensure_ascii=False)
        with self._lock:
            made = self._compiler.compile(
                format=form,
                sys_inputs={"data": data, "stamp": _stamp},
                ppi=ppi,
                pdf_tags=len(data) <= _TAGGED_UP_TO,
            )
        return [made] if isinstance(made, bytes) else list(made or [])


@cache
def _press(name: str) -> _Press:
    return _Press(name)


@overload
def render(name: Literal["form_2_01"], data: Form201) -> bytes: ...
@overload
def render(name: Literal["notice"], data: NoticeLetter) -> bytes: ...
@overload
def render(name: Literal["cash_slip"], data: CashSlipLetter) -> bytes: ...
@overload
def render(name: Literal["receipt"], data: ReceiptLetter) -> bytes: ...
@overload
def render(name: Literal["decision"], data: DecisionLetter) -> bytes: ...
@overload
def render(name: Literal["slip"], data: SlipLetter) -> bytes: ...
@overload
def render(name: Literal["statement"], data: StatementLetter) -> bytes: ...
@overload
def render(name: Literal["cards"], data: CardSheet) -> bytes: ...


@overload
def render(name: Literal["account"], data: AccountLetter) -> bytes: ...
@overload
def render(name: Literal["reminder"], data: ReminderLetter) -> bytes: ...
@overload
def render(name: Literal["registration"], data: RegistrationLetter) -> bytes: ...


@overload
def render(name: Literal["pay_slip"], data: PaySlipLetter) -> bytes: ...


@overload
def render(name: Literal["clearance"], data: ClearanceLetter) -> bytes: ...


def render(name: str, data: Mapping[str, Any]) -> bytes:
    """The letter as PDF. Raises ValueError when its amounts contradict each other."""
    texts = prepare.texts(name, data)
    [pdf] = _press(name).run(texts, "pdf", 144)
    return pdf


def pictures(name: str, data: Mapping[str, Any], ppi: float = 144) -> list[bytes]:
    """Each page of the letter as PNG, for a preview on the screen."""
    texts = prepare.texts(name, data)
    return _press(name).run(texts, "png", ppi)
