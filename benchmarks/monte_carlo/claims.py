"""Which covariances estimators claim, and which of them no scenario holds to the claim."""

from collections.abc import Iterable, Mapping

from analysis.estimation.registry import ESTIMATORS

Claim = tuple[str, str]
NOT_REPLICATED: Mapping[Claim, str] = {
    ("multilevel_logit", "replicate"): (
        "every refit integrates over the regions again, which 2,000 surveys of dozens of "
        "replicates cannot afford; its weights and refits are those that multilevel_linear, "
        "design and replicate are held to"
    ),
}
"""Claims that are not held to, with the reason."""


def unheld(held: Iterable[Claim]) -> set[Claim]:
    """Claims of the registered estimators that are neither held to nor excepted."""
    claimed = {
        (each.name, covariance) for each in ESTIMATORS.values() for covariance in each.covariances
    }
    return claimed - {(name, _plain(covariance)) for name, covariance in held} - set(NOT_REPLICATED)


def _plain(covariance: str) -> str:
    """As plans name it: what comes after a comma is the variant."""
    return covariance.partition(",")[0]
