"""What a run is to tell later of the data and the machinery behind its numbers."""

import base64
import hashlib
import platform
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.actions.fingerprints import code_fingerprint
from analysis.dataset import Dataset, Variable

PACKAGES = ("numpy", "scipy", "pandas", "statsmodels")
# Of the pseudonym, the weight and the answers of one firm.
FIRM_BYTES = (6, 4, 4)
MOST_FIRMS = 50_000

_ROOT = Path(__file__).resolve().parents[2]


def origin_of(dataset: Dataset) -> dict[str, Any]:
    """The ``origin`` of a run: the code, its packages, and the extract without its answers."""
    return {"code": code_of_now(), "extract": _extract(dataset)}


def code_of_now() -> dict[str, Any]:
    """The code that runs now: its fingerprint, its version, and what it stands on."""
    return {
        "fingerprint": code_fingerprint(),
        "milieu": _milieu_version(),
        "commit": _commit(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "packages": {name: version(name) for name in PACKAGES},
    }


@cache
def _milieu_version() -> str:
    """As pyproject.toml has it; empty where that file was not deployed."""
    try:
        found = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return ""
    return str(found.get("project", {}).get("version", ""))


@cache
def _commit() -> str:
    """The commit that is checked out; empty where the code is no working copy."""
    git = _ROOT / ".git"
    try:
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head
        name = head.removeprefix("ref: ")
        if (git / name).is_file():
            return (git / name).read_text(encoding="utf-8").strip()
        packed = (git / "packed-refs").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.split()[0] for line in packed if line.endswith(f" {name}")), "")


def _extract(dataset: Dataset) -> dict[str, Any]:
    weight = dataset.design["weight"]
    return {
        "firms": len(dataset.frame),
        "weights_sum": float(weight.sum()),
        "weighting": dataset.provenance.get("weighting"),
        "codebook": {each.name: _described(each) for each in dataset.variables},
        "marks": _marks(dataset.frame, weight) if len(weight) <= MOST_FIRMS else None,
    }


def _described(variable: Variable) -> dict[str, Any]:
    return {
        "measure": variable.measure,
        "label": variable.label,
        "unit": variable.unit,
        "codes": _short(repr(variable.codes)) if variable.codes else "",
    }


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _marks(frame: pd.DataFrame, weight: pd.Series) -> str:
    """A few bytes of hash a firm, sorted: enough to count what changed, not to say of whom."""
    if frame.empty:
        return ""
    answers = np.asarray(pd.util.hash_pandas_object(frame, index=False), dtype="<u8")
    rows = zip(frame.index, weight.to_numpy(dtype="<f8"), answers, strict=True)
    marks = sorted(_mark([str(name).encode(), w.tobytes(), a.tobytes()]) for name, w, a in rows)
    return base64.b64encode(b"".join(marks)).decode()


def _mark(parts: Sequence[bytes]) -> bytes:
    return b"".join(
        hashlib.sha256(part).digest()[:length]
        for part, length in zip(parts, FIRM_BYTES, strict=True)
    )
