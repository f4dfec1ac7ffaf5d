"""What people type: days, months and money as they write them, also in Lao digits; and the law's own questions."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.channels.kit.speech import in_language
from pakan.law.situation import Question
from pakan.units.money import Kip, NotKip, read_kip
from pakan.units.month import Month
from pakan.units.number import latin_digits


class ReadField(forms.CharField):
    """A text that becomes something else: what bounds the text is not asked of what was read from it."""

    def __init__(self, **named: Any) -> None:
        attrs = named.pop("attrs", {})
        super().__init__(
            max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"} | attrs), **named
        )

    def read(self, text: str) -> Any:
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        text = latin_digits(str(value or "")).strip()
        if not text:
            return None
        if len(text) > 40:
            raise forms.ValidationError(_("This is too long."))
        return self.read(text)

    def run_validators(self, value: Any) -> None:
        """None: see above."""

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def bound_data(self, data: Any, initial: Any) -> Any:
        return "" if data is None else str(data)[:60]


class DayField(ReadField):
    """15/08/1990, 15-8-1990, 15 8 1990 or 1990-08-15."""

    def __init__(self, **named: Any) -> None:
        named.setdefault("help_text", gettext_lazy("Day, month, year. Like 15/08/1990."))
        super().__init__(attrs={"class": "short"} | named.pop("attrs", {}), **named)

    def read(self, text: str) -> date:
        found = re.fullmatch(r"(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4})", text, re.ASCII)
        turned = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text, re.ASCII)
        try:
            day = date(int(found[3]), int(found[2]), int(found[1])) if found else None
            day = date(int(turned[1]), int(turned[2]), int(turned[3])) if turned else day
        except ValueError:
            day = None
        if day is None or not 1900 <= day.year <= 2100:
            raise forms.ValidationError(_("Type day, month, year. Like 15/08/1990."))
        return day

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else value


class MonthField(ReadField):
    """10/2026 or 2026-10."""

    def __init__(self, **named: Any) -> None:
        named.setdefault("help_text", gettext_lazy("Month and year. Like 10/2026."))
        super().__init__(attrs={"class": "short"}, **named)

    def read(self, text: str) -> Month:
        found = re.fullmatch(r"(\d{1,2})[\s./-]+(\d{4})", text, re.ASCII)
        turned = re.fullmatch(r"(\d{4})-(\d{1,2})", text, re.ASCII)
        try:
            month = Month(int(found[2]), int(found[1])) if found else None
            month = Month(int(turned[1]), int(turned[2])) if turned else month
        except ValueError:
            month = None
        if month is None or not 1900 <= month.year <= 2100:
            raise forms.ValidationError(_("Type month and year. Like 10/2026."))
        return month

    def prepare_value(self, value: Any) -> Any:
        return f"{value.month:02d}/{value.year}" if isinstance(value, Month) else value


class KipField(ReadField):
    """2.500.000, 2,500,000 or 2500000."""

    def __init__(self, **named: Any) -> None:
        named.setdefault("help_text", gettext_lazy("In kip. Like 2,500,000."))
        super().__init__(attrs={"inputmode": "numeric", "class": "money"}, **named)

    def read(self, text: str) -> Kip:
        try:
            return read_kip(text)
        except NotKip as fault:
            raise forms.ValidationError(_("Type an amount in whole kip. Like 2,500,000.")) from fault


class WholeField(ReadField):
    """A whole number from `least` to `most`."""

    def __init__(self, least: int, most: int, **named: Any) -> None:
        self.least, self.most = least, most
        super().__init__(attrs={"inputmode": "numeric", "class": "short"}, **named)

    def read(self, text: str) -> int:
        if not re.fullmatch(r"\d{1,18}", text, re.ASCII) or not self.least <= int(text) <= self.most:
            raise forms.ValidationError(
                _("Type a whole number from %(least)s to %(most)s.")
                % {"least": self.least, "most": self.most}
            )
        return int(text)


YES_NO = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))


def question_field(question: Question) -> forms.Field:
    """The form field for a question that the law asks."""
    about: dict[str, Any] = {"label": in_language(question), "required": question.required}
    if question.kind == "day":
        return DayField(**about)
    if question.kind == "kip":
        return KipField(**about, initial=question.default)
    if question.kind == "whole":
        return WholeField(question.least, question.most, **about, initial=question.default)
    if question.kind == "yes_no":
        initial = None if question.default is None else ("yes" if question.default else "no")
        return forms.ChoiceField(**about, choices=YES_NO, initial=initial, widget=forms.RadioSelect)
    choices = [(choice.key, in_language(choice)) for choice in question.choices]
    return forms.ChoiceField(**about, choices=choices, initial=question.default, widget=forms.RadioSelect)


def answers_of(questions: Iterable[Question], cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """What was answered (fields 'q-...'), as a benefit's rule reads it; what stayed empty is left to the default."""
    told = {}
    for question in questions:
        answer = cleaned.get(f"q-{question.key}")
        if answer is not None and answer != "":
            told[question.key] = answer == "yes" if question.kind == "yes_no" else answer
    return told


def year_in(text: str) -> int | None:
    """The year that an address asks for; a text that is none asks for all."""
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() else None
