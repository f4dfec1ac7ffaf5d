"""Addresses of the interface, under /api/v1/employer/. What is not one of them is a problem too, not a page."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.csrf import csrf_exempt

from pakan.channels.employer.api.api import api
from pakan.channels.employer.api.faults import Fault, answer, place

PARAMETERS = {"cursor", "limit"}


def _as_machines_read(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view whose every answer is JSON and kept by nobody. A parameter that is there twice or unknown is refused."""

    @functools.wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        unknown = sorted(set(request.GET) - PARAMETERS)[:10]
        if any(len(values) > 1 for _, values in request.GET.lists()):
            response = answer(Fault("repeated"))
        elif unknown:
            response = answer(Fault("wrong", [place(f"?{name[:40]}", "parameter") for name in unknown]))
        else:
            response = view(request, *args, **kwargs)
        if response.status_code == 405:
            allowed = response.headers.get("Allow", "")
            response = answer(Fault("method"))
            response["Allow"] = allowed
        add_never_cache_headers(response)
        patch_cache_control(response, no_store=True, private=True)
        return response

    return told


@csrf_exempt
def nowhere(request: HttpRequest) -> HttpResponse:
    return answer(Fault("not_found"))


_patterns, _app, _space = api.urls
for _pattern in _patterns:
    assert isinstance(_pattern, URLPattern)
    _pattern.callback = _as_machines_read(_pattern.callback)

app_name = "api-employer"
urlpatterns = [*_patterns, re_path(r"", _as_machines_read(nowhere), name="nowhere")]
