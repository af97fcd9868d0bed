"""The pages on which researchers write an instrument."""
