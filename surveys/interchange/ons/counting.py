"""What an eq schema has, in its own terms."""

from collections import Counter
from collections.abc import Iterator
from typing import Any


def counts_of(schema: dict[str, Any]) -> dict[str, int]:
    """How many sections, blocks, questions, answers, options, q_codes and rules there are."""
    counts = Counter({"sections": len(schema["sections"])})
    for key, value in _pairs(schema):
        if key == "blocks" and isinstance(value, list):
            counts["blocks"] += len(value)
        elif key == "question":
            counts["questions"] += 1
        elif key in ("answers", "options") and isinstance(value, list):
            counts[key] += len(value)
        elif key == "q_code":
            counts["q_codes"] += 1
        elif key == "when":
            counts["conditions"] += 1
    return dict(sorted(counts.items()))


def _pairs(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield key, each
            yield from _pairs(each)
    elif isinstance(value, list):
        for each in value:
            yield from _pairs(each)
