"""The embedded server: a second cluster beside any other, on a socket only, that survives its own death."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pakan.site import postgres


@pytest.fixture
def data() -> Iterator[Path]:
    # Not tmp_path: its parents are closed to others, and so to the user that stands in for root.
    with tempfile.TemporaryDirectory(prefix="pakan-test-") as folder:
        os.chmod(folder, 0o755)
        cluster = Path(folder) / "cluster"
        yield cluster
        postgres.stop(cluster)


def ask(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[arg-type]
        return row[0] if row else None


def test_a_second_cluster_starts_answers_without_tcp_and_stops(data: Path) -> None:
    url = postgres.start(data, tests=True)
    assert ask(url, "SELECT current_database()") == "pakan"
    assert ask(url, "SELECT current_setting('listen_addresses')") == ""
    assert ask(url, "SELECT current_setting('server_encoding')") == "UTF8"
    assert data.stat().st_mode & 0o777 == 0o700
    assert postgres.is_up(data)
    postgres.stop(data)
    assert not postgres.is_up(data)
    assert not (data / "postmaster.pid").exists()


def test_what_was_written_is_there_after_the_server_was_killed(data: Path) -> None:
    url = postgres.start(data)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('ປະກັນສັງຄົມ')")
    pid = int((data / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    for _ in range(100):
        if not postgres.is_up(data):
            break
        time.sleep(0.05)
    assert ask(postgres.start(data), "SELECT word FROM kept") == "ປະກັນສັງຄົມ"


def test_a_number_that_now_belongs_to_another_program_is_not_taken_for_the_server(data: Path) -> None:
    postgres.start(data, tests=True)
    postgres.stop(data)
    with subprocess.Popen(["sleep", "60"]) as other:
        (data / "postmaster.pid").write_text(f"{other.pid}\n{data}\n")
        assert ask(postgres.start(data, tests=True), "SELECT 1") == 1
        assert other.poll() is None
        other.kill()


def test_a_long_path_moves_the_socket_to_a_short_private_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    folder = postgres.socket_folder(deep)
    try:
        assert len(str(folder)) < postgres.SOCKET_PATH_LIMIT
        assert folder.stat().st_mode & 0o777 == 0o700
        folder.chmod(0o755)
        with pytest.raises(postgres.PostgresFailed, match="private"):
            postgres.socket_folder(deep)
    finally:
        folder.rmdir()


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(postgres.PostgresFailed, match="neither empty nor"):
        postgres.start(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]
