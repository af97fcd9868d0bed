"""A codebook: what every column of a file means, from a CSV of `column` and `meaning`."""

from surveys.microdata.limits import Limits
from surveys.microdata.mapping import FileOptions
from surveys.microdata.problems import ProblemList, refuse
from surveys.microdata.rows import rows_of

_LIMITS = Limits(bytes=10_000_000, cells=500_000, columns=100)
_REMEDY = "A codebook is a CSV (UTF-8) with a column “column” and a column “meaning”."


def read_codebook(data: bytes) -> dict[str, str]:
    """Meaning by column. Raises MicrodataRefused with every problem."""
    rows = rows_of(data, FileOptions(), _LIMITS)
    header = [name.strip().lower() for name in next(rows, [])]
    if "column" not in header or "meaning" not in header:
        refuse(
            "codebook_header",
            f"The codebook's header is “{', '.join(header)}”.",
            _REMEDY,
            row=1,
        )
    column, meaning = header.index("column"), header.index("meaning")
    problems = ProblemList()
    meanings: dict[str, str] = {}
    for number, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) <= max(column, meaning) or not cells[column].strip():
            problems.add(
                "codebook_row", f"Row {number} of the codebook is cut short.", _REMEDY, row=number
            )
            continue
        name = cells[column].strip()
        if name in meanings:
            problems.add(
                "codebook_repeat",
                f"Row {number} of the codebook explains “{name}” a second time.",
                "Keep one row a column.",
                row=number,
                column=name,
            )
        meanings[name] = cells[meaning].strip()
    problems.refuse_if_any()
    return meanings
