"""Disclosure control: what may leave the house, and what is withheld and why. Pure."""
