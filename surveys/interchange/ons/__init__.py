"""Questionnaires of the ONS eq runner (JSON) as authored documents."""

import re
from typing import Any

from surveys.interchange.imported import Imported
from surveys.interchange.limits import read_json
from surveys.interchange.ons.counting import counts_of
from surveys.interchange.ons.known import Scope
from surveys.interchange.ons.logic import TooIntricate
from surveys.interchange.ons.reading import Notes, Part
from surveys.interchange.ons.sections import instrument_name, sections_of
from surveys.interchange.ons.texts import text_of
from surveys.interchange.problems import unreadable

__all__ = ["read"]

_LONGEST_TITLE = 200
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")


def read(data: bytes) -> Imported:
    """The questionnaire, and what of it is kept in another form.

    Raises UnreadableFile with every reason why it cannot be read.
    """
    root = Part(read_json(data), "schema", Notes())
    scope = Scope(root.notes)
    try:
        document = _document(root, scope)
    except (TooIntricate, RecursionError):
        raise unreadable(
            "too_many",
            "routing_rules",
            "The routes through the questionnaire are too intricate to be followed.",
            "Divide the section whose blocks have the most rules.",
        ) from None
    root.notes.refuse_problems()
    root.notes.note_leftovers()
    return Imported(document, tuple(root.notes.unsupported), counts_of(root.data))


def _document(root: Part, scope: Scope) -> dict[str, Any]:
    title = " ".join(text_of(root.get("title"), root.where, scope).split())
    version = "-".join(filter(None, (root.word("survey_id"), root.word("form_type"))))
    name = instrument_name(root)
    sections = sections_of(root, scope)
    _note_frame(root)
    return {
        "instrument": name,
        "version": version[:20] or "1",
        "title": title[:_LONGEST_TITLE] or "Questionnaire",
        "language": _language(root),
        "sections": sections,
    }


def _language(root: Part) -> str:
    language = root.word("language")
    if _TAG.fullmatch(language):
        return language
    if language:
        root.kept(f"the language “{language[:20]}”, which is no tag of one", "en")
    return "en"


def _note_frame(root: Part) -> None:
    """What the schema says about the system around the questionnaire."""
    for key, kept_as in (
        ("metadata", "what the platform knows of firm and wave"),
        ("submission", "the platform's page before submission"),
        ("post_submission", "the platform's receipt"),
        ("introduction", "the page of the block of that type"),
        ("supplementary_data", "nothing: fills and conditions that read it are listed"),
        ("individual_response", "nothing"),
    ):
        if root.get(key):
            root.kept(f"“{key}” of the schema", kept_as)
