"""A data set and a plan in, a table and its estimates out, in one go."""

from collections.abc import Callable

from analysis.dataset import Dataset, SampleAgainstFrame
from analysis.disclosure.rules import DisclosurePolicy
from analysis.estimation.design import Labels
from analysis.pipeline.describing import refuse_nothing_but_unpooled
from analysis.pipeline.estimating import Finding, worked
from analysis.pipeline.joining import describe_all, joined
from analysis.pipeline.pieces import Piece
from analysis.pipeline.prepared import Prepared
from analysis.pipeline.tabling import Results
from analysis.refusals import Refusal
from analysis.specification.imputing import missing_cells
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
    policy: DisclosurePolicy | None = None,
    holdings: Labels | None = None,
    earlier: tuple[Plan, ...] = (),
    against_frame: SampleAgainstFrame | None = None,
) -> Results:
    """Measures, definitions, equations, fits, margins, table.

    Without a `policy` nothing is withheld: that is for who has the data in hand. `policy`,
    `holdings`, `earlier` and `against_frame` are those of `Prepared`.

    Raises: Refusal of the whole plan; if nothing of it can be made, that of its first model or
    description, by name. PlanRefusal never.
    """
    prepared = Prepared(dataset, plan, policy, holdings, earlier, against_frame)
    prepared.refuse_empty()
    pieces = prepared.pieces
    total = sum(piece.size for piece in pieces) + len(plan.descriptives)
    on_progress(0, total, "Deriving measures")
    refuse_nothing_but_unpooled(plan)
    prepared.refuse_unusable()
    if plan.imputation is not None:
        missing = missing_cells(dataset, plan.imputation)
        on_progress(0, total, f"Imputing {missing} answers {plan.imputation.count} times")
    findings: list[tuple[Piece, Finding | Refusal]] = []
    done = 0
    for piece in pieces:
        on_progress(done, total, piece.title)
        findings.append((piece, attempted(prepared, piece)))
        done += piece.size
    descriptions = describe_all(prepared, findings, telling(on_progress, done, total))
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
        what = asked.outcome or asked.name or asked.statistic
        on_progress(done + place, total, f"Describing {what}")

    return tell
