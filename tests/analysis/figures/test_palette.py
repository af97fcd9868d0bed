"""Colours can be told apart, on white and by who sees fewer of them."""

from itertools import combinations

import numpy as np
import pytest

from analysis.figures.style import ACCENT, BAR, FAINT, SECOND
from analysis.tables.scales import INK, QUIET_INK, SCALES

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
DEFICIENCIES = {
    "none": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
FIVE = [scale.colour for scale in SCALES if scale.colour != INK]
FIVE = list(dict.fromkeys(FIVE))
CURVES = [ACCENT, SECOND, INK]
# Marks differ, too; a step that is plain to see side by side is enough.
LEAST_DIFFERENCE = 9


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIELAB under D65 of linear RGB."""
    xyz = (
        np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
        @ rgb
        / [0.95047, 1.0, 1.08883]
    )
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast_on_white(colour: str) -> float:
    return 1.05 / (linear(colour) @ [0.2126, 0.7152, 0.0722] + 0.05)


def difference(one: str, other: str, deficiency: str) -> float:
    seen = [
        lab(np.clip(DEFICIENCIES[deficiency] @ linear(colour), 0, 1)) for colour in (one, other)
    ]
    return float(np.linalg.norm(seen[0] - seen[1]))


@pytest.mark.parametrize("colour", [*FIVE, *CURVES, BAR, FAINT, QUIET_INK])
def test_every_mark_stands_out_from_white(colour):
    assert contrast_on_white(colour) >= 3


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("palette", [FIVE, CURVES, [ACCENT, FAINT]])
def test_colours_of_one_figure_are_told_apart(palette, deficiency):
    found = {pair: difference(*pair, deficiency) for pair in combinations(palette, 2)}

    assert min(found.values()) >= LEAST_DIFFERENCE, found


def test_the_five_scales_differ_in_their_marks_too():
    five = {scale.colour: scale.shape for scale in SCALES if scale.colour != INK}

    assert len(five) == len(set(five.values())) == 5
