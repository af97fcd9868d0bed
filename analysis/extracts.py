"""The only module of the estimating half that looks into the collecting half."""

import hashlib
import json
from typing import Any

import numpy as np
import pandas as pd

from analysis.dataset import Dataset, Roster, Variable
from mathematics.replicates import ReplicateWeights
from surveys import permissions
from surveys.models import User, Wave
from surveys.queries import extracts, samples, waves
from surveys.queries.extracts import Extract
from surveys.queries.published_weights import Replicated

__all__ = [
    "User",
    "Wave",
    "dataset",
    "dataset_for_pages",
    "extract_fingerprint",
    "may_analyse",
    "may_plan_power",
    "may_view_tables",
    "planned_strata",
    "wave_for",
    "wave_named",
]

_MOST_HELD = 4
_HELD: dict[int, tuple[tuple[Any, ...], Dataset]] = {}


def dataset(wave: Wave) -> Dataset:
    """The wave's submitted responses as a data set; see `surveys.queries.extracts.extract`."""
    found = extracts.extract(wave)
    return Dataset(
        frame=found.frame,
        variables=tuple(
            Variable(
                name=column.name,
                construct=column.construct,
                measure=column.measure,
                label=column.label,
                coordinates=column.coordinates,
                unit=column.unit,
                codes=column.codes,
            )
            for column in found.columns
        ),
        design=found.design,
        provenance=found.provenance,
        fingerprint=_fingerprint(found),
        replicates=_replicates(found.replicates),
        rosters=tuple(
            Roster(each.roster, each.firms, each.units, each.frame) for each in found.entries
        ),
    )


def _replicates(found: Replicated | None) -> ReplicateWeights | None:
    if found is None:
        return None
    return ReplicateWeights(
        weights=found.weights.to_numpy(dtype=float),
        scale=found.scale,
        rscales=np.array(found.rscales),
        mse=found.mse,
        method=found.method,
    )


def dataset_for_pages(wave: Wave) -> Dataset:
    """The data set, read anew only if an answer or a disposition changed since the last page.

    For checks and codebooks, which are shown often; a run always reads anew.
    """
    mark = extracts.extract_mark(wave)
    held = _HELD.get(wave.pk)
    if held is None or held[0] != mark:
        held = mark, dataset(wave)
        # A handful of waves is looked at in one hour; the newest few are enough.
        for oldest in list(_HELD)[: len(_HELD) - _MOST_HELD + 1]:
            _HELD.pop(oldest, None)
        _HELD[wave.pk] = held
    return held[1]


def extract_fingerprint(wave: Wave) -> str:
    """SHA-256 over columns, codebook and design, the same on every database."""
    return _fingerprint(extracts.extract(wave))


def _fingerprint(found: Extract) -> str:
    digest = hashlib.sha256()
    codebook = [[c.name, c.measure, c.label, c.coordinates, c.unit, c.codes] for c in found.columns]
    digest.update(json.dumps([codebook, found.provenance], sort_keys=True, default=str).encode())
    for frame in (found.frame, found.design):
        digest.update(json.dumps([str(label) for label in frame.index]).encode())
        for name in frame.columns:
            digest.update(name.encode())
            digest.update(_column_bytes(frame[name]))
    for each in found.entries:
        digest.update(json.dumps([each.roster, each.firms, list(each.frame.index)]).encode())
        # The unit is left out: which wave had a firm first changes with waves that are added,
        # and no measure of one wave rests on it.
        for name in (name for name in each.frame.columns if name != "unit"):
            digest.update(name.encode())
            digest.update(_column_bytes(each.frame[name]))
    return digest.hexdigest()


def _column_bytes(column: pd.Series) -> bytes:
    if column.dtype == object:
        return json.dumps([None if value is None else str(value) for value in column]).encode()
    return np.ascontiguousarray(column.to_numpy(dtype="<f8")).tobytes()


def may_analyse(user: permissions.Person, wave: Wave) -> bool:
    """Whether the person may write and run plans on the wave."""
    return permissions.may_analyse(user, wave.survey)


def may_view_tables(user: permissions.Person, wave: Wave) -> bool:
    """Whether the person may read the tables of finished runs."""
    return permissions.may_view_tables(user, wave.survey)


def may_plan_power(user: permissions.Person, wave: Wave) -> bool:
    """Whether the person may ask what a sample could show: who plans it, and who analyses."""
    survey = wave.survey
    return permissions.may_design(user, survey) or permissions.may_analyse(user, survey)


def planned_strata(wave: Wave) -> list[tuple[str, int, int]]:
    """Label, N_h and n_h of the wave's strata, drawn or planned."""
    return samples.planned_strata(wave)


def wave_for(user: permissions.Person, survey: str, wave: str) -> Wave:
    """The wave by its slugs, if the person may see it. Raises: Wave.DoesNotExist."""
    return waves.visible_waves(user).get(survey__slug=survey, slug=wave)


def wave_named(survey: str, wave: str) -> Wave:
    """The wave by its slugs, for commands. Raises: Wave.DoesNotExist."""
    found = waves.wave_named(survey, wave)
    if found is None:
        raise Wave.DoesNotExist(f"There is no wave {wave!r} in a survey {survey!r}.")
    return found
