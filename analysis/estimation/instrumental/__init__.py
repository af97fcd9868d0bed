"""Instrumental variables: two-stage least squares, control functions, and how strong they are."""
