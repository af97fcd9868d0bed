"""The only module of the estimating half that looks into the collecting half."""

import hashlib
import json

import numpy as np
import pandas as pd

from analysis.dataset import Dataset, Variable
from surveys import permissions
from surveys.models import User, Wave
from surveys.queries import extracts, waves
from surveys.queries.extracts import Extract

__all__ = ["User", "Wave", "dataset", "extract_fingerprint", "may_analyse", "wave_for", "wave_named"]


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
    )


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
    return digest.hexdigest()


def _column_bytes(column: pd.Series) -> bytes:
    if column.dtype == object:
        return json.dumps([None if value is None else str(value) for value in column]).encode()
    return np.ascontiguousarray(column.to_numpy(dtype="<f8")).tobytes()


def may_analyse(user: permissions.Person, wave: Wave) -> bool:
    """Whether the person may write and run plans on the wave."""
    return permissions.may_analyse(user, wave.survey)


def wave_for(user: permissions.Person, survey: str, wave: str) -> Wave:
    """The wave by its slugs, if the person may see it. Raises: Wave.DoesNotExist."""
    return waves.visible_waves(user).get(survey__slug=survey, slug=wave)


def wave_named(survey: str, wave: str) -> Wave:
    """The wave by its slugs, for commands. Raises: Wave.DoesNotExist."""
    found = waves.wave_named(survey, wave)
    if found is None:
        raise Wave.DoesNotExist(f"There is no wave {wave!r} in a survey {survey!r}.")
    return found
