"""Work for later: a job that comes to be with the caller's transaction, and not without it."""

from datetime import datetime

from django.db import DEFAULT_DB_ALIAS
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.types import JSONValue


def later(task: str, lock: str = "", not_before: datetime | None = None, **arguments: JSONValue) -> None:
    """Have `task` done when the transaction around this call is in. Raises AlreadyEnqueued while `lock` waits.

    In the web process the library writes the job over Django's connection. In the worker it would write it over the
    worker's own, outside the transaction: the job could begin before the rows it is about are there, and would stay
    when they are rolled back.
    """
    job = app.configure_task(task, queueing_lock=lock or None, schedule_at=not_before)
    if isinstance(job.job_manager.connector, PsycopgConnector):
        job.job_manager = JobManager(DjangoConnector(alias=DEFAULT_DB_ALIAS))
    job.defer(**arguments)
