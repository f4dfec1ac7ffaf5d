"""Every answer of cases.toml, whole and in words: what each case expects is only a part of what people are told.

After a change that is meant, read the difference that `python -m tests.law.benefits.test_answers` makes.
"""

from pathlib import Path
from typing import Any

import pytest

from pakan.law.decision import Decision
from tests.law.benefits.test_cases import ALL, decide

ANSWERS = Path(__file__).with_name("answers.txt")
COLUMNS = ("needed", "found", "met", "result", "article", "confidence", "assumption")


def told(decision: Decision) -> str:
    """The table that staff see, and after it only those sentences that no row has."""
    rows = decision.as_table("en")
    texts = {row["text"] for row in rows}
    lines = [line for line in decision.as_sentences("en", staff=True) if line not in texts]
    lines += [
        f"  {row['part']} {row['label']}: {row['text']} | " + " | ".join(row[name] for name in COLUMNS)
        for row in rows
    ]
    lines += [f"  {step.label} for staff only" for step in decision.steps if step.staff_only]
    return "\n".join(lines)


def answered() -> dict[str, tuple[str, dict[str, Any]]]:
    found = {}
    for param in ALL:
        name, case = param.values
        assert isinstance(name, str)
        assert isinstance(case, dict)
        if "refused" not in case["expect"]:
            found[f"{name}: {case['says']}"] = (name, case)
    return found


def stored() -> dict[str, str]:
    parts = ANSWERS.read_text(encoding="utf-8").removesuffix("\n").split("\n\n")
    return {part.removeprefix("# ").split("\n", 1)[0]: part.split("\n", 1)[1] for part in parts}


def written() -> str:
    parts = [f"# {title}\n{told(decide(*asked))}" for title, asked in CASES.items()]
    return "\n\n".join(parts) + "\n"


CASES = answered()
STORED = stored()


def test_every_case_has_its_answer() -> None:
    assert list(STORED) == list(CASES)


@pytest.mark.parametrize("title", CASES)
def test_a_whole_answer(title: str) -> None:
    decision = decide(*CASES[title])
    assert decision.benefit == CASES[title][0]
    assert told(decision) == STORED[title]


if __name__ == "__main__":
    ANSWERS.write_text(written(), encoding="utf-8")
