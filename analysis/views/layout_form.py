"""The form that lays a table out: what it shows, and what comes back of it.

Every press of a button brings the whole form, so that nothing typed is lost by moving a line.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analysis.tables.arrangement import Unit
from analysis.tables.layout import FIVE_ONE_TENTH, ONE_TO_THREE, Layout, Line, Star
from analysis.tables.plain_text import without_control_marks

STARS: Mapping[str, tuple[str, tuple[Star, ...]]] = {
    "none": ("None", ()),
    "three": ("* 10, ** 5, *** 1 per cent", ONE_TO_THREE),
    "tenth": ("* 5, ** 1, *** 0.1 per cent", FIVE_ONE_TENTH),
    "two": ("* 5, † 1 per cent", (Star(0.05, "*"), Star(0.01, "†"))),
}
_LONGEST_NUMBER = 20
SHOWN_WORDS = {
    "std_error": "Standard error",
    "interval": "95 % confidence interval",
    "statistic": "t statistic",
    "p_value": "p-value",
    "none": "Nothing",
}
PLACE_WORDS = {"below": "beneath the estimate", "beside": "beside it, in a column of its own"}
RULE_WORDS = {
    "by_error": "As many as the standard error needs",
    "fixed": "This many decimals",
    "significant": "This many digits",
}


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """One line of the form: the unit as it is laid out, its own words, whether it is shown."""

    place: int
    key: str
    own_label: str
    label: str
    group: str
    scale: str
    is_shown: bool
    is_first: bool
    is_last: bool


def offered(
    units: Sequence[Unit], plain: Sequence[Unit], layout: Layout
) -> tuple[OfferedLine, ...]:
    """The lines as the form shows them; `plain` are the same units without a layout."""
    own = {unit.key: unit for unit in plain}
    hidden = {line.key for line in layout.lines if not line.is_shown}
    return tuple(
        OfferedLine(
            place=place,
            key=unit.key,
            own_label=own[unit.key].label,
            label=unit.label,
            group=unit.group,
            scale=unit.scale,
            is_shown=unit.key not in hidden,
            is_first=place == 0,
            is_last=place == len(units) - 1,
        )
        for place, unit in enumerate(units)
    )


@dataclass(frozen=True, slots=True)
class OfferedColumn:
    """One column of the form: its own words, those that it is given, where it may go.

    `number` is what the heading of a model is led by, empty of others; a column that `is_tied`
    stands where the lines put it.
    """

    place: int
    key: str
    number: str
    own_label: str
    label: str
    group: str
    is_shown: bool
    is_tied: bool
    is_first: bool
    is_last: bool


def offered_columns(
    columns: Sequence[Line], layout: Layout, tied: Collection[str] = ()
) -> tuple[OfferedColumn, ...]:
    """The columns as the form shows them; `columns` are in order, with their own words."""
    chosen = {line.key: line for line in layout.columns}
    blocks = _column_blocks([own.key for own in columns], tied)
    found = []
    for place, own in enumerate(columns):
        line = chosen.get(own.key, own)
        group = own.group if line.group is None else line.group
        found.append(
            OfferedColumn(
                place=place,
                key=own.key,
                number=_number_of(own.key),
                own_label=own.label,
                label=line.label or own.label,
                group=group or "",
                is_shown=line.is_shown,
                is_tied=own.key in tied,
                is_first=own.key in blocks[0],
                is_last=own.key in blocks[-1],
            )
        )
    return tuple(found)


def _number_of(key: str) -> str:
    kind, _, number = key.rpartition("-")
    return f"({number})" if kind == "model" else ""


def moved_column(
    layout: Layout, key: str, by: int, columns: Sequence[Line], tied: Collection[str] = ()
) -> Layout:
    """The layout with one column moved; columns that the lines put together it moves past."""
    blocks = _column_blocks([column.key for column in columns], tied)
    at = blocks.index([key]) if [key] in blocks else None
    if at is None or not 0 <= at + by < len(blocks):
        return layout
    blocks[at], blocks[at + by] = blocks[at + by], blocks[at]
    order = [each for block in blocks for each in block]
    others = [each for each in layout.column_order if each not in order]
    return replace(layout, column_order=(*order, *others))


def _column_blocks(keys: Sequence[str], tied: Collection[str]) -> list[list[str]]:
    blocks: list[list[str]] = []
    for key in keys:
        if key in tied and blocks and blocks[-1][-1] in tied:
            blocks[-1].append(key)
        else:
            blocks.append([key])
    return blocks


def star_choice(layout: Layout) -> str:
    """The name of the layout's stars; of stars that the form does not offer, none."""
    for name, (_, stars) in STARS.items():
        if layout.stars == stars:
            return name
    return "none"


def layout_of_form(
    form: Mapping[str, Any],
    plain: Sequence[Unit],
    statistics: Sequence[str],
    columns: Sequence[Line],
    before: Layout,
) -> Layout:
    """What the form asks for.

    Lines, columns and statistics of `before` that the form did not hold, as those of another
    table of the run, are kept.

    Raises: Refusal ``layout``.
    """
    lines = _lines(form, plain)
    held = {line.key for line in lines}
    document = {
        "preset": before.preset,
        "shown": form.get("shown", ""),
        "place": form.get("place", ""),
        "ratios": "ratios" in form,
        "decimals": {"rule": form.get("rule", ""), "count": _number(form.get("count", ""))},
        "lines": [],
        "folded": [group for group in _listed(form, "folded") if group],
        "left_out": [
            *(label for label in statistics if label not in _listed(form, "statistic")),
            *(label for label in before.left_out if label not in statistics),
        ],
    }
    chosen = Layout.from_document(document)
    stars = STARS.get(form.get("stars", "none"), STARS["none"])[1]
    kept = tuple(line for line in before.lines if line.key not in held)
    told = _columns(form, columns)
    others = tuple(line for line in before.columns if line.key not in {c.key for c in told})
    # Read as a document once more, since words were typed.
    result = replace(
        chosen,
        stars=stars,
        lines=(*lines, *kept),
        columns=(*(line for line in told if not _is_plain(line)), *others),
        column_order=before.column_order,
    )
    return Layout.from_document(result.to_document())


def moved(layout: Layout, key: str, by: int, plain: Sequence[Unit]) -> Layout:
    """The layout with one line moved up or down within its heading.

    At the edge of its heading, the heading moves with all its lines.
    """
    own = {unit.key: unit.group for unit in plain}
    blocks = _blocks(layout.lines, own)
    at = next((n for n, block in enumerate(blocks) if key in {each.key for each in block}), None)
    if at is None:
        return layout
    block = blocks[at]
    place = next(n for n, line in enumerate(block) if line.key == key)
    if 0 <= place + by < len(block):
        block[place], block[place + by] = block[place + by], block[place]
    elif 0 <= at + by < len(blocks):
        blocks[at], blocks[at + by] = blocks[at + by], blocks[at]
    return replace(layout, lines=tuple(line for block in blocks for line in block))


def _blocks(lines: Sequence[Line], own: Mapping[str, str]) -> list[list[Line]]:
    """Lines of one heading together; a line without one by itself."""
    blocks: list[list[Line]] = []
    before = ""
    for line in lines:
        group = own.get(line.key, "") if line.group is None else line.group
        if group and group == before:
            blocks[-1].append(line)
        else:
            blocks.append([line])
        before = group
    return blocks


def _lines(form: Mapping[str, Any], plain: Sequence[Unit]) -> tuple[Line, ...]:
    """Lines in the order of the form; words that are the line's own are left to it.

    Control marks, of which PostgreSQL keeps no NUL and no format prints any, are left out.
    """
    own = {unit.key: unit for unit in plain}
    lines = []
    for place in range(len(plain)):
        key = form.get(f"key-{place}", "")
        if key not in own:
            continue
        label = without_control_marks(form.get(f"label-{place}", "")).strip()
        group = without_control_marks(form.get(f"group-{place}", "")).strip()
        lines.append(
            Line(
                key,
                "" if label == own[key].label else label,
                None if group == own[key].group else group,
                f"shown-{place}" in form,
            )
        )
    return tuple(lines)


def _columns(form: Mapping[str, Any], columns: Sequence[Line]) -> tuple[Line, ...]:
    """What the form asks of each of the columns that it held."""
    at_key = {form.get(f"column-key-{place}"): place for place in range(len(columns))}
    lines = []
    for own in columns:
        place = at_key.get(own.key)
        if place is None:
            continue
        label = without_control_marks(form.get(f"column-{place}", own.label)).strip()
        group = without_control_marks(form.get(f"over-{place}", own.group or "")).strip()
        lines.append(
            Line(
                own.key,
                "" if label == own.label else label,
                None if group == (own.group or "") else group,
                not _number_of(own.key) or f"column-shown-{place}" in form,
            )
        )
    return tuple(lines)


def _is_plain(line: Line) -> bool:
    return not line.label and line.group is None and line.is_shown


def _listed(form: Any, name: str) -> list[str]:
    return [without_control_marks(value) for value in form.getlist(name)]


def _number(text: str) -> Any:
    """The number, or the text as it is: of one too long to be a count, its beginning."""
    plain = text.strip()[:_LONGEST_NUMBER]
    return int(plain) if plain.isdecimal() else plain
