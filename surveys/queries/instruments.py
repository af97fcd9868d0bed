"""Published instruments as the values that pages are built from."""

from functools import lru_cache

from surveys import questionnaire
from surveys.models import Instrument
from surveys.questionnaire.instrument import Instrument as Definition

_KEPT = 64


class _Frozen:
    """An instrument known by its fingerprint alone, so that compiling can be remembered.

    The document is read from the database only when it is compiled.
    """

    __slots__ = ("instrument",)

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument

    def __hash__(self) -> int:
        return hash(self.instrument.fingerprint)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Frozen)
            and other.instrument.fingerprint == self.instrument.fingerprint
        )


@lru_cache(maxsize=_KEPT)
def _compiled(frozen: _Frozen) -> Definition:
    return questionnaire.compile_document(frozen.instrument.document)


def compiled(instrument: Instrument) -> Definition:
    """The instrument as a value; compiled once per process and fingerprint.

    Raises questionnaire.InstrumentErrors if the document is not a valid instrument, which
    publishing rules out.
    """
    return _compiled(_Frozen(instrument))
