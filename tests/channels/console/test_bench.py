"""The bench runs from end to end in small and says what it should; how fast it was is nobody's failure."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from pakan.channels.console.bench.pages import MOST


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:No directory at")
def test_the_bench_measures_all_it_promises_and_leaves_nothing(tmp_path: Path) -> None:
    usual, out = connection.settings_dict["NAME"], StringIO()
    own = f"{usual}_bench"
    call_command("bench", quick=True, database=own, out=tmp_path / "bench.json", stdout=out)
    found = json.loads((tmp_path / "bench.json").read_text())
    assert [line["lines"] for line in found["lines"]] == [12, 50]
    assert found["lines"][0]["queries"] <= 56
    assert found["lines"][0]["queries"] == found["lines"][1]["queries"]
    assert found["uploads"]["check_page"]["problems"] == 2
    assert 0 < found["uploads"]["child"]["peak_mib"] < 512
    assert found["receipt"]["middle"] > 0
    assert max(found["pages"].values()) <= MOST
    assert "COPY/s" in out.getvalue()
    assert connection.settings_dict["NAME"] == usual
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [own])
        assert cursor.fetchone()[0] == 0


@pytest.mark.django_db
def test_inside_a_transaction_nothing_is_measured() -> None:
    with pytest.raises(CommandError, match="transaction"):
        call_command("bench", quick=True, database="never_made")
