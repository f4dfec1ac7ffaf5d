"""The counter of Lao words: real sentences, placeholders, both languages' marks."""

from pathlib import Path

import pytest

from ops import sentences


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("ຈ່າຍແລ້ວ", 2),
        ("ນາຍຈ້າງຕ້ອງຈ່າຍເງິນ", 4),
        ("ສະບາຍດີ %(name)s", 2),
        ("PIN ມີ 6 ຕົວເລກ.", 5),
        ("… ₭ ✓", 0),
    ],
)
def test_words_are_counted_as_a_reader_would(sentence: str, words: int) -> None:
    assert sentences.count(sentence) == words


def test_a_text_falls_into_its_sentences() -> None:
    assert sentences.sentences("ຈ່າຍແລ້ວ. ຂອບໃຈ!\nໝົດ") == ["ຈ່າຍແລ້ວ.", "ຂອບໃຈ!", "ໝົດ"]


def test_a_long_sentence_is_printed_with_its_channel(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "pakan/channels/member/locale/lo/LC_MESSAGES"
    folder.mkdir(parents=True)
    long = "ນາຍຈ້າງຕ້ອງຈ່າຍເງິນ" * 5
    (folder / "django.po").write_text(
        f'msgid ""\nmsgstr ""\n\nmsgid "long"\nmsgstr "{long}"\n\nmsgid "a"\nmsgstr "ຈ່າຍ"\n'
    )
    assert sentences.show(tmp_path) == 0
    told = capsys.readouterr().out
    assert f"member      20  {long}" in told
    assert "ຈ່າຍ\n" not in told.split("over")[1].replace(long, "")
