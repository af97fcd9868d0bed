"""A file that is there once it is whole, and not before."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO


@contextmanager
def whole_file(target: Path) -> Iterator[IO[bytes]]:
    """A file to write to, which takes the name of the target at the end; none if that fails."""
    with TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as folder:
        unfinished = Path(folder) / target.name
        with unfinished.open("wb") as file:
            yield file
        unfinished.replace(target)
