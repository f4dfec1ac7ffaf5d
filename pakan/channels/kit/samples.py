"""What the components show on the page at /kit/: invented, in both languages, with stacked marks."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator

from pakan.channels.kit.charts import Declared
from pakan.channels.kit.speech import in_language
from pakan.units.month import Month

MARKS = "ໜຶ່ງ ຊື້ ນ້ຳ ຢູ່ ປີ້ ຫຼື້"
LONG = "ກະຊວງແຮງງານແລະສະຫວັດດີການສັງຄົມອົງການປະກັນສັງຄົມແຫ່ງຊາດພະແນກທະບຽນເງິນສົມທົບ"

WORDS = {
    "wages": {"lo": "ເງິນເດືອນ", "en": "Wages"},
    "check": {"lo": "ກວດຄືນ", "en": "Check"},
    "pay": {"lo": "ຈ່າຍ", "en": "Pay"},
    "covered": {"lo": "ໄດ້ຮັບການຄຸ້ມຄອງ", "en": "covered"},
    "waiting": {"lo": "ລໍຖ້າທະນາຄານ", "en": "waiting for the bank"},
    "missing": {"lo": "ຍັງຂາດ", "en": "missing"},
    "new": {"lo": "ຄົນໃໝ່", "en": "new"},
    "draft": {"lo": "ຮ່າງ", "en": "draft"},
    "hospital": {"lo": "ໂຮງໝໍມະໂຫສົດ", "en": "Mahosot hospital"},
    "open": {"lo": "ເປີດ QR", "en": "Open the QR"},
    "insured": {"lo": "ເງິນເດືອນປະກັນຕົນ", "en": "Insured wages"},
    "ceiling": {"lo": "41 ຄົນຮອດເພດານ", "en": "41 at the ceiling"},
    "to_fix": {"lo": "ຕ້ອງແກ້ກ່ອນຈ່າຍ", "en": "To fix before paying"},
    "rows": {"lo": "2 ແຖວ", "en": "2 rows"},
    "confirm": {"lo": "ແລະ 9 ແຖວຕ້ອງຢືນຢັນ", "en": "and 9 to confirm"},
    "saved": {"lo": "ບັນທຶກແລ້ວ. ເຮັດຕໍ່ມື້ອື່ນກໍໄດ້.", "en": "Saved. You can go on tomorrow."},
    "late": {"lo": "ເດືອນພຶດສະພາ ຍັງບໍ່ໄດ້ຈ່າຍ.", "en": "May has not been paid."},
    "far": {"lo": "112 ຈາກ 180 ເດືອນ", "en": "112 of 180 months"},
    "law": {
        "lo": "80 % ຂອງເງິນເດືອນປະກັນຕົນສະເລ່ຍ 6 ເດືອນ.",
        "en": "80 % of the average insured wage of six months.",
    },
    "article": {"lo": "ກົດໝາຍວ່າດ້ວຍການປະກັນສັງຄົມ, ມາດຕາ 20", "en": "Law on Social Security, article 20"},
    "guess": {"lo": "ຍັງບໍ່ທັນໄດ້ຢືນຢັນ.", "en": "Not confirmed yet."},
    "nobody": {"lo": "ຍັງບໍ່ມີຜູ້ອອກແຮງງານ", "en": "No employees yet"},
    "add_them": {"lo": "ອັບໂຫຼດໄຟລ໌ເງິນເດືອນ ຫຼື ພິມເອງ.", "en": "Upload a wage file, or type them."},
    "upload": {"lo": "ອັບໂຫຼດໄຟລ໌", "en": "Upload a file"},
    "main_act": {"lo": "ຢືນຢັນ ແລະ ໄປຈ່າຍ", "en": "Confirm and go to payment"},
    "quiet_act": {"lo": "ປ່ຽນໄຟລ໌", "en": "Replace the file"},
    "danger_act": {"lo": "ຍົກເລີກ", "en": "Withdraw"},
    "table": {"lo": "ແຖວທີ່ຕ້ອງແກ້", "en": "Rows to put right"},
    "row": {"lo": "ແຖວ", "en": "Row"},
    "employee": {"lo": "ຜູ້ອອກແຮງງານ", "en": "Employee"},
    "number": {"lo": "ລະຫັດປະກັນສັງຄົມ", "en": "Social security no."},
    "wage": {"lo": "ເງິນເດືອນ (₭)", "en": "Wage (₭)"},
    "found": {"lo": "ສິ່ງທີ່ພົບ", "en": "What we found"},
    "not_a_number": {"lo": "ບໍ່ແມ່ນຕົວເລກ", "en": "not a number"},
    "up": {"lo": "ເພີ່ມ 139 %", "en": "up 139 %"},
    "by_province": {"lo": "ເງິນສົມທົບຕາມແຂວງ", "en": "Contributions by province"},
    "reference": {"lo": "ເລກອ້າງອີງ", "en": "Payment reference"},
    "decide": {"lo": "ຕັດສິນ", "en": "Decide"},
    "passkey": {"lo": "ເຂົ້າດ້ວຍກະແຈຜ່ານ", "en": "Sign in with a passkey"},
}


class SampleForm(forms.Form):
    """One field of each kind; given wrong answers so that the errors show."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for name, label, hint in (
            (
                "wage",
                {"lo": "ເງິນເດືອນ", "en": "Wage"},
                {"lo": "ເປັນກີບ, ເຊັ່ນ 2.500.000", "en": "In kip, such as 2,500,000"},
            ),
            ("sector", {"lo": "ພາກສ່ວນ", "en": "Sector"}, ""),
            ("way", {"lo": "ຢາກຈ່າຍແນວໃດ?", "en": "How do you want to pay?"}, ""),
            ("remark", {"lo": "ໝາຍເຫດ", "en": "Remark"}, ""),
            ("sure", {"lo": "ຂໍ້ມູນນີ້ຖືກຕ້ອງ", "en": "These figures are right"}, ""),
        ):
            self.fields[name].label = in_language(label)
            self.fields[name].help_text = in_language(hint)
        needed = in_language({"lo": "ກະລຸນາຕື່ມບ່ອນນີ້.", "en": "Please fill this in."})
        for one in self.fields.values():
            one.error_messages["required"] = needed
        ways = (("qr", "LAO QR"), ("counter", in_language({"lo": "ທະນາຄານ", "en": "At a bank counter"})))
        self.fields["way"].widget.choices = ways
        sectors = (
            ("public", {"lo": "ພາກລັດ", "en": "Public"}),
            ("enterprise", {"lo": "ພາກວິສາຫະກິດ", "en": "Enterprise"}),
        )
        self.fields["sector"].widget.choices = [(key, in_language(name)) for key, name in sectors]

    wage = forms.CharField(widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    sector = forms.CharField(widget=forms.Select())
    way = forms.CharField(widget=forms.RadioSelect())
    remark = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    sure = forms.BooleanField()


class QuestionForm(forms.Form):
    """A form with one question."""

    children = forms.CharField(widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}))

    def __init__(self) -> None:
        super().__init__(auto_id="one_%s")
        self.fields["children"].label = in_language(
            {"lo": "ເກີດລູກຈັກຄົນ?", "en": "How many children were born?"}
        )


def years(linked: bool) -> list[dict[str, Any]]:
    """A record with a hole in May, November on its way and December still to come."""
    now = {5: "missing", 11: "coming", 12: "future"}
    first = {1: "none", 2: "none"}
    return [
        {
            "year": year,
            "months": [
                {"number": month, "state": states.get(month, "paid"), "url": f"#m{month}" if linked else ""}
                for month in range(1, 13)
            ],
        }
        for year, states in ((2026, now), (2025, first))
    ]


def second_page() -> Page[Any]:
    return Paginator(range(95), 20).page(2)


def explanation() -> list[dict[str, Any]]:
    return [
        {
            "label": {"lo": "ເງິນເດືອນທີ່ນັບເຂົ້າ", "en": "Insured wage"},
            "formula": {
                "lo": "ນ້ອຍກວ່າລະຫວ່າງ 9.800.000 ກັບເພດານ",
                "en": "the smaller of 9,800,000 and the ceiling",
            },
            "result": 4_500_000,
            "cite": {"lo": "ຂໍ້ຕົກລົງ 1740, ຕົວຢ່າງ", "en": "Decision 1740, example"},
            "confidence": "high",
        },
        {
            "label": {"lo": "ສ່ວນຂອງຜູ້ໃຊ້ແຮງງານ", "en": "Employer's share"},
            "formula": "4.500.000 × 6 %",
            "result": 270_000,
            "cite": WORDS["article"],
            "confidence": "low",
            "assumption": WORDS["guess"],
        },
    ]


def timeline_steps() -> list[dict[str, Any]]:
    by = {"lo": "ຮູ້ຜົນກ່ອນ 2 ທັນວາ", "en": "Answer by 2 December"}
    return [
        {
            "title": {"lo": "ໄດ້ຮັບແລ້ວ", "en": "Received"},
            "note": {"lo": "16 ພະຈິກ", "en": "16 November"},
            "state": "done",
        },
        {"title": {"lo": "ກຳລັງພິຈາລະນາ", "en": "Being decided"}, "note": by, "state": "now"},
        {"title": {"lo": "ຈ່າຍເງິນ", "en": "Paid"}, "state": "next"},
    ]


def declared() -> list[Declared]:
    """Fourteen months with a hole in May; the picture shows twelve."""
    wages = [418, 431, 440, 452, 447, 460, 468, 0, 471, 480, 486, 490, 505, 512]
    return [
        Declared(Month(2025, 9) + at, millions * 1_000_000 or None, millions * 2 // 5 or None)
        for at, millions in enumerate(wages)
    ]


def links() -> list[dict[str, Any]]:
    born = {"lo": "ເກີດລູກ", "en": "I am having a baby"}
    return [
        {"url": "#main", "label": born, "tone": "ok", "status": {"lo": "ໄດ້", "en": "yes"}},
        {"url": "#main", "label": {"lo": "ເຈັບປ່ວຍ", "en": "I am ill and cannot work"}},
    ]


def samples() -> dict[str, Any]:
    """The context of kit/examples.html in the active language."""
    say = {name: in_language(words) for name, words in WORDS.items()}
    return {
        "say": say,
        "marks": MARKS,
        "long": LONG,
        "amount": 2_500_000,
        "debt": -115_000,
        "month_shown": Month(2026, 10),
        "day_shown": date(2026, 11, 15),
        "moment_shown": datetime(2026, 11, 15, 8, 12, tzinfo=UTC),
        "years": years(linked=False),
        "linked_years": years(linked=True),
        "timeline_steps": timeline_steps(),
        "explanation": explanation(),
        "rows": [
            {"label": {"lo": "ນະຄອນຫຼວງວຽງຈັນ", "en": "Vientiane Capital"}, "value": 618_400_000, "mark": True},
            {"label": {"lo": "ສະຫວັນນະເຂດ", "en": "Savannakhet"}, "value": 240_100_000},
            {"label": {"lo": "ຫຼວງພະບາງ", "en": "Luang Prabang"}, "value": 96_000_000},
        ],
        "declared": declared(),
        "links": links(),
        "one_question": QuestionForm(),
        "page": second_page(),
        "icon_names": [],
    }  # fmt: skip
