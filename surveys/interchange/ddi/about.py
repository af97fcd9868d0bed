"""What the author of a codebook says of the study, which no instrument knows."""

from collections.abc import Mapping
from typing import Any

from surveys.interchange.ddi.elements import plain

_LISTS = ("authors", "keywords", "languages")
_PAIRS = ("period", "collected")
_TEXTS = (
    "title", "id", "agency", "producer", "date", "funder", "distributor", "contact", "email",
    "abstract", "nation", "geography", "universe", "sampling", "mode", "response_rate",
    "weighting", "file",
)  # fmt: skip
STUDY_KEYS = (*_TEXTS, *_LISTS, *_PAIRS)


class StudyRefused(ValueError):
    """What is said of the study cannot be read."""


class About:
    """The texts said of a study; a key that is not there has none."""

    def __init__(self, study: Mapping[str, Any]) -> None:
        """Raises StudyRefused."""
        for key in study:
            if key not in STUDY_KEYS:
                raise StudyRefused(f"{key!r} says nothing of a study. Use {', '.join(STUDY_KEYS)}.")
        self._texts = {key: _texts(key, value) for key, value in study.items()}

    def all(self, key: str) -> tuple[str, ...]:
        return self._texts.get(key, ())

    def one(self, key: str) -> str:
        return next(iter(self.all(key)), "")


def _texts(key: str, value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list | tuple) else [value]
    said = tuple(plain(str(each)).strip() for each in values if _is_text(each))
    if len(said) != len(values):
        raise StudyRefused(f"{key!r} holds something else than texts and numbers.")
    if key in _PAIRS and len(said) != 2:
        raise StudyRefused(f"{key!r} is not a pair of the first and the last.")
    if key in _TEXTS and len(said) != 1:
        raise StudyRefused(f"{key!r} is not one text.")
    return said


def _is_text(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)
