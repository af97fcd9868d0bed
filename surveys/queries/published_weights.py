"""The published weights of a wave, as an extract takes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from surveys.models import CaseWeight, ReplicateWeights, Wave, Weighting
from surveys.queries.weighting import published, replicates_of


@dataclass(frozen=True, slots=True, eq=False)
class Replicated:
    """Published replicate weights of n firms, and how their estimates make a variance.

    Attributes
    ----------
    weights : (n, R) DataFrame by pseudonym, a column a replicate
    method, scale, rscales, mse : as of `mathematics.replicates.ReplicateWeights`
    """

    weights: pd.DataFrame
    method: str
    scale: float
    rscales: tuple[float, ...]
    mse: bool


@dataclass(frozen=True, slots=True, eq=False)
class PublishedWeights:
    """The final weight by pseudonym, zero for cases that stand for none."""

    weighting: Weighting
    weight: Mapping[str, float]

    @property
    def named(self) -> dict[str, str | int]:
        """How what rests on the weights names them."""
        return {"number": self.weighting.number, "fingerprint": self.weighting.fingerprint}

    def replicate_count(self) -> tuple[int, str]:
        """How many sets of replicate weights the version has, and by which method."""
        held = ReplicateWeights.objects.filter(weighting=self.weighting)
        return held.values_list("count", "method").first() or (0, "")

    def all_replicates(self) -> dict[str, Any] | None:
        """Rows of the (n, R) replicate weights by pseudonym; None if the version has none."""
        if not ReplicateWeights.objects.filter(weighting=self.weighting).exists():
            return None
        pseudonyms, weights, _ = replicates_of(self.weighting)
        return dict(zip(pseudonyms, weights, strict=True))

    def replicates(self, firms: pd.Index) -> Replicated | None:
        """The replicate weights of these firms; None if the version has none."""
        if not ReplicateWeights.objects.filter(weighting=self.weighting).exists():
            return None
        pseudonyms, weights, about = replicates_of(self.weighting)
        columns = [f"replicate.{number}" for number in range(1, weights.shape[1] + 1)]
        of_firms = pd.DataFrame(weights, index=pseudonyms, columns=columns).loc[list(firms)]
        return Replicated(of_firms, **_how(about))


def _how(about: dict[str, Any]) -> dict[str, Any]:
    return about | {"rscales": tuple(about["rscales"])}


def published_weights(wave: Wave) -> PublishedWeights | None:
    """None where no version is published."""
    found = published(wave)
    if found is None:
        return None
    rows = CaseWeight.objects.filter(weighting=found, weight__gt=0)
    return PublishedWeights(found, dict(rows.values_list("case__pseudonym", "weight")))
