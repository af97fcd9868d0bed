"""Expressions of other programs: each language parsed to one tree, and trees translated."""
