"""Claims at the desk: oldest promise first; papers, one request, a proposal, another person's decision, the payment."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pakan.channels.kit.claims import MONEY, PAPERS, STATES, STEPS, more_of, said
from pakan.channels.kit.files import attachment, pdf
from pakan.channels.kit.speech import in_language
from pakan.channels.office.claim_forms import (
    AppealForm,
    DecideForm,
    JudgeForm,
    MissingForm,
    NameForm,
    ProposeForm,
)
from pakan.channels.office.claim_words import refused, risk
from pakan.channels.office.frame import page_of, show
from pakan.law.benefits import named
from pakan.law.decision import decision_from
from pakan.operations import appeal as appeals
from pakan.operations import award
from pakan.operations import claim as claims
from pakan.operations import payee as payees
from pakan.registers.access.actor import Asked
from pakan.registers.access.audit import look
from pakan.registers.access.roles import Role
from pakan.registers.benefits.models import Claim, ClaimDecision
from pakan.registers.benefits.queries import (
    appeal_by_number,
    by_number,
    open_appeals,
    payee_of,
    payees_to_look_at,
    waiting,
)
from pakan.registers.benefits.queries import paper as paper_by_number
from pakan.registers.benefits.states import State
from pakan.registers.records.queries import statement

FILTERS = (State.LODGED.value, State.ASKED.value, State.PROPOSED.value)


@require_safe
def claims_list(request: Asked) -> HttpResponse:
    """What waits, the oldest promise first. No names here: who claims is seen on the claim, and that look is kept."""
    asked = request.GET.get("state", "")
    state = asked if asked in FILTERS else None
    page = page_of(request, waiting(state))
    rows = [
        {
            "claim": one,
            "title": named(one.benefit).title,
            "says": STATES[one.state],
            "days": (one.promised_on - request.actor.today).days if one.promised_on else None,
        }
        for one in page.object_list
    ]
    facts = {
        "page": page,
        "rows": rows,
        "filters": [(key, STATES[key][0], key == state) for key in FILTERS],
        "appeals": open_appeals()[:20],
        "names": len(payees_to_look_at()),
    }
    return show(request, "claims", facts, current="claims")


def _claim(number: str) -> Claim:
    found = by_number(number)
    if found is None or found.state == State.DRAFT:
        raise Http404
    return found


@require_safe
def claim(request: Asked, number: str) -> HttpResponse:
    return _shown(request, _claim(number))


def _shown(request: Asked, claim: Claim, wrong: forms.Form | None = None) -> HttpResponse:
    """The page of a claim; `wrong`: the form that has something to put right. Looking is kept, and seen by the member."""
    look(request.actor, f"claim {claim.number}", claim.person_id, "claim")
    found = {type(wrong): wrong} if wrong is not None else {}
    facts = {
        "claim": claim,
        "title": named(claim.benefit).title,
        "says": STATES[claim.state],
        "days": (claim.promised_on - request.actor.today).days if claim.promised_on else None,
        "wrong": wrong,
        "told": _told(claim),
        "months": sorted(statement(claim.insured_id), key=lambda one: one.month, reverse=True)[:12],
        "papers": _papers(claim),
        "missing": getattr(claim, "missing", None),
        "steps": [
            (STEPS[one.name], one, more_of(claim.benefit, one.name, one.text))
            for one in sorted(claim.steps.all(), key=lambda one: one.id)
        ],
        "payee": payee_of(claim.person_id),
        "instalments": [
            (one, MONEY.get(one.state, (one.state, "plain")))
            for each in claim.awards.all()
            for one in each.instalments.all()
        ],
        **_law(request, claim),
        **_acts(request, claim, found),
    }
    return show(request, "claim", facts, current="claims", status=422 if wrong is not None else 200)


def _told(claim: Claim) -> list[tuple[str, str]]:
    questions = named(claim.benefit).asked(claim.told)
    return [(in_language(each), said(each, claim.told.get(each.key, each.default))) for each in questions]


def _papers(claim: Claim) -> list[dict[str, Any]]:
    kinds = {each.key: in_language(each) for each in named(claim.benefit).evidence}
    given = sorted(claim.papers.all(), key=lambda one: one.id)
    return [{"paper": one, "kind": kinds[one.kind], "says": PAPERS[one.state]} for one in given]


def _law(request: Asked, claim: Claim) -> dict[str, Any]:
    """What the law says: as decided, as proposed, or as told."""
    rows = sorted(claim.decisions.all(), key=lambda one: -one.version)
    newest = rows[0] if rows and rows[0].sent_back_at is None else None
    facts: dict[str, Any] = {
        "decision": newest,
        "earlier": rows[1:] if newest else rows,
        "law": None,
        "risks": [],
    }
    if newest is not None:
        facts |= {"law": decision_from(newest.facts), "pays": newest.facts["pays"], "risks": newest.risks}
    else:
        try:
            found = award.reckoned(claim, request.actor.today)
            facts |= {"law": found.decision, "pays": found.pays, "risks": found.risks}
        except claims.WrongSituation as fault:
            facts["problems"] = [in_language(problem) for problem in fault.problems]
        except award.Refused as refusal:
            facts["problems"] = [str(refused(refusal.code))]
    facts["risks"] = [risk(code) for code in facts["risks"]]
    return facts


def _acts(request: Asked, claim: Claim, found: dict[Any, forms.Form]) -> dict[str, Any]:
    """The forms that fit the state of the claim, for an officer who may act; the auditor only reads."""
    if Role.BENEFITS_OFFICER not in request.actor.all_roles:
        return {}
    state, facts = State(claim.state), dict[str, Any]()
    open_one = next(
        (one for one in claim.decisions.all() if one.decided_at is None and one.sent_back_at is None), None
    )
    if state is State.LODGED:
        facts["propose"] = found.get(ProposeForm) or ProposeForm(claim)
        if getattr(claim, "missing", None) is None:
            facts["ask"] = found.get(MissingForm) or MissingForm(
                claim, request.actor.today, request.actor.office
            )
    if state is State.PROPOSED and open_one is not None:
        facts["own"] = open_one.proposed_by_id == request.actor.account_id
        facts["decide"] = None if facts["own"] else found.get(DecideForm) or DecideForm()
    appeal = next((one for one in claim.appeals.all() if one.state == "open"), None)
    facts["appeal"] = appeal
    if appeal is not None:
        mine = any(
            request.actor.account_id in (one.proposed_by_id, one.decided_by_id)
            for one in claim.decisions.all()
        )
        facts["appeal_own"] = mine
        facts["answer"] = None if mine else found.get(AppealForm) or AppealForm()
    payee = payee_of(claim.person_id)
    if payee is not None and payee.check_result == payee.Check.CLOSE:
        facts["name_form"] = found.get(NameForm) or NameForm()
    facts["may_judge"] = state in (State.LODGED, State.ASKED)
    facts["may_act"] = True
    return facts


# --- acts --------------------------------------------------------------------------------------------------------------


def _act(
    request: Asked, number: str, make: Callable[[Claim], forms.Form], do: Callable[[Any], object], thanks: str
) -> HttpResponse:
    """Read the form, do it, and come back to the claim; what is wrong stands on the form."""
    found = _claim(number)
    form = make(found)
    if form.is_valid():
        try:
            do(form)
        except (award.Refused, appeals.Refused, payees.Refused) as refusal:
            form.add_error(None, str(refused(refusal.code)))
        except claims.WrongSituation as wrong:
            for problem in wrong.problems:
                name = problem.field if problem.field in form.fields else f"q-{problem.field}"
                form.add_error(name if name in form.fields else None, in_language(problem))
        else:
            messages.success(request, thanks)
            return redirect("office:claim", number)
    return _shown(request, _claim(number), form)


@require_safe
def paper(request: Asked, number: str, receipt: str) -> HttpResponse:
    """A paper, as an attachment: never shown inside a page of ours, never guessed at."""
    found = paper_by_number(receipt)
    if found is None or found.claim.number != number:
        raise Http404
    look(request.actor, f"paper {found.receipt_number}", found.claim.person_id, "claim")
    return attachment(found.document.media_type, bytes(found.document.content), found.receipt_number)


@require_POST
def judge(request: Asked, number: str, receipt: str) -> HttpResponse:
    found = paper_by_number(receipt)
    if found is None or found.claim.number != number:
        raise Http404
    return _act(
        request, number, lambda _claim: JudgeForm(request.POST),
        lambda form: award.judge(
            request.actor, receipt, form.cleaned_data["accepted"] == "yes", form.cleaned_data["why"]
        ),
        _("The paper is judged."),
    )  # fmt: skip


@require_POST
def ask(request: Asked, number: str) -> HttpResponse:
    return _act(
        request, number, lambda found: MissingForm(found, request.actor.today, request.actor.office, request.POST),
        lambda form: award.request_missing(request.actor, number, **form.cleaned_data),
        _("Asked. The member gets a message."),
    )  # fmt: skip


@require_POST
def propose(request: Asked, number: str) -> HttpResponse:
    def do(form: ProposeForm) -> None:
        typed = form.cleaned_data
        award.propose(
            request.actor, number, typed["outcome"], reason=typed["reason"], article=typed["article"],
            told=form.told, event_day=typed["day"],
        )  # fmt: skip

    return _act(
        request,
        number,
        lambda found: ProposeForm(found, request.POST),
        do,
        _("Proposed. Another officer decides."),
    )


@require_POST
def decide(request: Asked, number: str) -> HttpResponse:
    return _act(
        request, number, lambda _claim: DecideForm(request.POST),
        lambda form: award.decide(request.actor, number, form.cleaned_data["agree"] == "yes", form.cleaned_data["why"]),
        _("Done. The member can read it now."),
    )  # fmt: skip


@require_POST
def answer(request: Asked, number: str) -> HttpResponse:
    """Answer the open appeal of the claim."""
    found = next((one for one in _claim(number).appeals.all() if one.state == "open"), None)
    if found is None or appeal_by_number(found.number) is None:
        raise Http404
    return _act(
        request, number, lambda _claim: AppealForm(request.POST),
        lambda form: appeals.answer(
            request.actor, found.number, form.cleaned_data["changed"] == "yes", form.cleaned_data["text"],
            form.cleaned_data["article"],
        ),
        _("Answered. The member gets a message."),
    )  # fmt: skip


@require_POST
def payee_name(request: Asked, number: str) -> HttpResponse:
    account = payee_of(_claim(number).person_id)
    if account is None:
        raise Http404
    return _act(
        request, number, lambda _claim: NameForm(request.POST),
        lambda form: payees.accept_name(
            request.actor, account.id, form.cleaned_data["accepted"] == "yes", form.cleaned_data["why"]
        ),
        _("Noted."),
    )  # fmt: skip


@require_POST
def confirm_payee(request: Asked, number: str) -> HttpResponse:
    return _act(
        request, number, lambda _claim: forms.Form(request.POST),
        lambda _form: award.confirm_payee(request.actor, number), _("The account is confirmed."),
    )  # fmt: skip


@require_POST
def pay_again(request: Asked, number: str, id: int) -> HttpResponse:
    found = _claim(number)
    if id not in {one.id for each in found.awards.all() for one in each.instalments.all()}:
        raise Http404
    return _act(
        request, number, lambda _claim: forms.Form(request.POST),
        lambda _form: award.pay_again(request.actor, id), _("Ordered once more."),
    )  # fmt: skip


@require_safe
def letter(request: Asked, number: str) -> HttpResponse:
    """The letter that the member reads."""
    found = _claim(number)
    decided = [one for one in found.decisions.all() if one.decided_at is not None]
    if not decided:
        raise Http404
    newest: ClaimDecision = max(decided, key=lambda one: one.version)
    look(request.actor, f"letter {newest.letter_number}", found.person_id, "claim")
    return pdf(award.letter_pdf(newest), f"decision-{newest.letter_number}")
