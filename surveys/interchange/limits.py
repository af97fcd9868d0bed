"""How large a file of another system may be, and how its bytes are read safely."""

import json
import math
from typing import Any, NoReturn

from surveys.interchange.problems import UnreadableFile, unreadable

LARGEST_FILE = 5_000_000  # bytes; the UK Innovation Survey has 310,000
LARGEST_UNPACKED = 50_000_000  # bytes of all members of a zip file together
MOST_MEMBERS = 500  # of a zip file
DEEPEST = 60
MOST_ITEMS = 5_000
MOST_CODES = 100_000


def within_size(data: bytes, most: int = LARGEST_FILE) -> bytes:
    """The data, if it is not empty and at most `most` bytes. Raises UnreadableFile."""
    refuse_size(len(data), most)
    if not data.strip():
        raise unreadable("not_readable", "file", "The file is empty.", "Choose another file.")
    return data


def refuse_size(size: int, most: int = LARGEST_FILE) -> None:
    """Raise UnreadableFile if a file of so many bytes is too large."""
    if size > most:
        raise unreadable(
            "too_large",
            "file",
            f"The file has {size:,} bytes.",
            f"A file may have {most:,} bytes.",
        )


def read_text(data: bytes, most: int = LARGEST_FILE) -> str:
    """The data as UTF-8 text, without a byte order mark. Raises UnreadableFile."""
    try:
        return within_size(data, most).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise unreadable(
            "not_readable",
            f"byte {error.start + 1}",
            "The file is not UTF-8 text.",
            "Save it in the encoding UTF-8.",
        ) from None


def read_json(data: bytes, most: int = LARGEST_FILE) -> dict[str, Any]:
    """The JSON object in the data: finite numbers, each key once, bounded depth.

    Raises UnreadableFile with one problem that states the limit or the place.
    """
    value = _parsed(read_text(data, most))
    if _is_deeper(value, DEEPEST):
        raise _too_deep()
    if not isinstance(value, dict):
        raise unreadable(
            "wrong_shape", "file", "The file is not a JSON object.", "Begin it with a brace."
        )
    return value


def _parsed(text: str) -> Any:
    try:
        return json.loads(
            text,
            parse_constant=_not_finite,
            parse_float=_finite,
            object_pairs_hook=_each_key_once,
        )
    except json.JSONDecodeError as error:
        raise unreadable(
            "not_readable",
            f"line {error.lineno}, column {error.colno}",
            f"The file is not JSON: {error.msg}.",
            "Export it anew from the system that it comes from.",
        ) from None
    except RecursionError:
        raise _too_deep() from None
    except UnreadableFile:
        raise
    except ValueError:  # an integer of more digits than Python reads
        raise unreadable(
            "not_readable", "file", "A number of the file is too long.", "Write shorter numbers."
        ) from None


def _too_deep() -> UnreadableFile:
    return unreadable(
        "too_deep",
        "file",
        "Lists and mappings lie too deep in each other.",
        f"They may lie {DEEPEST} deep.",
    )


def _not_finite(constant: str) -> NoReturn:
    raise unreadable(
        "not_readable", "file", f"{constant} is not JSON.", "Write a finite number, or null."
    )


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _not_finite(f"The number {digits[:20]}")


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise unreadable(
            "not_readable",
            "file",
            f"The key {twice[:80]!r} stands twice in one object.",
            "Leave one of the two out.",
        )
    return mapping


def _is_deeper(value: Any, most: int) -> bool:
    level = [value]
    for _ in range(most):
        level = [
            part
            for whole in level
            if isinstance(whole, dict | list)
            for part in (whole.values() if isinstance(whole, dict) else whole)
        ]
        if not level:
            return False
    return True
