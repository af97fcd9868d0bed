"""A codebook: what every column of a file means, from a CSV of `column` and `meaning`."""

from collections.abc import Iterable, Iterator

from surveys.microdata.limits import Limits
from surveys.microdata.mapping import FileOptions
from surveys.microdata.problems import ProblemList, legible, refuse
from surveys.microdata.rows import rows_of

_LIMITS = Limits(bytes=10_000_000, cells=500_000, columns=100)
_REMEDY = "A codebook is a CSV (UTF-8) with a column “column” and a column “meaning”."


def read_codebook(data: bytes) -> dict[str, str]:
    """Meaning by column. Raises MicrodataRefused with every problem."""
    rows = rows_of(data, FileOptions(), _LIMITS)
    header = [name.strip().lower() for name in next(rows, [])]
    if "column" not in header or "meaning" not in header:
        what = f"The codebook's header is “{legible(', '.join(header))}”."
        refuse("codebook_header", what, _REMEDY, row=1)
    problems = ProblemList()
    pairs = _pairs(rows, header.index("column"), header.index("meaning"), problems)
    meanings: dict[str, str] = {}
    for number, name, meaning in pairs:
        if name in meanings:
            problems.add(
                "codebook_repeat",
                f"Row {number} of the codebook explains “{legible(name)}” a second time.",
                "Keep one row a column.",
                row=number,
                column=name,
            )
        meanings[name] = meaning
    problems.refuse_if_any()
    return meanings


def _pairs(
    rows: Iterable[list[str]], column: int, meaning: int, problems: ProblemList
) -> Iterator[tuple[int, str, str]]:
    """Row number, column and meaning of every row that is not blank."""
    for number, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) <= max(column, meaning) or not cells[column].strip():
            what = f"Row {number} of the codebook is cut short."
            problems.add("codebook_row", what, _REMEDY, row=number)
            continue
        yield number, cells[column].strip(), cells[meaning].strip()
