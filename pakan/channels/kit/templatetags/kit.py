"""The components, one tag each. `{% load kit %}`; the page at /kit/ shows them all.

Small ones are made here with format_html; those with a shape of their own have a template in kit/parts/.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from uuid import uuid4

from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, Form, RadioSelect
from django.forms.utils import ErrorDict
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pakan.channels.kit import charts, speech
from pakan.channels.kit.folding import constant
from pakan.channels.kit.icons import ICONS
from pakan.units.month import Month
from pakan.units.number import shown_employer_code, shown_person_number
from pakan.units.rate import Rate

register = template.Library()

TONES = {"ok": "check", "wait": "clock", "bad": "alert", "info": "", "plain": ""}
LEVELS = {"success": "ok", "error": "bad", "warning": "wait"}


def _toned(tone: str) -> str:
    if tone not in TONES:
        raise ValueError(f"{tone!r} is not a tone; use one of {', '.join(TONES)}")
    return tone


# Words and figures


@register.filter(name="in_language")
def in_language_filter(thing: Any) -> str:
    return speech.in_language(thing)


@register.filter(name="cited")
def cited_filter(cite: str) -> str:
    """A source of law as the page's language calls it."""
    return speech.cite_text(cite)


@register.filter
def rate_text(value: Rate | str) -> str:
    """An exact rate as the page's language writes it: '0,1 %' or '0.1 %'."""
    return str(value).replace(".", ",") if speech.language() == "lo" else str(value)


@register.simple_tag
def kip(amount: int | None, way: speech.Way = "long") -> SafeString:
    """way: 'long' (with the word), 'short' (with the sign), 'bare' (for columns headed by the sign)."""
    return format_html('<span class="num">{}</span>', speech.kip_text(amount, way))


@register.simple_tag
def month(value: Month | date) -> SafeString:
    return format_html(
        '<time class="num" datetime="{}">{}</time>',
        f"{value.year:04d}-{value.month:02d}",
        speech.month_text(value),
    )


@register.simple_tag
def day(value: date) -> SafeString:
    return format_html(
        '<time class="num" datetime="{}">{}</time>', f"{value:%Y-%m-%d}", speech.day_text(value)
    )


@register.simple_tag
def moment(value: datetime) -> SafeString:
    """Day and time in Vientiane."""
    return format_html(
        '<time class="num" datetime="{}">{}</time>',
        value.isoformat(timespec="minutes"),
        speech.moment_text(value),
    )


@register.simple_tag
def person_number(number: str) -> SafeString:
    return format_html('<span class="num">{}</span>', shown_person_number(number))


@register.simple_tag
def employer_code(code: str) -> SafeString:
    return format_html('<span class="num">{}</span>', shown_employer_code(code))


# Small parts


@register.simple_tag
@constant
@cache
def icon(name: str) -> SafeString:
    """A line icon for beside a word; hidden from those who listen. Raises KeyError for an unknown name."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        ICONS[name],
    )


@register.simple_tag
def tag(tone: str, text: Any, icon_name: str | None = None) -> SafeString:
    """A label with its state in words, colour and icon. The icon of the tone unless named; '' for none."""
    shown = TONES[_toned(tone)] if icon_name is None else icon_name
    return format_html(
        '<span class="tag {}">{}<span>{}</span></span>',
        tone,
        icon(shown) if shown else "",
        speech.in_language(text),
    )


@register.simple_tag
def note(tone: str, text: Any) -> SafeString:
    """A message inside the page."""
    shown = TONES[_toned(tone)] or "help"
    return format_html('<div class="note {}">{}<p>{}</p></div>', tone, icon(shown), speech.in_language(text))


@register.filter
def tone_of(level: str) -> str:
    """The tone of a Django message's level tag."""
    return LEVELS.get(level, "info")


@register.simple_tag
def kpi(label: Any, value: Any, note: Any = "", tone: str = "plain") -> SafeString:
    """One figure large, with what it is above and what to know below."""
    below = format_html('<span class="small soft">{}</span>', note) if note else ""
    return format_html(
        '<div class="panel kpi tone-{}"><span class="small soft">{}</span><b>{}</b>{}</div>',
        _toned(tone), label, value, below,
    )  # fmt: skip


@register.simple_tag
def progress(value: int, most: int, label: Any) -> SafeString:
    """How far; `label` says it in words and stands above the bar."""
    return format_html(
        '<p class="small soft">{0}</p><progress value="{1}" max="{2}" aria-label="{0}">{1}/{2}</progress>',
        label, str(value), str(most),
    )  # fmt: skip


@register.simple_tag
def copy_button(text: str, label: Any = "") -> SafeString:
    """Copies `text`; shows itself only where the browser can copy."""
    return format_html(
        '<button type="button" class="btn quiet" data-copy="{}" data-done="{}" hidden>{}'
        '<span data-says aria-live="polite">{}</span></button>',
        text, _("Copied"), icon("copy"), label or _("Copy"),
    )  # fmt: skip


@register.simple_tag
@constant
def print_button() -> SafeString:
    return format_html(
        '<button type="button" class="btn quiet" data-print hidden>{}<span>{}</span></button>',
        icon("print"),
        _("Print"),
    )


@register.simple_tag
def once() -> SafeString:
    """The id of a form: sent twice, it is done once. The page that takes it is wrapped by kit.once.once."""
    return format_html('<input type="hidden" name="once" value="{}">', str(uuid4()))


# Blocks around content


@register.simple_block_tag
def panel(content: SafeString, title: Any = "", tone: str = "", level: int = 2) -> SafeString:
    """{% panel 'Title' %}...{% endpanel %}: a white box; tone 'bad' or 'wait' gives it an edge."""
    heading = format_html("<h{0}>{1}</h{0}>", level, title) if title else ""
    edge = f" {_toned(tone)}-edge" if tone else ""
    return format_html('<section class="panel stack{}">{}{}</section>', edge, heading, content)


@register.simple_block_tag
def scroll(content: SafeString, label: Any) -> SafeString:
    """{% scroll 'What it holds' %}<table>...{% endscroll %}: a wide table scrolls inside, also by keys."""
    return format_html(
        '<div class="scroll" role="region" aria-label="{}" tabindex="0">{}</div>', label, content
    )


# Parts with a template of their own


@register.inclusion_tag("kit/parts/steps.html")
def steps(current: int, *labels: str) -> dict[str, Any]:
    """{% steps 2 one two three %}: where in a short way we are; counted from 1."""
    return {"steps": [(number, label, number - current) for number, label in enumerate(labels, 1)]}


@register.inclusion_tag("kit/parts/question.html", takes_context=True)
def question(
    context: Context, form: Form, number: int, of: int, action: Any = "", outbox: Any = "", ahead: str = ""
) -> dict[str, Any]:
    """One question a screen: how far we are, what is wrong, the field in large, one button. What was typed outlives a reload.

    `outbox`: what the answer is called while it waits on a phone without network; the page that takes it is wrapped by
    kit.once.once, and the last answer counts. `ahead`: addresses of the pages after this one, for a phone that keeps pages.
    """
    where = {"number": str(number), "of": str(of), "csrf_token": context.get("csrf_token", "")}
    return where | {"form": form, "action": action or _("Go on"), "outbox": str(outbox), "ahead": ahead}


@register.inclusion_tag("kit/parts/timeline.html")
def timeline(steps: Iterable[Any]) -> dict[str, Any]:
    """What happened and what comes: each with title, note and state ('done', 'now', 'next')."""
    return {"steps": steps}


@register.inclusion_tag("kit/parts/law.html")
def law(text: Any, cite: Any = "", assumption: Any = "") -> dict[str, Any]:
    """What the law says, its article, and whether we had to assume something."""
    return {"text": text, "cite": cite, "assumption": assumption}


@dataclass(frozen=True)
class Told:
    """One step of an explanation in the language of the page."""

    label: str
    formula: str
    result: str
    cite: str
    is_estimate: bool
    assumption: str


def _part(step: Any, name: str) -> Any:
    return step.get(name) if isinstance(step, Mapping) else getattr(step, name, None)


def _told(step: Any) -> Told:
    """The result may be whole kip or words; a step without a label speaks for itself."""
    label, result, assumption = _part(step, "label"), _part(step, "result"), _part(step, "assumption")
    here, other = ("_lo", "_en") if speech.language() == "lo" else ("_en", "_lo")
    label = label or _part(step, f"label{here}") or _part(step, f"label{other}") or step
    is_money = isinstance(result, int) and not isinstance(result, bool)
    return Told(
        label=speech.in_language(label),
        formula=speech.in_language(_part(step, "formula")),
        result=speech.kip_text(result) if is_money else speech.in_language(result),
        cite=speech.cite_text(speech.in_language(_part(step, "cite"))),
        is_estimate=bool(assumption) or _part(step, "confidence") == "low",
        assumption=speech.in_language(assumption),
    )


@register.inclusion_tag("kit/parts/explain.html")
def explain(explanation: Any, is_open: bool = False) -> dict[str, Any]:
    """'How is this worked out?': steps with label, formula, result, cite, confidence, assumption."""
    found = explanation if isinstance(explanation, Sequence) else _part(explanation, "steps")
    return {"steps": [_told(step) for step in found or ()], "is_open": is_open}


@register.inclusion_tag("kit/parts/field.html")
def field(bound: BoundField, css: str = "") -> dict[str, Any]:
    """A field with its label, hint and error. Groups of choices become a fieldset; the ids are Django's."""
    widget = bound.field.widget
    return {
        "field": bound,
        "is_group": isinstance(widget, RadioSelect | CheckboxSelectMultiple),
        "is_tick": isinstance(widget, CheckboxInput),
        "widget": bound.as_widget(attrs={"class": css} if css else None),
        "helptext_id": f"{bound.auto_id}_helptext",
        "error_id": f"{bound.auto_id}_error",
        "described_by": " ".join(
            f"{bound.auto_id}_{part}"
            for part, there in (("helptext", bound.help_text), ("error", bound.errors))
            if there
        ),
    }


def _first_control(form: Form, name: str) -> str:
    """The id to jump to; the first choice of a group, as a group has no control of its own."""
    bound = form[name]
    is_group = isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple)
    return f"{bound.auto_id}_0" if is_group else bound.id_for_label or bound.auto_id


@register.inclusion_tag("kit/parts/error_summary.html")
def error_summary(*forms: Form) -> dict[str, Any]:
    """All errors of the forms on top, with links to their fields; nothing where all is well."""
    found: list[tuple[str, str]] = []
    for form in forms:
        errors: ErrorDict = form.errors
        for name, says in errors.items():
            place = "" if name == "__all__" else f"#{_first_control(form, str(name))}"
            label = "" if name == "__all__" else str(form[str(name)].label)
            named = label and (f"{label} " if label.endswith("?") else f"{label}: ")
            found.extend((place, f"{named}{say}") for say in says)
    return {"errors": found}


def _state_names() -> dict[str, str]:
    return {
        "paid": _("paid"),
        "coming": _("on its way"),
        "missing": _("missing"),
        "future": _("still to come"),
        "none": _("not insured"),
    }


@lru_cache(maxsize=8192)
def _month_cell(year: int, month: int, state: str, url: str, language: str) -> SafeString:
    """One square of the record in the page's language. Kept: it says nothing of anybody, and a page has sixty."""
    names = _state_names()
    says = f"{speech.month_text(Month(year, month))}: {names[state]}"
    shown = format_html('<span aria-hidden="true">{}</span><span class="unseen">{}</span>', str(month), says)
    linked = format_html('<a href="{}">{}</a>', url, shown) if url else shown
    return format_html('<li class="m m-{}">{}</li>', state, linked)


@register.inclusion_tag("kit/parts/months.html")
def months(years: Iterable[Any], key: bool = True) -> dict[str, Any]:
    """The record, month by month. years: year and months; a month: number, state, optional url.

    States: 'paid', 'coming', 'missing', 'future', 'none' (not insured).
    """
    names = _state_names()
    shown = []
    used: set[str] = set()
    for year in years:
        number, told = int(_part(year, "year")), _part(year, "months")
        cells = [
            (int(_part(one, "number")), str(_part(one, "state")), str(_part(one, "url") or ""))
            for one in told
        ]
        used |= {state for _, state, _ in cells}
        drawn = format_html_join(
            "", "{}", ((_month_cell(number, *cell, speech.language()),) for cell in cells)
        )
        shown.append((str(number), drawn, any(url for _, _, url in cells)))
    return {"years": shown, "key": [(state, name) for state, name in names.items() if key and state in used]}


@register.inclusion_tag("kit/parts/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Earlier and next page of a list, with the rest of the address kept. Nothing for a single page."""
    request = context.get("request")

    def address(number: int) -> str:
        query = request.GET.copy() if request is not None else None
        if query is None:
            return f"?page={number}"
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "number": str(page.number),
        "of": str(page.paginator.num_pages),
        "before": address(page.previous_page_number()) if page.has_previous() else "",
        "after": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("kit/parts/empty_state.html")
def empty_state(
    title: Any, text: Any = "", url: str = "", action: Any = "", icon_name: str = "file"
) -> dict[str, Any]:
    """What stands where a list has nothing yet: why, and what to do."""
    return {"title": title, "text": text, "url": url, "action": action, "icon_name": icon_name}


@register.inclusion_tag("kit/parts/card.html")
def card(
    name: str, number: str, tone: str = "", status: Any = "", place: Any = "", url: str = "", action: Any = ""
) -> dict[str, Any]:
    """The member's card with the silk band."""
    shown = {"name": name, "number": number, "place": place, "url": url, "action": action}
    return shown | {"tone": tone, "status": status}


@register.inclusion_tag("kit/parts/bars.html")
def bars(caption: Any, rows: Iterable[Any], unit: str = "kip") -> dict[str, Any]:
    """A bar chart that is its own table: rows with label, value, optional mark and url. unit: 'kip' or 'count'."""
    drawn = [
        (
            speech.in_language(_part(row, "label")),
            int(_part(row, "value")),
            _part(row, "mark"),
            _part(row, "url"),
        )
        for row in rows
    ]
    longest = max((value for _label, value, _mark, _url in drawn), default=0) or 1
    way: speech.Way = "bare" if unit == "count" else "long"
    return {
        "caption": caption,
        "rows": [
            (label, str(value * 1000 // longest), speech.kip_text(value, way), mark, url)
            for label, value, mark, url in drawn
        ],
    }


@register.inclusion_tag("kit/parts/year.html")
def year(found: Iterable[Any], table: bool = True) -> dict[str, Any]:
    """Twelve months of wages and workers as columns, with their table; each of `found` has month, wages, workers.

    Nothing for fewer than two months. table=False only where the page's own table stands beside and says the same.
    """
    months = charts.last_twelve(
        [charts.Declared(_part(one, "month"), _part(one, "wages"), _part(one, "workers")) for one in found]
    )
    if len(months) < 2:
        return {}
    return {
        "months": months,
        "drawings": charts.drawings(months),
        "table": table,
        "width": str(len(months) * charts.PITCH),
    }


@register.inclusion_tag("kit/parts/account.html")
def account(found: Any, months: Mapping[Month, str], receipts: Mapping[str, str]) -> dict[str, Any]:
    """The account of an employer (operations.account): the same table for the employer and the officer.

    months, receipts: the address of each month and receipt that this reader may open; others stand as plain text.
    """
    states = {
        "nothing": ("ok", _("nothing to pay")),
        "paid": ("ok", _("paid")),
        "to_pay": ("wait", _("to pay")),
        "part": ("wait", _("paid in part")),
        "overdue": ("bad", _("overdue")),
    }
    is_lao = speech.language() == "lo"
    rows = [
        {
            "of": row,
            "state": states[row.state],
            "url": months.get(row.month, ""),
            "paid": [(part, receipts.get(part.receipt, "")) for part in row.paid],
            "fixed": row.charges.amount - row.charges.waived,
        }
        for row in found.rows
    ]
    return {
        "account": found,
        "rows": rows,
        "ages": [{"label": charts.AGES[name], "value": amount} for name, amount in found.ages],
        "is_late": any(amount for _name, amount in found.ages),
        "funds": [
            {
                **line,
                "name": line["name_lo"] if is_lao else line["name_en"],
                "month": Month.parse(line["month"]),
            }
            for line in found.funds
        ],
    }


@register.inclusion_tag("kit/parts/passkey.html")
def passkey(kind: str, options_url: str, verify_url: str, label: Any, name_field: str = "") -> dict[str, Any]:
    """The button; kind 'get' (sign in) or 'create' (add). Needs kit/passkey.js and a form with a token.

    name_field: a CSS selector whose value goes along as {"name": ...} when options are asked for.
    """
    if kind not in ("get", "create"):
        raise ValueError(f"{kind!r} is not a passkey ceremony; use get or create")
    addresses = {"options_url": options_url, "verify_url": verify_url}
    return addresses | {"kind": kind, "label": label, "name_field": name_field}


@register.simple_tag
def choices(links: Iterable[Any]) -> SafeString:
    """A list of large links: each with url, label, and optional note, tone and status."""
    items = format_html_join(
        "",
        '<li><a class="choice" href="{}"><span><strong>{}</strong>{}</span>{}</a></li>',
        (
            (
                _part(link, "url"),
                speech.in_language(_part(link, "label")),
                format_html('<br><span class="small soft">{}</span>', note)
                if (note := _part(link, "note"))
                else "",
                tag(str(_part(link, "tone") or "info"), status)
                if (status := _part(link, "status"))
                else icon("next"),
            )
            for link in links
        ),
    )
    return format_html('<ul class="choices">{}</ul>', items)
