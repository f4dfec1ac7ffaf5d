"""Builds the wheel and the source archive of the law alone, with the standard library only.

The usual backends refuse sources outside their folder; this one takes two rooms of the tree two floors up, or, in an
unpacked source archive, the copy beside it. Nothing is downloaded and nothing is left in the tree.
"""

import base64
import hashlib
import io
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TREE = HERE if (HERE / "pakan").is_dir() else HERE.parents[1]
ROOMS = ("units", "law")
# The validator of wage files: its reader, and the one operation that knows no database. Its packages are extras.
SINGLE = (
    "pakan/__init__.py",
    "pakan/integrations/__init__.py",
    "pakan/integrations/formats/__init__.py",
    "pakan/integrations/formats/cage.py",
    "pakan/operations/__init__.py",
    "pakan/operations/precheck.py",
)
READER = "pakan/integrations/formats/wagefile"
ENDINGS = {".py", ".toml", ".csv", ".json", ".typed"}
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the same tree gives the same bytes
PROJECT: dict[str, Any] = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
STEM = f"{PROJECT['name'].replace('-', '_')}-{PROJECT['version']}"


def _sources() -> Iterator[tuple[str, bytes]]:
    for room in ROOMS:
        for path in sorted((TREE / "pakan" / room).rglob("*")):
            if path.name == "py.typed" or (path.suffix in ENDINGS and path.is_file()):
                yield path.relative_to(TREE).as_posix(), path.read_bytes()
    reader = [path.relative_to(TREE).as_posix() for path in sorted((TREE / READER).glob("*.py"))]
    for name in [*SINGLE, *reader]:
        if (TREE / name).is_file():
            yield name, (TREE / name).read_bytes()
    yield "pakan_wages.py", (HERE / "pakan_wages.py").read_bytes()


def _metadata() -> bytes:
    lines = ["Metadata-Version: 2.4", f"Name: {PROJECT['name']}", f"Version: {PROJECT['version']}"]
    lines += [f"Summary: {PROJECT['description']}", f"License-Expression: {PROJECT['license']}"]
    lines += [f"Requires-Python: {PROJECT['requires-python']}"]
    lines += [f"Requires-Dist: {needed}" for needed in PROJECT["dependencies"]]
    for extra, wanted in PROJECT["optional-dependencies"].items():
        lines += [f"Provides-Extra: {extra}"]
        lines += [f'Requires-Dist: {needed}; extra == "{extra}"' for needed in wanted]
    readme = (HERE / PROJECT["readme"]).read_text(encoding="utf-8")
    return "\n".join([*lines, "Description-Content-Type: text/markdown", "", readme]).encode()


def _info() -> Iterator[tuple[str, bytes]]:
    scripts = "".join(f"{name} = {target}\n" for name, target in PROJECT["scripts"].items())
    yield f"{STEM}.dist-info/METADATA", _metadata()
    yield (
        f"{STEM}.dist-info/WHEEL",
        b"Wheel-Version: 1.0\nGenerator: pakan-law\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    )
    yield f"{STEM}.dist-info/entry_points.txt", f"[console_scripts]\n{scripts}".encode()


def _recorded(name: str, content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(content)}\n"


def build_wheel(
    wheel_directory: str, config_settings: object = None, metadata_directory: str | None = None
) -> str:
    name, record = f"{STEM}-py3-none-any.whl", ""
    with zipfile.ZipFile(Path(wheel_directory) / name, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, content in [*_sources(), *_info()]:
            wheel.writestr(zipfile.ZipInfo(path, EARLIEST), content, zipfile.ZIP_DEFLATED)
            record += _recorded(path, content)
        path = f"{STEM}.dist-info/RECORD"
        wheel.writestr(zipfile.ZipInfo(path, EARLIEST), record + f"{path},,\n", zipfile.ZIP_DEFLATED)
    return name


def build_sdist(sdist_directory: str, config_settings: object = None) -> str:
    name = f"{STEM}.tar.gz"
    own = [(path, (HERE / path).read_bytes()) for path in ("pyproject.toml", "README.md", "backend.py")]
    with tarfile.open(Path(sdist_directory) / name, "w:gz") as archive:
        for path, content in [*own, *_sources(), ("PKG-INFO", _metadata())]:
            member = tarfile.TarInfo(f"{STEM}/{path}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return name
