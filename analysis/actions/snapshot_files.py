"""The files of snapshots in their storage: published whole or not at all, and why not."""

import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import Storage, storages

from analysis.actions import failures
from analysis.refusals import Refusal

_PARTIAL = ".making"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def storage() -> Storage:
    """The storage of snapshots, as it is set now."""
    found: Storage = storages["snapshots"]
    return found


def name_of(fingerprint: str) -> str:
    """The name in the storage, which tells neither survey nor wave."""
    return f"{fingerprint[:2]}/{fingerprint}.zip"


def publish(name: str, write: Callable[[BinaryIO], object]) -> int:
    """Give the storage a file under this name, in place of one that it may have; its size.

    Whoever reads meanwhile finds the old file or the new one, never a half.
    Raises: Refusal ``storage_full``, ``storage_unreachable``; what `write` raises.
    """
    with _told():
        folder = _local_path(name)
        return _replaced(folder, write) if folder is not None else _uploaded(name, write)


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """The file, to read. Raises: Refusal ``storage_unreachable``, ``snapshot_gone``."""
    with _told():
        file = storage().open(name, "rb")
    with file, _told():
        yield file


def is_there(name: str) -> bool:
    """Raises: Refusal ``storage_unreachable``."""
    with _told():
        return bool(storage().exists(name))


def remove(name: str) -> None:
    """Take the file away, if it is there. Raises: Refusal ``storage_unreachable``."""
    with _told():
        storage().delete(name)


def left_behind(older_than_seconds: float, now: float) -> list[Path]:
    """Halves of files in a local storage whose writer died."""
    root = _local_path("")
    if root is None or not root.is_dir():
        return []
    return [
        path
        for path in sorted(root.rglob(f"*{_PARTIAL}"))
        if now - path.stat().st_mtime > older_than_seconds
    ]


@contextmanager
def _told() -> Iterator[None]:
    """Errors of the storage in words; what is wrong with a snapshot itself passes."""
    try:
        yield
    except (Refusal, TypeError, MemoryError):
        raise
    except FileNotFoundError:
        raise failures.snapshot_gone() from None
    except OSError as error:
        raise _of_system(error) from error
    except Exception as error:
        if _is_of_bucket(error):
            raise failures.storage_unreachable(type(error).__name__) from error
        raise


def _of_system(error: OSError) -> Refusal:
    if error.errno in _NO_ROOM:
        return failures.storage_full()
    return failures.storage_unreachable(error.strerror or type(error).__name__)


def _is_of_bucket(error: Exception) -> bool:
    """Whether the client of the bucket raised it; the client need not be installed."""
    return type(error).__module__.split(".")[0] in {"botocore", "boto3", "s3transfer", "urllib3"}


def _local_path(name: str) -> Path | None:
    try:
        return Path(storage().path(name))
    except NotImplementedError:
        return None


def _replaced(path: Path, write: Callable[[BinaryIO], object]) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{uuid4().hex}{_PARTIAL}")
    try:
        with open(partial, "xb", opener=_for_us_alone) as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
            size = file.seek(0, os.SEEK_END)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    _keep_name(path.parent)
    return size


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _keep_name(folder: Path) -> None:
    """Have the folder on the disk too, so that the name outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _uploaded(name: str, write: Callable[[BinaryIO], object]) -> int:
    """Made beside, then sent: a bucket shows an object once it is whole."""
    with tempfile.TemporaryFile() as file:
        write(file)
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        storage().save(name, File(file))
    return size
