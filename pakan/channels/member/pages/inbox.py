"""Messages: the same texts that went to the phone, so that a false one can be recognised; and where they go."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from pakan.channels.kit.once import once
from pakan.channels.kit.speech import language
from pakan.channels.member.shell import page, person_of
from pakan.operations import enter, notify
from pakan.registers.access.actor import Asked
from pakan.registers.messages.models import Attempt, Message, Way
from pakan.registers.messages.queries import browsers_of, inbox, mail_of
from pakan.registers.people.queries import person_by_id

PAGE = 20
# What became of it on its way, by the way it went last.
SENT = {
    Way.PUSH.value: gettext_lazy("Shown on your phone"),
    Way.SMS.value: gettext_lazy("Text message on the way"),
    Way.MAIL.value: gettext_lazy("E-mail sent"),
}


@require_http_methods(["GET", "POST"])
def messages(request: Asked) -> HttpResponse:
    """Looking changes nothing; the button below says that all is read."""
    if request.method == "POST":
        enter.read_messages(request.actor)
        return redirect("member:messages")
    start = _start(request.GET.get("from", "0"))
    found = inbox(person_of(request), start, PAGE + 1)
    texts = [(message, notify.whole_of(message, language()), _state(message)) for message in found[:PAGE]]
    later = start + PAGE if len(found) > PAGE else 0
    return page(request, "messages", tab="messages", texts=texts, later=later, start=start)


def _start(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _state(message: Message) -> tuple[str, Any]:
    """Tone and words: whether it reached the phone too."""
    if message.state == Message.State.DELIVERED:
        return "ok", _("Text message arrived")
    if message.state == Message.State.QUEUED:
        return "wait", _("Will be sent")
    if message.state == Message.State.FAILED:
        return "wait", _("Did not reach your phone")
    if message.state == Message.State.SENT:
        ways = [one.way for one in message.attempts.all() if one.state == Attempt.State.SENT]
        return "plain", SENT[ways[-1]] if ways else ""
    return "plain", _("Only here")


class MailForm(forms.Form):
    address = forms.CharField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code from the e-mail"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


@require_http_methods(["GET", "POST"])
def reach(request: Asked) -> HttpResponse:
    """How messages come: push on this phone, text message, e-mail. Each with its own yes and no."""
    return once(request, lambda: _reach(request))


def _reach(request: Asked) -> HttpResponse:
    account_id = request.actor.account_id
    assert account_id is not None
    act = request.POST.get("act", "") if request.method == "POST" else ""
    mail_form = MailForm(request.POST if act == "mail" else None)
    code_form = CodeForm(request.POST if act == "code" else None)
    if act and _acted(request, act, mail_form, code_form):
        return redirect("member:reach")
    facts = {
        "phone": person_by_id(person_of(request)).phone,
        "browsers": len(browsers_of(account_id)),
        "mail": mail_of(account_id),
        "mail_form": mail_form,
        "code_form": code_form,
        "key": notify.browser_key(),
    }
    response = page(request, "reach", tab="messages", back="messages", **facts)
    response.status_code = 422 if mail_form.errors or code_form.errors else 200
    return response


def _acted(request: Asked, act: str, mail_form: MailForm, code_form: CodeForm) -> bool:
    """Whether it was done, so that the page may be shown anew."""
    if act == "quiet":
        notify.unsubscribe(request.actor)
        notes.success(request, _("No phone is woken any more."))
        return True
    if act == "no_mail":
        notify.forget_mail(request.actor)
        notes.success(request, _("Your e-mail address is gone."))
        return True
    if act == "mail" and mail_form.is_valid():
        return _mail(request, mail_form)
    if act == "code" and code_form.is_valid():
        if notify.confirm_mail(request.actor, code_form.cleaned_data["code"]):
            notes.success(request, _("Your e-mail address counts now."))
            return True
        code_form.add_error(
            "code", _("This code is wrong or too old. Write the address again for a new one.")
        )
    return False


def _mail(request: Asked, form: MailForm) -> bool:
    try:
        notify.say_mail(request.actor, form.cleaned_data["address"])
    except notify.BadAddress:
        form.add_error("address", _("This is not an e-mail address. Write it like name@example.la."))
    except enter.TooOften:
        form.add_error("address", _("Too many codes today. Try again tomorrow."))
    else:
        notes.success(request, _("We sent a code to this address."))
        return True
    return False


@require_POST
def subscribe(request: Asked) -> HttpResponse:
    """The browser's script brings where it may be woken. 422 for an address that is no push service's."""
    given = {name: request.POST.get(name, "")[:1200] for name in ("endpoint", "key", "secret")}
    try:
        notify.subscribe(request.actor, given["endpoint"], given["key"], given["secret"])
    except notify.BadAddress:
        return JsonResponse({"says": _("This browser cannot be woken.")}, status=422)
    return JsonResponse({"says": _("This phone will be woken for a new message.")})
