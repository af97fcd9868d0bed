"""How texts of several lines are shown, with lists as lists."""

from itertools import groupby

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_BULLET = "• "

register = template.Library()


@register.filter
def prose(text: str) -> SafeString:
    """The text as paragraphs; lines that begin with a bullet become the points of a list.

    A blank line ends a paragraph. Everything is escaped.
    """
    lines = [line.strip() for line in text.splitlines()]
    blocks = ((_block(kind, list(group)),) for kind, group in groupby(lines, key=_kind) if kind)
    return format_html_join("", "{}", blocks)


def _kind(line: str) -> str:
    """What a line is a part of; nothing if it is blank."""
    if not line:
        return ""
    return "ul" if line.startswith(_BULLET) else "p"


def _block(kind: str, lines: list[str]) -> SafeString:
    if kind == "ul":
        points = ((line.removeprefix(_BULLET),) for line in lines)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", points))
    broken = format_html_join("", "{}<br>", ((line,) for line in lines[:-1]))
    return format_html("<p>{}{}</p>", broken, lines[-1])
