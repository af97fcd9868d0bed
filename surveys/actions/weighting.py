"""Making the weights of a closed wave, in versions of which one is published."""

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import numpy as np
from django.core.files.base import ContentFile
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import Max

from mathematics.refusals import Refusal
from mathematics.replicates import ReplicateWeights as Replicates
from surveys.actions import held_works
from surveys.models import (
    AuditEvent,
    Case,
    CaseWeight,
    ReplicateWeights,
    User,
    Wave,
    Weighting,
    WeightingRequest,
)
from surveys.queries.weighting import DrawnCases, drawn_cases, obstacles_to_weighing
from surveys.weighting.carrying_out import Weighed, carry_out
from surveys.weighting.recipe import read_recipe

Kept = Callable[[Weighting], None]

_CHUNK = 2_000
_NOT_COMPUTED = {
    "message": "The weights could not be computed by this recipe.",
    "remedy": "Take fewer variables, or joined categories.",
}


_UNFORESEEN = {
    "message": "Making the weights broke off for a reason that is not in the recipe.",
    "remedy": "Nothing was kept. Try again, and tell the operator if it happens twice.",
}
_GIVEN_UP = (
    "Three workers ended in the middle of making these weights, and nothing was kept. Perhaps "
    "they need more memory than the workers have: ask for fewer replicates, or ask the operator."
)


class WeighingFailed(Exception):
    """Weighing that broke off unforeseen. Holds the kind of the failure and no data of firms."""


class NotWeighable(Exception):
    """The wave takes no weights now; `reason` says why, in a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def ask_for_weights(
    *, wave: Wave, recipe: Mapping[str, Any], by: User | None, at: datetime
) -> WeightingRequest:
    """Note that weights are wanted; a worker makes them. Raises NotWeighable, Refusal."""
    read_recipe(recipe)
    _refuse_obstacles(wave)
    try:
        with transaction.atomic():
            asked = WeightingRequest.objects.create(wave=wave, recipe=dict(recipe), by=by, at=at)
    except IntegrityError:
        raise NotWeighable(
            "Weights of this wave are being made already. Wait until they are there."
        ) from None
    _audit(wave, "weights_asked", by, at, {"recipe": dict(recipe)})
    return asked


def carry_out_request(*, request: int, at: datetime) -> Weighting | None:
    """Make the weights that were asked for; a refusal is kept as a sentence for the page.

    Delivered twice, or to two workers, it makes them once. None if they were made before, are
    being made or could not be.
    """
    hold = held_works.take(WeightingRequest, request)
    if hold is None:
        return None
    asked = WeightingRequest.objects.select_related("wave__survey", "by").get(pk=request)
    with suppress(held_works.Overtaken), hold.lease():
        try:
            return weigh(
                wave=asked.wave,
                recipe=asked.recipe,
                by=asked.by,
                at=at,
                kept=lambda made: hold.end(WeightingRequest.State.DONE, made=made),
            )
        except Refusal as refusal:
            told = {"message": refusal.message, "remedy": refusal.remedy}
        except NotWeighable as refusal:
            told = {"message": refusal.reason, "remedy": ""}
        except (ValueError, ArithmeticError, np.linalg.LinAlgError):
            told = _NOT_COMPUTED
        except (held_works.Overtaken, OperationalError, InterfaceError):
            raise  # without its database the request stays held, until the lease is over
        except Exception as failure:
            # A database's own message may hold a firm's data: only its kind goes on to the log.
            _refuse(asked, hold, _UNFORESEEN, at)
            raise WeighingFailed(type(failure).__name__) from None
        _refuse(asked, hold, told, at)
    return None


def waiting() -> list[int]:
    """Requests that wait for a worker; one that killed three is given up, and told."""
    return held_works.waiting(WeightingRequest, message=_GIVEN_UP)


@transaction.atomic
def _refuse(
    asked: WeightingRequest, hold: held_works.Hold, told: Mapping[str, str], at: datetime
) -> None:
    hold.end(WeightingRequest.State.REFUSED, **told)
    _audit(asked.wave, "weights_refused", asked.by, at, {**told, "recipe": asked.recipe})


def weigh(
    *,
    wave: Wave,
    recipe: Mapping[str, Any],
    by: User | None,
    at: datetime,
    kept: Kept = lambda _: None,
) -> Weighting:
    """Weights by the recipe as the next version of the wave. Raises NotWeighable, Refusal.

    They are computed before anything is locked; `kept` is told in the transaction that keeps
    them, and raising, keeps nothing.
    """
    read = read_recipe(recipe)
    _refuse_obstacles(wave)
    seen = _cases_seen(wave)
    cases = drawn_cases(wave)
    if not cases.keys:
        raise NotWeighable("The wave has no cases.")
    found = carry_out(read, cases.drawn)
    with transaction.atomic():
        # The lock keeps two weightings from taking one number, and the wave from changing.
        locked = Wave.objects.select_for_update(of=("self",)).select_related("survey", "frame")
        wave = locked.get(pk=wave.pk)
        _refuse_obstacles(wave)
        if _cases_seen(wave) != seen:
            raise NotWeighable("Cases changed while the weights were made. Ask for them again.")
        made = _kept(wave, recipe, cases, found, by=by, at=at)
        kept(made)
    return made


def _refuse_obstacles(wave: Wave) -> None:
    for sentence in obstacles_to_weighing(wave):
        raise NotWeighable(sentence)


def _cases_seen(wave: Wave) -> list[tuple[Any, ...]]:
    """What of the cases could change after the close, for a case that was reopened."""
    fields = ("pk", "disposition", "final_code", "design_weight")
    return list(Case.objects.filter(wave=wave).order_by("pk").values_list(*fields))


def _kept(
    wave: Wave,
    recipe: Mapping[str, Any],
    cases: DrawnCases,
    found: Weighed,
    *,
    by: User | None,
    at: datetime,
) -> Weighting:
    newest = Weighting.objects.filter(wave=wave).aggregate(newest=Max("number"))["newest"] or 0
    made = Weighting.objects.create(
        wave=wave,
        number=newest + 1,
        document=dict(recipe),
        fingerprint=_fingerprint(recipe, cases, found),
        report=_plain(found.report),
        made_by=by,
        made_at=at,
    )
    _keep_weights(made, cases, found)
    if found.replicates is not None:
        _keep_replicates(made, cases, found.replicates, at)
    detail = {"number": made.number, "fingerprint": made.fingerprint}
    _audit(wave, "weights_made", by, at, detail)
    return made


@transaction.atomic
def publish(*, weighting: Weighting, by: User | None, at: datetime) -> Weighting:
    """Let extracts and analyses use this version; the one before stays, unpublished."""
    wave = (
        Wave.objects.select_for_update(of=("self",))
        .select_related("survey")
        .get(pk=weighting.wave_id)
    )
    Weighting.objects.filter(wave=wave, is_published=True).update(is_published=False)
    Weighting.objects.filter(pk=weighting.pk).update(is_published=True)
    weighting.is_published = True
    detail = {"number": weighting.number, "fingerprint": weighting.fingerprint}
    _audit(wave, "weights_published", by, at, detail)
    return weighting


def record_download(*, weighting: Weighting, by: User | None, at: datetime) -> None:
    """Audit that the weights left the platform."""
    _audit(weighting.wave, "weights_downloaded", by, at, {"number": weighting.number})


def _keep_weights(made: Weighting, cases: DrawnCases, found: Weighed) -> None:
    final = found.weights.final
    factors = {each.name: each.factor for each in found.weights.adjustments}
    rows = (
        CaseWeight(
            weighting=made,
            case_id=key,
            weight=float(final[number]),
            factors={name: float(values[number]) for name, values in factors.items()},
        )
        for number, key in enumerate(cases.keys)
    )
    CaseWeight.objects.bulk_create(rows, batch_size=_CHUNK)


def _keep_replicates(
    made: Weighting, cases: DrawnCases, replicates: Replicates, at: datetime
) -> None:
    target = io.BytesIO()
    np.savez_compressed(
        target,
        pseudonyms=np.array(cases.pseudonyms, dtype=str),
        weights=replicates.weights,
        scale=replicates.scale,
        rscales=replicates.rscales,
        mse=replicates.mse,
    )
    kept = ReplicateWeights(
        weighting=made,
        method=replicates.method,
        count=replicates.weights.shape[1],
        made_at=at,
    )
    kept.file.save(f"{made.fingerprint[:32]}.npz", ContentFile(target.getvalue()), save=False)
    kept.save()


def _fingerprint(recipe: Mapping[str, Any], cases: DrawnCases, found: Weighed) -> str:
    """SHA-256 over the recipe and the weight of every case, the same on every database."""
    digest = hashlib.sha256(json.dumps(recipe, sort_keys=True).encode())
    order = np.argsort(np.array(cases.pseudonyms))
    digest.update(json.dumps([cases.pseudonyms[place] for place in order]).encode())
    digest.update(found.weights.final[order].astype("<f8").tobytes())
    if found.replicates is not None:
        digest.update(found.replicates.weights[order].astype("<f8").tobytes())
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    """The value as JSON knows it: text for keys, no numbers that are none."""
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def _audit(wave: Wave, action: str, by: User | None, at: datetime, detail: dict[str, Any]) -> None:
    told = {"wave": wave.slug, **detail}
    AuditEvent.objects.create(user=by, survey=wave.survey, action=action, at=at, detail=told)
