"""An authored document as the text that is read back to the same document."""

from collections.abc import Mapping
from typing import Any

import yaml


class _Writer(yaml.SafeDumper):
    """YAML without aliases; numbers as the reader of the language takes them."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 -- as the library calls it
        return True


def _write_text(writer: _Writer, text: str) -> yaml.ScalarNode:
    style = (
        "|"
        if "\n" in text and not any(line != line.rstrip() for line in text.split("\n"))
        else None
    )
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _write_float(writer: _Writer, number: float) -> yaml.ScalarNode:
    digits = f"{number:.9f}".rstrip("0")
    return writer.represent_scalar(
        "tag:yaml.org,2002:float", f"{digits}0" if digits.endswith(".") else digits
    )


_Writer.add_representer(str, _write_text)
_Writer.add_representer(float, _write_float)


def document_text(document: Mapping[str, Any]) -> str:
    """YAML with the keys in their order, lines of at most 100 characters where it can."""
    text: str = yaml.dump(
        dict(document), Dumper=_Writer, sort_keys=False, allow_unicode=True, width=100
    )
    return text
