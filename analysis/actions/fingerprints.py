"""What a number depends on: the plan, the extract and the code."""

import hashlib
from importlib.metadata import version
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_ROOMS = (
    "analysis/constructs",
    "analysis/disclosure",
    "analysis/estimation",
    "analysis/pipeline",
    "analysis/profiles",
    "analysis/specification",
    "analysis/tables",
    "mathematics",
)
_FILES = ("dataset.py", "extracts.py", "linking.py", "refusals.py")
_LIBRARIES = ("numpy", "scipy", "pandas", "statsmodels")


# What turns answers in the database into an extract.
_EXTRACTION = ("surveys/models", "surveys/queries", "surveys/questionnaire")


def sources() -> list[Path]:
    """The files whose code makes the numbers."""
    files = [_ROOT / "analysis" / name for name in _FILES]
    files += [path for room in _ROOMS for path in (_ROOT / room).rglob("*.py")]
    return sorted(files)


def _extraction_sources() -> list[Path]:
    files = [_ROOT / "analysis" / name for name in _FILES]
    files += [path for room in _EXTRACTION for path in (_ROOT / room).rglob("*.py")]
    return sorted(files)


def _fingerprint_of_files(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(_ROOT).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    for library in _LIBRARIES:
        digest.update(f"{library}=={version(library)}\n".encode())
    return digest.hexdigest()


# Taken as the module is loaded: files may be replaced while a process goes on with old code.
_CODE = _fingerprint_of_files(sources())
_CODE_OF_EXTRACTS = _fingerprint_of_files(_extraction_sources())


def code_fingerprint() -> str:
    """SHA-256 of the code that makes the numbers, and of the versions of its libraries."""
    return _CODE


def extraction_fingerprint() -> str:
    """SHA-256 of the code that reads a wave: after an upgrade the same answers may give others."""
    return _CODE_OF_EXTRACTS


def run_fingerprint(*, plan: str, extract: str, code: str, rules: str = "") -> str:
    """SHA-256 that two runs share if, and only if, they must give the same numbers.

    `rules` is that of what must not be shown of single firms; "" where nothing is withheld.
    """
    told = f"{plan}\n{extract}\n{code}" + (f"\n{rules}" if rules else "")
    return hashlib.sha256(told.encode()).hexdigest()
