"""Small lists and mappings as lines of text, as a person types them, and back."""

from collections.abc import Mapping
from typing import Any


def codes_text(value: Any) -> str:
    """One code a line, ``value = label``; a shared list by its name."""
    if isinstance(value, str):
        return value
    if not isinstance(value, list):
        return ""
    return "\n".join(
        f"{code.get('value', '')} = {code.get('label', '')}"
        for code in value
        if isinstance(code, Mapping)
    )


def codes_from(text: str, former: Any) -> Any:
    """The codes of the lines; further keys of a code with the same value are kept.

    One word alone is the name of a shared list.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) == 1 and "=" not in lines[0]:
        return lines[0]
    known = {
        str(code.get("value")): code
        for code in (former if isinstance(former, list) else [])
        if isinstance(code, Mapping)
    }
    return [_code(line, known) for line in lines]


def _code(line: str, known: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    value, _, label = (part.strip() for part in line.partition("="))
    return {**known.get(value, {}), "value": value, "label": label or value}


def pairs_text(value: Any) -> str:
    """A mapping as ``key = value`` lines; a list in a value is separated by commas."""
    if not isinstance(value, Mapping):
        return ""
    return "\n".join(f"{key} = {_joined(each)}" for key, each in value.items())


def pairs_from(text: str, _former: Any = None) -> dict[str, Any]:
    """The mapping of the lines; plain numbers are numbers."""
    pairs = [line.partition("=") for line in text.splitlines() if line.strip()]
    return {key.strip(): scalar(value.strip()) for key, _, value in pairs}


def labels_from(text: str, _former: Any = None) -> dict[str, str]:
    """The mapping of the lines, every value a text."""
    pairs = [line.partition("=") for line in text.splitlines() if line.strip()]
    return {key.strip(): value.strip() for key, _, value in pairs}


def lists_from(text: str, _former: Any = None) -> dict[str, list[str]]:
    """The mapping of the lines, every value a list separated by commas."""
    return {key: words_from(str(value)) for key, value in labels_from(text).items()}


def words_text(value: Any) -> str:
    return ", ".join(str(word) for word in value) if isinstance(value, list) else ""


def words_from(text: str, _former: Any = None) -> list[str]:
    return [word.strip() for word in text.replace("\n", ",").split(",") if word.strip()]


def scalar(text: str) -> Any:
    """A plain number as a number, everything else as the text it is."""
    sign, digits = text[:1] == "-", text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) < 16 and str(int(digits)) == digits:
        return -int(digits) if sign else int(digits)
    whole, _, part = digits.partition(".")
    if whole.isdigit() and part.isdigit() and digits.isascii() and len(digits) < 24:
        return float(text)
    return text


def _joined(value: Any) -> str:
    return words_text(value) if isinstance(value, list) else str(value)
