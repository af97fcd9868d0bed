"""The formats that questionnaires are read from, and how one is told from a file."""

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath

from surveys.interchange.imported import Imported
from surveys.interchange.limits import read_json, read_text
from surveys.interchange.problems import unreadable
from surveys.questionnaire.reading import read_document

FORMATS = ("yaml", "xlsform", "ons", "limesurvey", "surveyjs")
_ENDINGS = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".xlsx": "xlsform",
    ".lss": "limesurvey",
}
_OF_ONS = ("questionnaire_flow", "mime_type", "sections")


def guess_format(name: str, data: bytes) -> str:
    """The format by the ending of the name; JSON by its keys. Raises UnreadableFile."""
    ending = PurePath(name).suffix.lower()
    if ending == ".json":
        return "ons" if any(key in read_json(data) for key in _OF_ONS) else "surveyjs"
    if ending not in _ENDINGS:
        raise unreadable(
            "unknown_format",
            "file name",
            f"The ending {ending[:20]!r} tells no format.",
            f"Say which format it is: {', '.join(FORMATS)}.",
        )
    return _ENDINGS[ending]


def read_as(named: str, data: bytes) -> Imported:
    """The questionnaire in the data, which are of the format named.

    Raises UnreadableFile; and InstrumentErrors for YAML that cannot be read.
    """
    if named == "yaml":
        return Imported(read_document(read_text(data)))
    # Each importer brings libraries of its own, which the others have no need of.
    read: Callable[[bytes], Imported] = import_module(f"surveys.interchange.{named}").read
    return read(data)
