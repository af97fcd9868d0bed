"""Uploaded questionnaires of every format as authored documents, and drafts as files."""

from typing import Any

from surveys import questionnaire
from surveys.interchange import xlsform
from surveys.interchange.formats import guess_format, read_as
from surveys.interchange.imported import Imported
from surveys.interchange.problems import UnreadableFile
from surveys.models import InstrumentDraft
from surveys.queries.languages import speech_of
from surveys.questionnaire.editing.text import document_text

FILE_FORMATS = ("yaml", "xlsx")
MOST_TOLD = 40


def read_upload(cleaned: dict[str, Any]) -> Imported:
    """The document of an uploaded file, as `FileForm` hands it on.

    Raises UnreadableFile with every problem.
    """
    data, name = cleaned["file"]
    try:
        return read_as(cleaned["format"] or guess_format(name, data), data)
    except questionnaire.InstrumentErrors as errors:
        raise UnreadableFile(errors.problems) from None


def losses(imported: Imported) -> list[str]:
    """A sentence for each thing of the file that the draft says in another way, or not at all."""
    told = [
        f"Not taken over: {each.what} ({each.where})."
        if each.kept_as == "nothing"
        else f"Not taken over: {each.what} ({each.where}); kept as {each.kept_as}."
        for each in imported.unsupported
    ]
    more = len(told) - MOST_TOLD
    if more <= 0:
        return told
    where = "The command import_instrument writes all of them to its report."
    return [*told[:MOST_TOLD], f"{more} more parts were not taken over. {where}"]


def written(draft: InstrumentDraft, draft_format: str) -> bytes:
    """The draft as a file that is read back to the same document.

    Raises KeyError for a format that is none of `FILE_FORMATS`.
    """
    if draft_format not in FILE_FORMATS:
        raise KeyError(draft_format)
    if draft_format == "yaml":
        return document_text(draft.document).encode()
    content: bytes = xlsform.write(draft.document, speech_of=speech_of)
    return content
