"""Examples for developers: each runs as it stands once KEY holds a key (one that begins with test_ changes nothing).

Tests run them.
"""

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
        gettext_lazy("What the key may do, and until when"),
        "curl '{root}key' \\\n -H \"Authorization: Bearer $KEY\"",
    ),
    Example(
        gettext_lazy("Register a new worker"),
        "curl '{root}employees' \\\n -H \"Authorization: Bearer $KEY\" \\\n -H 'Content-Type: application/json' \\\n"
        " -H 'Idempotency-Key: new-worker-77' \\\n"
        ' -d \'{"employees": [{"given_name": "ດາວເຮືອງ", "family_name": "ພິລາວັນ", "name_latin": "Daoheuang Philavanh",'
        ' "birth_date": "1994-03-05", "sex": "f", "phone": "020 5577 1234", "start": "2026-11-02"}]}\'',
    ),
    Example(
        gettext_lazy("Tell that a worker leaves"),
        "curl '{root}employees/0100000011/leave' \\\n -H \"Authorization: Bearer $KEY\" \\\n"
        " -H 'Content-Type: application/json' \\\n -H 'Idempotency-Key: leaver-11-october' \\\n"
        ' -d \'{"day": "2026-10-31", "reason": "resigned"}\'',
    ),
    Example(
        gettext_lazy("Tell that many workers leave: all of them, or nobody"),
        "curl '{root}leavers' \\\n -H \"Authorization: Bearer $KEY\" \\\n -H 'Content-Type: application/json' \\\n"
        " -H 'Idempotency-Key: leavers-october' \\\n"
        ' -d \'{"leavers": [{"number": "0100000012", "day": "2026-10-31", "reason": "resigned"},'
        ' {"number": "0100000013", "day": "2026-10-31", "reason": "retired"}]}\'',
    ),
    Example(
        gettext_lazy("Check a month without lodging it"),
        "curl '{root}declarations/check' \\\n -H \"Authorization: Bearer $KEY\" \\\n -H 'Content-Type: application/json' \\\n"
        ' -d \'{"month": "2026-10", "lines": [{"number": "0100000011", "wage": 3000000}]}\'',
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
        gettext_lazy("New workers with the Python client: who may be known is a question"),
        "import os\n\nfrom pakan_client import Client, Refused\n\n"
        'people = [{"given_name": "ດາວເຮືອງ", "family_name": "ພິລາວັນ", "birth_date": "1994-03-05",\n'
        '           "sex": "f", "start": "2026-11-02"}]\n'
        'with Client("{root}", os.environ["KEY"]) as fund:\n'
        "    try:\n"
        '        fund.register_employees({"employees": people}, once="new-workers-7")\n'
        "    except Refused as refused:\n"
        "        for one in refused.errors:\n"
        '            print(one["pointer"], one["says"]["en"])\n'
        '            for like in one.get("like", []):  # the same person? send answer.same with this sign, or answer.reason\n'
        '                print(like["sign"], like["name"], like["year"], like["masked"])\n',
    ),
    Example(
        gettext_lazy("A whole month in the practice house, without a hand on it"),
        "import os, time\n\nfrom pakan_client import Client\n\n"
        'with Client("{root}", os.environ["PRACTICE_KEY"]) as fund:\n'
        '    month = "2026-10"\n'
        '    lines = [{"number": one["number"], "wage": 3_000_000} for one in fund.employees()["employees"]]\n'
        '    for row in fund.check({"month": month, "lines": lines})["problems"]:\n'
        '        line = lines[row["row"] - 1]\n'
        '        line["answers"] = [*line.get("answers", []), {"question": row["code"]}]\n'
        '    told = fund.declare({"month": month, "lines": lines, "hand_over": True}, once="wages-" + month)\n'
        '    fund.practice_approve({"declaration": told["id"]}, once="signed-" + month)\n'
        '    notice = fund.ask_notice({"months": [month]}, once="notice-" + month)\n'
        '    fund.practice_pay({"notice": notice["number"]}, once="paid-" + month)\n'
        '    while fund.notices(limit=1)["notices"][0]["state"] == "open":\n'
        "        time.sleep(2)\n"
        '    print(fund.receipts(limit=1)["receipts"][0]["number"])\n',
    ),
    Example(
        gettext_lazy("Send a test event to your address, and see what it answered"),
        "import os, time, uuid\n\nfrom pakan_client import Client\n\n"
        'with Client("{root}", os.environ["KEY"]) as fund:\n'
        '    for hook in fund.webhooks()["webhooks"]:\n'
        '        sent = fund.test_webhook(hook["id"], once=str(uuid.uuid4()))\n'
        "        time.sleep(2)\n"
        '        for one in fund.deliveries(hook["id"], limit=5)["deliveries"]:\n'
        '            print(one["type"], one["state"], one["tries"], one["answer"], one["event"] == sent["event"])\n',
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
