"""/kit/: every component with Lao and English examples. The permission table says who may look."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import override

from pakan.channels.kit.icons import ICONS
from pakan.channels.kit.samples import SampleForm, samples

LAYOUTS = ("plain", "phone", "desk")


def examples(language: str, request: HttpRequest) -> SafeString:
    with override(language):
        form = SampleForm({"wage": "", "sector": "public"}, auto_id=f"{language}_%s")
        context = samples() | {"form": form, "icon_names": sorted(ICONS)}
        return render_to_string("kit/examples.html", context, request)


def index(request: HttpRequest) -> HttpResponse:
    """?as=plain, phone or desk shows the same components in that layout."""
    wanted = request.GET.get("as", "plain")
    layout = wanted if wanted in LAYOUTS else "plain"
    return render(
        request,
        "kit/index.html",
        {
            "layout": f"kit/{layout}.html",
            "lao": examples("lo", request),
            "english": examples("en", request),
            "door": "ປະກັນສັງຄົມ",
            "organisation": {"name": "ໂຮງງານຕົວຢ່າງ", "note": "01045-12"},
            "nav": [
                {"url": f"?as={name}", "label": name, "current": name == layout, "count": count, "icon": icon}
                for name, count, icon in (("plain", 0, "home"), ("phone", 23, "phone"), ("desk", 0, "chart"))
            ],
            "tabs": [
                {"url": f"?as={name}", "label": name, "current": name == layout, "icon": icon}
                for name, icon in (("plain", "home"), ("phone", "record"), ("desk", "heart"))
            ],
            "notices": {"url": "#main", "count": 2},
        },
    )
