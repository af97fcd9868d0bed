"""Weights brought to known totals, and what that does to variances."""
