"""Instruments of other programs, read and written. Pure: no Django, no I/O."""
