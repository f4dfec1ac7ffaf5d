"""Facts about the kit's files: contrast, budgets, what is forbidden in a page, and what others wrote."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.template.loader import render_to_string
from django.utils.translation import override

import pakan.channels.kit
from ops.words import sentences_of

KIT = Path(pakan.channels.kit.__file__).parent
STATIC = KIT / "static" / "kit"
TEMPLATES = sorted((KIT / "templates").rglob("*.html"))
TOKENS = dict(re.findall(r"(--[a-z0-9-]+): (#[0-9a-f]{6});", (STATIC / "tokens.css").read_text()))


def light(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXT = [
    *((ink, ground) for ink in ("ink", "ink-soft") for ground in ("paper", "ground", "mist", "champa-50", "silk-50")),
    *(("mekong-700", ground) for ground in ("paper", "ground", "mekong-50", "mekong-100")),
    *(("silk-700", ground) for ground in ("paper", "ground", "silk-100", "silk-50")),
    ("champa-700", "champa-100"), ("champa-700", "champa-50"), ("leaf-700", "leaf-100"),
    ("leaf-700", "paper"), ("ink", "champa-400"), ("paper", "mekong-600"), ("paper", "mekong-700"),
    ("paper", "mekong-900"), ("paper", "silk-700"), ("ink-light", "mekong-900"), ("ink-light", "mekong-700"),
]  # fmt: skip
PARTS = [
    ("edge", "paper"), ("edge", "ground"), ("mekong-900", "ground"), ("mekong-900", "paper"),
    ("champa-400", "mekong-900"), ("champa-400", "mekong-700"), ("mekong-600", "mist"), ("silk-700", "paper"),
]  # fmt: skip


@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_stands_out_seven_to_one(ink: str, ground: str) -> None:
    assert contrast(TOKENS[f"--{ink}"], TOKENS[f"--{ground}"]) >= 7


@pytest.mark.parametrize(("part", "ground"), PARTS)
def test_edges_and_focus_stand_out_three_to_one(part: str, ground: str) -> None:
    assert contrast(TOKENS[f"--{part}"], TOKENS[f"--{ground}"]) >= 3


def test_every_token_that_is_used_is_set() -> None:
    said = (STATIC / "kit.css").read_text()
    names = set(re.findall(r"(--[a-z0-9-]+):", (STATIC / "tokens.css").read_text()))
    assert set(re.findall(r"var\((--[a-z0-9-]+)\)", said)) <= names


def test_lao_lines_are_high_enough_for_stacked_marks() -> None:
    tokens = (STATIC / "tokens.css").read_text()
    assert float(re.search(r"--leading: ([\d.]+)", tokens)[1]) >= 1.7  # type: ignore[index]
    assert float(re.search(r"--leading-tight: ([\d.]+)", tokens)[1]) >= 1.6  # type: ignore[index]
    said = (STATIC / "kit.css").read_text()
    assert set(re.findall(r"line-height:([^;}]+)", said)) == {"var(--leading-tight)"}
    assert not re.search(r"letter-spacing|text-transform|font-style|text-align:justify", said)


def test_files_keep_within_their_weight() -> None:
    assert len((STATIC / "kit.css").read_bytes()) < 24_000
    assert len((STATIC / "kit.js").read_bytes()) < 4_096
    for face in (STATIC / "vendor").glob("*.woff2"):
        assert len(face.read_bytes()) <= 20_000, face.name


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_page_carries_styles_or_scripts_inside(path: Path) -> None:
    source = path.read_text()
    assert not re.search(r"\sstyle\s*=|<style\b", source)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source)
    assert "javascript:" not in source
    assert all("src=" in opening for opening in re.findall(r"<script\b[^>]*>", source))
    assert "|safe" not in source and "autoescape off" not in source


def test_what_others_wrote_is_unchanged_and_has_its_licence() -> None:
    listed = tomllib.loads((STATIC / "vendor.toml").read_text())["file"]
    for one in listed:
        assert hashlib.sha256((STATIC / one["name"]).read_bytes()).hexdigest() == one["sha256"], one["name"]
        assert (STATIC / one["licence_file"]).stat().st_size > 100
    named = {one["name"] for one in listed} | {one["licence_file"] for one in listed}
    there = {f"vendor/{path.name}" for path in (STATIC / "vendor").iterdir()}
    assert there == named


def said_in_the_kit() -> set[str]:
    """Every sentence that the catalogues' own reader finds in the kit, by its first form."""
    files = [file for file in KIT.rglob("*") if file.suffix in (".py", ".html")]
    return {first for file in files for _context, first in sentences_of(file)}


def test_every_word_of_the_kit_is_said_in_lao() -> None:
    with (KIT / "locale/lo/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file, locale="lo")
    told = {
        message.id[0] if isinstance(message.id, tuple) else message.id: message
        for message in catalogue
        if message.id
    }
    assert set(told) == said_in_the_kit()
    for name, message in told.items():
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        assert not message.fuzzy and all(re.search(r"[\u0e80-\u0eff]", str(word)) for word in words), name


@pytest.mark.parametrize("number", [400, 403, 404, 500])
@pytest.mark.parametrize("language", ["lo", "en"])
def test_an_error_page_needs_no_request_and_no_database(number: int, language: str) -> None:
    with override(language):
        page = render_to_string(f"{number}.html")
    assert f'<html lang="{language}">' in page and "<h1>" in page and 'href="/"' in page
