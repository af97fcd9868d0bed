"""What lies in the file of a snapshot, and under which names.

A ZIP that holds its parts as they are: `manifest.json` with the SHA-256 of every other part,
`manifest.sha256` with that of the manifest, Parquet for whatever is a table. The same data set
gives the same bytes.
"""

from dataclasses import asdict
from typing import Any

from analysis.dataset import Variable
from analysis.refusals import Refusal

FORMAT = 1

MANIFEST = "manifest.json"
SEAL = "manifest.sha256"
CODEBOOK = "codebook.json"
PROFILE = "profile.json"
ANSWERS = "answers.parquet"
DESIGN = "design.parquet"
REPLICATES = "replicates.parquet"


def entries_part(number: int) -> str:
    """The entries of the roster with this number, from 0."""
    return f"roster-{number}.parquet"


def firms_part(number: int) -> str:
    """Those who were asked for the roster with this number."""
    return f"roster-{number}-firms.parquet"


def variable_document(variable: Variable) -> dict[str, Any]:
    return asdict(variable)


def variable_again(document: dict[str, Any]) -> Variable:
    pairs = {name: _pairs(document[name]) for name in ("coordinates", "codes")}
    return Variable(**(document | pairs))


def _pairs(listed: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in listed)


def damaged(what: str) -> Refusal:
    return Refusal(
        "snapshot_damaged",
        f"The snapshot of the data does not hold what was put into it: {what}.",
        "Tell the operator: manage.py check_snapshots lists what is damaged, and a backup of "
        "the storage, or the wave itself as long as it has not changed, gives it back.",
    )


def newer(found: object) -> Refusal:
    return Refusal(
        "snapshot_newer",
        f"The snapshot of the data was made by a newer version of Milieu (its format is {found}, "
        f"the newest known here {FORMAT}).",
        "Upgrade Milieu on the machine of this worker, then request the run again.",
    )
