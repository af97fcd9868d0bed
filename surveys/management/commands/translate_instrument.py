"""Give an instrument's texts to translators as a gettext catalogue, and take them back."""

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from surveys.management.instrument_files import document_of, text_of, write
from surveys.management.quick_command import QuickCommand
from surveys.questionnaire import translations
from surveys.questionnaire.catalogues import (
    LARGEST_CATALOGUE,
    UnreadableCatalogue,
    read_po,
    to_po,
)
from surveys.questionnaire.editing.text import document_text


class Command(QuickCommand):
    help = (
        "Write the texts of an instrument or module as a catalogue for translators (--write), "
        "or put a catalogue into it (--read). Prints how far the language is, as JSON."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("instrument", help="file, or name@version of a published instrument")
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--write", type=Path, metavar="FILE.po", help="write this catalogue")
        way.add_argument("--read", type=Path, metavar="FILE.po", help="read this catalogue")
        parser.add_argument("--language", help="tag of the language to write, such as nb")
        parser.add_argument("--out", type=Path, help="with --read: the YAML file to write")

    def handle(self, *, instrument: str, **options: Any) -> None:
        document = document_of(instrument)
        told = _written(document, options) if options["write"] else _taken(document, options)
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))


def _written(document: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    language = options["language"] or ""
    if not translations.LANGUAGE_TAG.fullmatch(language):
        raise CommandError("--write needs --language, the tag of a language such as nb or de-AT.")
    if language == translations.languages_of(document)[0]:
        raise CommandError(f"{language} is the language of the author; there is nothing to write.")
    write(options["write"], to_po(document, language))
    return {"language": language, **_states(document, language)}


def _taken(document: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    if options["out"] is None:
        raise CommandError("--read needs --out, the YAML file to write.")
    try:
        incoming = read_po(document, text_of(options["read"], LARGEST_CATALOGUE))
    except UnreadableCatalogue as error:
        raise CommandError(f"{options['read']}: {error}") from None
    write(options["out"], document_text(incoming.document))
    return {
        "language": incoming.language,
        **_states(incoming.document, incoming.language),
        "taken": incoming.taken,
        "unknown": list(incoming.unknown),
        "other_fills": list(incoming.other_fills),
    }


def _states(document: Mapping[str, Any], language: str) -> dict[str, int]:
    counted = Counter(translations.states(document, language).values())
    return {state: counted[state] for state in ("current", "out_of_date", "missing")}
