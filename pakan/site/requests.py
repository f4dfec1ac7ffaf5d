"""Every request has a number; logs are JSON lines that name it and nothing personal (ASVS 16.2)."""

import json
import logging
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

request_number: ContextVar[str] = ContextVar("request_number", default="-")
log = logging.getLogger("pakan.requests")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "part": record.name,
            "request": request_number.get(),
            "says": record.getMessage(),
        }
        line |= getattr(record, "facts", {})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def number_requests(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        number = secrets.token_hex(8)
        request.META["PAKAN_REQUEST"] = number
        token = request_number.set(number)
        began, worked = time.perf_counter(), time.thread_time()
        try:
            response = get_response(request)
            # The view's name instead of the path: a path can carry an employer's code.
            match = request.resolver_match
            facts = {
                "view": match.view_name if match else "-",
                "method": request.method,
                "status": response.status_code,
                "ms": round((time.perf_counter() - began) * 1000, 1),
                "cpu": round((time.thread_time() - worked) * 1000, 1),  # of it, this process at work
            }
            log.info("answered", extra={"facts": facts})
        finally:
            request_number.reset(token)
        response["X-Request-Number"] = number
        return response

    return middleware


def head_as_get(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """HEAD goes where GET goes (RFC 9110, 9.3.2), also where a page names only GET; the server leaves the body out."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method != "HEAD":
            return get_response(request)
        request.method = "GET"
        try:
            return get_response(request)
        finally:
            request.method = "HEAD"

    return middleware
