"""Which terms are endogenous, and the instruments of all of them."""

from dataclasses import dataclass

import numpy as np

from analysis.estimation.blocks import Block, block
from analysis.estimation.collinearity import aliased
from analysis.estimation.coordinates import weighted_moments
from analysis.estimation.design import Rows, named
from analysis.estimation.estimates import Floats
from analysis.estimation.parts import Role
from analysis.estimation.sample import Sample
from analysis.refusals import Refusal

# Of the length of an endogenous term, what the first stage must say of it beyond the others.
IRRELEVANT = 1e-8
# Of the same, what it must leave to a control function.
PERFECT = 1e-8

ROLES = (
    Role(
        "instruments",
        "matrix",
        "what moves the endogenous terms and has no effect of its own on the outcome",
    ),
    Role("endogenous", "word", "terms or variables that are endogenous, apart by commas"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Instrumented:
    """An equation with endogenous terms, and the first stage that explains them.

    Attributes
    ----------
    exogenous, endogenous : positions among the columns of the main equation; with `leads`
        the terms that are functions of an endogenous term are in neither
    first : Block of exogenous columns, then excluded instruments; its coordinates do not
        depend on the weights, so that those of replicates are the same
    excluded : number L of excluded instruments, the last columns of `first`
    notes : sentences on instruments that were dropped
    """

    exogenous: tuple[int, ...]
    endogenous: tuple[int, ...]
    first: Block
    excluded: int
    notes: tuple[str, ...]

    def names(self, sample: Sample) -> tuple[str, ...]:
        """Names of the endogenous terms."""
        return tuple(sample.names[position] for position in self.endogenous)


def instrumented(sample: Sample, *, leads: bool = False) -> Instrumented:
    """Reads roles "instruments" and "endogenous" of a sample.

    Every term that reads an endogenous variable needs an instrument of its own; with `leads`,
    as for control functions, only the first of them does.

    Raises
    ------
    Refusal
        ``unknown_endogenous``; ``instrument_is_endogenous``; ``too_few_instruments`` if there
        are fewer instruments, beyond the exogenous terms, than endogenous terms.
    """
    found = _endogenous(sample)
    touched = {place for places in found.values() for place in places}
    first_of = {places[0] for places in found.values()}
    endogenous = tuple(sorted(first_of if leads else touched))
    exogenous = tuple(place for place in range(sample.main.width) if place not in touched)
    given = sample.blocks["instruments"]
    _refuse_endogenous_instruments(sample, given, endogenous)
    X = np.column_stack([sample.X[:, exogenous], given.X[:, 1:]])
    columns = tuple(sample.columns[place] for place in exogenous) + given.columns[1:]
    terms = [sample.wording.term(column.name) for column in columns]
    even = np.ones(len(X))
    dropped = aliased(X, even, weighted_moments(X, even), terms)
    kept = [place for place in range(X.shape[1]) if place not in dropped]
    excluded = len(kept) - len(exogenous)
    notes = tuple(
        f"The instrument {terms[place]} was dropped: it {why}." for place, why in dropped.items()
    )
    if excluded < len(endogenous):
        raise _too_few(sample, endogenous, excluded, notes)
    first = block("first_stage", tuple(columns[place] for place in kept), X[:, kept], even)
    return Instrumented(exogenous, endogenous, first, excluded, notes)


def _endogenous(sample: Sample) -> dict[str, list[int]]:
    """Positions of the columns that have a name, or that read the variable of that name."""
    asked = [name.strip() for name in sample.words["endogenous"].split(",") if name.strip()]
    found = {
        name: [
            place
            for place, column in enumerate(sample.columns)
            if place > 0 and (name == column.name or name in column.variables)
        ]
        for name in asked
    }
    unknown = [name for name, places in found.items() if not places]
    if not unknown and asked:
        return found
    if unknown:
        which = f"{named(unknown)} is said to be endogenous and is no term of the model"
    else:
        which = "No term is said to be endogenous"
    dropped = [name for name, _ in sample.dropped if name in unknown]
    because = f" ({named(dropped)} was dropped from it)" if dropped else ""
    raise Refusal(
        "unknown_endogenous",
        f"{which}{because}.",
        f"Name one or more of {', '.join(sample.names[1:])}.",
    )


def _refuse_endogenous_instruments(
    sample: Sample, given: Block, endogenous: tuple[int, ...]
) -> None:
    names = {sample.names[place] for place in endogenous}
    both = [column.name for column in given.columns if column.name in names]
    if both:
        raise Refusal(
            "instrument_is_endogenous",
            f"{named(both)} is said to be endogenous and is among the instruments too.",
            "A term cannot be its own instrument: leave it out of one of the two.",
        )


def _too_few(
    sample: Sample, endogenous: tuple[int, ...], excluded: int, notes: tuple[str, ...]
) -> Refusal:
    terms = ", ".join(sample.wording.term(sample.names[place]) for place in endogenous)
    return Refusal(
        "too_few_instruments",
        " ".join(
            (
                f"{len(endogenous)} terms are endogenous ({terms}) and {excluded} instruments are "
                "left that are not terms of the model themselves.",
                *notes,
            )
        ),
        "Name at least one instrument for each endogenous term, squares and interactions included.",
    )


def beyond(Z: Floats, columns: Floats, weight: Floats) -> Floats:
    """(m, L) what is left of the columns after their weighted least squares on Z."""
    result: Floats = columns - Z @ projection(Z, columns, weight)
    return result


def projection(Z: Floats, columns: Floats, weight: Floats) -> Floats:
    """(L, k) coefficients of the weighted least squares of the columns on Z.

    Raises: Refusal ``instruments_collinear`` if the weights leave the columns of Z dependent.
    """
    root = np.sqrt(weight)[:, None]
    basis, triangle = np.linalg.qr(root * Z)
    diagonal = np.abs(np.diag(triangle))
    if diagonal.min() <= 1e-10 * diagonal.max():
        raise Refusal(
            "instruments_collinear",
            "Under these weights the instruments and exogenous terms cannot be told apart.",
            "Leave out instruments that few firms have.",
        )
    result: Floats = np.linalg.solve(triangle, basis.T @ (root * columns))
    return result


def refuse_irrelevant(sample: Sample, equation: Instrumented) -> None:
    """Refuse if the fitted endogenous terms follow from one another and the exogenous terms."""
    first, weight = equation.first.Z, sample.weight
    root = np.sqrt(weight)[:, None]
    outside = first[:, : len(equation.exogenous)]
    endogenous = sample.X[:, equation.endogenous]
    own = beyond(outside, endogenous, weight)
    moved = own - beyond(first, endogenous, weight)
    length = np.linalg.norm(root * own, axis=0)
    kept = np.abs(np.diag(np.linalg.qr(root * moved / length, mode="r")))
    lost = _terms_at(sample, equation, kept < IRRELEVANT)
    if lost:
        raise Refusal(
            "instruments_irrelevant",
            f"The instruments say nothing of {lost} beyond what the other terms say, "
            "so its effect is not identified.",
            "Find instruments that move it, or treat fewer terms as endogenous.",
        )


def refuse_no_residuals(sample: Sample, equation: Instrumented, residuals: Floats) -> None:
    """Refuse to tell apart first-stage residuals that are zero or follow from one another."""
    outside = equation.first.Z[:, : len(equation.exogenous)]
    own = beyond(outside, sample.X[:, equation.endogenous], sample.weight)
    root = np.sqrt(sample.weight)[:, None]
    length = np.linalg.norm(root * own, axis=0)
    left = np.linalg.norm(root * residuals, axis=0) / length
    perfect = _terms_at(sample, equation, left < PERFECT)
    if perfect:
        raise Refusal(
            "perfect_first_stage",
            f"{perfect} follows exactly from the instruments and exogenous terms, so no part of "
            "it is left that could be endogenous.",
            "Treat it as exogenous, or look for instruments that were computed from it.",
        )
    kept = np.abs(np.diag(np.linalg.qr(root * residuals / (length * left), mode="r")))
    dependent = _terms_at(sample, equation, kept < PERFECT)
    if dependent:
        raise Refusal(
            "residuals_dependent",
            f"What instruments leave of {dependent} follows from what they leave of the other "
            "endogenous terms, so their endogeneity cannot be told apart.",
            "Treat fewer terms as endogenous.",
        )


def _terms_at(sample: Sample, equation: Instrumented, where: Rows) -> str:
    names = zip(equation.names(sample), where, strict=True)
    return ", ".join(sample.wording.term(name) for name, is_there in names if is_there)
