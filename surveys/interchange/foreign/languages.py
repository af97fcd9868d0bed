"""Several languages of one file: the same document built in each, and put together."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from surveys.interchange.foreign.texts import UNTRANSLATED
from surveys.questionnaire.translations import source_hash, strings, with_translations


def put_together(
    document: Mapping[str, Any],
    languages: Sequence[str],
    build: Callable[[str], Mapping[str, Any]],
) -> dict[str, Any]:
    """The document of the first language with the texts of the others as translations.

    `build` gives the document with the texts of a language; a text that the language does
    not have holds `UNTRANSLATED`, or is the text of the first language again.
    """
    whole = dict(document)
    if len(languages) > 1:
        whole["languages"] = list(languages)
    sources = {string.key: string.text for string in strings(document)}
    for language in languages[1:]:
        texts = {
            string.key: (string.text, source_hash(sources[string.key]))
            for string in strings(build(language))
            if UNTRANSLATED not in string.text
            and sources.get(string.key, string.text) != string.text
        }
        whole = with_translations(whole, language, texts)
    return whole


def language_tag(foreign: str) -> str:
    """``de-informal``, ``Norwegian (nb)`` and ``pt_BR`` as tags; empty if it is none."""
    inner = foreign.rsplit("(", 1)[-1].rstrip(") ") if "(" in foreign else foreign
    tag = inner.strip().replace("_", "-").split("-")
    if not (tag[0].isascii() and tag[0].isalpha() and len(tag[0]) in (2, 3)):
        return ""
    region = [part.upper() for part in tag[1:2] if len(part) == 2 and part.isalpha()]
    return "-".join([tag[0].lower(), *region])
