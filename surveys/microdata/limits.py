"""How large a file may be. Checked while reading, before memory is gone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Largest sizes that are read.

    Attributes
    ----------
    bytes : of the file as it comes
    cells : rows times columns, the header among them
    columns : of one row
    unpacked_bytes : of all members of a workbook together
    unpacked_ratio : unpacked to packed, of a workbook
    members : files within a workbook
    """

    bytes: int = 100_000_000
    cells: int = 5_000_000
    columns: int = 20_000
    unpacked_bytes: int = 40_000_000
    unpacked_ratio: int = 100
    members: int = 500
