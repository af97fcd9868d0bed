"""Whether a wave could carry a plan, by its codebook: no answer is read, nothing estimated."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis.constructs import CATALOGUE, Measured, what_is_lacking
from analysis.constructs.ties_over_waves import ENTRIES as OF_WAVES
from analysis.dataset import Dataset
from analysis.estimation.estimator import SHARED_ROLES
from analysis.estimation.registry import ESTIMATORS
from analysis.pipeline.naming import nameable
from analysis.specification.expressions import (
    Among,
    CodeText,
    Expression,
    Name,
    Operation,
    names_in,
    parse_expression,
    parts_of,
)
from analysis.specification.formula import Formula
from analysis.specification.language import is_over_waves
from analysis.specification.model import Plan, Specification

OF_PANELS = "panel."
_OF_WAVES = frozenset(entry.stem for entry in OF_WAVES)
_MOST_HELD = 12
_HELD: dict[tuple[str, object], dict[str, Measured]] = {}
_NAMED = ("outcome", "labels")


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something that a plan names and a wave does not have.

    Attributes
    ----------
    name : as the plan has it
    why : what is lacking, in words
    constructs : what would have to be asked; empty where it is a code or a scale that lacks
    """

    name: str
    why: str
    constructs: tuple[str, ...] = ()


def lacking(plan: Plan, codebook: Dataset) -> tuple[Lacking, ...]:
    """What of the plan a wave with this codebook, a data set of no rows, does not have.

    Empty where the wave can carry the plan, as far as that can be told without its answers. What
    a plan reads of other waves is looked up under its own name in this one.
    """
    known = _known(plan, codebook)
    own = {name for name, _ in plan.definitions}
    found: dict[str, Lacking] = {}
    for name in dict.fromkeys(_names(plan)):
        if plan.waves and name.partition(".")[0] in _OF_WAVES:
            # No wave by itself has the measure: whether it asked what the measure compares.
            if constructs := _asked_for(name, known):
                why = f"The measure “{name}” is made of {', '.join(constructs)} in every wave."
                found[name] = Lacking(name, why, constructs)
        elif name not in known and name not in own and not name.startswith(OF_PANELS):
            found[name] = Lacking(name, _why(name, known), _asked_for(name, known))
    for name, code in _codes(plan):
        measured = known.get(name)
        codes = [] if measured is None else [value for value, _ in measured.codes]
        if codes and code not in codes:
            why = f"“{name}” has no code '{code}'; this wave has {', '.join(codes[:12])}."
            found.setdefault(f"{name} = '{code}'", Lacking(f"{name} = '{code}'", why))
    return tuple(found.values())


def _known(plan: Plan, codebook: Dataset) -> dict[str, Measured]:
    """What a plan with these scales may name; the newest few are kept: plans share them."""
    key = codebook.fingerprint, plan.scales
    if not codebook.fingerprint or key not in _HELD:
        for oldest in list(_HELD)[: len(_HELD) - _MOST_HELD + 1]:
            _HELD.pop(oldest, None)
        _HELD[key] = nameable(codebook, dict(plan.scales))
    return _HELD[key]


def constructs_lacking(plan: Plan, codebook: Dataset) -> tuple[str, ...]:
    """Constructs that would have to be asked, each once."""
    found = (each for entry in lacking(plan, codebook) for each in entry.constructs)
    return tuple(dict.fromkeys(found))


def _why(name: str, known: dict[str, Measured]) -> str:
    """Without a guess at what may have been meant, which takes longer than all the rest."""
    return what_is_lacking(name, known) or f"This wave did not ask {name.partition('[')[0]}."


def _asked_for(name: str, known: dict[str, Measured]) -> tuple[str, ...]:
    bound = {each.partition("[")[0] for each in known}
    stem, _, coordinate = name.partition(".")
    for entry in (*CATALOGUE, *OF_WAVES):
        if entry.stem == stem and bool(entry.dimension) == bool(coordinate):
            return tuple(either[0] for either in entry.needs if not bound.intersection(either))
    construct = name.partition("[")[0]
    return () if construct in bound or "." not in construct else (construct,)


def _names(plan: Plan) -> Iterator[str]:
    """Every name that the plan reads, of other waves by what is read of them."""
    for expression in _expressions(plan):
        yield from names_in(expression)
    for specification in _specifications(plan):
        for name in _of_model(specification):
            yield from names_in(parse_expression(name)) if is_over_waves(name) else (name,)
    for asked in plan.descriptives:
        yield from filter(None, (asked.outcome, asked.by, asked.denominator, asked.other))


def _specifications(plan: Plan) -> Iterator[Specification]:
    yield from plan.specifications
    if plan.curve is not None:
        yield from (plan.curve.specification(number) for number in plan.curve.probes())


def _of_model(specification: Specification) -> Iterator[str]:
    yield specification.outcome
    yield from specification.formula.variables
    roles = (*ESTIMATORS[specification.estimator].roles, *SHARED_ROLES)
    kinds = {role.name: role.kind for role in roles}
    for each in specification.given:
        if isinstance(each.value, Formula):
            yield from each.value.variables
        elif kinds.get(each.role) in _NAMED:
            yield str(each.value)


def _expressions(plan: Plan) -> Iterator[Expression]:
    yield from (expression for _, expression in plan.definitions)
    chosen: Iterable[Specification | object] = (*_specifications(plan), *plan.descriptives)
    for each in chosen:
        subpopulation = getattr(each, "subpopulation", None)
        if subpopulation is not None:
            yield subpopulation


def _codes(plan: Plan) -> Iterator[tuple[str, str]]:
    """Every category that is held against a code, with the code."""
    for expression in _expressions(plan):
        for part in parts_of(expression):
            match part:
                case Among(Name(name), choices):
                    codes = (each for each in choices if isinstance(each, CodeText))
                    yield from ((name, each.value) for each in codes)
                case Operation(_, (Name(name), CodeText(code))):
                    yield name, code
