"""The interface for payroll software: people of the company, their declarations, notices, receipts and the statement.

A key has the role of a preparer: it prepares and hands over, and a person approves (C84). Every answer to an act is
kept with its Idempotency-Key for ever: sent twice, it is done once. Here: the interface itself, its faults, and tokens;
the addresses stand beside, each subject in its own file.
"""

import base64
import binascii
import logging
from typing import Annotated, Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Form
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from pakan.channels.employer.api import faults, schemas
from pakan.channels.employer.api.changes import CHANGES
from pakan.channels.employer.api.door import Strict, address, too_often
from pakan.channels.employer.api.faults import Fault
from pakan.channels.kit.api import DescribedAPI
from pakan.operations import apikeys
from pakan.registers.access.actor import Asked
from pakan.registers.access.models import ApiKey

log = logging.getLogger("pakan.api")
VERSION = CHANGES[0].version
# What a read may be asked with besides its own parameters, and what it may answer.
UNCHANGED = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag of an earlier answer: if nothing changed, the answer is 304 without a body",
}


class EmployerAPI(DescribedAPI):
    """Tells about the token address, for clients that make their tokens themselves, and what every read can do."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        flow = {
            "tokenUrl": reverse("api-employer:token"),
            "scopes": {scope.value: scope.value for scope in ApiKey.Scope},
        }
        schema["components"]["securitySchemes"]["OAuth2"] = {
            "type": "oauth2",
            "flows": {"clientCredentials": flow},
        }
        for operations in schema["paths"].values():
            if "get" in operations:
                operations["get"].setdefault("parameters", []).append(UNCHANGED)
                operations["get"]["responses"][304] = {"description": "Nothing changed"}
        return schema


api = EmployerAPI(
    title="Social security for employers, Lao PDR",
    version=VERSION,
    description="Payroll software prepares declarations and reads what became of them. Whole kip; months 2026-10.",
    urls_namespace="api-employer",
    docs_url=None,
    parser=Strict(),
)


# Faults


@api.exception_handler(Fault)
def fault(request: HttpRequest, fault: Fault) -> HttpResponse:
    return faults.answer(fault)


@api.exception_handler(ValidationError)
def wrong_shape(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    return faults.answer(Fault("wrong", faults.from_shape(fault.errors)))


@api.exception_handler(AuthenticationError)
def no_key(request: HttpRequest, fault: AuthenticationError) -> HttpResponse:
    response = faults.answer(Fault("no_key"))
    response["WWW-Authenticate"] = 'Bearer realm="employer"'
    return response


@api.exception_handler(Http404)
def not_there(request: HttpRequest, fault: Http404) -> HttpResponse:
    return faults.answer(Fault("not_found"))


@api.exception_handler(BadRequest)
@api.exception_handler(SuspiciousOperation)
@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, fault: Exception) -> HttpResponse:
    """Whatever breaks while a body is read comes wrapped; ours says more."""
    if isinstance(fault.__cause__, Fault):
        return faults.answer(fault.__cause__)
    return faults.answer(Fault("too_large" if isinstance(fault, RequestDataTooBig) else "not_readable"))


@api.exception_handler(Exception)
def broken(request: HttpRequest, fault: Exception) -> HttpResponse:
    log.exception("api broke", exc_info=fault)
    return faults.answer(Fault("broken"))


# Tokens


@api.post(
    "token",
    response={200: schemas.TokenOut} | dict.fromkeys((400, 401, 422, 429), schemas.ProblemOut),
    url_name="token",
    operation_id="token",
    auth=None,
)
def token(
    request: Asked,
    grant_type: Annotated[str, Form(max_length=60)],
    client_id: Annotated[str, Form(max_length=60)] = "",
    client_secret: Annotated[str, Form(max_length=100)] = "",
    scope: Annotated[str, Form(max_length=300)] = "",
) -> Any:
    """Ten minutes of a key (OAuth 2.0 client credentials): client_id is the part before the dot, client_secret the rest."""
    if grant_type != "client_credentials":
        raise Fault("wrong", [_allowed("/grant_type", "client_credentials")], error="unsupported_grant_type")
    client_id, client_secret = _basic(request) or (client_id, client_secret)
    at, number = request.actor.at, request.META.get("PAKAN_REQUEST", "-")
    try:
        text, scopes = apikeys.token(client_id, client_secret, scope.split(), at, number, address(request))
    except apikeys.NoKey as refused:
        raise Fault(refused.code, error="invalid_client") from refused
    except apikeys.TooOften as often:
        raise too_often(request, often) from often
    except apikeys.ScopeRefused as refused:
        raise Fault("wrong", [_allowed("/scope", "the key's scopes")], error="invalid_scope") from refused
    life = int(apikeys.TOKEN_LIFE.total_seconds())
    return {
        "access_token": text,
        "token_type": "Bearer",
        "expires_in": life,
        "scope": " ".join(sorted(scopes)),
    }


def _allowed(pointer: str, what: str) -> faults.Place:
    says = {"lo": f"ຕ້ອງແມ່ນ: {what}", "en": f"must be: {what}"}
    return {"pointer": pointer, "code": "literal_error", "says": says}


def _basic(request: HttpRequest) -> tuple[str, str] | None:
    """Client id and secret of HTTP Basic, if they came so."""
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        client, _, secret = base64.b64decode(text.strip(), validate=True).decode("ascii").partition(":")
    except (binascii.Error, ValueError) as wrong:
        raise Fault("unknown", error="invalid_client") from wrong
    return client, secret
