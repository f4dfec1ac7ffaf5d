"""Which bank a LAO QR leads to. An unknown number is another bank, never an error."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Issuer:
    """A bank as the scheme numbers it."""

    iin: str
    bic: str
    name_lo: str
    name_en: str
    since: date
    until: date | None
    confidence: str


OTHER = Issuer("", "", "ທະນາຄານອື່ນ", "Other bank", date.min, None, "high")


@cache
def _table() -> tuple[Issuer, ...]:
    rows = tomllib.loads(files(__package__).joinpath("iin.toml").read_text(encoding="utf-8"))["issuer"]
    return tuple(
        Issuer(
            iin=row["iin"],
            bic=row["bic"],
            name_lo=row["name_lo"] or row["name_en"],
            name_en=row["name_en"],
            since=row["since"],
            until=row.get("until"),
            confidence=row["confidence"],
        )
        for row in rows
    )


def issuer(iin: str, day: date) -> Issuer:
    """The bank that had this number on `day`; OTHER if we know none."""
    return next(
        (
            row
            for row in _table()
            if row.iin == iin and row.since <= day and (not row.until or day <= row.until)
        ),
        OTHER,
    )
