"""Translations of an authored document, kept within it and known by keys of names.

``translations: {nb: {items.persons.label: {text: Ansatte, of: 1a2b3c4d}}}``: `of` are the
first eight hexadecimal digits of the SHA-256 of the text that was translated. Where the
author has changed that text since, the translation is out of date.
"""

import copy
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from surveys.questionnaire.problems import About, Problem
from surveys.questionnaire.translatable import slots

State = Literal["missing", "out_of_date", "current"]

LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
ENTRY_KEYS = ("text", "of")
_BRACES = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class SourceString:
    """A text of the author; `key` says in names where it belongs."""

    key: str
    text: str


def strings(document: Mapping[str, Any]) -> tuple[SourceString, ...]:
    """Every translatable text, each key once, in the order of the file."""
    found: dict[str, str] = {}
    for slot in slots(dict(document)):
        found.setdefault(slot.key, slot.text)
    return tuple(SourceString(key, text) for key, text in found.items())


def languages_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """All languages of the document, that of the author first."""
    own = str(document.get("language") or "en")
    named = document.get("languages")
    if not isinstance(named, list) or not named:
        return (own,)
    return tuple(dict.fromkeys(str(each) for each in named))


def translate(document: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The document with its texts in the language; everything else is as it was.

    The author's text stays where a translation is missing or empty, and where it does not
    quote the fills that the text quotes. A translation out of date is better than none.
    """
    translated = copy.deepcopy(dict(document))
    texts = texts_in(document, language)
    if not texts:
        return translated
    for slot in list(slots(translated)):
        text, _ = texts.get(slot.key, ("", ""))
        if text and fills_of(text) == fills_of(slot.text):
            slot.holder[slot.name] = text
    return translated


def states(document: Mapping[str, Any], language: str) -> dict[str, State]:
    """Of every translatable text, whether it has a translation that is up to date."""
    texts = texts_in(document, language)
    return {each.key: _state(texts.get(each.key), each.text) for each in strings(document)}


def left_over(document: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """Keys of translations of texts that the document no longer has."""
    known = {each.key for each in strings(document)}
    return tuple(key for key in texts_in(document, language) if key not in known)


def mark(document: Mapping[str, Any], key: str, language: str, text: str) -> dict[str, Any]:
    """The document with a translation of the text as it is now; an empty one is taken away.

    Raises
    ------
    KeyError
        If the document has no translatable text of that key.
    """
    source = next((each.text for each in strings(document) if each.key == key), None)
    if source is None:
        raise KeyError(key)
    return with_translations(document, language, {key: (text, source_hash(source))})


def with_translations(
    document: Mapping[str, Any], language: str, texts: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    """The document with translations set, each a text and the hash of its source.

    A language that is new to the document is added to its languages; an empty text takes
    the translation away.
    """
    changed = copy.deepcopy(dict(document))
    all_of_them = _mapping(changed.get("translations"))
    entries = _mapping(all_of_them.get(language))
    for key, (text, of) in texts.items():
        if text.strip():
            entries[key] = {"text": text.strip(), "of": of}
        else:
            entries.pop(key, None)
    if entries or language in all_of_them:
        all_of_them[language] = entries
        changed["translations"] = all_of_them
    languages = languages_of(changed)
    if entries and language not in languages:
        changed["languages"] = [*languages, language]
    return changed


def texts_in(document: Mapping[str, Any], language: str) -> dict[str, tuple[str, str]]:
    """Translations by key, each with the hash of its source; none that is not well formed."""
    entries = _mapping(_mapping(document.get("translations")).get(language))
    return {
        key: (str(entry["text"]).strip(), str(entry.get("of") or ""))
        for key, entry in entries.items()
        if isinstance(entry, dict) and isinstance(entry.get("text"), str | int | float)
    }


def source_hash(text: str) -> str:
    """What `of` holds for a translation of this text."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:8]


def fills_of(text: str) -> frozenset[str]:
    """The fills that a text quotes, such as ``{firm}``, with their braces."""
    return frozenset(_BRACES.findall(text))


def problems(document: Mapping[str, Any]) -> tuple[Problem, ...]:
    """What is wrong with the languages and translations of a document."""
    named = document.get("languages")
    translations = document.get("translations")
    found: list[Problem] = []
    if named is not None and not (isinstance(named, list) and named):
        found.append(
            _wrong("languages", "languages is not a list.", "Write [en, nb].", "languages")
        )
    found += [_bad_tag(tag) for tag in languages_of(document) if not LANGUAGE_TAG.fullmatch(tag)]
    if named and str(document.get("language") or languages_of(document)[0]) != str(
        languages_of(document)[0]
    ):
        found.append(
            _wrong(
                "languages",
                "The author's language is not the first.",
                "Put language first.",
                "author_language",
            )
        )
    if translations is not None and not isinstance(translations, dict):
        wrong = "translations is not a mapping."
        return (
            *found,
            _wrong("translations", wrong, "Write language: translations.", "translations"),
        )
    sources = {each.key: each.text for each in strings(document)}
    for language in translations or {}:
        found += _problems_in(document, str(language), sources)
    return tuple(found)


def _problems_in(
    document: Mapping[str, Any], language: str, sources: Mapping[str, str]
) -> list[Problem]:
    where = f"translations > {language}"
    if language not in languages_of(document)[1:]:
        message = f"{language[:20]!r} is not one of the languages to translate to."
        about = About("language", "languages", (language,))
        return [Problem("bad_translation", where, message, "Name it under languages.", about)]
    entries = document["translations"][language]
    entries = {} if entries is None else entries
    if not isinstance(entries, dict):
        return [_wrong(where, "It is not a mapping.", "Write key: {text, of}.", "translations")]
    texts = texts_in(document, language)
    found = [
        _wrong(
            f"{where} > {key}",
            "It is not a translation.",
            "Write {text: ..., of: ...}.",
            "translation",
        )
        for key, entry in entries.items()
        if key not in texts or not set(entry) <= set(ENTRY_KEYS)
    ]
    for key, (text, of) in texts.items():
        source = sources.get(key, "")
        current = text and of == source_hash(source)
        if current and fills_of(text) != fills_of(source):
            found.append(_other_fills(f"{where} > {key}", source))
    return found


def _other_fills(where: str, source: str) -> Problem:
    fills = ", ".join(sorted(fills_of(source))) or "no fill"
    return Problem(
        "bad_translation",
        where,
        "The translation does not hold the fills of the text.",
        f"Use {fills}, as the text does.",
        About("fills", "", (fills,)),
    )


def _wrong(where: str, message: str, remedy: str, why: str) -> Problem:
    return Problem("wrong_shape", where, message, remedy, About(why))


def _bad_tag(tag: str) -> Problem:
    return Problem(
        "bad_translation",
        "languages",
        f"{tag[:20]!r} is not the tag of a language.",
        "Write a tag such as en, nb or de-AT.",
        About("tag", "languages", (tag[:20],)),
    )


def _state(translation: tuple[str, str] | None, source: str) -> State:
    if translation is None or not translation[0]:
        return "missing"
    return "current" if translation[1] == source_hash(source) else "out_of_date"


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
