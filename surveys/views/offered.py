"""The files that a page offers: what each holds, how large it is, and where it is handed out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Download:
    """A format of a file. `is_read` says that its address is read, as nothing is taken down."""

    label: str
    address: str
    is_read: bool = False
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """One file. `rows` and `columns` are None where they are known only once it is made."""

    title: str
    holds: str
    downloads: tuple[Download, ...]
    rows: int | None = None
    columns: int | None = None
