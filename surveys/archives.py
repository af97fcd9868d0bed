"""What a ZIP archive, which an XLSX workbook is, tells of itself before anything is unpacked."""

import io
import zipfile
from dataclasses import dataclass


class NotAnArchive(ValueError):
    """The bytes are no archive, or one that is damaged or made in a way that is not read."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The table of an archive.

    Attributes
    ----------
    names : of the members, each once
    members : how many there are
    packed : bytes of the archive itself
    unpacked : bytes that all members would have together
    """

    names: frozenset[str]
    members: int
    packed: int
    unpacked: int

    def is_within(self, *, members: int, unpacked: int, ratio: float = float("inf")) -> bool:
        """Whether it has so many members, and unpacks to so many bytes, or that many times its
        own, at most.
        """
        return self.members <= members and self.unpacked <= min(unpacked, ratio * self.packed)


def look_into(data: bytes) -> Archive:
    """The table of the archive. Raises NotAnArchive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    # RuntimeError is the base of what is raised for a newer version or an unknown method.
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, EOFError):
        raise NotAnArchive from None
    return Archive(
        names=frozenset(member.filename for member in members),
        members=len(members),
        packed=len(data),
        unpacked=sum(member.file_size for member in members),
    )
