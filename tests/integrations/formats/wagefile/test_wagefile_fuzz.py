"""Whatever bytes arrive, the answer is rows or a refusal of ours, never another error."""

import io

import wagefile_samples as make
from hypothesis import given, settings
from hypothesis import strategies as st

from pakan.integrations.formats.wagefile import child
from pakan.integrations.formats.wagefile.gate import examine
from pakan.integrations.formats.wagefile.read import open_file, read_all
from pakan.integrations.formats.wagefile.refusal import MESSAGES, FileRefused
from pakan.integrations.formats.wagefile.table import columns_offered, find_table, recognise

ROWS = [make.HEADER, *make.people(5)]
SEEDS = {"xlsx": make.xlsx(ROWS), "xls": make.xls(ROWS), "ods": make.ods(ROWS)}
NAMES = st.sampled_from(["a.xlsx", "a.xls", "a.ods", "a.csv", "a.tsv", "a", "a.pdf"])


def survives(filename: str, content: bytes) -> None:
    try:
        book = open_file(filename, content)
        table = find_table(book)
        columns_offered(table)
        read_all(book, recognise(table))
    except FileRefused as refused:
        assert refused.code in MESSAGES
        assert refused.message("lo")


@settings(max_examples=400, deadline=None)
@given(NAMES, st.binary(max_size=400))
def test_any_bytes_at_the_gate(filename: str, content: bytes) -> None:
    try:
        examine(filename, content)
    except FileRefused as refused:
        assert refused.code in MESSAGES


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(SEEDS)),
    st.lists(st.tuples(st.integers(0, 10**6), st.binary(max_size=4)), max_size=6),
)
def test_damaged_workbooks_at_the_gate(kind: str, wounds: list[tuple[int, bytes]]) -> None:
    content = bytearray(SEEDS[kind])
    for place, new in wounds:
        start = place % len(content)
        content[start : start + len(new)] = new
    try:
        examine(f"a.{kind}", bytes(content))
    except FileRefused as refused:
        assert refused.code in MESSAGES


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=40))
def test_damaged_old_workbooks_in_the_child(place: int, new: bytes) -> None:
    # An .xls has no checksum, so damage reaches the reader itself.
    content = bytearray(SEEDS["xls"])
    start = 512 + place % 700
    content[start : start + len(new)] = new
    survives("a.xls", bytes(content))


cells = st.text(max_size=12) | st.sampled_from(
    [
        *make.HEADER,
        "ລວມ",
        "Total",
        "=cmd|x",
        "1.234.567",
        "0100000011",
        "ນາງ ວັນນາ",
        "#DIV/0!",
        "(1)",
        "SSO no.",
        "Name",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(cells, max_size=6), max_size=10), st.sampled_from([",", ";", "\t"]))
def test_any_table_of_texts_is_read_or_refused(rows: list[list[str]], delimiter: str) -> None:
    content = "\n".join(delimiter.join(row) for row in rows).encode("utf-8", "replace")
    out = io.StringIO()
    child.main("csv", content, out)
    assert out.getvalue().splitlines()[-1].startswith(('["end"', '["refused"'))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(cells, max_size=6), min_size=1, max_size=8))
def test_any_table_of_texts_is_understood_or_refused(rows: list[list[str]]) -> None:
    survives("a.csv", "\n".join("\t".join(row) for row in rows).encode("utf-8", "replace"))
