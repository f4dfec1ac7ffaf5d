"""Templates with everything in them that never changes said beforehand, once for each language.

A third of what a page cost was translating the same words, reversing the same addresses and drawing the same icons again.
What depends on nothing but the language becomes plain text when a template is read: `{% translate "…" %}`, `{% url "…" %}`
without values, and the tags named in CONSTANT. Nothing of a person is kept here.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.template import Context, NodeList, Template
from django.template.base import FilterExpression, Node, Origin, TextNode, Variable
from django.template.defaulttags import IfNode, URLNode
from django.template.library import SimpleNode
from django.template.loader_tags import ExtendsNode
from django.template.loaders import cached
from django.templatetags.i18n import LanguageNode, TranslateNode
from django.urls import NoReverseMatch
from django.utils.translation import get_language

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
        template = super().get_template(template_name, skip)
        if known is None:
            fold(template.nodelist)
        return template


def fold(nodes: NodeList) -> None:
    """Replace in place, inside out."""
    for node in nodes:
        for inner in _inner(node):
            fold(inner)
    nodes[:] = _joined([TextNode(said) if (said := _said(node)) is not None else node for node in nodes])


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
