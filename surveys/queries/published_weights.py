"""The published weights of a wave, as an extract takes them."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from surveys.models import CaseWeight, ReplicateWeights, Wave, Weighting
from surveys.queries.weighting import published, replicates_of


@dataclass(frozen=True, slots=True, eq=False)
class PublishedWeights:
    """The final weight by pseudonym, zero for cases that stand for none."""

    weighting: Weighting
    weight: Mapping[str, float]

    @property
    def named(self) -> dict[str, str | int]:
        """How what rests on the weights names them."""
        return {"number": self.weighting.number, "fingerprint": self.weighting.fingerprint}

    def replicates(self, firms: pd.Index) -> pd.DataFrame | None:
        """The replicate weights of these firms, a column a replicate; None if there are none."""
        if not ReplicateWeights.objects.filter(weighting=self.weighting).exists():
            return None
        pseudonyms, weights, _ = replicates_of(self.weighting)
        columns = [f"replicate.{number}" for number in range(1, weights.shape[1] + 1)]
        return pd.DataFrame(weights, index=pseudonyms, columns=columns).loc[list(firms)]


def published_weights(wave: Wave) -> PublishedWeights | None:
    """None where no version is published."""
    found = published(wave)
    if found is None:
        return None
    rows = CaseWeight.objects.filter(weighting=found, weight__gt=0)
    return PublishedWeights(found, dict(rows.values_list("case__pseudonym", "weight")))
