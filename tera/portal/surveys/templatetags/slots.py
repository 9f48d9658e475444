"""`{% slot %}` and `{% given %}`: what the intake fills into a page when one respondent answers it."""

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import mark_safe

from tera.intake import slots

register = template.Library()


class _Slot(template.Node):
    def __init__(self, parts: list[FilterExpression], inner: NodeList | None) -> None:
        self._parts = parts
        self._inner = inner

    def render(self, context: Context) -> str:
        name = "".join(str(part.resolve(context)) for part in self._parts)
        if self._inner is None:
            return mark_safe(slots.value(name))  # noqa: S308  a mark; the value is escaped when it is filled in
        return mark_safe(slots.section(name, self._inner.render(context)))  # noqa: S308  rendered, so escaped


@register.tag
def slot(parser: Parser, token: Token) -> template.Node:
    """Show the value of a name, which is given in parts."""
    return _Slot(_parts(parser, token), None)


@register.tag
def given(parser: Parser, token: Token) -> template.Node:
    """Show what stands between `given` and `endgiven` only where the name, given in parts, is there."""
    inner = parser.parse(("endgiven",))
    parser.delete_first_token()
    return _Slot(_parts(parser, token), inner)


def _parts(parser: Parser, token: Token) -> list[FilterExpression]:
    return [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
