"""Crediting a month: the moment a contribution becomes a right."""

from datetime import datetime

import numpy as np

from pakan.registers.columns import Column, copy_columns
from pakan.registers.records.models import Credit
from pakan.units.month import Month


def credit(employer_id: int, month: Month, version: int, wages: dict[str, Column], at: datetime) -> int:
    """Write a month on the record of every person in `wages` (int64 columns, sorted by person); how many.

    `version` is the declaration's: a correction writes the changed persons again with its own number, and the highest counts.
    """
    people = len(wages["person"])
    if people:
        copy_columns(
            Credit,
            {
                "person_id": wages["person"],
                "month": month.first,
                "employer_id": np.full(people, employer_id, dtype=np.int64),
                "version": np.full(people, version, dtype=np.int64),
                "wage": wages["wage"],
                "insured": wages["insured"],
                "employer_share": wages["employer_share"],
                "worker_share": wages["worker_share"],
                "credited_at": at,
            },
            small=("version",),
        )
    return people
