"""The survey sheet as a tree of groups, repeats and questions."""

from dataclasses import dataclass, field

from surveys.interchange.problems import unreadable
from surveys.interchange.xlsform.cells import Cells
from surveys.interchange.xlsform.workbook import Row

_DEEPEST = 20
_SPELLINGS = {
    "begin group": "begin_group",
    "end group": "end_group",
    "begin repeat": "begin_repeat",
    "end repeat": "end_repeat",
    "begin_repeat": "begin_repeat",
    "select one": "select_one",
    "select multiple": "select_multiple",
    "select_one_from_file": "select_one_from_file",
}


@dataclass(frozen=True, slots=True)
class Branch:
    """A row of the survey sheet, with the rows within it if it is a group or repeat."""

    cells: Cells
    number: int
    branches: list["Branch"] = field(default_factory=list)

    @property
    def where(self) -> str:
        return f"survey row {self.number}"

    @property
    def type(self) -> str:
        return self.cells.get("type", "")

    @property
    def is_group(self) -> bool:
        return self.type == "begin_group"

    @property
    def is_repeat(self) -> bool:
        return self.type == "begin_repeat"


def tree_of(rows: list[Row]) -> list[Branch]:
    """The outermost branches. Raises UnreadableFile where a group does not end, or never began."""
    outermost: list[Branch] = []
    open_branches: list[Branch] = []
    for row in rows:
        cells = row.cells | {"type": _spelt(row.cells.get("type", ""))}
        type_ = cells["type"]
        if type_ in ("end_group", "end_repeat"):
            if not open_branches or open_branches[-1].type != type_.replace("end", "begin"):
                raise _unpaired(row.number, f"“{type_}” ends nothing that is open.")
            open_branches.pop()
            continue
        branch = Branch(cells, row.number)
        (open_branches[-1].branches if open_branches else outermost).append(branch)
        if branch.is_group or branch.is_repeat:
            open_branches.append(branch)
        if len(open_branches) > _DEEPEST:
            raise unreadable(
                "too_deep", branch.where, "Groups lie too deep.", f"They may lie {_DEEPEST} deep."
            )
    if open_branches:
        raise _unpaired(open_branches[-1].number, "A group or repeat that begins here never ends.")
    return outermost


def _unpaired(number: int, message: str) -> Exception:
    return unreadable(
        "wrong_shape",
        f"survey row {number}",
        message,
        "Give each begin_group and begin_repeat its end.",
    )


def _spelt(type_: str) -> str:
    words = " ".join(type_.split())
    for spelling, proper in _SPELLINGS.items():
        if words.lower() == spelling or words.lower().startswith(f"{spelling} "):
            return proper + words[len(spelling) :]
    first, space, rest = words.partition(" ")
    return first.lower() + space + rest
