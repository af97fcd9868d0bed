"""Made firms among which few are of some kind, plans about these few, and all that is rendered."""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from analysis import pipeline
from analysis.dataset import Dataset
from analysis.figures import figure as figures
from analysis.figures.of_estimates import figures_of
from analysis.reading.paragraphs import plain_text
from analysis.specification.plan import read_plan
from analysis.tables import delimited, excel, html, latex, markdown, word
from analysis.tables.curve import specifications_csv
from analysis.tables.table import Table
from tests.analysis.datasets import dataset_of

REGIONS = {"north": 60, "south": 40, "west": 24, "islands": 2}
FEW = "control.age < 3"
DESIGN = "{weights: none, strata: none, clusters: none, population: none}"
OUTCOME = "'innovation.product[good]'"
PLAN = f"""
title: Few
estimator: linear
covariance: HC1
design: {DESIGN}
models:
  - name: Everybody
    outcome: {OUTCOME}
    formula: ln_employment
  - name: The young
    outcome: {OUTCOME}
    formula: ln_employment
    subpopulation: {FEW}
    missing: leave_out
  - name: Regions
    outcome: {OUTCOME}
    formula: ln_employment + factor(control.region)
    tests: ['control.region[south] = 0', 'ln_employment = 0']
descriptives:
  - {{statistic: mean, outcome: control.turnover, by: control.region, name: By region}}
  - {{statistic: total, outcome: control.turnover, subpopulation: {FEW}, name: The young}}
  - {{statistic: mean, outcome: control.turnover, name: Everybody}}
"""


def firms(seed: int = 5, **sizes: int) -> Dataset:
    """126 of them: two on the islands, three younger than three years."""
    random = np.random.default_rng(seed)
    sizes = REGIONS | sizes
    region = np.repeat(list(sizes), list(sizes.values()))
    count = len(region)
    age = random.integers(5, 60, count).astype(float)
    young = [4, 70, 110]
    age[young] = 1.0
    employment = random.integers(5, 400, count).astype(float)
    turnover = np.round(employment * random.uniform(80, 160, count), 2)
    product = (random.random(count) < 0.3 + employment / 1000).astype(float)
    product[young] = [1.0, 0.0, 1.0]
    return dataset_of(
        {
            OUTCOME.strip("'"): product,
            "control.employment": employment,
            "control.turnover": turnover,
            "control.age": age,
            "control.region": region,
        },
        codes={"control.region": tuple((name, name.title()) for name in REGIONS)},
    )


def results(
    policy: object, plan: str = PLAN, dataset: Dataset | None = None, **more: Any
) -> pipeline.Results:
    return pipeline.run(dataset or firms(), read_plan(plan), policy=policy, fingerprint="f", **more)  # type: ignore[arg-type]


def rendered(made: pipeline.Results) -> Mapping[str, str]:
    """Everything that can be taken away of the results, as text, by its name."""
    found = {"estimates.json": json.dumps(made.estimates_document, ensure_ascii=False)}
    named = {
        "table": made.table,
        "margins": made.margins_table,
        "descriptives": made.descriptives_table,
        "curve": made.curve_table,
    }
    for name, table in named.items():
        if table is not None:
            found |= {f"{name}.{ending}": text for ending, text in _formats(table)}
            found[f"{name}.stored"] = json.dumps(table.to_document(), ensure_ascii=False)
    if made.estimates_document["models"]:
        found["reading.txt"] = plain_text(made.estimates_document)
    if made.estimates_document["curve"] is not None:
        found["specifications.csv"] = specifications_csv(made.estimates_document["curve"]).decode()
    for each in figures_of(made.estimates_document, source="Source."):
        drawn = each.draw()
        found[f"{each.key}.svg"] = figures.svg(drawn)
        found[f"{each.key}.json"] = str(figures.as_json(drawn))
        found[f"{each.key}.csv"] = str(figures.table_csv(drawn))
    return found


def _formats(table: Table) -> Iterator[tuple[str, str]]:
    yield "tex", latex.render(table)
    yield "html", html.render(table)
    yield "md", markdown.render(table)
    content = delimited.render(table)
    yield "csv", content if isinstance(content, str) else content.decode()
    for ending, office in (("docx", word.render(table)), ("xlsx", excel.render(table))):
        with zipfile.ZipFile(io.BytesIO(office)) as archive:
            for name in archive.namelist():
                if name.endswith(".xml"):
                    yield f"{ending}:{name}", archive.read(name).decode()


def told_in(text: str, numbers: set[str]) -> set[str]:
    """Which of the numbers stand in the text, not as a part of longer ones."""
    return {
        number for number in numbers
        if number in text and re.search(rf"(?<![\d.]){re.escape(number)}(?![\d])", text)
    }  # fmt: skip


def numbers_of(made: pipeline.Results, *, of: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The numbers of these lines in full precision, and with four digits as a table has them.

    `of` names models or descriptions, and the terms of each that count; all if there is none.
    """
    found: set[str] = set()
    lists = [
        (model["name"], (model["terms"], model["margins"] or []))
        for model in made.estimates_document["models"]
    ] + [(each["title"], (each["terms"],)) for each in made.estimates_document["descriptives"]]
    for name, several in lists:
        for term in (term for terms in several for term in terms):
            if name not in of or (of[name] and term["term"] not in of[name]):
                continue
            for key in ("estimate", "std_error", "conf_low", "conf_high", "statistic"):
                value = term.get(key)
                if value is not None and abs(value) > 1e-9:
                    found |= {repr(value)} | ({f"{value:.4g}"} if abs(value) < 1e4 else set())
    return {each for each in found if sum(map(str.isdigit, each)) >= 4}
