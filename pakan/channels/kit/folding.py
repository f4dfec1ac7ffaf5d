"""Templates with everything in them that never changes said beforehand, once for each language.

A third of what a page cost was translating the same words, reversing the same addresses and drawing the same icons again.
What depends on nothing but the language becomes plain text when a template is read: `{% translate "…" %}`, `{% url "…" %}`
without values, and the tags named in CONSTANT. Nothing of a person is kept here.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.template import Context, Engine, NodeList, Template, TemplateDoesNotExist
from django.template.base import FilterExpression, Node, Origin, TextNode, Variable
from django.template.defaulttags import CycleNode, IfChangedNode, IfNode, URLNode
from django.template.library import SimpleNode
from django.template.loader import get_template
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.template.loaders import cached
from django.template.utils import get_app_template_dirs
from django.templatetags.i18n import LanguageNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch
from django.utils.translation import get_language, override

HASHED = "Manifest" in settings.STORAGES["staticfiles"]["BACKEND"]
# How Django's nodes call what they write into the page's values: {% … as name %}.
NAMES_OF_RESULTS = ("asvar", "target_var", "variable", "variable_name", "varname", "var_name")
# Tags (by their function) that say the same for the same words: they register themselves here.
CONSTANT: set[Callable[..., Any]] = set()


def constant(tag: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a simple tag whose answer depends on its values and the language alone."""
    CONSTANT.add(tag)
    return tag


class Loader(cached.Loader):
    """Django's cached loader with a copy of each template for each language."""

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        return f"{get_language()}:{super().cache_key(template_name, skip)}"

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        known = self.get_template_cache.get(self.cache_key(template_name, skip))
        if isinstance(known, Template):
            return known
        template = super().get_template(template_name, skip)
        fold(template.nodelist)
        return template


def read_all() -> int:
    """Read every template of ours in every language, so that nobody's first page waits for it; how many there are."""
    names = [
        str(found.relative_to(folder))
        for folder in get_app_template_dirs("templates")
        if folder.is_relative_to(settings.ROOT / "pakan")
        for found in sorted(folder.rglob("*.html"))
    ]
    for language, _name in settings.LANGUAGES:
        with override(language):
            for name in names:
                get_template(name)
    return len(names)


def fold(nodes: NodeList) -> None:
    """Replace in place, inside out."""
    for node in nodes:
        for inner in _inner(node):
            fold(inner)
    whole = [each for node in nodes for each in _unfolded(node)]
    nodes[:] = _joined([TextNode(said) if (said := _said(node)) is not None else node for node in whole])


def _unfolded(node: Node) -> Sequence[Node]:
    """The nodes of a part that is always the same and takes the page's values as they are, instead of the part."""
    if not isinstance(node, IncludeNode) or node.extra_context or node.isolated_context:
        return [node]
    if not isinstance(node.template.var, str) or node.template.filters:
        return [node]
    try:
        part = Engine.get_default().get_template(node.template.var)
    except TemplateDoesNotExist:
        return [node]
    return [node] if any(map(_needs_a_room, part.nodelist.get_nodes_by_type(Node))) else part.nodelist


def _needs_a_room(node: Node) -> bool:
    """Whether a node leaves something behind, which must end with its part."""
    if isinstance(node, BlockNode | ExtendsNode | CycleNode | IfChangedNode):
        return True
    return any(getattr(node, name, None) is not None for name in NAMES_OF_RESULTS)


def _inner(node: Node) -> Iterator[NodeList]:
    if isinstance(node, LanguageNode):  # another language is spoken in there
        return
    if isinstance(node, IfNode):
        yield from (inner for _condition, inner in node.conditions_nodelists)
    elif isinstance(node, ExtendsNode):
        yield node.nodelist
    else:
        found = (getattr(node, name, None) for name in node.child_nodelists)
        yield from (inner for inner in found if isinstance(inner, NodeList))


def _said(node: Node) -> str | None:
    """What a node will always say in this language; None where that depends on the page."""
    if isinstance(node, TranslateNode):
        fixed = node.asvar is None and node.message_context is None and _is_fixed(node.filter_expression)
    elif isinstance(node, URLNode):
        fixed = node.asvar is None and not node.args and not node.kwargs and _is_fixed(node.view_name)
    elif isinstance(node, StaticNode):
        # With a hash in its name it never changes; without one it may, as in tests.
        fixed = HASHED and node.varname is None and _is_fixed(node.path)
    elif isinstance(node, SimpleNode):
        given = [*node.args, *node.kwargs.values()]
        fixed = node.func in CONSTANT and node.target_var is None and all(map(_is_fixed, given))
    else:
        return None
    try:
        return str(node.render(Context())) if fixed else None
    except NoReverseMatch:  # only who renders this branch shall hear of it
        return None


def _is_fixed(expression: FilterExpression) -> bool:
    var = expression.var
    return not expression.filters and (
        isinstance(var, str) or (isinstance(var, Variable) and var.literal is not None)
    )


def _joined(nodes: Sequence[Node]) -> list[Node]:
    """Neighbouring texts as one."""
    found: list[Node] = []
    for node in nodes:
        if isinstance(node, TextNode) and found and isinstance(found[-1], TextNode):
            found[-1] = TextNode(found[-1].s + node.s)
        else:
            found.append(node)
    return found
