"""Published instruments as the values that pages are built from."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from surveys import questionnaire
from surveys.models import Instrument

_KEPT = 64


class _Frozen:
    """A document that is hashed by its fingerprint, so that compiling can be remembered."""

    __slots__ = ("document", "fingerprint")

    def __init__(self, fingerprint: str, document: Mapping[str, Any]) -> None:
        self.fingerprint = fingerprint
        self.document = document

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and other.fingerprint == self.fingerprint


@lru_cache(maxsize=_KEPT)
def _compiled(frozen: _Frozen) -> questionnaire.Instrument:
    return questionnaire.compile_document(frozen.document)


def compiled(instrument: Instrument) -> questionnaire.Instrument:
    """The instrument as a value; compiled once per process and fingerprint.

    Raises questionnaire.InstrumentErrors if the document is not a valid instrument, which
    publishing rules out.
    """
    return _compiled(_Frozen(instrument.fingerprint, instrument.document))
