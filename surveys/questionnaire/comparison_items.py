"""The changes of variables put together by the item that they belong to."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from surveys.questionnaire.comparison import (
    KINDS,
    ChangeKind,
    Detail,
    Poolable,
    VariableChange,
)
from surveys.questionnaire.translatable import items_of

POOLED: dict[Poolable, str] = {
    "yes": "may be pooled",
    "with_care": "with care",
    "for_firms_asked_in_both": "for firms asked in both",
    "no": "not pooled",
}


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What became of the variables of one item: a battery or roster has many.

    `common` is what differs in every one of the changes in the same way, `apart` names what
    differs from variable to variable.
    """

    item: str
    label: str
    changes: tuple[VariableChange, ...]
    common: tuple[Detail, ...]
    apart: tuple[str, ...]
    counts: dict[ChangeKind, int]
    pooled: dict[str, int]
    whys: tuple[str, ...]


def by_item(changes: Iterable[VariableChange], labels: Mapping[str, str]) -> tuple[ItemChange, ...]:
    """The changes by item, in the order in which the items come first."""
    groups: dict[str, list[VariableChange]] = {}
    for change in changes:
        groups.setdefault(change.item.partition(".")[0], []).append(change)
    return tuple(
        _together(item, labels.get(item, ""), tuple(group)) for item, group in groups.items()
    )


def labels_of(*documents: Mapping[str, Any]) -> dict[str, str]:
    """The text of every authored item by name; the first document that has it counts."""
    labels: dict[str, str] = {}
    for document in documents:
        for item in items_of(dict(document)):
            labels.setdefault(str(item.get("name", "")), str(item.get("label") or ""))
    return labels


def _together(item: str, label: str, changes: tuple[VariableChange, ...]) -> ItemChange:
    kinds = Counter(change.kind for change in changes)
    pooled = Counter(change.poolable for change in changes)
    first, *others = (change.details for change in changes)
    common = tuple(each for each in first if all(each in details for details in others))
    return ItemChange(
        item=item,
        label=label,
        changes=changes,
        common=common,
        apart=tuple(
            dict.fromkeys(
                each.what for change in changes for each in change.details if each not in common
            )
        ),
        counts={kind: kinds[kind] for kind in KINDS if kinds[kind]},
        pooled={words: pooled[key] for key, words in POOLED.items() if pooled[key]},
        whys=tuple(dict.fromkeys(change.why for change in changes)),
    )
