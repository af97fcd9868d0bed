"""Warnings of what in an instrument will hurt later."""
