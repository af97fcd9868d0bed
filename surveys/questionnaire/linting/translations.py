"""Translations that are missing, out of date or left over, counted and listed by language."""

from collections.abc import Iterator

from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.problems import About, Problem
from surveys.questionnaire.translations import languages_of, left_over, states

_LISTED = 10


def translations(instrument: Instrument) -> Iterator[Problem]:
    """At most three warnings a language: texts missing, out of date, and left over."""
    document = instrument.document
    for language in languages_of(document)[1:]:
        state = states(document, language)
        missing = [key for key, each in state.items() if each == "missing"]
        outdated = [key for key, each in state.items() if each == "out_of_date"]
        gone = left_over(document, language)
        if missing:
            remedy = "Translate them; until then firms read the author's text."
            what = f"{len(missing)} of {len(state)} texts have no translation"
            yield _warning("missing_translations", language, what, missing, remedy)
        if outdated:
            what = f"{len(outdated)} of {len(state)} texts have changed since they were translated"
            remedy = "Look them through, and confirm or change them."
            yield _warning("outdated_translations", language, what, outdated, remedy)
        if gone:
            what = f"{len(gone)} translations belong to no text"
            yield _warning("leftover_translations", language, what, list(gone), "Take them out.")


def _warning(code: str, language: str, what: str, keys: list[str], remedy: str) -> Problem:
    more = f" and {len(keys) - _LISTED} more" if len(keys) > _LISTED else ""
    listed = ", ".join(keys[:_LISTED])
    about = About("", "", (language, str(len(keys))))
    return Problem(code, f"translations {language}", f"{what}: {listed}{more}.", remedy, about)
