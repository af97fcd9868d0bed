"""What a specification says, whatever it is called and however it is laid out.

Two specifications have the same content if they must give the same estimates from the same data
by the same code. What counts as the same is in docs/reference/registration.md.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from itertools import product
from typing import Any, Literal

from analysis.estimation.estimator import SHARED_ROLES
from analysis.estimation.registry import ESTIMATORS
from analysis.specification.expressions import Expression, Name
from analysis.specification.formula import Formula, Part, Term
from analysis.specification.model import Asked, Curve, Described, Given, Plan, Specification
from analysis.specification.plan import read_plan

Kind = Literal["model", "description", "curve"]

_NOT_CONTENT = {
    "Specification": ("name", "margins", "tests", "bootstrap", "permutation"),
    "Described": ("name",),
    "Curve": ("permutations", "seed"),
}
_NAMES = ("outcome", "by", "denominator", "other")
_WORD = re.compile(r"'[^']*'|\"[^\"]*\"|[A-Za-z0-9_.]+|[^\sA-Za-z0-9_.]")

EFFECTS = "average marginal effects"


@dataclass(frozen=True, slots=True)
class Extra:
    """What is reported beside the estimates: a test, marginal effects, replicates."""

    words: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Content:
    """One specification of a plan: where it stands, its name, and the SHA-256 of what it says.

    Attributes
    ----------
    place : its number within its kind, from 1
    document : plain data that the fingerprint is of
    members : of a curve, what each of its models says, in their order
    """

    kind: Kind
    place: int
    name: str
    document: Any
    fingerprint: str
    extras: tuple[Extra, ...] = ()
    members: tuple[str, ...] = ()


@lru_cache(maxsize=64)
def contents_of(source: str) -> tuple[Content, ...]:
    """Every specification of a plan's text: models, descriptions, the curve.

    Raises: PlanRefusal, or Refusal, if it is no plan.
    """
    return plan_contents(read_plan(source))


def plan_contents(plan: Plan) -> tuple[Content, ...]:
    """Every specification of a plan that was read."""
    reading = _Reading(dict(plan.definitions))
    shared = {
        "scales": {name: list(members) for name, members in sorted(plan.scales)},
        "imputation": reading.plain(plan.imputation),
    }
    models = [
        _content("model", place, each.name, reading.plain(each), shared, reading.extras(each))
        for place, each in enumerate(plan.specifications, start=1)
    ]
    descriptions = [
        _content("description", place, _title(each), reading.plain(each), shared)
        for place, each in enumerate(plan.descriptives, start=1)
    ]
    curve = [] if plan.curve is None else [_curve(plan.curve, reading, shared)]
    return (*models, *descriptions, *curve)


def sha256_of(document: Any) -> str:
    """SHA-256 of plain data as JSON with sorted keys, without spaces, in UTF-8."""
    return hashlib.sha256(_json(document).encode("utf-8", "surrogatepass")).hexdigest()


def _json(document: Any) -> str:
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _content(
    kind: Kind,
    place: int,
    name: str,
    says: Any,
    shared: Mapping[str, Any],
    extras: tuple[Extra, ...] = (),
    members: tuple[str, ...] = (),
) -> Content:
    document = {"kind": kind, "says": says, **shared}
    return Content(kind, place, name, document, sha256_of(document), extras, members)


def _title(asked: Described) -> str:
    return asked.name or f"{asked.statistic.replace('_', ' ')} of {asked.outcome}".capitalize()


def _curve(curve: Curve, reading: "_Reading", shared: Mapping[str, Any]) -> Content:
    extras: tuple[Extra, ...] = ()
    if curve.permutations:
        says = {"permutations": curve.permutations, "seed": curve.seed}
        extras = (Extra(f"{curve.permutations} permutations of the curve", sha256_of(says)),)
    members = _members(curve, reading, shared)
    # The same models in another order, or under other names of the choices, are the same curve.
    document = {"members": sorted(members)}
    return _content("curve", 1, "Specification curve", document, shared, extras, members)


def _members(curve: Curve, reading: "_Reading", shared: Mapping[str, Any]) -> tuple[str, ...]:
    """A curve has up to 10,000 models, so that each choice is written down once."""
    outcomes = [_json(reading.named(each)) for each in curve.outcomes]
    subpopulations = [_json(reading.plain(each)) for _, each in curve.subpopulations]
    measures = [reading.term_texts(each) for each in curve.measures]
    controls = [reading.term_texts(each) for _, each in curve.controls]
    optional = [reading.term_texts(each) for each in curve.optional]
    subsets = [
        [term for bit, terms in enumerate(optional) if number >> bit & 1 for term in terms]
        for number in range(2 ** len(optional))
    ]
    design = {**reading.plain(curve.design), "weights": None}
    every = _json([shared, curve.effect, curve.covariance, design])
    found = []
    # In the order of the curve's numbers: the last choice varies fastest.
    for outcome, measure, control, taken, subpopulation, estimator, weights in product(
        outcomes, measures, controls, subsets, subpopulations, curve.estimators, curve.weights
    ):
        says = (
            every, outcome, measure[0], *sorted({*measure, *control, *taken}), subpopulation,
            estimator, str(weights),
        )  # fmt: skip
        found.append(hashlib.sha256("\n".join(says).encode()).hexdigest())
    return tuple(found)


class _Reading:
    """Parts of a plan to plain data, what the plan defines in place of its name."""

    def __init__(self, definitions: Mapping[str, Expression]) -> None:
        self._definitions = definitions
        self._read: dict[str, Any] = {}

    def named(self, name: str) -> Any:
        """What the plan defines under the name, or the name itself."""
        if name not in self._definitions:
            return name
        if name not in self._read:
            self._read[name] = {"defined": self.plain(self._definitions[name])}
        return self._read[name]

    def plain(self, value: Any) -> Any:
        """Plain data. Fields that are added to a part count until they are listed as not."""
        if isinstance(value, tuple | list):
            return [self.plain(each) for each in value]
        for kind, write in self._ways().items():
            if isinstance(value, kind):
                return write(value)
        if is_dataclass(value) and not isinstance(value, type):
            return self._fields(value)
        if isinstance(value, str) and value in self._definitions:
            # Whether it is read as a name is not known here: the word and its meaning count.
            return [value, self.named(value)]
        return value

    def _ways(self) -> dict[type, Callable[[Any], Any]]:
        return {
            Name: lambda value: self._name(value.name),
            Formula: self._formula,
            Term: lambda value: {"term": sorted(_json(self._part(part)) for part in value.parts)},
            Given: self._given,
            Asked: lambda value: [value.kind, *(self._sentence(each) for each in value.about)],
        }

    def extras(self, specification: Specification) -> tuple[Extra, ...]:
        """What is reported beside the estimates of the model."""
        extras: list[tuple[str, Any]] = []
        if specification.margins:
            extras.append((EFFECTS, "margins"))
        extras += [(str(each), self.plain(each)) for each in specification.tests]
        if (bootstrap := specification.bootstrap) is not None:
            words = f"{bootstrap.replicates} bootstrap replicates, seed {bootstrap.seed}"
            extras.append((words, self.plain(bootstrap)))
        if (permutation := specification.permutation) is not None:
            words = f"permutation test of {permutation.of}, seed {permutation.seed}"
            says = [self._sentence(permutation.of), permutation.replicates, permutation.seed]
            extras.append((words, says))
        return tuple(Extra(words, sha256_of(says)) for words, says in extras)

    def term_texts(self, formula: Formula) -> tuple[str, ...]:
        """Each term as a text of its own, in the order written."""
        return tuple(_json(self.plain(term)) for term in formula.terms)

    def _name(self, name: str) -> Any:
        found = self.named(name)
        return {"name": found} if isinstance(found, str) else found

    def _formula(self, formula: Formula) -> Any:
        """Terms in any order are the same model."""
        return {"terms": sorted(self.term_texts(formula))}

    def _part(self, part: Part) -> Any:
        return [self.named(part.variable), part.transform, part.exponent, part.level]

    def _given(self, given: Given) -> Any:
        """Names are replaced by what they mean; words stay, with what their names mean beside."""
        if not isinstance(given.value, str):
            return [given.role, self.plain(given.value)]
        if given.role in _ROLES_OF_NAMES:
            return [given.role, self.named(given.value)]
        return [given.role, given.value, self._meant(given.value)]

    def _meant(self, text: str) -> dict[str, Any]:
        found = set(_WORD.findall(text))
        return {name: self.named(name) for name in sorted(found & set(self._definitions))}

    def _sentence(self, text: str) -> str:
        """A sentence over names, whatever its spaces; defined names as what they mean."""
        return " ".join(
            sha256_of(self.named(word)) if word in self._definitions else word
            for word in _WORD.findall(text)
        )

    def _fields(self, value: Any) -> dict[str, Any]:
        kind = type(value).__name__
        left_out = _NOT_CONTENT.get(kind, ())
        found = {
            each.name: self._field(each.name, getattr(value, each.name))
            for each in fields(value)
            if each.name not in left_out
        }
        return {"of": kind, **found}

    def _field(self, name: str, value: Any) -> Any:
        if name in _NAMES and isinstance(value, str):
            return self.named(value)
        if name == "variables":
            return [self.named(each) for each in value]
        if name == "given":
            return sorted((self._given(each) for each in value), key=_json)
        return self.plain(value)


_ROLES_OF_NAMES = frozenset(
    role.name
    for estimator in ESTIMATORS.values()
    for role in (*estimator.roles, *SHARED_ROLES)
    if role.kind in ("outcome", "labels")
)
