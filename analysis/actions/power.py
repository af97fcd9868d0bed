"""Power studies: asked for by a person, worked out in parts by a worker."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from analysis.extracts import User, Wave
from analysis.models import PowerStudy
from analysis.planning.power import Tally, power_of, simulate
from analysis.planning.study import Study, study
from analysis.refusals import Refusal

PART = 25
MOST_REPLICATIONS = 20_000
_PATIENCE = timedelta(minutes=5)

Strata = Sequence[tuple[str, int, int]]


def ask_for_power(
    *,
    wave: Wave,
    strata: Strata,
    assumptions: Mapping[str, float],
    replications: int,
    seed: int,
    by: User | None,
    at: datetime,
) -> PowerStudy:
    """A study for a worker. Raises Refusal if it cannot be."""
    _study_of(strata, assumptions)
    if not 0 < replications <= MOST_REPLICATIONS:
        raise Refusal(
            "bad_replications", f"{replications} surveys cannot be made.",
            f"Ask for 1 to {MOST_REPLICATIONS}.",
        )  # fmt: skip
    return PowerStudy.objects.create(
        wave=wave,
        strata=[list(each) for each in strata],
        assumptions=dict(assumptions),
        seed=seed,
        progress_total=replications,
        requested_by=by,
        requested_at=at,
    )


def carry_on_power(key: int) -> None:
    """Go on with a study part by part, until it is done or another worker has gone on."""
    while (found := PowerStudy.objects.filter(pk=key, state=PowerStudy.State.RUNNING).first()) and (
        _one_part(found)
    ):
        pass


def cancel_power(*, wave: Wave, key: int) -> bool:
    """Let no further part of a study of the wave be added. False if it is over."""
    under_way = PowerStudy.objects.filter(pk=key, wave=wave, state=PowerStudy.State.RUNNING)
    return bool(under_way.update(state=PowerStudy.State.CANCELLED))


def unheard() -> list[int]:
    """Studies that no worker has told of for a while."""
    silent = Q(heard_at__isnull=True, requested_at__lt=Now() - _PATIENCE) | Q(
        heard_at__lt=Now() - _PATIENCE
    )
    waiting = PowerStudy.objects.filter(silent, state=PowerStudy.State.RUNNING)
    return list(waiting.values_list("pk", flat=True)[:100])


def worked_out_power(
    strata: Strata, assumptions: Mapping[str, float], *, seed: int, replications: int
) -> dict[str, Any]:
    """The same at once, for the command. Raises Refusal."""
    plan = _study_of(strata, assumptions)
    tally = simulate(plan, seed=seed, replications=range(replications))
    return asdict(power_of(plan, tally))


def _one_part(found: PowerStudy) -> bool:
    """Whether the part was added; only over the number that it began from."""
    done = found.progress_done
    part = range(done, min(done + PART, found.progress_total))
    try:
        plan = _study_of(found.strata, found.assumptions)
        tally = Tally(**found.tally) + simulate(plan, seed=found.seed, replications=part)
    except Refusal as refusal:
        _still(found).update(state=PowerStudy.State.FAILED, failure=str(refusal))
        return False
    changed: dict[str, Any] = {
        "progress_done": part.stop,
        "tally": asdict(tally),
        "heard_at": Now(),
    }
    if part.stop == found.progress_total:
        result = asdict(power_of(plan, tally))
        changed |= {"result": result, "state": PowerStudy.State.DONE}
    return bool(_still(found).filter(progress_done=done).update(**changed))


def _still(found: PowerStudy) -> QuerySet[PowerStudy]:
    """The study, unless it was ended meanwhile."""
    return PowerStudy.objects.filter(pk=found.pk, state=PowerStudy.State.RUNNING)


def _study_of(strata: Strata, assumptions: Mapping[str, Any]) -> Study:
    if not strata:
        raise Refusal(
            "study_without_sample", "The wave has no strata yet.", "Plan or draw its sample first."
        )
    return study(
        population=np.array([each[1] for each in strata]),
        drawn=np.array([each[2] for each in strata]),
        **assumptions,
    )
