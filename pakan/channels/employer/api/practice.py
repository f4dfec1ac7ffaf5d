"""In the practice house only: software plays the person who approves, and pays at the sandbox bank."""

from typing import Annotated, Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from ninja import Body

from pakan.channels.employer.api import schemas, shown
from pakan.channels.employer.api.calls import OnceKey, acts
from pakan.channels.employer.api.declarations import own_sheet, told_of
from pakan.channels.employer.api.door import Asking, Done, Once
from pakan.channels.employer.api.faults import Fault
from pakan.operations import practise
from pakan.registers.access.models import ApiKey
from pakan.registers.payments.models import Notice

Scope = ApiKey.Scope


def _practice_only() -> None:
    if not settings.PRACTICE:
        raise Fault("practice_only")


@acts("practice/approve", "practice_approve", schemas.DeclarationOut, Scope.DECLARATIONS_WRITE, made=(200,))
def practice_approve(request: Asking, told: Annotated[schemas.ApproveIn, Body()], key: OnceKey) -> Any:
    """In practice only: the approver signs what was handed over. In the real house a person of the company does it."""
    _practice_only()
    caller, sheet = request.auth, own_sheet(request.auth, told.declaration)
    once = Once(caller, key, "practice approve", told.model_dump_json().encode())

    def act() -> Done:
        practise.approve(caller.actor, sheet)
        return 200, *told_of(caller, own_sheet(caller, told.declaration))

    return once.do(act)


@acts("practice/pay", "practice_pay", schemas.NoticeOut, Scope.NOTICES_WRITE, made=(202,))
def practice_pay(request: Asking, told: Annotated[schemas.PayIn, Body()], key: OnceKey) -> Any:
    """In practice only: the sandbox bank is paid and tells us in a moment; then the receipt is there, and the events."""
    _practice_only()
    caller = request.auth
    once = Once(caller, key, "practice pay", told.model_dump_json().encode())
    if said := once.said():
        return said
    notice = Notice.objects.filter(employer=caller.employer, number=told.notice).first()
    if notice is None:
        raise Http404
    out = shown.notice(notice, caller.actor.today, practice=caller.practises)
    if out["state"] != "open":
        raise Fault("notice_closed")
    practise.pay(notice)
    body = schemas.NoticeOut(**out).model_dump_json()
    return once.do(lambda: (202, reverse("api-employer:notices"), body))
