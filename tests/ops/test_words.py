"""The catalogues: every sentence of the code has its Lao, and a missing one is seen."""

from pathlib import Path

import django
import pytest
from babel.messages.pofile import read_po

from ops import words

TEMPLATE = """{% load i18n %}
  {% translate "Paid" %}
    {% blocktranslate with name=worker.name %}Hello {{ name }}{% endblocktranslate %}
 {% blocktranslate count n=rows %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}
{% include "x.html" with label=_("Owed") %}
"""
LAO = """msgid "Paid"
msgstr "ຈ່າຍແລ້ວ"

msgid "Owed"
msgstr "ຄ້າງຈ່າຍ"

msgid "Hello %(name)s"
msgstr "ສະບາຍດີ %(name)s"

msgid "%(n)s row"
msgid_plural "%(n)s rows"
msgstr[0] "%(n)s ແຖວ"

msgid "Wage"
msgstr "ຄ່າແຮງງານ"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    channel = tmp_path / "pakan/channels/employer"
    (channel / "templates").mkdir(parents=True)
    (channel / "templates/page.html").write_text(TEMPLATE)
    (channel / "forms.py").write_text('from x import gettext_lazy\nlabel = gettext_lazy("Wage")\n')
    catalogue = channel / "locale/lo/LC_MESSAGES/django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(words.HEADER + LAO)
    return tmp_path


def employer(root: Path) -> Path:
    return root / "pakan/channels/employer/locale/lo/LC_MESSAGES/django.po"


def test_every_sentence_of_the_project_has_its_lao() -> None:
    assert words.faults() == []


def test_a_whole_catalogue_has_no_fault(root: Path) -> None:
    assert words.faults(root) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('msgid "Paid"', 'msgid "Payed"', "missing: 'Paid'"),
        ('msgid "Paid"', 'msgid "Payed"', "no longer used: 'Payed'"),
        ("ຄ້າງຈ່າຍ", "", "empty: 'Owed'"),
        ('msgid "Owed"', '#, fuzzy\nmsgid "Owed"', "fuzzy: 'Owed'"),
        ("ສະບາຍດີ %(name)s", "ສະບາຍດີ %(nam)s", "other placeholders"),
        ('msgid "Paid"', '#~ msgid "Old"\n#~ msgstr "ເກົ່າ"\n\nmsgid "Paid"', "no longer used: 'Old'"),
    ],
)
def test_a_fault_in_a_catalogue_is_seen(root: Path, before: str, after: str, fault: str) -> None:
    catalogue = employer(root)
    assert before in catalogue.read_text()
    catalogue.write_text(catalogue.read_text().replace(before, after))
    assert any(fault in line for line in words.faults(root))


def test_two_catalogues_cannot_say_one_sentence_differently(root: Path) -> None:
    other = root / "pakan/channels/member"
    (other / "locale/lo/LC_MESSAGES").mkdir(parents=True)
    (other / "forms.py").write_text('from x import gettext_lazy\nlabel = gettext_lazy("Wage")\n')
    (other / "locale/lo/LC_MESSAGES/django.po").write_text(words.HEADER + 'msgid "Wage"\nmsgstr "ເງິນເດືອນ"\n')
    assert [line.split(": ")[1:] for line in words.faults(root)] == [
        ["other Lao than in pakan/channels/employer/locale/lo/LC_MESSAGES/django.po", "'Wage'"]
    ]


def test_an_update_keeps_lao_adds_the_new_and_drops_the_old(root: Path) -> None:
    page = root / "pakan/channels/employer/templates/page.html"
    page.write_text(TEMPLATE.replace('"Paid"', '"Settled"'))
    words.update(root)
    text = employer(root).read_text()
    assert "ຄ້າງຈ່າຍ" in text and "%(n)s ແຖວ" in text and "Paid" not in text
    assert [line.partition(": ")[2] for line in words.faults(root)] == ["empty: 'Settled'"]
    words.update(root)
    assert employer(root).read_text() == text


def test_a_sentence_outside_the_channels_belongs_to_the_site(root: Path) -> None:
    for file in (
        "pakan/registers/people/states.py",
        "pakan/operations/declare.py",
        "pakan/channels/timetable.py",
    ):
        assert words.catalogue_of(root / file, root).parts[-5:-3] == ("site", "locale")


def test_only_stale_catalogues_are_compiled(root: Path) -> None:
    assert words.compile_stale(root) == [employer(root).with_suffix(".mo")]
    assert words.compile_stale(root) == []


def test_the_sentences_of_django_are_really_djangos() -> None:
    home = Path(django.__file__).parent
    known: set[words.Key] = set()
    for part in ("conf", "contrib/auth"):
        with (home / part / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
            known |= words.words_of(read_po(file)).keys()
    module = words.ROOT / "pakan/site/framework_words.py"
    ours = words.sentences_of(module)
    assert len(ours) > 80
    assert set(ours) - known == set()
