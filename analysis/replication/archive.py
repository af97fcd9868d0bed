"""Files as a ZIP whose bytes depend on nothing but the files."""

import io
import zipfile
from collections.abc import Mapping
from hashlib import sha256

CHECKSUMS = "SHA256SUMS"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16
_RUNNABLE = 0o755 << 16


def checksums(files: Mapping[str, bytes]) -> bytes:
    """A line for each file, as sha256sum writes and checks it."""
    lines = [f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return "".join(lines).encode()


def zipped(files: Mapping[str, bytes], folder: str) -> bytes:
    """All files and their checksums in one folder of an archive."""
    stream = io.BytesIO()
    everything = {**files, CHECKSUMS: checksums(files)}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in everything.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _RUNNABLE if name.startswith("replicate.") else _READABLE
            archive.writestr(entry, content)
    return stream.getvalue()
