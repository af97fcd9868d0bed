"""Weights brought to known totals."""
