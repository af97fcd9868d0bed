"""Numbers of two runs beside each other: only what the runs released, matched term by term."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from analysis.comparison.content import Kind, contents_of
from analysis.comparison.origins import placed_descriptions, placed_models

# A fit ends when its steps are this small beside what it estimates; less than that is rounding.
NOISE = 1e-8

Change = Literal["same", "noise", "changed", "only_first", "only_second", "withheld"]
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Number:
    """One estimate in both runs; None where a run has none.

    Attributes
    ----------
    what : ``coefficient``, ``margin`` or the statistic of a description
    difference : second less first
    in_errors : the difference over the larger of the two standard errors; a size, not a test
    """

    model: str
    what: str
    term: str
    label: str
    first: float | None
    first_error: float | None
    second: float | None
    second_error: float | None
    difference: float | None
    in_errors: float | None
    change: Change


@dataclass(frozen=True, slots=True)
class Matched:
    """A model or description of both runs, or of one of them; ``second`` is "" where it is gone.

    ``same_content`` is whether both plans say the same of it.
    """

    kind: str
    first: str
    second: str
    same_content: bool
    first_n: int | None
    second_n: int | None
    numbers: tuple[Number, ...]

    @property
    def name(self) -> str:
        return self.first or self.second

    @property
    def changed(self) -> int:
        """Numbers of both runs that differ by more than rounding, or that one withholds."""
        return sum(each.change in ("changed", "withheld") for each in self.numbers)

    @property
    def alone(self) -> int:
        """Numbers that one run has and the other has not."""
        return sum(each.change in ("only_first", "only_second") for each in self.numbers)


def matched_numbers(
    first: Document,
    second: Document,
    sources: tuple[str, str],
) -> tuple[Matched, ...]:
    """Models, descriptions and the curve of two runs, by what they say and else by name.

    `first` and `second` are the estimates that the runs released, `sources` their plans' texts.
    """
    before, after = sources
    return (
        *_of_kind("model", _models(first, before), _models(second, after)),
        *_of_kind("description", _described(first, before), _described(second, after)),
        *_of_kind("curve", _curve(first), _curve(second)),
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """One specification of one run: its lines by kind of number and term."""

    name: str
    content: str
    n: int | None
    lines: Mapping[tuple[str, str], Mapping[str, Any]]


def _says(source: str, kind: Kind) -> dict[int, str]:
    """What the specifications of a kind say, by their places."""
    return {each.place: each.fingerprint for each in contents_of(source) if each.kind == kind}


def _models(document: Document, source: str) -> list[_Column]:
    by_place = _says(source, "model")
    return [
        _Column(
            model["name"],
            by_place.get(place, ""),
            model["n"],
            _lines("coefficient", model["terms"]) | _lines("margin", model["margins"] or ()),
        )
        for place, model in placed_models(document)
    ]


def _described(document: Document, source: str) -> list[_Column]:
    by_place = _says(source, "description")
    return [
        _Column(
            each["title"],
            by_place.get(place, ""),
            None,
            _lines(each["statistic"], each["terms"]),
        )
        for place, each in placed_descriptions(source, document)
    ]


def _curve(document: Document) -> list[_Column]:
    curve = document.get("curve")
    if curve is None:
        return []
    summary = curve["summary"]
    lines = {
        ("curve", name): {"label": label, "estimate": summary.get(name), "std_error": None}
        for name, label in _OF_A_CURVE.items()
    }
    return [_Column("Specification curve", "", None, lines)]


_OF_A_CURVE = {
    "models": "Models",
    "estimated": "Models estimated",
    "median": "Median effect",
    "share_positive": "Share of positive effects",
    "share_significant": "Share of significant effects",
}


def _lines(
    what: str, terms: Iterable[Mapping[str, Any]]
) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {(what, term["term"]): term for term in terms}


def _of_kind(kind: str, first: list[_Column], second: list[_Column]) -> list[Matched]:
    pairs = _pairs(first, second)
    taken = {id(other) for _, other in pairs}
    lone = [each for each in second if id(each) not in taken]
    return [
        *(_matched(kind, one, other) for one, other in pairs),
        *(_matched(kind, None, each) for each in lone),
    ]


def _pairs(
    first: Sequence[_Column], second: Sequence[_Column]
) -> list[tuple[_Column | None, _Column | None]]:
    """Each of the first with that of the same content, of several the one of its name."""
    free = list(second)
    found: dict[int, _Column] = {}
    for agree in (_same_content_and_name, _same_content, _same_name):
        for one in first:
            if id(one) in found:
                continue
            other = next((each for each in free if agree(one, each)), None)
            if other is not None:
                found[id(one)] = other
                free.remove(other)
    return [(one, found.get(id(one))) for one in first]


def _same_content(one: _Column, other: _Column) -> bool:
    return bool(one.content) and one.content == other.content


def _same_name(one: _Column, other: _Column) -> bool:
    return one.name == other.name


def _same_content_and_name(one: _Column, other: _Column) -> bool:
    return _same_content(one, other) and _same_name(one, other)


def _matched(kind: str, one: _Column | None, other: _Column | None) -> Matched:
    before = {} if one is None else one.lines
    after = {} if other is None else other.lines
    name = one.name if one is not None else other.name if other is not None else ""
    return Matched(
        kind,
        "" if one is None else one.name,
        "" if other is None else other.name,
        one is not None and other is not None and _same_content(one, other),
        None if one is None else one.n,
        None if other is None else other.n,
        tuple(
            _number(name, key, before.get(key), after.get(key))
            for key in dict.fromkeys([*before, *after])
        ),
    )


def _number(
    model: str,
    key: tuple[str, str],
    one: Mapping[str, Any] | None,
    other: Mapping[str, Any] | None,
) -> Number:
    line = one or other or {}
    a, b = _value(one, "estimate"), _value(other, "estimate")
    errors = _value(one, "std_error"), _value(other, "std_error")
    known = [abs(error) for error in errors if error]
    difference = None if a is None or b is None else b - a
    return Number(
        model=model,
        what=key[0],
        term=key[1],
        label=str(line.get("label") or key[1]),
        first=a,
        first_error=errors[0],
        second=b,
        second_error=errors[1],
        difference=difference,
        in_errors=difference / max(known) if difference is not None and known else None,
        change=_change(one, other, a, b, max(known, default=0.0)),
    )


def _change(
    one: Mapping[str, Any] | None,
    other: Mapping[str, Any] | None,
    a: float | None,
    b: float | None,
    error: float,
) -> Change:
    if one is None or other is None:
        return "only_second" if one is None else "only_first"
    if a is None or b is None:
        return "same" if a is b else "withheld"
    if a == b:
        return "same"
    return "noise" if abs(b - a) <= NOISE * max(abs(a), abs(b), error) else "changed"


def _value(line: Mapping[str, Any] | None, key: str) -> float | None:
    value = None if line is None else line.get(key)
    return float(value) if isinstance(value, int | float) else None
