"""What a data set holds, variable by variable, without the data: for whoever writes a plan."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from analysis.constructs import Measured
from analysis.constructs.entry import range_words
from analysis.dataset import Dataset
from analysis.snapshots.distributions import Bin, distribution
from analysis.snapshots.portions import vocabulary_in_portions


@dataclass(frozen=True, slots=True)
class VariableProfile:
    """One name that a plan may use: an answer, or a measure that is made of answers.

    Attributes
    ----------
    kind : ``continuous``, ``binary`` or ``category``
    is_answer : whether it is a column of the data set; otherwise it is a measure
    definition, source, range, missing_rule : sentences for the codebook
    n, missing : firms with a value and without one
    mean : of those with a value; None of a category, or where there is none
    bins : where the values lie, from the lowest; the last and the first of numbers are open, so
        that no single firm's value is told
    """

    name: str
    label: str
    kind: str
    is_answer: bool
    scale: str
    definition: str
    source: str
    range: str
    missing_rule: str
    codes: tuple[tuple[str, str], ...]
    n: int
    missing: int
    mean: float | None
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """Every variable of a data set; `firms` rows, known by `fingerprint`."""

    fingerprint: str
    firms: int
    variables: tuple[VariableProfile, ...]

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)

    @classmethod
    def again(cls, document: dict[str, Any]) -> "Profile":
        """From what `document` gave, and JSON gave back."""
        variables = tuple(_variable_again(each) for each in document["variables"])
        return cls(document["fingerprint"], document["firms"], variables)


def profile_of(dataset: Dataset) -> Profile:
    """Measures first, then answers, each in the order of the codebook."""
    answers = {variable.name for variable in dataset.variables}
    found = [
        _profiled(measured, is_answer=measured.name in answers)
        for measured in vocabulary_in_portions(dataset)
    ]
    found.sort(key=lambda each: each.is_answer)
    return Profile(dataset.fingerprint, len(dataset.frame), tuple(found))


def _profiled(measured: Measured, *, is_answer: bool) -> VariableProfile:
    missing = measured.missing
    held = measured.values[~missing]
    is_number = measured.kind != "category"
    return VariableProfile(
        name=measured.name,
        label=measured.label,
        kind=measured.kind,
        is_answer=is_answer,
        scale=measured.scale,
        definition=measured.definition,
        source=measured.source,
        range=range_words(measured.range),
        missing_rule=measured.missing_rule,
        codes=tuple(measured.codes),
        n=int(held.size),
        missing=int(missing.sum()),
        mean=float(held.astype(float).mean()) if is_number and held.size else None,
        bins=distribution(held, measured.kind, measured.codes),
    )


def _variable_again(document: dict[str, Any]) -> VariableProfile:
    codes = _pairs(document["codes"])
    bins = tuple(Bin(**each) for each in document["bins"])
    return VariableProfile(**(document | {"codes": codes, "bins": bins}))


def _pairs(listed: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in listed)
