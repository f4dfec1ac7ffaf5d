"""Examples for developers: each runs as it stands once KEY holds a key (a practice key changes nothing). Tests run them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Example:
    """`text` with {root} for the root of all addresses."""

    says: str | Promise
    text: str

    def code(self, root: str) -> str:
        return self.text.replace("{root}", root)


EXAMPLES = (
    Example(
        gettext_lazy("Who works here"),
        "curl '{root}employees?limit=2' \\\n -H \"Authorization: Bearer $KEY\"",
    ),
    Example(
        gettext_lazy("Prepare a month"),
        "curl '{root}declarations' \\\n -H \"Authorization: Bearer $KEY\" \\\n -H 'Content-Type: application/json' \\\n"
        " -H 'Idempotency-Key: wages-october-1' \\\n"
        ' -d \'{"month": "2026-10", "lines": [{"number": "0100000011", "wage": 3000000}]}\'',
    ),
    Example(
        gettext_lazy("Ten minutes with a token (OAuth 2.0)"),
        "curl '{root}token' \\\n -u \"${KEY%%.*}:${KEY#*.}\" \\\n -d grant_type=client_credentials -d scope=employees:read",
    ),
    Example(
        gettext_lazy("The same in Python"),
        "import json, os, urllib.request\n\n"
        'body = {"month": "2026-10", "lines": [{"number": "0100000011", "wage": 3_000_000}]}\n'
        "ask = urllib.request.Request(\n"
        '    "{root}declarations", json.dumps(body).encode(), method="POST",\n'
        '    headers={"Authorization": "Bearer " + os.environ["KEY"], "Content-Type": "application/json",\n'
        '             "Idempotency-Key": "wages-october-1"})\n'
        "with urllib.request.urlopen(ask) as answer:\n"
        "    told = json.load(answer)\n"
        'for row in told["problems"]:\n'
        '    print(row["pointer"], row["says"]["en"])\n',
    ),
    Example(
        gettext_lazy("Check the signature of an event in Python"),
        "import hashlib, hmac, time\n\n"
        "def is_ours(body: bytes, header: str, secret: str) -> bool:\n"
        '    parts = [part.split("=", 1) for part in header.split(",")]\n'
        '    at = dict(parts)["t"]\n'
        '    wanted = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()\n'
        "    fresh = abs(time.time() - int(at)) < 300\n"
        '    return fresh and any(hmac.compare_digest(wanted, told) for name, told in parts if name == "v1")\n',
    ),
)
