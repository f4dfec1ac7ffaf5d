"""What the fund says: every wording in both languages with its price, what left on a day, and what nobody got (C160, C175)."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pakan.channels.kit.speech import language
from pakan.channels.office.frame import may_open, page_of, show
from pakan.operations import notify
from pakan.registers.access.actor import Asked
from pakan.registers.access.audit import look
from pakan.registers.messages import queries
from pakan.registers.messages.models import Attempt, Message, Told, Way

WAYS = {
    Way.PUSH.value: gettext_lazy("Push"),
    Way.SMS.value: gettext_lazy("Text message"),
    Way.MAIL.value: gettext_lazy("E-mail"),
}
REASONS = {
    "number": gettext_lazy("The operator does not take this number."),
    "sender": gettext_lazy("The operator refuses our sender name. This is ours to mend."),
    "submit": gettext_lazy("The operator refuses the text. This is ours to mend."),
    "phone": gettext_lazy("The phone did not get it."),
    "expired": gettext_lazy("It waited too long."),
    "silence": gettext_lazy("No answer came."),
    "mail": gettext_lazy("The mail server does not take this address."),
    "gone": gettext_lazy("The browser has withdrawn."),
}
HOW = {
    Told.How.CALL.value: gettext_lazy("Told by phone"),
    Told.How.LETTER.value: gettext_lazy("Letter sent"),
    Told.How.VISIT.value: gettext_lazy("Told in a visit"),
    Told.How.NOT_REACHED.value: gettext_lazy("Not reached"),
}


@require_safe
def wordings(request: Asked) -> HttpResponse:
    """All of them, as a phone shows them and as the inbox does, at their longest values."""
    rows = [
        {
            "name": name,
            "both": [
                {"code": code, "short": notify.priced(name, code), "whole": notify.whole(name, code)}
                for code in ("lo", "en")
            ],
            "urgent": name in notify.URGENT,
            "news": name in notify.NEWS,
        }
        for name in sorted(notify.WORDINGS)
    ]
    return show(request, "messages/wordings", {"rows": rows, "count": len(rows)}, current="wordings")


@require_safe
def deliveries(request: Asked) -> HttpResponse:
    """What left on a day by each way, and what no way carried, oldest first."""
    day = _day(request)
    page = page_of(request, queries.failed_messages())
    facts: dict[str, Any] = {
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < request.actor.today else None,
        "ways": [(WAYS[row.way], row) for row in queries.board(day)],
        "waiting": queries.waiting_count(),
        "page": page,
        "rows": [(one, _why(one)) for one in page.object_list],
        "may_tell": may_open(request.actor, "untold"),
    }
    return show(request, "messages/deliveries", facts, current="deliveries")


def _day(request: Asked) -> date:
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return request.actor.today
    return min(max(day, date(2020, 1, 1)), request.actor.today)


def _why(message: Message) -> list[str]:
    return [
        f"{WAYS[one.way]}: {REASONS.get(one.reason, one.reason)}"
        for one in message.attempts.all()
        if one.state == Attempt.State.FAILED
    ]


class ToldForm(forms.Form):
    how = forms.ChoiceField(
        label=gettext_lazy("What you did"), choices=list(HOW.items()), widget=forms.RadioSelect
    )
    note = forms.CharField(label=gettext_lazy("Note (not needed)"), required=False, max_length=300)


@require_http_methods(["GET", "HEAD", "POST"])
def untold(request: Asked, id: int) -> HttpResponse:
    """One message that no way carried: call, write or go there, then say so. The look is kept for the person."""
    message = queries.failed_message(id)
    if message is None:
        raise Http404
    form = ToldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if notify.told(request.actor, message, typed["how"], typed["note"]):
            messages.success(request, _("Noted. The task is done."))
        else:
            messages.info(request, _("Somebody else was first."))
        return redirect("office:deliveries")
    if message.person_id:
        look(request.actor, f"message {message.id}", message.person_id, "message")
    facts = {
        "message": message,
        "said": notify.whole_of(message, message.language),
        "here": notify.whole_of(message, language()),
        "why": _why(message),
        "form": form,
        "who": message.person.name
        if message.person
        else message.account.full_name
        if message.account
        else "",
    }
    status = 422 if form.errors else 200
    return show(request, "messages/untold", facts, current="deliveries", status=status)
