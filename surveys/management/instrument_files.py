"""Instruments that a command is given as a file, or as the name and version of a published one."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from surveys import questionnaire
from surveys.models import Instrument
from surveys.queries import code_lists
from surveys.queries.languages import speech_of
from surveys.questionnaire.reading import LARGEST_FILE, read_document

_BYTES_A_CHARACTER = 4


def document_of(named: str) -> dict[str, Any]:
    """The authored document in a file, or of the published instrument ``name@version``.

    Raises
    ------
    CommandError
        If it cannot be read, with every problem.
    """
    path = Path(named)
    name, at, version = named.rpartition("@")
    if not at or is_there(path):
        return _read(path)
    published = Instrument.objects.filter(name=name, version=version).first()
    if published is None:
        raise CommandError(f"There is no file and no published instrument {named!r}.")
    document: dict[str, Any] = published.document
    return document


def instrument_of(named: str) -> questionnaire.Instrument:
    """The same, compiled in the language of its author. Raises CommandError as `document_of`."""
    try:
        return questionnaire.compile_document(
            document_of(named), code_lists=code_lists.find, speech_of=speech_of
        )
    except questionnaire.InstrumentErrors as error:
        raise CommandError(told(named, error)) from None


def text_of(path: Path, longest: int) -> str:
    """The text of a file of at most so many characters. Raises CommandError."""
    try:
        size = path.stat().st_size
        if size > longest * _BYTES_A_CHARACTER:
            raise CommandError(f"{path} has {size} bytes; at most {longest} characters are read.")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path} cannot be read: it is not text in UTF-8.") from None


def is_there(path: Path) -> bool:
    """Whether there is such a file; a name that no file can have is not."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def write(path: Path, text: str) -> None:
    """Write a file. Raises CommandError."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None


def told(named: str, error: questionnaire.InstrumentErrors) -> str:
    """All problems of one instrument, a line each."""
    lines = [f"  [{problem.code}] {problem}" for problem in error.problems]
    return "\n".join([f"{named} has problems:", *lines])


def _read(path: Path) -> dict[str, Any]:
    try:
        return read_document(text_of(path, LARGEST_FILE))
    except questionnaire.InstrumentErrors as error:
        raise CommandError(told(str(path), error)) from None
