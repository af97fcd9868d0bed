"""Tables that are made of several descriptions, as plain data for estimates.json.

One entry a table: columns, lines and cells with every number that a layout may show, so that
`composed_table` lays it out without the firms. What was withheld is absent and says so; so is
what rests on it.
"""

from collections.abc import Sequence
from typing import Any

from analysis.specification.describing import Result
from analysis.tables import composed_crossed, composed_frame
from analysis.tables.composed_cells import (
    Numbers,
    cell,
    count,
    finite,
    is_withheld,
    line,
    numbers_of,
    part_of,
    plain,
    withheld,
)

_FEW_UNANSWERED = (
    "Of a question that few firms left out, neither how many they are nor how many answered is "
    "shown."
)
Entry = dict[str, Any]
Parts = dict[str, Result]


def composed_entries(results: Sequence[Result]) -> list[Entry]:
    """One entry for each table, in the order of the plan."""
    tables: dict[int, list[Result]] = {}
    for result in results:
        if result.part is not None:
            tables.setdefault(result.part.table, []).append(result)
    return [_entry(number, found) for number, found in tables.items()]


def stands_alone(result: Result) -> bool:
    """Whether the description has lines in the table of the firms as well."""
    return result.part is None or result.part.role == "cells"


def _entry(number: int, results: list[Result]) -> Entry:
    part = part_of(results[0])
    maker = {
        "table_one": _table_one,
        "correlation": _correlation,
        "cross_tabulation": composed_crossed.entry,
        "respondents_against_frame": composed_frame.entry,
    }[part.kind]
    made = maker(results)
    told = [note for result in results for note in result.description.notes]
    # What many variables say alike is said once.
    notes = (*made["notes"], *dict.fromkeys(told))
    return {"key": f"table-{number}", "kind": part.kind, **made, "notes": list(notes)}


def _table_one(results: list[Result]) -> Entry:
    first = part_of(results[0]).more
    groups = first["groups"]
    columns = [
        {"key": "n", "label": "n"},
        {"key": "missing", "label": "Missing"},
        {"key": "all", "label": "All firms"},
        *({"key": each["key"], "label": each["label"], "group": first["by"]} for each in groups),
    ]
    if groups:
        columns += [
            {"key": "p", "label": "p"},
            {"key": "difference", "label": "Std. difference"},
        ]
    by_variable: dict[str, Parts] = {}
    for result in results:
        part = part_of(result)
        if part.role != "sizes":
            by_variable.setdefault(part.variable, {})[part.role] = result
    keys = [column["key"] for column in columns]
    lines = [each for found in by_variable.values() for each in _of_variable(found, keys)]
    return {
        "title": first["title"],
        "columns": columns,
        "lines": [*lines, *_sizes(results, keys)],
        "beneath": "deviation",
        "n": first["firms"],
        "notes": _notes_of_table_one(by_variable, bool(groups)),
    }


def _of_variable(found: Parts, keys: Sequence[str]) -> list[dict[str, Any]]:
    """The line of a number or of a yes or no; a line for each level of a category."""
    more = part_of(found["level"]).more
    name, kind = part_of(found["level"]).variable, more["kind"]
    hidden = any(is_withheld(result) for result in found.values())
    once = {key: withheld() for key in ("p", "difference")} if hidden else _once(more)
    levels = [("", more["label"])] if kind == "continuous" else more["levels"]
    shown = levels[-1:] if kind == "binary" else levels
    lines = []
    for place, (level, words) in enumerate(levels):
        if [level, words] not in shown and (level, words) not in shown:
            continue
        cells = {**once, **_of_level(found, place, len(levels), kind == "continuous")}
        own = f"{more['label']}: {words}, %" if kind == "binary" else words
        own = f"{words}, %" if kind == "category" else own
        key = f"{name}={level}" if kind == "category" else name
        group = more["label"] if kind == "category" else ""
        lines.append(line(key, own, [cells.get(each) for each in keys], group=group))
    return lines


def _once(more: Any) -> dict[str, Any]:
    """What is of the whole variable: it stands on the first of its lines."""
    test, difference = more.get("test"), more.get("difference")
    p_value = None if test is None else plain("p_value", test["p_value"])
    if p_value is not None and _tells_n(more, ""):
        p_value["test"] = test
    told = {
        "n": withheld() if more["n"] is None else count(more["n"]),
        "missing": withheld() if more["missing"] is None else count(more["missing"]),
        "p": p_value,
        "difference": None if difference is None else plain("number", difference),
    }
    name = more["label"]
    return {key: None if each is None else {**each, "once": name} for key, each in told.items()}


def _tells_n(more: Any, column: str) -> bool:
    """Whether a cell of the column may tell of how many firms it is.

    Degrees of freedom, of no column, tell it too.
    """
    return "n_of_cells" not in more or column in more["n_of_cells"]


def _of_level(found: Parts, place: int, levels: int, is_number: bool) -> dict[str, Any]:
    """The cells of one level in all firms and in the groups; with the deviation of a number."""
    cells: dict[str, Any] = {}
    for role, spread in (("level", "deviation"), ("level_by", "deviation_by")):
        if role not in found:
            continue
        part, numbers = part_of(found[role]), numbers_of(found[role].description)
        deviations: dict[str, Numbers] = {}
        if spread in found:
            columns = part_of(found[spread]).columns
            own = numbers_of(found[spread].description)
            deviations = dict(zip(columns, own, strict=True))
        for at, column in enumerate(part.columns):
            made = cell("number" if is_number else "share", numbers[at * levels + place])
            if not _tells_n(part.more, column):
                made.pop("n", None)
            beside = deviations.get(column)
            if made.get("withheld") or (beside is not None and beside.is_withheld):
                made = withheld()
            elif beside is not None:
                made["deviation"] = finite(beside.estimate)
            cells[column] = made
    return cells


def _sizes(results: list[Result], keys: Sequence[str]) -> list[dict[str, Any]]:
    """How many firms there are in all and in each group."""
    first = part_of(results[0]).more
    sizes = [result for result in results if part_of(result).role == "sizes"]
    hidden: dict[str, bool] = {}
    for result in sizes:
        told = numbers_of(result.description)
        hidden |= {
            column: each.is_withheld
            for column, each in zip(part_of(result).columns, told, strict=True)
        }
    lines = []
    for key, label in (("n", "Firms (n)"), ("population", "Firms in the population")):
        cells = {"all": count(first["firms" if key == "n" else "population"])}
        for each in first["groups"]:
            cells[each["key"]] = withheld() if hidden[each["key"]] else count(each[key])
        found = [cells.get(column) for column in keys]
        lines.append(line(f"@{label}", label, found, kind="statistic"))
    return lines


def _notes_of_table_one(by_variable: dict[str, Parts], has_groups: bool) -> tuple[str, ...]:
    kinds = {part_of(found["level"]).more["kind"] for found in by_variable.values()}
    notes = ["Estimates for the population of firms that the sample stands for; n counts firms."]
    if "continuous" in kinds:
        notes.append("Of numbers the mean is shown, of the others the share of firms in per cent.")
    if any(part_of(found["level"]).more["missing"] is None for found in by_variable.values()):
        notes.append(_FEW_UNANSWERED)
    if has_groups:
        tests = []
        if "continuous" in kinds:
            tests.append("of means the F test of a regression on the groups")
        if kinds - {"continuous"}:
            tests.append("of shares Rao and Scott's F")
        notes.append(f"p is of no difference between the groups: {', '.join(tests)}.")
        notes.append(
            "The standardised difference is the largest between any two groups: of means in "
            "standard deviations, of shares as a Mahalanobis distance."
        )
    return tuple(notes)


def _correlation(results: list[Result]) -> Entry:
    first = part_of(results[0]).more
    labels = first["labels"]
    columns = [
        {"key": "mean", "label": "Mean"},
        {"key": "deviation", "label": "Std. deviation"},
        *({"key": f"with-{at + 1}", "label": f"({at + 1})"} for at in range(len(labels) - 1)),
    ]
    names = [part_of(each).variable for each in results if part_of(each).role == "mean"]
    cells: dict[tuple[int, str], Any] = {}
    numbers = []
    for result in results:
        part, found = part_of(result), numbers_of(result.description)[0]
        if part.role != "pair":
            form = "number" if part.role == "mean" else "spread"
            cells[names.index(part.variable), part.role] = cell(form, found)
            continue
        low, high = part.more["pair"]
        made = cell("correlation", found)
        if not made.get("withheld"):
            made["p_value"] = finite(part.more["p_value"])
            numbers.append(part.more["n"])
        cells[high, f"with-{low + 1}"] = made
    for at in range(len(labels) - 1):
        cells[at, f"with-{at + 1}"] = plain("whole", 1.0)
    keys = [column["key"] for column in columns]
    return {
        "title": first["title"],
        "columns": columns,
        "lines": [
            line(name, f"({at + 1}) {label}", [cells.get((at, key)) for key in keys])
            for at, (name, label) in enumerate(zip(names, labels, strict=True))
        ],
        "beneath": "shown",
        "n": max(numbers, default=0),
        "notes": _notes_of_correlation(first["missing"], numbers),
    }


def _notes_of_correlation(missing: str, numbers: Sequence[int]) -> list[str]:
    notes = [
        "Weighted correlations under the design of the sample; p-values and intervals are in "
        "Fisher's z."
    ]
    if not numbers:
        return notes
    if missing != "pairwise":
        return [*notes, f"Of the firms that answered all variables, n = {numbers[0]}."]
    fewest, most = min(numbers), max(numbers)
    span = f"n = {most}" if fewest == most else f"n from {fewest} to {most}"
    return [*notes, f"Each of the firms that answered both variables, {span}."]
