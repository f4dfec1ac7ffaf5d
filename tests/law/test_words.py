import string
from pathlib import Path

import pytest

import pakan.law
from pakan.law.decision import sentences


def fields(text: str) -> set[str]:
    return {
        name.removesuffix("_lo").removesuffix("_en")
        for _, name, _, _ in string.Formatter().parse(text)
        if name
    }


@pytest.mark.parametrize(
    "path", sorted(Path(pakan.law.__file__).parent.rglob("words.toml")), ids=lambda path: path.parent.name
)
def test_every_sentence_is_in_lao_and_english_and_tells_the_same(path: Path) -> None:
    for label, sentence in sentences(path).items():
        assert any("\u0e80" <= letter <= "\u0eff" for letter in sentence.lo), label
        assert not any("\u0e80" <= letter <= "\u0eff" for letter in sentence.en), label
        assert fields(sentence.lo) == fields(sentence.en), label
