"""How a table of estimates is laid out: never the numbers, only what is shown of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from analysis.refusals import Refusal

Shown = Literal["std_error", "interval", "statistic", "p_value", "none"]
Place = Literal["below", "beside"]
DecimalRule = Literal["by_error", "fixed", "significant"]

SHOWN: tuple[Shown, ...] = get_args(Shown)
PLACES: tuple[Place, ...] = get_args(Place)
RULES: tuple[DecimalRule, ...] = get_args(DecimalRule)
MOST_DECIMALS = 8
LONGEST_WORDS = 200
KEYS = (
    "preset",
    "shown",
    "place",
    "ratios",
    "decimals",
    "stars",
    "lines",
    "columns",
    "folded",
    "left_out",
    "column_order",
)


@dataclass(frozen=True, slots=True)
class Decimals:
    """How many decimals.

    ``by_error``: as many as let the smallest standard error of the line show two digits;
    ``fixed``: `count` decimals; ``significant``: `count` digits from the first that is not nought.
    """

    rule: DecimalRule = "by_error"
    count: int = 3


@dataclass(frozen=True, slots=True)
class Star:
    """A mark for p-values below a level; of several the one of the lowest level is put."""

    level: float
    mark: str


ONE_TO_THREE = (Star(0.1, "*"), Star(0.05, "**"), Star(0.01, "***"))
FIVE_ONE_TENTH = (Star(0.05, "*"), Star(0.01, "**"), Star(0.001, "***"))


@dataclass(frozen=True, slots=True)
class Line:
    """What is done with one line of the body, or with one column.

    Attributes
    ----------
    key : the term, or ``@`` and the name of a folded factor; of a column ``model-1``, ...
    label : its words; empty leaves them
    group : the heading it stands under; None leaves it, empty takes it from under any
    is_shown : False leaves out a line, or the column of a model, and the notes say so
    """

    key: str
    label: str = ""
    group: str | None = None
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class Layout:
    """All of a table that is a choice.

    Attributes
    ----------
    preset : name of the preset it began as
    shown, place : what stands with an estimate, and where
    ratios : odds ratios and rate ratios in place of coefficients, for models that have them
    stars : from the highest level to the lowest; none without
    lines : in their order; lines that are not named follow in theirs
    columns : their words, and the headings over them, whatever order these stand in here
    folded : headings whose lines are one: "yes" where the model holds any of them
    left_out : labels of statistics that are not shown
    column_order : keys of columns in their order; columns that are not named follow in theirs
    """

    preset: str = "standard_errors"
    shown: Shown = "std_error"
    place: Place = "below"
    ratios: bool = False
    decimals: Decimals = Decimals()
    stars: tuple[Star, ...] = ()
    lines: tuple[Line, ...] = ()
    columns: tuple[Line, ...] = ()
    folded: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    column_order: tuple[str, ...] = ()

    def to_document(self) -> dict[str, Any]:
        """Plain data; `from_document` gives an equal layout back."""
        return {
            "preset": self.preset,
            "shown": self.shown,
            "place": self.place,
            "ratios": self.ratios,
            "decimals": {"rule": self.decimals.rule, "count": self.decimals.count},
            "stars": [[star.level, star.mark] for star in self.stars],
            "lines": [_line_document(line) for line in self.lines],
            "columns": [_line_document(line) for line in self.columns],
            "folded": list(self.folded),
            "left_out": list(self.left_out),
            "column_order": list(self.column_order),
        }

    @classmethod
    def from_document(cls, document: Any) -> "Layout":
        """The layout; what is left out of the document is as by default.

        Raises: Refusal ``layout`` that names the key and what it may be.
        """
        given = _mapping(document, "The layout")
        for key in given:
            _demand(key in KEYS, f"'{key}' is no key of a layout", f"It has {', '.join(KEYS)}.")
        plain = cls()
        decimals = _mapping(given.get("decimals", {}), "'decimals'")
        return cls(
            preset=_text(given.get("preset", plain.preset), "preset"),
            shown=_choice(given.get("shown", plain.shown), SHOWN, "shown"),
            place=_choice(given.get("place", plain.place), PLACES, "place"),
            ratios=_truth(given.get("ratios", False), "ratios"),
            decimals=Decimals(
                _choice(decimals.get("rule", "by_error"), RULES, "decimals > rule"),
                _count(decimals.get("count", 3)),
            ),
            stars=tuple(_star(each) for each in _sequence(given.get("stars", []), "stars")),
            lines=_lines(_sequence(given.get("lines", []), "lines")),
            columns=_lines(_sequence(given.get("columns", []), "columns")),
            folded=_texts(given.get("folded", []), "folded"),
            left_out=_texts(given.get("left_out", []), "left_out"),
            column_order=_texts(given.get("column_order", []), "column_order"),
        )


def _line_document(line: Line) -> dict[str, Any]:
    return {
        "key": line.key,
        "label": line.label,
        "group": line.group,
        "is_shown": line.is_shown,
    }


def _demand(is_so: bool, found: str, remedy: str) -> None:
    if not is_so:
        raise Refusal("layout", f"{found}.", remedy)


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    _demand(isinstance(value, Mapping), f"{where} is no object", "Write { } with keys in it.")
    found: Mapping[str, Any] = value
    return found


def _sequence(value: Any, where: str) -> Sequence[Any]:
    _demand(isinstance(value, list | tuple), f"'{where}' is no list", "Write [ ] around it.")
    found: Sequence[Any] = value
    return found


def _text(value: Any, where: str) -> str:
    _demand(
        isinstance(value, str) and len(value) <= LONGEST_WORDS,
        f"'{where}' is no text of at most {LONGEST_WORDS} letters",
        "Shorten it, or put it between quotes.",
    )
    return str(value)


def _texts(value: Any, where: str) -> tuple[str, ...]:
    return tuple(_text(each, where) for each in _sequence(value, where))


def _truth(value: Any, where: str) -> bool:
    _demand(isinstance(value, bool), f"'{where}' is neither true nor false", "Write one of them.")
    return bool(value)


def _choice(value: Any, choices: Sequence[Any], where: str) -> Any:
    _demand(
        value in choices,
        f"'{where}' is {str(value)[:LONGEST_WORDS]!r}",
        f"It may be {', '.join(choices)}.",
    )
    return value


def _count(value: Any) -> int:
    _demand(
        isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_DECIMALS,
        f"'decimals > count' is {value!r}",
        f"Give a whole number from 0 to {MOST_DECIMALS}.",
    )
    return int(value)


def _star(value: Any) -> Star:
    pair = _sequence(value, "stars")
    _demand(
        len(pair) == 2
        and isinstance(pair[0], float | int)
        and 0 < pair[0] < 1
        and pair[1] in MARKS,
        f"'stars' holds {value!r}",
        f"Give pairs of a level between 0 and 1 and a mark: {', '.join(MARKS)}.",
    )
    return Star(float(pair[0]), pair[1])


MARKS = ("*", "**", "***", "†", "‡", "+")


def _lines(values: Sequence[Any]) -> tuple[Line, ...]:
    lines = []
    for value in values:
        line = _mapping(value, "A line")
        _demand("key" in line, "A line has no key", "Name the term it is about.")
        group = line.get("group")
        lines.append(
            Line(
                _text(line["key"], "lines > key"),
                _text(line.get("label", ""), "lines > label"),
                None if group is None else _text(group, "lines > group"),
                _truth(line.get("is_shown", True), "lines > is_shown"),
            )
        )
    return tuple(lines)
