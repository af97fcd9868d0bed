"""A data set and a plan in, a table and its estimates out, in one go."""

from collections.abc import Callable

from analysis.dataset import Dataset
from analysis.pipeline.estimating import Finding, worked
from analysis.pipeline.joining import Results, describe_all, joined
from analysis.pipeline.pieces import Piece
from analysis.pipeline.prepared import Prepared
from analysis.refusals import Refusal
from analysis.specification.imputing import missing_cells, refuse_cross_tabulation
from analysis.specification.model import Described, Plan

Progress = Callable[[int, int, str], None]


def quiet(done: int, total: int, note: str) -> None:
    """Progress that nobody watches."""


def run(
    dataset: Dataset,
    plan: Plan,
    *,
    on_progress: Progress = quiet,
    fingerprint: str = "",
    stars: bool = False,
) -> Results:
    """Measures, definitions, equations, fits, margins, table.

    Raises: Refusal that names the model which cannot be estimated and why, if none can;
    PlanRefusal never.
    """
    prepared = Prepared(dataset, plan)
    prepared.refuse_empty()
    pieces = prepared.pieces
    total = sum(piece.size for piece in pieces) + len(plan.descriptives)
    on_progress(0, total, "Deriving measures")
    for asked in plan.descriptives if plan.imputation else ():
        refuse_cross_tabulation(asked)
    _ = prepared.known
    if plan.imputation is not None:
        missing = missing_cells(dataset, plan.imputation)
        on_progress(0, total, f"Imputing {missing} answers {plan.imputation.count} times")
        _ = prepared.worlds
    findings: list[tuple[Piece, Finding | Refusal]] = []
    done = 0
    for piece in pieces:
        on_progress(done, total, piece.title)
        findings.append((piece, attempted(prepared, piece)))
        done += piece.size
    descriptions = describe_all(prepared, telling(on_progress, done, total))
    on_progress(total, total, "Making the table")
    return joined(prepared, findings, descriptions, fingerprint=fingerprint, stars=stars)


def attempted(prepared: Prepared, piece: Piece) -> Finding | Refusal:
    """What the piece finds, or why it cannot."""
    try:
        return worked(prepared, piece)
    except Refusal as refusal:
        return refusal


def telling(on_progress: Progress, done: int, total: int) -> Callable[[int, Described], None]:
    """What hears of each description that is begun."""

    def tell(place: int, asked: Described) -> None:
        on_progress(done + place, total, f"Describing {asked.outcome}")

    return tell
