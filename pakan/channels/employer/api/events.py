"""Webhooks: the addresses that are told what happens, and the events themselves."""

from collections.abc import Iterable
from typing import Annotated, Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from ninja import Body

from pakan.channels.employer.api import schemas, shown
from pakan.channels.employer.api.calls import Cursor, Id, Limit, OnceKey, acts, paged, reads, refused, removes
from pakan.channels.employer.api.door import Asking, Done, Once
from pakan.channels.employer.api.faults import Fault, place
from pakan.channels.kit.api import seconds_until
from pakan.operations import webhooks
from pakan.registers.access.models import ApiKey
from pakan.registers.webhooks.queries import deliveries_of, endpoint_of, endpoints_of, events_of

Scope = ApiKey.Scope

refused(webhooks.AddressRefused, lambda why: Fault("wrong", [place("/url", "inner_address")]))
refused(webhooks.TooMany, lambda why: Fault("wrong", [place("/url", "too_many_endpoints")]))


@reads("webhooks", "webhooks", schemas.WebhooksOut, Scope.WEBHOOKS_WRITE)
def webhooks_there(request: Asking) -> Any:
    """The addresses that are told."""
    caller = request.auth
    there: Iterable[Any] = endpoints_of(caller.employer.id)
    return {"webhooks": [shown.webhook(one, practice=caller.practises) for one in there]}


@acts("webhooks", "register_webhook", schemas.WebhookMadeOut, Scope.WEBHOOKS_WRITE)
def register_webhook(request: Asking, told: Annotated[schemas.WebhookIn, Body()], key: OnceKey) -> Any:
    """Have events told at a public https address, signed with the secret that GET webhooks tells."""
    caller = request.auth

    def act() -> Done:
        made = webhooks.register(caller.actor, caller.employer, told.url, told.events)
        out = shown.webhook(made, practice=caller.practises)
        return 201, reverse("api-employer:webhooks"), schemas.WebhookMadeOut(**out).model_dump_json()

    return Once(caller, key, "webhooks", told.model_dump_json().encode()).do(act)


@removes("webhooks/{id}", "remove_webhook", Scope.WEBHOOKS_WRITE)
def remove_webhook(request: Asking, id: Id) -> Any:
    """Tell nothing more there."""
    caller = request.auth
    if endpoint_of(caller.employer.id, id) is None:
        raise Http404
    if not caller.key.is_practice:
        webhooks.remove(caller.actor, caller.employer, id)
    return HttpResponse(status=204)


@acts("webhooks/{id}/test", "test_webhook", schemas.DeliveryOut, Scope.WEBHOOKS_WRITE)
def test_webhook(request: Asking, id: Id, key: OnceKey) -> Any:
    """Have a test event told there now: signed and tried again like every other, of the type la.pakan.endpoint.test."""
    caller = request.auth

    def act() -> Done:
        try:
            made = webhooks.test(caller.actor, caller.employer, id)
        except webhooks.TooOften as often:
            seconds = seconds_until(often.until, caller.actor.at)
            raise Fault("too_often", retry=seconds, seconds=seconds) from often
        if made is None:
            raise Http404
        body = schemas.DeliveryOut.model_validate(shown.delivery(made)).model_dump_json()
        return 201, reverse("api-employer:deliveries", kwargs={"id": id}), body

    return Once(caller, key, f"test {id}", b"").do(act)


@reads("webhooks/{id}/deliveries", "deliveries", schemas.DeliveriesOut, Scope.WEBHOOKS_WRITE)
def deliveries(request: Asking, id: Id, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """What was told or is still to be told at one address, the newest first, with what it answered."""
    employer = request.auth.employer
    if (there := endpoint_of(employer.id, id)) is None:
        raise Http404
    rows, cut = paged(deliveries_of(employer.id).filter(endpoint=there), cursor, limit)
    return {"deliveries": [shown.delivery(one) for one in rows], "next": cut}


@reads("events", "events", schemas.EventsOut, Scope.WEBHOOKS_WRITE)
def events(request: Asking, cursor: Cursor = "", limit: Limit = 100) -> Any:
    """What was told, the oldest first: to be fetched again after a loss."""
    rows, cut = paged(events_of(request.auth.employer.id), cursor, limit, newest_first=False)
    return {"events": [webhooks.envelope(one) for one in rows], "next": cut}
