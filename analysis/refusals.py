"""Refusals: why a plan, a data set or an estimate cannot be had, in a researcher's words."""

from mathematics.refusals import Refusal

__all__ = ["Refusal"]
