"""Addresses of the interface, under /api/v1/employer/. What is not one of them is a problem too, not a page."""

import functools
import hashlib
from collections.abc import Callable, Collection
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import URLPattern, re_path
from django.utils.cache import add_never_cache_headers, patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.csrf import csrf_exempt

# Each declares its addresses.
from pakan.channels.employer.api import declarations as _declarations
from pakan.channels.employer.api import events as _events
from pakan.channels.employer.api import money as _money
from pakan.channels.employer.api import people as _people
from pakan.channels.employer.api import practice as _practice
from pakan.channels.employer.api.api import api
from pakan.channels.employer.api.faults import Fault, answer, place

__all__ = ["_declarations", "_events", "_money", "_people", "_practice"]

View = Callable[..., HttpResponse]


def _as_machines_read(view: View, names: Collection[str] = ()) -> View:
    """A view whose every answer is JSON and kept by nobody. A parameter that is there twice or unknown is refused."""

    @functools.wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = _problem_of(request, names) or view(request, *args, **kwargs)
        if response.status_code == 405:
            allowed = response.headers.get("Allow", "")
            response = answer(Fault("method"))
            response["Allow"] = f"{allowed}, HEAD" if "GET" in allowed else allowed
        if request.method == "GET" and response.status_code == 200:
            response = _if_changed(request, response)
        add_never_cache_headers(response)
        patch_cache_control(response, no_store=True, private=True)
        patch_vary_headers(response, ["Accept-Language", "Authorization"])
        return response

    return told


def _problem_of(request: HttpRequest, names: Collection[str]) -> HttpResponse | None:
    unknown = sorted(set(request.GET) - set(names))[:10]
    if any(len(values) > 1 for _, values in request.GET.lists()):
        return answer(Fault("repeated"))
    if unknown:
        return answer(Fault("wrong", [place(f"?{name[:40]}", "parameter") for name in unknown]))
    return None


def _if_changed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with its mark, or 304 if whoever asks has it already. It is kept by the program, not by a cache."""
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    known = {one.removeprefix("W/") for one in parse_etags(request.headers.get("If-None-Match", ""))}
    if etag in known:
        response = HttpResponseNotModified()
    response["ETag"] = etag
    return response


@csrf_exempt
def nowhere(request: HttpRequest) -> HttpResponse:
    return answer(Fault("not_found"))


def _parameters() -> dict[str, set[str]]:
    """By the address: the names that may stand behind its question mark."""
    return {
        path.replace("{", "<").replace("}", ">"): {
            name
            for operation in view.operations
            for model in operation.models
            if model.__ninja_param_source__ == "query"
            for name in model.__ninja_flatten_map__
        }
        for path, view in api.default_router.path_operations.items()
    }


_patterns, _app, _space = api.urls
_names = _parameters()
for _pattern in _patterns:
    assert isinstance(_pattern, URLPattern)
    _pattern.callback = _as_machines_read(_pattern.callback, _names.get(str(_pattern.pattern), ()))

app_name = "api-employer"
urlpatterns = [*_patterns, re_path(r"", _as_machines_read(nowhere), name="nowhere")]
