"""What the pages read: plans of a wave with their runs, shipped plans, how far a run is."""

import math
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from analysis.extracts import Wave
from analysis.models import Plan, PlanVersion, Run, RunPiece
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan

SHIPPED = Path(__file__).resolve().parent.parent / "plans"
_HEAVY = (
    "estimates", "table", "margins_table", "descriptives_table", "curve_table", "origin",
)  # fmt: skip


def plans_of(wave: Wave) -> QuerySet[Plan]:
    """Plans with their newest version, the number of runs and the newest run."""
    versions = PlanVersion.objects.filter(plan=OuterRef("pk")).order_by("-number")
    runs = Run.objects.filter(plan_version__plan=OuterRef("pk")).order_by("-requested_at")
    return Plan.objects.filter(wave=wave).annotate(
        newest_number=Subquery(versions.values("number")[:1]),
        written_at=Subquery(versions.values("written_at")[:1]),
        run_count=Count("versions__runs", distinct=True),
        done_count=Count(
            "versions__runs", filter=Q(versions__runs__state=Run.State.DONE), distinct=True
        ),
        newest_run=Subquery(runs.values("pk")[:1]),
        newest_run_state=Subquery(runs.values("state")[:1]),
    )


def plan(wave: Wave, slug: str) -> Plan:
    """The wave's plan. Raises: Plan.DoesNotExist."""
    return Plan.objects.select_related("wave__survey").get(wave=wave, slug=slug)


def slug_is_taken(wave: Wave, slug: str) -> bool:
    return Plan.objects.filter(wave=wave, slug=slug).exists()


def versions_of(found: Plan) -> list[PlanVersion]:
    """Newest first, with who wrote each."""
    return list(found.versions.select_related("written_by"))


def runs_of(found: Plan) -> list[Run]:
    """Newest first, without what they gave."""
    runs = Run.objects.filter(plan_version__plan=found)
    return list(runs.select_related("plan_version", "requested_by").defer(*_HEAVY))


def run(pk: UUID) -> Run:
    """The run with its plan, wave and survey. Raises: Run.DoesNotExist."""
    related = Run.objects.select_related("plan_version__plan__wave__survey", "requested_by")
    return related.get(pk=pk)


def runs_ahead(waiting: Run) -> int:
    """Runs that were asked for earlier and wait as well."""
    earlier = Run.objects.filter(state=Run.State.REQUESTED, requested_at__lt=waiting.requested_at)
    return earlier.count()


@dataclass(frozen=True, slots=True)
class ShippedPlan:
    """A plan that comes with Milieu."""

    name: str
    title: str
    about: str
    source: str


@lru_cache(maxsize=1)
def shipped_plans() -> tuple[ShippedPlan, ...]:
    """Every readable plan of the shipped folder, by name; read once a process."""
    plans = []
    for path in sorted(SHIPPED.glob("*.yaml")):
        source = path.read_text(encoding="utf-8")
        try:
            read = read_plan(source)
        except Refusal:
            continue
        plans.append(ShippedPlan(path.stem, read.title, read.about, source))
    return tuple(plans)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, in words and numbers."""

    state: str
    words: str
    is_over: bool
    done: int
    total: int
    note: str
    elapsed: int
    time: str
    ahead: int
    failed: tuple[tuple[str, str], ...] = ()


_UNDER_WAY = (Run.State.RUNNING, Run.State.DIVIDED)


def progress(found: Run, *, at: datetime) -> Progress:
    """`elapsed` is in seconds; `time` says it in words, with what is left if that is known."""
    is_over = found.state not in Run.UNFINISHED
    since = found.started_at if found.state != Run.State.REQUESTED else found.requested_at
    until = found.finished_at if is_over and found.finished_at else at
    elapsed = max(0, round((until - (since or found.requested_at)).total_seconds()))
    return Progress(
        state=found.state,
        words=found.get_state_display(),
        is_over=is_over,
        done=found.progress_done,
        total=found.progress_total,
        note=found.progress_note,
        elapsed=elapsed,
        time=_time_in_words(found, elapsed),
        ahead=runs_ahead(found) if found.state == Run.State.REQUESTED else 0,
        failed=pieces_that_failed(found) if found.state == Run.State.DIVIDED else (),
    )


_MOST_FAILURES = 20


def pieces_that_failed(found: Run) -> tuple[tuple[str, str], ...]:
    """What was refused or failed so far, and why: the first of them."""
    states = (RunPiece.State.REFUSED, RunPiece.State.FAILED)
    failed = found.pieces.filter(state__in=states).order_by("number")[:_MOST_FAILURES]
    return tuple(
        (each.title, f"{each.failure['message']} {each.failure['remedy']}".strip())
        for each in failed
    )


def _time_in_words(found: Run, elapsed: int) -> str:
    if found.state == Run.State.REQUESTED:
        return f"Waiting for {_duration(elapsed)}"
    left = _left(found, elapsed)
    told = f"{_duration(elapsed)} so far"
    return told if left is None else f"{told}, about {_duration(left)} to go"


def _left(found: Run, elapsed: int) -> int | None:
    """Seconds to go, if every estimation takes as long as those before; None before the first."""
    if found.state not in _UNDER_WAY or not found.progress_done:
        return None
    each = elapsed / found.progress_done
    return math.ceil(each * (found.progress_total - found.progress_done))


def _duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
