"""In the worker too a job comes to be with the rows that it is about, and not without them."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from pakan.operations.later import later

pytestmark = pytest.mark.django_db(transaction=True)


class Undone(Exception):
    """Something went wrong after the job was asked for."""


@pytest.fixture
def worker() -> Iterator[None]:
    """The application as it stands in the worker: with a pool of its own beside Django's connection."""
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as there, there.open():
        yield


def seen_by_others() -> int:
    """How many jobs stand there for whoever looks from another connection."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        found = other.execute("SELECT count(*) FROM procrastinate_jobs").fetchone()
    assert found is not None
    return int(found[0])


@pytest.mark.usefixtures("worker")
def test_a_job_waits_for_the_transaction_that_asked_for_it() -> None:
    with transaction.atomic():
        later("notify.send", message_ids=[])
        assert ProcrastinateJob.objects.count() == 1
        assert seen_by_others() == 0
    assert seen_by_others() == 1


@pytest.mark.usefixtures("worker")
def test_a_job_goes_with_the_transaction_that_is_undone() -> None:
    with pytest.raises(Undone), transaction.atomic():
        later("notify.send", message_ids=[])
        raise Undone
    assert seen_by_others() == 0


def test_one_job_a_lock() -> None:
    with transaction.atomic():
        later("collect.work_on", "bank message 1", message_id=1)
    with pytest.raises(AlreadyEnqueued), transaction.atomic():
        later("collect.work_on", "bank message 1", message_id=1)
    assert ProcrastinateJob.objects.count() == 1
