"""Translations as gettext catalogues (PO files), for translators and their programs.

The context of an entry is the key of the text, its id the author's text, its string the
translation; an entry marked fuzzy is a translation that is out of date.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polib

from surveys.questionnaire.reading import plain
from surveys.questionnaire.translations import (
    LANGUAGE_TAG,
    fills_of,
    languages_of,
    left_over,
    source_hash,
    states,
    strings,
    texts_in,
    with_translations,
)

LARGEST_CATALOGUE = 5_000_000
_FUZZY = "fuzzy"
_LINE = re.compile(r"line (\d+)")
# polib takes a text that is the name of a file for that file; no file is called this.
_NEVER_A_PATH = "# Milieu\n"


class UnreadableCatalogue(ValueError):
    """A file that cannot be taken for a catalogue; the message says why in a sentence."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a catalogue brings.

    Attributes
    ----------
    document : the document with the translations
    language : tag of the language
    taken : how many translations the file has for texts of the document
    unknown : keys of the file that the document does not have; they are left out
    other_fills : keys whose translation does not hold the fills of the text; left out, too
    """

    document: dict[str, Any]
    language: str
    taken: int
    unknown: tuple[str, ...]
    other_fills: tuple[str, ...]


class _Lines(str):
    """A text whose lines end at line feeds only, as those of a PO file do."""

    __slots__ = ()

    def splitlines(self, keepends: bool = False) -> list[str]:
        del keepends  # polib, which calls this, wants the ends gone
        return self.split("\n")


def to_po(document: Mapping[str, Any], language: str) -> str:
    """The catalogue of one language: every text, translated or not."""
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Project-Id-Version": _named(document),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
    }
    texts, state = texts_in(document, language), states(document, language)
    for each in strings(document):
        text, _ = texts.get(each.key, ("", ""))
        flags = [_FUZZY] if state[each.key] == "out_of_date" else []
        catalogue.append(polib.POEntry(msgctxt=each.key, msgid=each.text, msgstr=text, flags=flags))
    for key in left_over(document, language):
        entry = polib.POEntry(msgctxt=key, msgid=key, msgstr=texts[key][0], obsolete=True)
        catalogue.append(entry)
    return str(catalogue)


def _named(document: Mapping[str, Any]) -> str:
    """The instrument with its version, or the module."""
    words = (document.get("module") or document.get("instrument"), document.get("version"))
    return " ".join(str(word) for word in words if word)


def from_po(document: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The document with the translations of a catalogue.

    Raises
    ------
    UnreadableCatalogue
        If the text is no catalogue, or too large.
    """
    return read_po(document, text).document


def read_po(document: Mapping[str, Any], text: str) -> Incoming:
    """The same, and what of the catalogue could not be taken.

    An entry without a translation takes away the one that the document has. An entry whose
    id is not the author's text of today comes in as out of date.
    """
    catalogue = _parsed(text)
    language = _language(catalogue, languages_of(document)[0])
    sources = {each.key: each.text for each in strings(document)}
    entries = _sorted_entries(catalogue, sources)
    had = texts_in(document, language)
    texts = {
        key: (entry.msgstr, _made_from(entry, sources[key], had.get(key)))
        for key, entry in entries.known.items()
    }
    return Incoming(
        document=plain(with_translations(document, language, texts)),
        language=language,
        taken=sum(bool(text) for text, _ in texts.values()),
        unknown=tuple(entries.unknown),
        other_fills=tuple(entries.other_fills),
    )


@dataclass(frozen=True, slots=True)
class _Entries:
    """Entries of a catalogue: those of texts of the document, by key, and those left aside."""

    known: dict[str, polib.POEntry] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    other_fills: list[str] = field(default_factory=list)


def _sorted_entries(catalogue: polib.POFile, sources: Mapping[str, str]) -> _Entries:
    entries = _Entries()
    for entry in catalogue:
        if entry.obsolete:
            continue
        if (key := entry.msgctxt or "") not in sources:
            entries.unknown.append(key or entry.msgid[:80])
        elif entry.msgstr and fills_of(entry.msgstr) != fills_of(sources[key]):
            entries.other_fills.append(key)
        else:
            entries.known[key] = entry
    return entries


def _made_from(entry: polib.POEntry, source: str, had: tuple[str, str] | None) -> str:
    """The hash of the text that a translation was made from; empty where it is not known."""
    if _FUZZY not in entry.flags:
        return source_hash(entry.msgid)
    unchanged = had is not None and had[0] == entry.msgstr.strip()
    if unchanged and had is not None and had[1] != source_hash(source):
        return had[1]
    return "" if entry.msgid.strip() == source else source_hash(entry.msgid)


def _parsed(text: str) -> polib.POFile:
    if len(text) > LARGEST_CATALOGUE:
        raise UnreadableCatalogue(
            f"The file has {len(text)} characters; a catalogue may have {LARGEST_CATALOGUE}."
        )
    prepared = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        return polib.pofile(_Lines(_NEVER_A_PATH + prepared), encoding="utf-8")
    except (OSError, ValueError, AttributeError, IndexError, KeyError, TypeError) as error:
        line = _LINE.search(str(error)[-200:])
        where = f" in line {int(line.group(1)) - 1}" if line else ""
        raise UnreadableCatalogue(
            f"The file is not a gettext catalogue: it cannot be read{where}."
        ) from None


def _language(catalogue: polib.POFile, of_author: str) -> str:
    tag = str(catalogue.metadata.get("Language", "")).strip().replace("_", "-")
    if not LANGUAGE_TAG.fullmatch(tag):
        raise UnreadableCatalogue(
            "The catalogue does not say its language: its header needs a line such as "
            "“Language: nb”."
        )
    if tag == of_author:
        raise UnreadableCatalogue(
            f"The catalogue is in {tag!r}, the language that the texts are written in."
        )
    return tag
