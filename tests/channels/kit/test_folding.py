"""What never changes is said when a template is read; all else is said for each page."""

from django.template import Context, Engine, NodeList
from django.template.base import TextNode
from django.utils.translation import override

from pakan.channels.kit.folding import Loader, fold, read_all

LIBRARIES = {"i18n": "django.templatetags.i18n", "kit": "pakan.channels.kit.templatetags.kit"}
PAGE = (
    '{% load i18n kit %}{% translate "Home" %} {% icon "home" %}<a href="{% url "member:home" %}">{{ name }}</a>'
    '{% if name %}{% translate "Messages" %}{% else %}{% url "member:no_such_page" %}{% endif %}'
    '{% language "en" %}{% translate "Messages" %}{% endlanguage %}{% translate "Home" as said %}{{ said }}{% translate name %}'
)


def engine() -> Engine:
    loaders = [
        ("pakan.channels.kit.folding.Loader", [("django.template.loaders.locmem.Loader", {"page": PAGE})])
    ]
    return Engine(loaders=loaders, libraries=LIBRARIES)


def rendered(from_engine: Engine, language: str, name: str) -> str:
    with override(language):
        return from_engine.get_template("page").render(Context({"name": name}))


def test_each_language_and_each_person_has_his_own_words() -> None:
    plain, folding = Engine(libraries=LIBRARIES), engine()
    for language in ("lo", "en", "lo"):
        for name in ("ບຸນມີ", "<b>", "Home"):
            with override(language):
                wanted = plain.from_string(PAGE).render(Context({"name": name}))
            assert rendered(folding, language, name) == wanted
    assert "ໜ້າ" in rendered(folding, "lo", "x") or "Home" not in rendered(folding, "lo", "x").split("<svg")[0]


def test_words_addresses_and_icons_became_text() -> None:
    with override("lo"):
        template = engine().get_template("page")
    texts = [node for node in template.nodelist if isinstance(node, TextNode)]
    assert 'href="/member/"' in "".join(text.s for text in texts) and "<svg" in "".join(
        text.s for text in texts
    )


def test_an_address_that_is_not_there_fails_only_where_it_is_written() -> None:
    folding = engine()
    assert rendered(folding, "en", "somebody")
    try:
        rendered(folding, "en", "")
    except Exception as fault:
        assert "no_such_page" in str(fault)
    else:
        raise AssertionError("a page with a dead address was shown")


def test_nothing_is_kept_under_another_language() -> None:
    loader = engine().template_loaders[0]
    assert isinstance(loader, Loader)
    with override("lo"):
        lao = loader.cache_key("page")
    with override("en"):
        assert loader.cache_key("page") != lao


def test_an_empty_list_stays_empty() -> None:
    nodes = NodeList()
    fold(nodes)
    assert nodes == []


def test_a_server_that_starts_reads_every_page_before_anybody_asks() -> None:
    loader = Engine.get_default().template_loaders[0]
    loader.reset()
    count = read_all()
    assert count > 200
    assert len(loader.get_template_cache) >= 2 * count
    assert {"lo:member/home.html", "en:member/home.html", "lo:office/home.html"} <= set(
        loader.get_template_cache
    )
