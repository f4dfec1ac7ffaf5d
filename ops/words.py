"""The words people see: gathered from the code, compared with the catalogues, compiled for gettext.

`update` writes new sentences into the catalogues, `check` fails on any without Lao, `compile` makes
the .mo files.
A sentence belongs to the catalogue of its channel; everything else to pakan/site.
"""

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Written by hand: Babel's own header carries the date and would change with every run.
HEADER = """msgid ""
msgstr ""
"Language: lo\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

Key = tuple[str | None, str]  # context, first form of the sentence


def catalogue_of(file: Path, root: Path = ROOT) -> Path:
    """The catalogue that the sentences of `file` belong to."""
    parts = file.relative_to(root / "pakan").parts
    home = Path(*parts[:2]) if parts[0] == "channels" and len(parts) > 2 else Path("site")
    return root / "pakan" / home / "locale" / "lo" / "LC_MESSAGES" / "django.po"


def found(root: Path = ROOT) -> dict[Path, dict[Key, Message]]:
    """Every sentence marked for translation in the code, by catalogue."""
    every: dict[Path, dict[Key, Message]] = {}
    for file in sorted((root / "pakan").rglob("*")):
        if file.suffix in (".py", ".html", ".txt") and file.is_file():
            sentences = sentences_of(file)
            if sentences:
                every.setdefault(catalogue_of(file, root), {}).update(sentences)
    return every


def sentences_of(file: Path) -> dict[Key, Message]:
    """The sentences of one Python file or template."""
    text = file.read_text()
    if file.suffix != ".py":
        # Django turns a template into calls of gettext between rows of X; its indentation is no Python.
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(file)).splitlines())
    source = io.BytesIO(text.encode())
    every: dict[Key, Message] = {}
    for _, sentence, _, context in extract("python", source, KEYWORDS, (), {"encoding": "utf-8"}):
        message = Message(sentence, context=context)
        first = message.id if isinstance(message.id, str) else message.id[0]
        if first:
            every[(context, first)] = message
    return every


def read(catalogue: Path) -> Catalog:
    if not catalogue.exists():
        return Catalog(locale="lo")
    with catalogue.open("rb") as file:
        return read_po(file, locale="lo")


def words_of(catalogue: Catalog) -> dict[Key, Message]:
    return {(m.context, m.id if isinstance(m.id, str) else m.id[0]): m for m in catalogue if m.id}


def update(root: Path = ROOT) -> None:
    """Write the sentences of the code into the catalogues; translations stay, unused sentences go."""
    for path, sentences in found(root).items():
        before = words_of(read(path))
        after = Catalog(locale="lo")
        for key, message in sentences.items():
            known = before.get(key)
            said = known.string if known else ""
            if isinstance(message.id, tuple) and isinstance(said, str):
                said = (said,)
            if not isinstance(message.id, tuple) and isinstance(said, tuple):
                said = said[0]
            after.add(
                message.id,
                said,
                context=message.context,
                flags=known.flags - {"python-format"} if known else (),
            )
        text = io.BytesIO()
        write_po(text, after, width=110, no_location=True, omit_header=True, sort_output=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER + text.getvalue().decode().strip() + "\n")


def faults(root: Path = ROOT) -> list[str]:
    """Each sentence without good Lao: missing, empty, fuzzy, no longer used, or with other placeholders."""
    wrong = []
    wanted = found(root)
    stored = set((root / "pakan").rglob("locale/lo/LC_MESSAGES/django.po"))
    wrong += _said_twice(root, stored)
    for path in sorted(stored | set(wanted)):
        sentences, catalogue = wanted.get(path, {}), read(path)
        known = words_of(catalogue)
        where = path.relative_to(root)
        wrong += [f"{where}: missing: {key[1]!r}" for key in sentences.keys() - known.keys()]
        wrong += [f"{where}: no longer used: {key[1]!r}" for key in known.keys() - sentences.keys()]
        wrong += [f"{where}: no longer used: {message.id!r}" for message in catalogue.obsolete.values()]
        for key in sentences.keys() & known.keys():
            fault = _fault(known[key])
            if fault:
                wrong.append(f"{where}: {fault}: {key[1]!r}")
    return sorted(wrong)


def _said_twice(root: Path, catalogues: set[Path]) -> list[str]:
    """Sentences with different Lao in two catalogues: Django merges them all, and one would win unseen."""
    first: dict[Key, tuple[object, Path]] = {}
    wrong = []
    for path in sorted(catalogues):
        for key, message in words_of(read(path)).items():
            said, where = first.setdefault(key, (message.string, path))
            if message.string and said and said != message.string:
                wrong.append(
                    f"{path.relative_to(root)}: other Lao than in {where.relative_to(root)}: {key[1]!r}"
                )
    return wrong


def _fault(message: Message) -> str:
    said = list(message.string) if isinstance(message.string, tuple | list) else [message.string]
    asked = message.id if isinstance(message.id, str) else message.id[-1]
    if not said or not all(said):
        return "empty"
    if message.fuzzy:
        return "fuzzy"
    if any(set(PLACEHOLDER.findall(form or "")) != set(PLACEHOLDER.findall(asked)) for form in said):
        return "other placeholders than the English"
    return ""


def compile_stale(root: Path = ROOT) -> list[Path]:
    """Make the .mo beside each .po that changed since; returns those made."""
    made = []
    for source in sorted((root / "pakan").rglob("locale/lo/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        catalogue = read(source)
        whole = target.with_suffix(".making")
        with whole.open("wb") as file:
            write_mo(file, catalogue)
        whole.replace(target)
        made.append(target)
    return made


def main(command: str) -> int:
    if command == "update":
        update()
        compile_stale()
    elif command == "compile":
        compile_stale()
    elif command != "check":
        print("words.py update | check | compile", file=sys.stderr)
        return 2
    wrong = [] if command == "compile" else faults()
    if wrong or command == "check":
        print("\n".join(wrong) or "every sentence has its Lao")
    # After an update the list tells the translator what to write; it is no failure yet.
    return 1 if wrong and command == "check" else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
