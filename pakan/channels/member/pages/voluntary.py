"""Insuring oneself from the phone: join by three questions, pay by LAO QR, change, pause, leave (C23)."""

import base64
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pakan.channels.kit.fields import KipField
from pakan.channels.kit.once import once
from pakan.channels.kit.speech import kip_text, month_text
from pakan.channels.member.shell import page, person_of
from pakan.operations import voluntary
from pakan.registers.access.actor import Asked
from pakan.registers.payments.queries import credit_of
from pakan.registers.people.models import Employer, Employment
from pakan.registers.people.queries import person_by_id
from pakan.registers.records.queries import statement
from pakan.registers.voluntary.models import Membership
from pakan.registers.voluntary.queries import of_person
from pakan.units.month import Month

REFUSED: dict[str, str | Promise] = {
    "age": gettext_lazy("You cannot join at your age. Ask at an office."),
    "income": gettext_lazy("Choose an income between the two amounts."),
    "months": gettext_lazy("Choose how often you pay."),
    "since": gettext_lazy("Choose this month or the next one."),
    "state": gettext_lazy("This is not possible now. Look at your page again."),
    "member": gettext_lazy("You do not insure yourself yet."),
}


def _rhythms(month: Month) -> list[tuple[int, str]]:
    """How many months may be paid at once, in words."""
    return [
        (count, _("Every month") if count == 1 else _("%(months)s months at once") % {"months": count})
        for count in voluntary.bounds(month).months_ahead
    ]


class IncomeForm(forms.Form):
    """The first question."""

    income = KipField(label=gettext_lazy("How much shall be insured a month?"))

    def __init__(self, data: QueryDict | None, month: Month, **more: Any) -> None:
        super().__init__(data, **more)
        self.bounds = voluntary.bounds(month)
        low, high = self.bounds.lowest, self.bounds.highest
        said = {"low": kip_text(low), "high": kip_text(high)}
        self.fields["income"].help_text = (
            _("From %(low)s to %(high)s.") % said if high is not None else _("From %(low)s.") % said
        )

    def clean_income(self) -> int:
        income: int = self.cleaned_data["income"]
        if income < self.bounds.lowest or (self.bounds.highest is not None and income > self.bounds.highest):
            raise forms.ValidationError(str(REFUSED["income"]))
        return income


class RhythmForm(IncomeForm):
    """The second; the first goes along."""

    months = forms.TypedChoiceField(
        label=gettext_lazy("How often do you want to pay?"), coerce=int, widget=forms.RadioSelect
    )

    def __init__(self, data: QueryDict | None, month: Month, **more: Any) -> None:
        super().__init__(data, month, **more)
        self.fields["months"].choices = _rhythms(month)  # type: ignore[attr-defined]


class StartForm(RhythmForm):
    """The third; both go along."""

    since = forms.ChoiceField(label=gettext_lazy("From which month?"), widget=forms.RadioSelect)

    def __init__(self, data: QueryDict | None, month: Month, **more: Any) -> None:
        super().__init__(data, month, **more)
        self.fields["since"].choices = [(str(one), month_text(one)) for one in (month, month + 1)]  # type: ignore[attr-defined]


STEPS: tuple[tuple[str, type[IncomeForm]], ...] = (
    ("income", IncomeForm),
    ("months", RhythmForm),
    ("since", StartForm),
)


def _employer(person_id: int) -> Employer | None:
    """Who employs the person now: he must insure the worker, whatever the worker pays himself."""
    work = Employment.objects.filter(person_id=person_id, end=None).select_related("employer").first()
    return work.employer if work else None


@require_GET
def overview(request: Asked) -> HttpResponse:
    one = of_person(person_of(request))
    if one is None or one.state == Membership.State.LEFT:
        return _welcome(request, one)
    today = request.actor.today
    paid = [row.month for row in statement(one.person_id) if row.employer.id == one.employer_id]
    return page(
        request,
        "voluntary",
        tab="record",
        back="record",
        one=one,
        paid_up_to=max(paid, default=None),
        rhythm=dict(_rhythms(Month.of(today))).get(one.months_ahead, ""),
        cost=voluntary.cost(one.income, Month.of(today)),
        credit=credit_of(one.employer_id),
        notice=voluntary.open_notice_of(one, today) if one.state == Membership.State.ACTIVE else None,
        employer=_employer(one.person_id),
    )


def _welcome(request: Asked, one: Membership | None) -> HttpResponse:
    this = Month.of(request.actor.today)
    allowed = voluntary.bounds(this)
    facts = {
        "left": one is not None,
        "bounds": allowed,
        "lowest_cost": voluntary.cost(allowed.lowest, this),
        "old_enough": voluntary.old_enough(person_by_id(person_of(request)).birth_date, this),
        "employer": _employer(person_of(request)),
    }
    return page(request, "voluntary_welcome", tab="record", back="record", **facts)


@require_http_methods(["GET", "POST"])
def join(request: Asked) -> HttpResponse:
    """Three questions, one a page; what is answered goes along in the form, and nothing is kept before the last tap.

    Without network they are asked on one page instead (`join_all`).
    """
    return once(request, lambda: _join(request))


def _join(request: Asked) -> HttpResponse:
    this = Month.of(request.actor.today)
    told = request.POST if request.method == "POST" else request.GET
    for at, (name, form_class) in enumerate(STEPS):
        answered = name in told
        form = form_class(told if answered or name == told.get("step") else None, this)
        if not answered or not form.is_valid():
            before = {done: told[done] for done, _form in STEPS[:at] if done in told}
            facts = {"form": form, "shown": form[name], "before": before, "name": name, "number": at + 1}
            return page(request, "voluntary_join", tab="record", back="voluntary", **facts)
    chosen = form.cleaned_data
    if request.method == "GET":
        return _summary(request, told, chosen)
    return _joined(request, chosen)


@require_GET
def join_all(request: Asked) -> HttpResponse:
    """The three questions on one page: a phone keeps it, so that without network they can be answered and wait."""
    this = Month.of(request.actor.today)
    facts = {"form": StartForm(None, this), "employer": _employer(person_of(request))}
    return page(request, "voluntary_all", tab="record", back="voluntary", **facts)


def _summary(request: Asked, told: QueryDict, chosen: dict[str, Any]) -> HttpResponse:
    since = Month.parse(chosen["since"])
    cost = voluntary.cost(chosen["income"], since)
    facts = {
        "told": {name: told[name] for name, _form in STEPS},
        "income": chosen["income"],
        "rhythm": dict(_rhythms(since))[chosen["months"]],
        "since": since,
        "cost": cost,
        "sum": cost * chosen["months"],
        "count": chosen["months"],
        "employer": _employer(person_of(request)),
    }
    return page(request, "voluntary_sum", tab="record", back="voluntary", **facts)


def _joined(request: Asked, chosen: dict[str, Any]) -> HttpResponse:
    try:
        voluntary.join(request.actor, chosen["income"], chosen["months"], Month.parse(chosen["since"]))
    except voluntary.Refused as refusal:
        messages.error(request, str(REFUSED[refusal.code]))
    else:
        messages.success(request, _("You have joined. Pay now, and your months count."))
    return redirect("member:voluntary")


@require_http_methods(["GET", "POST"])
def change(request: Asked) -> HttpResponse:
    return once(request, lambda: _change(request))


def _change(request: Asked) -> HttpResponse:
    one = of_person(person_of(request))
    if one is None or one.state == Membership.State.LEFT:
        return _not_a_member(request)
    this = Month.of(request.actor.today)
    first = {"income": one.income, "months": one.months_ahead}
    form = RhythmForm(request.POST if request.method == "POST" else None, this, initial=first)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        if _did(request, lambda: voluntary.choose(request.actor, chosen["income"], chosen["months"])):
            messages.success(request, _("Changed. It counts from your next payment."))
        return redirect("member:voluntary")
    return page(request, "voluntary_change", tab="record", back="voluntary", form=form, one=one)


def _own(request: Asked) -> Membership:
    one = of_person(person_of(request))
    if one is None or one.state == Membership.State.LEFT:
        raise Http404
    return one


def _not_a_member(request: Asked) -> HttpResponse:
    """What waited on the phone may come after she left: then it is said, on the page that leads back."""
    if request.method == "GET":
        raise Http404
    messages.error(request, str(REFUSED["member"]))
    return redirect("member:voluntary")


def _did(request: Asked, act: Any) -> bool:
    """Do it; what is refused is said on the next page."""
    try:
        act()
    except voluntary.Refused as refusal:
        messages.error(request, str(REFUSED[refusal.code]))
        return False
    return True


@require_POST
def stop(request: Asked) -> HttpResponse:
    """Pause, go on, or leave: one tap each, and what it means stands beside the button."""
    return once(request, lambda: _stop(request))


def _stop(request: Asked) -> HttpResponse:
    said = {
        "pause": (voluntary.pause, _("You pause. You owe nothing.")),
        "resume": (voluntary.resume, _("You go on from this month.")),
        "leave": (voluntary.leave, _("You have left. Your paid months stay.")),
    }
    chosen = said.get(request.POST.get("act", ""))
    if chosen is None:
        raise Http404
    if _did(request, lambda: chosen[0](request.actor)):
        messages.success(request, chosen[1])
    return redirect("member:voluntary")


@require_http_methods(["GET", "POST"])
def pay(request: Asked) -> HttpResponse:
    """Asking makes the notice; looking shows it with its code."""
    one = _own(request)
    if request.method == "POST":
        return _ask(request)
    notice = voluntary.open_notice_of(one, request.actor.today)
    if notice is None:
        return redirect("member:voluntary")
    picture = base64.b64encode(voluntary.code_svg(notice).encode()).decode()
    lines = sorted(notice.lines.all(), key=lambda line: line.month)
    facts = {
        "notice": notice,
        "lines": lines,
        "picture": f"data:image/svg+xml;base64,{picture}",
        "code_url": reverse("member:voluntary_code", args=[notice.number]),
    }
    return page(request, "voluntary_pay", tab="record", back="voluntary", **facts)


def _ask(request: Asked) -> HttpResponse:
    typed = request.POST.get("months", "")
    count = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
    try:
        notice = voluntary.ask(request.actor, count)
    except voluntary.Refused as refusal:
        messages.error(request, str(REFUSED[refusal.code]))
        return redirect("member:voluntary")
    except (voluntary.BankUnreachable, voluntary.ChoiceChanged):
        messages.error(request, _("The bank does not answer. Nothing was paid. Try again in a few minutes."))
        return redirect("member:voluntary")
    if notice is None:
        messages.success(request, _("Paid from the money that we keep for you."))
        return redirect("member:voluntary")
    return redirect("member:voluntary_pay")


@require_GET
def code(request: Asked, number: str) -> HttpResponse:
    """The code as a picture for the gallery; only of one's own open notice."""
    notice = voluntary.open_notice_of(_own(request), request.actor.today)
    if notice is None or notice.number != number:
        raise Http404
    answer = HttpResponse(voluntary.code_png(notice), content_type="image/png")
    answer["Content-Disposition"] = f'attachment; filename="LAO-QR-{notice.number}.png"'
    return answer
