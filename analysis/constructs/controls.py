"""The usual controls: size, age, ownership, exports, research, human capital."""

from collections.abc import Iterator

import numpy as np

from analysis.constructs.measured import ANY_MISSING, Floats, Kind, Measured, Values
from analysis.dataset import Dataset

FOREIGN_FROM = 10.0


def controls(dataset: Dataset) -> list[Measured]:
    """Controls derived from the constructs that the data set binds."""
    return [
        *_employment(dataset),
        *_age(dataset),
        *_thresholds(dataset),
        *_plain(dataset),
        *_research(dataset),
    ]


def _column(dataset: Dataset, name: str) -> Floats | None:
    return dataset.frame[name].to_numpy(dtype=float) if name in dataset.frame.columns else None


def _log_of_positive(values: Floats) -> Floats:
    return np.log(np.where(values > 0, values, np.nan))


def _where_known(values: Floats, test: Values) -> Floats:
    return np.where(np.isnan(values), np.nan, test.astype(float))


def _measure(name: str, values: Floats, kind: Kind, label: str, definition: str) -> Measured:
    return Measured(name, values, kind, label, definition, "", ANY_MISSING)


def _employment(dataset: Dataset) -> Iterator[Measured]:
    given = _column(dataset, "control.ln_employment")
    persons = _column(dataset, "control.employment")
    label = "Employment (log)"
    if given is not None:
        yield _measure(
            "ln_employment", given, "continuous", label, "Log of persons employed, as given."
        )
    elif persons is not None:
        values = _log_of_positive(persons)
        definition = "Natural log of persons employed in the last year; missing for 0 persons."
        yield _measure("ln_employment", values, "continuous", label, definition)


def _age(dataset: Dataset) -> Iterator[Measured]:
    age = _column(dataset, "control.age")
    start = _column(dataset, "control.start_year")
    last_year = dataset.provenance.get("reference_last_year")
    definition = "Years since the firm started, as given."
    if age is None and start is not None and last_year is not None:
        age = np.where(start <= last_year, last_year - start + 1, np.nan)
        definition = "Last year of the reference period less year of start, plus 1."
    if age is None:
        return
    yield _measure("age", age, "continuous", "Age", definition)
    yield _measure(
        "ln_age",
        _log_of_positive(age),
        "continuous",
        "Age (log)",
        "Natural log of age; missing for age 0.",
    )


def _thresholds(dataset: Dataset) -> Iterator[Measured]:
    foreign = _column(dataset, "control.foreign_share")
    if foreign is not None:
        yield _measure(
            "foreign_owned",
            _where_known(foreign, foreign >= FOREIGN_FROM),
            "binary",
            "Foreign-owned",
            "1 if 10 per cent or more of the firm is owned abroad.",
        )
    exports = _column(dataset, "control.export_share")
    if exports is not None:
        yield _measure(
            "exporter",
            _where_known(exports, exports > 0),
            "binary",
            "Exporter",
            "1 if any turnover comes from abroad.",
        )


def _plain(dataset: Dataset) -> Iterator[Measured]:
    for name, construct, kind, label in (
        ("in_group", "control.group", "binary", "Part of a group"),
        ("graduate_share", "control.graduate_share", "continuous", "Graduates (share of staff)"),
    ):
        values = _column(dataset, construct)
        if values is not None:
            yield _measure(name, values, kind, label, f"As bound to {construct}.")  # type: ignore[arg-type]  # the tuples hold kinds


def _research(dataset: Dataset) -> Iterator[Measured]:
    inside = _column(dataset, "research.inside")
    bought = [
        _column(dataset, variable.name) for variable in dataset.variables_of("research.bought")
    ]
    given = _column(dataset, "research.any")
    if inside is not None:
        yield _measure(
            "research_inside",
            _where_known(inside, inside > 0),
            "binary",
            "R&D inside",
            "1 if the firm did R&D itself, now and then or all the time.",
        )
    if given is not None:
        yield _measure("rd_any", given, "binary", "Any R&D", "1 if R&D inside or bought, as given.")
    elif inside is not None:
        cells = np.column_stack(
            [_where_known(inside, inside > 0), *[b for b in bought if b is not None]]
        )
        yes = np.nansum(cells == 1, axis=1) > 0
        unknown = ~yes & np.isnan(cells).any(axis=1)
        yield _measure(
            "rd_any",
            np.where(unknown, np.nan, yes.astype(float)),
            "binary",
            "Any R&D",
            "1 if R&D inside or bought.",
        )
