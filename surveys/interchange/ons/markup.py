"""HTML of labels and descriptions to plain text; what could run is left out."""

import re
from html.parser import HTMLParser

_LINES = frozenset({"p", "br", "li", "ul", "ol", "div", "h1", "h2", "h3", "h4", "tr", "table"})
_SILENT = frozenset({"script", "style", "iframe", "object", "template"})
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_BRACES = str.maketrans("{}", "()")


class _Text(HTMLParser):
    """Collects the text of a fragment, a line a block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.left_out: list[str] = []
        self._silent = 0
        self._address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
            self.left_out.append(tag)
        elif tag in _LINES:
            self.pieces.append("\n")
        elif tag == "a":
            address = next((value for name, value in attrs if name == "href"), None) or ""
            self._address = address if address.startswith(("https://", "http://")) else ""

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _LINES:
            self.pieces.append("\n")
        elif tag == "a" and self._address:
            self.pieces.append(f" ({self._address})")
            self._address = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)


def plain_text(fragment: str) -> tuple[str, tuple[str, ...]]:
    """The text of the fragment without braces, and the elements whose content was left out.

    Spaces are single; a paragraph or entry of a list has a line of its own.
    """
    parser = _Text()
    parser.feed(fragment)
    parser.close()
    text = _UNPRINTABLE.sub("", "".join(parser.pieces)).translate(_BRACES)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line), tuple(parser.left_out)
