"""Labels of firms, and how lists of them read in a sentence."""

from mathematics.arrays import Codes, Labels, Rows, named

__all__ = ["Codes", "Labels", "Rows", "named"]
