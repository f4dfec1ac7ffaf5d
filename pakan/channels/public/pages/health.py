"""/health: is the database there, and do jobs get done? Nothing personal, and the same for everyone who asks."""

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

OLDEST_JOB = 900  # seconds that a due job may wait before the house counts as ill

WAITING = """
SELECT coalesce(extract(epoch FROM now() - min(coalesce(job.scheduled_at, event.at)))::int, 0)
FROM procrastinate_jobs job
LEFT JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'
WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
"""


def _oldest_job() -> int:
    """Seconds since the oldest job that could run was due."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        found = cursor.fetchone()
    return int(found[0])


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    try:
        waits = _oldest_job()
    except Error:
        return JsonResponse({"database": "down", "queue": "unknown"}, status=503)
    late = waits > OLDEST_JOB
    facts = {"database": "up", "queue": "late" if late else "up", "oldest_job_seconds": waits}
    return JsonResponse(facts, status=503 if late else 200)
