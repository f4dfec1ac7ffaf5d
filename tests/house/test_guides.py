"""Guides for people: each in Lao and in English, of the same parts; every picture that one names is there, and small."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs/guides").rglob("*.*.md"))
PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")
MOST = 60_000  # bytes a picture: a guide is opened on a slow line


def other(guide: Path) -> Path:
    language = ".en.md" if guide.name.endswith(".lo.md") else ".lo.md"
    return guide.with_name(guide.name[: -len(".xx.md")] + language)


def test_there_are_guides() -> None:
    assert GUIDES


@pytest.mark.parametrize("guide", GUIDES, ids=lambda one: one.name)
def test_each_guide_has_its_other_language_with_the_same_parts(guide: Path) -> None:
    text, twin = guide.read_text(), other(guide).read_text()
    assert PICTURE.findall(text) == PICTURE.findall(twin)
    assert len(re.findall(r"^## ", text, re.M)) == len(re.findall(r"^## ", twin, re.M))
    assert len(re.findall(r"^\d+\. ", text, re.M)) == len(re.findall(r"^\d+\. ", twin, re.M))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda one: one.name)
def test_each_picture_is_there_and_small_and_none_is_left_over(guide: Path) -> None:
    named = {guide.parent / name for name in PICTURE.findall(guide.read_text())}
    kept = set((guide.parent / "pictures").glob("*"))
    assert named == kept
    assert [one.name for one in named if one.stat().st_size > MOST] == []
