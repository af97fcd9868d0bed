"""Where snapshots of extracts are kept: a folder, or a bucket that every worker reaches."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_SECONDS_TO_CONNECT = 5
_SECONDS_TO_READ = 60
_TRIES = 3


def storage(place: str, *, folder: Path, endpoint: str = "", region: str = "") -> dict[str, Any]:
    """The entry of Django's STORAGES.

    `place` is ``s3://bucket/prefix``, a folder, or empty for `folder`.
    Raises: ImproperlyConfigured with the name of the variable.
    """
    if place.startswith("s3://"):
        return _bucket(place, endpoint, region)
    if "://" in place:
        raise ImproperlyConfigured(
            f"MILIEU_SNAPSHOTS must be a folder or s3://bucket/prefix, not {place!r}."
        )
    location = Path(place).absolute() if place else folder
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(location), "file_permissions_mode": 0o600},
    }


def _bucket(place: str, endpoint: str, region: str) -> dict[str, Any]:
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured(
            "MILIEU_SNAPSHOTS names a bucket, which takes the packages of requirements-s3.txt."
        )
    found = urlsplit(place)
    if not found.netloc:
        raise ImproperlyConfigured("MILIEU_SNAPSHOTS must name a bucket: s3://bucket/prefix.")
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": found.netloc,
            "location": found.path.strip("/"),
            "endpoint_url": endpoint or None,
            "region_name": region or None,
            "client_config": _patience(),
            # A snapshot is named by what it holds: the same name is the same data.
            "file_overwrite": True,
            "default_acl": None,
        },
    }


def _patience() -> Any:
    """A bucket that does not answer is told of soon, and not waited for with the run's time."""
    from botocore.config import Config  # noqa: PLC0415 -- only who keeps a bucket has it

    return Config(
        connect_timeout=_SECONDS_TO_CONNECT,
        read_timeout=_SECONDS_TO_READ,
        retries={"max_attempts": _TRIES, "mode": "standard"},
    )
