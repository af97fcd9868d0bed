"""All that a package is made from, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from analysis.dataset import Dataset
from analysis.replication.layout import Layout
from analysis.replication.recipes import Known, Recipe
from analysis.specification.model import Described, Plan

DataKind = Literal["synthetic", "pseudonymised"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A model that no script estimates anew, and why."""

    key: str
    title: str
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """What goes into a package.

    Attributes
    ----------
    known : the variables as the extract gives them
    document : estimates.json, of these data
    recipes : models of the plan, then those taken of its curve
    described : descriptions with the key and the entry of estimates.json of each
    left_out : models that were not estimated, or are not estimated anew by either script
    """

    dataset: Dataset
    plan: Plan
    known: Known
    document: Mapping[str, Any]
    recipes: tuple[Recipe, ...]
    described: tuple[tuple[str, Described, Mapping[str, Any]], ...]
    left_out: tuple[LeftOut, ...]
    layout: Layout
    kind: DataKind

    @property
    def categories(self) -> frozenset[str]:
        return frozenset(name for name, each in self.known.items() if each.kind == "category")
