from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.channels.partners.bank_hall import Hall, served


@pytest.fixture
def hall(tmp_path: Path, now: datetime, settings: Any) -> Iterator[Hall]:
    """The sandbox bank, open for questions."""
    hall = Hall(tmp_path / "bank.sqlite3", now)
    with served(hall.counter.answer) as address:
        settings.BANKS = {"sandbox": settings.BANKS["sandbox"] | {"url": address}}
        yield hall
