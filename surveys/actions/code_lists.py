"""Uploading a code list of a survey: read a table, refuse it with every problem, or keep it."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from typing import NoReturn

from django.db import IntegrityError, transaction

from surveys.microdata import FileOptions, Limits, MicrodataRefused
from surveys.microdata.problems import ProblemList, legible, refuse
from surveys.microdata.rows import rows_of
from surveys.microdata.workbook import is_workbook
from surveys.models import AuditEvent, Survey, User
from surveys.models import CodeList as KeptList
from surveys.queries.code_lists import sources
from surveys.questionnaire.authored.code_lists import LISTED, LISTED_KEYS
from surveys.questionnaire.code_lists import ListedCode

MOST_CODES = 50_000
LARGEST_FILE = 5_000_000
LONGEST = {"label": 500, "parent": 40, "words": 2_000}
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
_LONGEST_TITLE = 200
_OTHER_HEADERS = {
    "code": "value", "title": "label", "name": "label", "parent code": "parent",
    "synonyms": "words",
}  # fmt: skip
_SAVE_ANEW = "Save the file as CSV in UTF-8, or as XLSX, and choose it again."
_REMEDIES = dict.fromkeys(
    ("wrong_encoding", "mojibake", "wrong_delimiter", "missing_sheet"), _SAVE_ANEW
) | dict.fromkeys(
    ("file_too_large", "too_many_columns", "too_many_cells"),
    "Leave out columns that a list has not, or divide it into several lists.",
)


def upload(
    *,
    survey: Survey,
    name: str,
    version: str,
    title: str,
    data: bytes,
    by: User | None,
    at: datetime,
) -> KeptList:
    """Keep the table as that version of the list; from then on it is frozen.

    The same list, uploaded before to the same survey, is returned as it is. Raises
    MicrodataRefused with every problem of the name, the version and the table.
    """
    codes = _checked(name, version, title, data)
    fingerprint = _fingerprint(title, codes)
    existing = KeptList.objects.filter(name=name, version=version).first()
    if existing and (existing.survey_id, existing.fingerprint) == (survey.pk, fingerprint):
        return existing
    if existing or (name, version) in sources():
        _refuse_taken(name, version)
    kept = KeptList(
        survey=survey,
        name=name,
        version=version,
        title=title,
        codes=[asdict(code) for code in codes],
        fingerprint=fingerprint,
        uploaded_at=at,
        uploaded_by=by,
    )
    return _keep(kept)


def _checked(name: str, version: str, title: str, data: bytes) -> tuple[ListedCode, ...]:
    """The codes of the table; the problems of it and of what it is called together."""
    problems = ProblemList()
    _check_named(name, version, title, problems)
    codes: tuple[ListedCode, ...] = ()
    try:
        codes = read_table(data)
    except MicrodataRefused as refused:
        problems.absorb(refused.report)
    problems.refuse_if_any()
    return codes


def _keep(kept: KeptList) -> KeptList:
    try:
        with transaction.atomic():
            kept.save()
            AuditEvent.objects.create(
                user=kept.uploaded_by,
                survey=kept.survey,
                action="code_list_uploaded",
                at=kept.uploaded_at,
                detail={"list": kept.name, "version": kept.version, "codes": len(kept.codes)},
            )
    except IntegrityError:  # another upload of that name and version was first
        _refuse_taken(kept.name, kept.version)
    return kept


def read_table(data: bytes) -> tuple[ListedCode, ...]:
    """The codes of a CSV file or XLSX workbook, in the order of its rows.

    The first row names the columns: value and label, and if wanted parent and words. Raises
    MicrodataRefused with every problem.
    """
    rows = _rows(data)
    problems = ProblemList()
    places = _places(next(rows, []), problems)
    problems.refuse_if_any()
    codes = _codes(rows, places, problems)
    if not codes and not problems:
        refuse("no_rows", "The file has a header and no codes.", "Choose the file with the codes.")
    _note_parents(codes, problems)
    problems.refuse_if_any()
    return tuple(code for _, code in codes.values())


def _rows(data: bytes) -> Iterator[list[str]]:
    """Header and rows. Remedies that name a mapping, which a list has not, are exchanged."""
    try:
        yield from rows_of(data, FileOptions(delimiter=_delimiter(data)), Limits(LARGEST_FILE))
    except MicrodataRefused as refused:
        told = tuple(
            replace(problem, remedy=_REMEDIES.get(problem.code, problem.remedy))
            for problem in refused.report.shown
        )
        raise MicrodataRefused(replace(refused.report, shown=told)) from None


def _codes(
    rows: Iterator[list[str]], places: dict[str, int], problems: ProblemList
) -> dict[str, tuple[int, ListedCode]]:
    """By value, every code and the row in which it stands first."""
    codes: dict[str, tuple[int, ListedCode]] = {}
    for row, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        code = _code(row, cells, places, problems)
        if code.value and code.value in codes:
            _note_repeated(row, codes[code.value][0], code.value, problems)
        codes.setdefault(code.value, (row, code))
        if len(codes) > MOST_CODES:
            refuse(
                "too_many_codes",
                f"The list has more than {MOST_CODES:,} codes, reached in row {row:,}.",
                "Divide it into several lists.",
                row=row,
            )
    return codes


def _check_named(name: str, version: str, title: str, problems: ProblemList) -> None:
    if not _NAME.fullmatch(name):
        problems.add(
            "bad_name",
            f"“{legible(name)}” cannot be the name of a list.",
            "Begin with a small letter; use small letters, digits, - and _, at most 60.",
        )
    if not _VERSION.fullmatch(version):
        problems.add(
            "bad_version",
            f"“{legible(version)}” cannot be a version.",
            "Use letters, digits, dots, - and _, at most 20, such as 2024.",
        )
    if not title.strip() or len(title) > _LONGEST_TITLE or not title.isprintable():
        problems.add(
            "bad_title",
            "The list needs a title in one line.",
            f"Write what the codes are, in at most {_LONGEST_TITLE} characters.",
        )


def _delimiter(data: bytes) -> str:
    """The mark that stands most often in the first line; a comma in case of doubt."""
    if is_workbook(data):
        return ","
    first = data[:10_000].partition(b"\n")[0].decode("utf-8", "replace")
    return max(",;\t", key=first.count)


def _places(header: list[str], problems: ProblemList) -> dict[str, int]:
    """The place of every column that is known, by its name in `LISTED_KEYS`."""
    places: dict[str, int] = {}
    for place, written in enumerate(header):
        plain = " ".join(written.replace("_", " ").casefold().split())
        column = _OTHER_HEADERS.get(plain, plain)
        if column in places:
            problems.add(
                "two_columns",
                f"Two columns are read as “{column}”.",
                "Keep one of them.",
                row=1,
                column=written,
            )
        elif column in LISTED_KEYS:
            places[column] = place
    for needed in ("value", "label"):
        if needed not in places:
            problems.add(
                "missing_column",
                f"There is no column “{needed}”.",
                "Name the columns in the first row: value, label, parent, words.",
                row=1,
                column=needed,
            )
    return places


def _code(row: int, cells: list[str], places: dict[str, int], problems: ProblemList) -> ListedCode:
    texts = {
        column: " ".join(cells[place].split()) if place < len(cells) else ""
        for column, place in places.items()
    }
    for column, text in texts.items():
        _check_text(row, column, text, problems)
    if not LISTED.fullmatch(texts["value"]):
        problems.add(
            "bad_value",
            "This cannot be a code of a list.",
            "Use letters, digits, dots, hyphens, slashes and underscores, at most 40.",
            row=row,
            column="value",
            value=texts["value"],
        )
    if not texts["label"]:
        problems.add(
            "no_label", "The code has no label.", "Write its name.", row=row, column="label"
        )
    return ListedCode(**texts)


def _check_text(row: int, column: str, text: str, problems: ProblemList) -> None:
    if text.startswith("="):
        problems.add(
            "formula",
            "The cell holds a formula.",
            "Paste the values in place of formulas, and upload the file again.",
            row=row,
            column=column,
            value=text,
        )
    if not text.isprintable():
        problems.add(
            "not_plain",
            "The cell holds a character that cannot be printed.",
            "Type the text anew.",
            row=row,
            column=column,
            value=text,
        )
    if len(text) > LONGEST.get(column, len(text)):
        problems.add(
            "too_long",
            f"The text has {len(text):,} characters.",
            f"Shorten it to {LONGEST[column]:,}.",
            row=row,
            column=column,
            value=text,
        )


def _note_repeated(row: int, before: int, value: str, problems: ProblemList) -> None:
    problems.add(
        "repeated_code",
        f"The code stands in row {before} already.",
        "Give each its own code. Zeros at the front are lost where a spreadsheet took codes for "
        "numbers: format the column as text.",
        row=row,
        column="value",
        value=value,
    )


def _note_parents(codes: dict[str, tuple[int, ListedCode]], problems: ProblemList) -> None:
    """Parents that the list does not have, and codes that stand above themselves."""
    for row, code in codes.values():
        if code.parent and code.parent not in codes:
            problems.add(
                "unknown_parent",
                "The code above is not in the list.",
                "Name a code of the list, or leave the cell blank.",
                row=row,
                column="parent",
                value=code.parent,
            )
    for value in _circular({value: code.parent for value, (_, code) in codes.items() if value}):
        problems.add(
            "circular_parent",
            "The code stands above itself.",
            "Leave the parent of the topmost code blank.",
            row=codes[value][0],
            column="parent",
            value=codes[value][1].parent,
        )


def _circular(above: dict[str, str]) -> Iterator[str]:
    """One code of every circle."""
    sound: set[str] = set()
    for value in above:
        path: dict[str, None] = {}
        at = value
        while at in above and at not in sound and at not in path:
            path[at] = None
            at = above[at]
        if at in path:
            yield at
        sound.update(path)


def _fingerprint(title: str, codes: tuple[ListedCode, ...]) -> str:
    """SHA-256 of the title and the codes, in hexadecimal."""
    content = json.dumps([title, [asdict(code) for code in codes]], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def _refuse_taken(name: str, version: str) -> NoReturn:
    refuse(
        "version_taken",
        f"{name}@{version} is in use for another list.",
        "Give the list another version; one that is there stays as it is.",
    )
