"""Which firms are drawn: on permanent random numbers, so that waves overlap by design."""

from surveys.sampling.selection.burden import Burden, burden
from surveys.sampling.selection.draws import Draw
from surveys.sampling.selection.groups import Groups, establishments_within, groups_of
from surveys.sampling.selection.numbers import permanent_random_numbers
from surveys.sampling.selection.proportional import inclusion_probabilities, proportional_sample
from surveys.sampling.selection.simple import (
    distances,
    expected_overlap,
    rotated_start,
    separate_start,
    simple_sample,
)

__all__ = [
    "Burden",
    "Draw",
    "Groups",
    "burden",
    "distances",
    "establishments_within",
    "expected_overlap",
    "groups_of",
    "inclusion_probabilities",
    "permanent_random_numbers",
    "proportional_sample",
    "rotated_start",
    "separate_start",
    "simple_sample",
]
