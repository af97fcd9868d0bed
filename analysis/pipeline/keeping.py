"""What a piece found as bytes, and back, to the last bit; nothing in the bytes is ever run."""

import base64
import json
import zlib
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from analysis.estimation.estimates import Estimates, Fit
from analysis.estimation.imputation.chain import Link
from analysis.pipeline.estimating import Finding, Replicated
from analysis.pipeline.imputed import Found, Imputed, OnOne
from analysis.specification.hypotheses import Tested
from analysis.tables.curve import Effect, Unshown
from analysis.tables.drawings import Drawing, Line, Turning
from analysis.tables.estimates_document import Wording

_KEPT: dict[str, type] = {
    each.__name__: each
    for each in (
        Found,
        Imputed,
        OnOne,
        Link,
        Replicated,
        Effect,
        Unshown,
        Fit,
        Estimates,
        Tested,
        Wording,
        Drawing,
        Line,
        Turning,
    )
}


def kept(finding: Finding) -> bytes:
    """The finding as bytes."""
    return zlib.compress(json.dumps(_plain(finding)).encode(), 3)


def found_again(content: bytes) -> Finding:
    """The finding that `kept` made bytes of."""
    finding: Finding = _value(json.loads(zlib.decompress(content)))
    return finding


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, int | float):
        return value
    if isinstance(value, np.ndarray) and value.dtype == object:
        return {"objects": [_plain(each) for each in value]}
    if isinstance(value, np.ndarray):
        bytes_of = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return {"array": [value.dtype.str, list(value.shape), bytes_of]}
    if is_dataclass(value) and type(value).__name__ in _KEPT:
        content = {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        return {"of": type(value).__name__, "with": content}
    if isinstance(value, tuple | list):
        return {"tuple": [_plain(each) for each in value]}
    if isinstance(value, dict):
        return {"mapping": [[key, _plain(each)] for key, each in value.items()]}
    raise TypeError(f"A finding cannot hold a {type(value).__name__}.")


def _value(plain: Any) -> Any:
    if not isinstance(plain, dict):
        return plain
    if "array" in plain:
        kind, shape, content = plain["array"]
        return np.frombuffer(base64.b64decode(content), dtype=kind).reshape(shape).copy()
    if "objects" in plain:
        return np.array([_value(each) for each in plain["objects"]], dtype=object)
    if "tuple" in plain:
        return tuple(_value(each) for each in plain["tuple"])
    if "mapping" in plain:
        return {key: _value(each) for key, each in plain["mapping"]}
    content = {name: _value(each) for name, each in plain["with"].items()}
    return _KEPT[plain["of"]](**content)
