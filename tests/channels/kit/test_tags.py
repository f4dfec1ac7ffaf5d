"""What each tag writes, in Lao and in English. The figures and names come from our own tables, not from a locale."""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

import pakan.law
from pakan.channels.kit import speech
from pakan.units.month import Month

LAW = Path(pakan.law.__file__).parent


def write(source: str, language: str = "lo", /, **context: object) -> str:
    with override(language):
        return Template("{% load kit %}" + source).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("source", "lao", "english"),
    [
        ("{% kip 2500000 %}", "2.500.000 ກີບ", "2,500,000 kip"),
        ("{% kip 2500000 'short' %}", "₭ 2.500.000", "₭ 2,500,000"),
        ("{% kip 2500000 'bare' %}", "2.500.000", "2,500,000"),
        ("{% kip debt %}", "−115.000 ກີບ", "−115,000 kip"),
        ("{% kip 0 %}", "0 ກີບ", "0 kip"),
        ("{% kip unknown %}", "—", "—"),
    ],
)
def test_kip(source: str, lao: str, english: str) -> None:
    assert write(source, "lo", debt=-115000, unknown=None) == f'<span class="num">{lao}</span>'
    assert write(source, "en", debt=-115000, unknown=None) == f'<span class="num">{english}</span>'


def test_months_and_days_have_their_names_in_both_languages() -> None:
    shown = {"m": Month(2026, 10), "d": date(2026, 11, 5)}
    assert write("{% month m %}", **shown) == '<time class="num" datetime="2026-10">ຕຸລາ 2026</time>'
    assert write("{% month m %}", "en", **shown) == '<time class="num" datetime="2026-10">October 2026</time>'
    assert write("{% day d %}", **shown) == '<time class="num" datetime="2026-11-05">5 ພະຈິກ 2026</time>'
    assert ">5 November 2026<" in write("{% day d %}", "en", **shown)


def test_a_moment_is_told_in_vientiane_even_across_midnight() -> None:
    late = datetime(2026, 12, 31, 18, 30, tzinfo=UTC)
    assert ">1 ມັງກອນ 2027, 01:30<" in write("{% moment t %}", t=late)
    with pytest.raises(ValueError, match="time zone"):
        speech.moment_text(datetime(2026, 12, 31, 18, 30))


def test_numbers_are_grouped_as_people_read_them() -> None:
    assert ">01 2345 6789<" in write("{% person_number '0123456789' %}")
    assert ">OLD-77<" in write("{% person_number 'OLD-77' %}")
    assert ">01045-12<" in write("{% employer_code '0104512' %}")


def test_a_tag_says_its_state_in_words_and_hides_its_icon() -> None:
    shown = write("{% tag 'bad' says %}", says={"lo": "ຍັງຂາດ", "en": "missing"})
    assert shown.startswith('<span class="tag bad"><svg') and "<span>ຍັງຂາດ</span>" in shown
    assert 'aria-hidden="true"' in shown
    assert "<svg" not in write("{% tag 'bad' 'x' '' %}")
    with pytest.raises(ValueError, match="not a tone"):
        write("{% tag 'red' 'x' %}")


def test_what_people_wrote_is_escaped_everywhere() -> None:
    bad = "<script>alert(1)</script>"
    sources = (
        "{% tag 'ok' bad %}", "{% note 'ok' bad %}", "{% kpi bad bad bad %}", "{% progress 1 2 bad %}",
        "{% copy_button bad bad %}", "{% panel bad %}{{ bad }}{% endpanel %}", "{% scroll bad %}{% endscroll %}",
        "{% steps 1 bad %}", "{% law bad bad bad %}", "{% empty_state bad bad '/' bad %}",
        "{% card bad bad 'ok' bad bad '/' bad %}", "{% passkey 'get' bad bad bad bad %}", "{% bars bad rows %}",
        "{% choices links %}", "{% timeline links %}", "{% explain links %}", "{% person_number bad %}",
    )  # fmt: skip
    rows = [{"label": bad, "value": 3}]
    links = [
        {"url": bad, "label": bad, "note": bad, "status": bad, "title": bad, "formula": bad, "cite": bad}
    ]
    for source in sources:
        shown = write(source, bad=bad, rows=rows, links=links)
        assert "<script" not in shown and "&lt;script" in shown, source


def test_the_step_we_stand_on_is_marked_once() -> None:
    shown = write("{% steps 2 'Wages' 'Check' 'Pay' %}")
    assert shown.count('aria-current="step"') == 1
    assert '<li aria-current="step"><b>2 Check</b>' in shown
    assert shown.count('class="done"') == 1


def test_a_month_of_the_record_is_told_in_words_not_only_in_colour() -> None:
    years = [{"year": 2026, "months": [{"number": 5, "state": "missing"}, {"number": 6, "state": "paid"}]}]
    shown = write("{% months years %}", "en", years=years)
    assert '<span class="unseen">May 2026: missing</span>' in shown
    assert '<span aria-hidden="true">5</span>' in shown
    assert "on its way" not in shown, "the key names only the states that occur"
    with pytest.raises(KeyError):
        write("{% months years %}", years=[{"year": 2026, "months": [{"number": 5, "state": "lost"}]}])


class Step:
    label = {"lo": "ສ່ວນຂອງຜູ້ໃຊ້ແຮງງານ", "en": "Employer's share"}
    formula = "4.500.000 × 6 %"
    result = 270_000
    cite = "34/NA, 55"
    confidence = "high"
    assumption = ""


class Guess:
    says_lo, says_en = "ຄາດ", "Guessed"
    assumption = "A-35"


def test_an_explanation_speaks_the_language_of_the_page_and_owns_up_to_guesses() -> None:
    lao = write("{% explain steps %}", steps=[Step(), Guess()])
    english = write("{% explain steps %}", "en", steps=[Step(), Guess()])
    assert "ສ່ວນຂອງຜູ້ໃຊ້ແຮງງານ" in lao and "= <strong>270.000 ກີບ</strong>" in lao and "ຄາດ" in lao
    assert "Employer&#x27;s share" in english and "270,000 kip" in english and "Guessed" in english
    assert english.count("estimate") == 1 and "A-35" in english


def test_in_language_takes_the_other_language_before_nothing() -> None:
    with override("en"):
        assert speech.in_language({"lo": "ກີບ", "en": ""}) == "ກີບ"
        assert speech.in_language(None) == ""
        assert speech.in_language("as it is") == "as it is"


class Wages(forms.Form):
    wage = forms.CharField(label="Wage", help_text="In kip")
    way = forms.ChoiceField(label="Way", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect())
    note = forms.CharField(label="Note", required=False)
    sure = forms.BooleanField(label="Sure")


def test_a_wrong_field_points_to_its_hint_and_its_error() -> None:
    form = Wages({})
    shown = write("{% field form.wage %}", form=form)
    assert 'aria-describedby="id_wage_helptext id_wage_error"' in shown
    assert 'id="id_wage_helptext"' in shown and 'id="id_wage_error"' in shown
    assert 'aria-invalid="true"' in shown and '<label for="id_wage">' in shown
    group = write("{% field form.way %}", form=form)
    assert '<fieldset aria-describedby="id_way_error">' in group and 'for="id_way_0"' in group
    assert "may stay empty" in write("{% field form.note %}", "en", form=form)


def test_the_summary_links_to_a_control_that_exists() -> None:
    form = Wages({})
    summary = write("{% error_summary form %}", form=form)
    fields = write("{% field form.wage %}{% field form.way %}{% field form.sure %}", form=form)
    for target in ("id_wage", "id_way_0", "id_sure"):
        assert f'href="#{target}"' in summary and f'id="{target}"' in fields
    assert "data-error-summary" in summary and "Wage: " in summary
    assert write("{% error_summary form %}", form=Wages({"wage": "1", "way": "a", "sure": "on"})) == ""


def test_pages_keep_the_rest_of_the_address() -> None:
    request = RequestFactory().get("/", {"name": "ຄຳ", "page": "2"})
    shown = write("{% pagination page %}", "en", page=Paginator(range(50), 20).page(2), request=request)
    assert "page=1" in shown and "page=3" in shown and shown.count("name=%E0%BA%84%E0%BA%B3") == 2
    assert "Page 2 of 3" in shown
    assert write("{% pagination page %}", page=Paginator(range(3), 20).page(1), request=request) == ""


def test_bars_are_drawn_to_the_longest() -> None:
    rows = [{"label": "A", "value": 200}, {"label": "B", "value": 50}]
    shown = write("{% bars 'c' rows %}", rows=rows)
    assert '<rect width="1000"' in shown and '<rect width="250"' in shown and "50 ກີບ" in shown
    assert '<rect width="0"' in write("{% bars 'c' rows 'count' %}", rows=[{"label": "A", "value": 0}])


def test_a_text_of_law_has_its_name_in_lao() -> None:
    cited = {
        block["cite"]
        for folder in ("contributions", "calendar")
        for file in (LAW / folder).glob("*.toml")
        for block in _blocks(tomllib.loads(file.read_text()))
    }
    assert "Law 34/NA (2013); kept by Law 54/NA (2018)" in cited
    with override("en"):
        assert {speech.cite_text(cite) for cite in cited} == cited
    with override("lo"):
        assert not [cite for cite in cited if not re.search("[\u0e80-\u0eff]", speech.cite_text(cite))]
        assert speech.cite_text("ດຳລັດ 1/ນຍ") == "ດຳລັດ 1/ນຍ"


def _blocks(thing: Any) -> Iterator[dict[str, Any]]:
    """Every block that names its source, however deep it lies."""
    if isinstance(thing, dict):
        if isinstance(thing.get("cite"), str):
            yield thing
        thing = list(thing.values())
    if isinstance(thing, list):
        for part in thing:
            yield from _blocks(part)
