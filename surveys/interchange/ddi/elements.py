"""Elements of the namespace of DDI-Codebook 2.5, with texts that XML can hold."""

import re
from xml.etree.ElementTree import Element, SubElement

NAMESPACE = "ddi:codebook:2_5"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def branch(parent: Element, element: str, /, **attributes: str) -> Element:
    """An element that holds others, or nothing; an attribute without a value is left out."""
    kept = {key: plain(value) for key, value in attributes.items() if value}
    return SubElement(parent, tag(element), kept)


def leaf(
    parent: Element, element: str, text: str, language: str = "", /, **attributes: str
) -> None:
    """An element with the text; none where there is no text."""
    kept = plain(text)
    if not kept.strip():
        return
    made = branch(parent, element, **attributes)
    if language:
        made.set(LANG, language)
    made.text = kept


def plain(text: str) -> str:
    """The text without the characters that XML 1.0 has no place for."""
    return _NOT_IN_XML.sub("", text)
