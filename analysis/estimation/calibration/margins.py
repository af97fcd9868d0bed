"""Margins: known totals of the population by the categories of one variable."""

from mathematics.calibration.margins import Margin, frame_margin, table_margin

__all__ = ["Margin", "frame_margin", "table_margin"]
