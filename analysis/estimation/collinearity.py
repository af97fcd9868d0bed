"""Columns of a design matrix that cannot be told apart from those before them."""

from mathematics.collinearity import aliased

__all__ = ["aliased"]
