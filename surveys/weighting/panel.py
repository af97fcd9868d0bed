"""Longitudinal weights: the first wave's base weight over the chance of having stayed."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from mathematics.refusals import Refusal
from surveys.weighting.cells import LEAST, MOST
from surveys.weighting.chain import Step, Weights, weigh
from surveys.weighting.nonresponse import ByInversePropensity, Sharing, in_classes

Variables = Mapping[str, npt.ArrayLike]


def longitudinal(
    base: npt.ArrayLike,
    responded: npt.ArrayLike,
    in_scope: npt.ArrayLike,
    known: Sequence[Variables],
    *,
    classes: bool = False,
    least: int = LEAST,
    most: float = MOST,
) -> Weights:
    """Weights of firms that responded in every one of W waves.

    Parameters
    ----------
    base : (n,) floats
        Base weights of the first wave.
    responded : (n, W) booleans
        A firm that missed a wave has left for good.
    in_scope : (n, W) booleans
        Firms that died, merged or left the population leave with their weight.
    known : W mappings from name to (n,) categories
        What is known before each wave of the firms followed until then: of the frame for the
        first, answers of the waves before for the others.
    classes : bool
        Whether weight is shared within the crossed categories of `known`; otherwise it is
        divided by the propensity of a weighted logit.
    least : int
        See `weighting_cells`.
    most : float
        See `weighting_cells`.

    Returns
    -------
    Weights, one adjustment a wave: the final weight is the base weight times the inverse of
    every retention propensity.

    Raises: Refusal ``nobody_stayed`` and those of the steps.
    """
    stayed = np.asarray(responded, dtype=bool)
    scope = np.asarray(in_scope, dtype=bool)
    if stayed.shape != scope.shape or len(known) != stayed.shape[1]:
        raise ValueError("Responses, scope and what is known must have the same waves.")
    weights = weigh(base, ())
    steps: list[Step] = []
    followed = np.ones(len(stayed), dtype=bool)
    for wave, variables in enumerate(known):
        sharing = Sharing.of(
            gives=followed & scope[:, wave] & ~stayed[:, wave],
            takes=followed & scope[:, wave] & stayed[:, wave],
            leaves=~followed | ~scope[:, wave],
        )
        if not sharing.takes.any():
            raise Refusal(
                "nobody_stayed",
                f"No firm that was followed until then responded in wave {wave + 1}.",
                "Follow firms over fewer waves.",
            )
        name = f"retention in wave {wave + 1}"
        if classes:
            steps.append(
                in_classes(variables, weights.final, sharing, name=name, least=least, most=most)
            )
        else:
            steps.append(ByInversePropensity(variables, sharing, name=name))
        weights = weigh(base, steps)
        followed = sharing.takes
    return weights
