"""What is in a package, and what is not."""

import csv
import io
import json
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pandas as pd
import pytest
import yaml

from analysis.linking import stacked
from analysis.refusals import Refusal
from analysis.replication.columns import column_names, one_line, quoted
from analysis.specification.plan import read_plan
from tests.analysis.datasets import dataset_of
from tests.analysis.plans_of_estimators import firms
from tests.analysis.replication.unpacked import files_of, package_of

MODEL = {"name": "A", "outcome": "product", "formula": "size + factor(sector)"}
OTHER_KEY = b"another key, of thirty-two bytes"


def plan_of(**content):
    return read_plan(yaml.safe_dump({"title": "T", "models": [MODEL], **content}))


@pytest.fixture(scope="module")
def files():
    return files_of(package_of(firms(), plan_of()))


def extract_of(files):
    return pd.read_csv(io.BytesIO(files["data/extract.csv"]), dtype={"firm": str, "cluster": str})


def test_the_extract_has_only_what_the_plan_reads(files):
    assert list(extract_of(files)) == [
        "firm", "weight", "stratum", "cluster", "population", "product", "size", "sector",
    ]  # fmt: skip


def test_every_column_is_in_the_codebook_with_label_codes_and_what_is_missing(files):
    lines = {line["column"]: line for line in json.loads(files["codebook.json"])}

    assert list(lines) == list(extract_of(files))
    assert lines["sector"]["codes"]["trade"] == "Trade"
    assert lines["size"]["missing"] == int(extract_of(files)["size"].isna().sum())
    table = list(csv.DictReader(io.StringIO(files["codebook.csv"].decode())))
    assert [line["column"] for line in table] == list(lines)


def test_firms_have_names_of_one_package_alone_and_the_order_tells_nothing(files):
    other = extract_of(files_of(package_of(firms(), plan_of(), key=OTHER_KEY)))
    one = extract_of(files)

    assert not set(one["firm"]) & (set(other["firm"]) | set(firms().frame.index))
    assert list(one["firm"]) == sorted(one["firm"])
    assert one["size"].tolist() != other["size"].tolist()
    assert sorted(one["size"].dropna()) == sorted(other["size"].dropna())


def test_all_but_the_names_is_the_same_in_every_package_and_the_same_key_gives_the_same_bytes():
    first, again = (package_of(firms(), plan_of()) for _ in range(2))
    other = files_of(package_of(firms(), plan_of(), key=OTHER_KEY))

    assert first == again
    changed = {name for name, content in files_of(first).items() if content != other[name]}
    assert changed == {"data/extract.csv", "SHA256SUMS"}


def test_checksums_are_of_every_other_file(files):
    lines = files["SHA256SUMS"].decode().splitlines()
    told = {name: digest for digest, name in (line.split("  ") for line in lines)}

    assert set(told) == set(files) - {"SHA256SUMS"}
    assert all(sha256(files[name]).hexdigest() == digest for name, digest in told.items())


def test_the_plan_and_all_estimates_are_in_it(files):
    assert read_plan(files["plan.yaml"].decode()).fingerprint == plan_of().fingerprint
    assert json.loads(files["expected/estimates.json"])["models"][0]["name"] == "A"
    assert b"tabular" in files["expected/table.tex"]


def test_a_plan_that_imputes_has_no_package():
    imputing = {"variables": ["size"], "predictors": ["exports"], "count": 2}
    with pytest.raises(Refusal) as refused:
        package_of(firms(), plan_of(imputation=imputing))
    assert refused.value.code == "replication_of_imputed"


def two_waves():
    """Two waves of the same sixty firms."""
    made = []
    for year in (2022, 2024):
        random = np.random.default_rng(year)
        size = random.integers(5, 400, 60).astype(float)
        wave = dataset_of({"control.turnover": random.random(60), "control.employment": size})
        told = {"wave": str(year), "reference_last_year": year, "survey": "s"}
        made.append(replace(wave, provenance={**wave.provenance, **told}))
    units = [f"2022/{name}" for name in made[0].frame.index]
    return replace(stacked(made, units=[units, units]), fingerprint="f"), units


OF_TURNOVER = {"name": "A", "outcome": "control.turnover", "estimator": "linear"}
OF_SIZE = {**OF_TURNOVER, "formula": "ln_employment"}


@pytest.mark.parametrize(
    "more",
    [
        {
            "descriptives": [
                {"statistic": "mean", "outcome": "control.turnover", "by": "panel.unit"}
            ]
        },
        {"models": [{**OF_TURNOVER, "formula": "ln_employment + factor(panel.unit)"}]},
        {"models": [{**OF_SIZE, "subpopulation": "panel.unit != '2022/F0003'"}]},
    ],
)
def test_a_plan_by_single_firms_of_a_panel_has_no_package(more):
    panel, _ = two_waves()
    asked = {"models": [OF_SIZE], "design": "none", **more}

    with pytest.raises(Refusal) as refused:
        package_of(panel, plan_of(covariance="HC1", **asked))

    assert refused.value.code == "names_of_firms"


def test_clusters_by_firms_of_a_panel_are_of_one_package_alone():
    panel, units = two_waves()
    entry = {**OF_SIZE, "covariance": "cluster", "with": {"cluster": "panel.unit"}}

    made = files_of(package_of(panel, plan_of(models=[entry], design="none")))

    assert not [name for name, content in made.items() if units[5] in content.decode()]


@pytest.fixture(scope="module")
def synthetic():
    return files_of(package_of(firms(), plan_of(), kind="synthetic"))


class TestSynthetic:
    def test_it_says_so_and_keeps_the_published_numbers_apart(self, synthetic):
        assert "**The data are synthetic.**" in synthetic["README.md"].decode()
        published = json.loads(synthetic["published/estimates.json"])["models"][0]["terms"]
        expected = json.loads(synthetic["expected/estimates.json"])["models"][0]["terms"]
        assert published[1]["estimate"] != expected[1]["estimate"]

    def test_no_synthetic_firm_is_a_firm(self, synthetic):
        made, real = extract_of(synthetic), firms().frame[["product", "size", "sector"]]
        rows = {tuple(row) for row in real.dropna().itertuples(index=False)}
        ours = made[["product", "size", "sector"]].dropna()
        assert not rows & {tuple(row) for row in ours.itertuples(index=False)}

    def test_the_design_is_as_it_was(self, synthetic):
        made, design = extract_of(synthetic), firms().design
        counted = made.groupby("stratum")["weight"].agg(["size", "sum"])
        wanted = design.groupby("stratum")["weight"].agg(["size", "sum"])
        assert np.array_equal(counted.to_numpy(), wanted.to_numpy())

    def test_numbers_that_few_firms_gave_do_not_go_out_as_they_are(self):
        random = np.random.default_rng(1)
        spent, patents = np.full(120, np.nan), random.integers(0, 6, 120).astype(float)
        spent[:15] = np.round(random.uniform(1_000, 99_999, 15), 2)
        patents[:3] = (417.0, 523.0, 880.0)
        size = random.integers(5, 400, 120).astype(float)
        names = ("control.turnover", "control.age", "control.employment")
        dataset = dataset_of(dict(zip(names, (spent, patents, size), strict=True)))
        model = {"name": "A", "outcome": names[2], "estimator": "linear", "formula": names[1]}
        asked = [{"statistic": "mean", "outcome": names[0], "name": "Spent"}]

        for key in (OTHER_KEY, b"a third one, of thirty-two bytes"):
            plan = plan_of(models=[model], descriptives=asked, design="none")
            made = extract_of(files_of(package_of(dataset, plan, kind="synthetic", key=key)))
            assert not set(made["control_turnover"].dropna()) & set(spent[:15])
            assert not set(made["control_age"]) & {417.0, 523.0, 880.0}
            assert set(made["control_age"]) >= {0, 1, 2, 3, 4, 5}

    def test_shares_means_and_how_variables_go_together_are_near_the_real_ones(self):
        plan = plan_of(
            models=[
                {
                    "name": "A",
                    "outcome": "sales",
                    "estimator": "linear",
                    "formula": "size + rd + exports",
                }
            ]
        )
        made = extract_of(files_of(package_of(firms(), plan, kind="synthetic")))
        real = firms().frame
        for name in ("sales", "size", "rd", "exports"):
            error = real[name].std() / np.sqrt(len(real))
            assert abs(made[name].mean() - real[name].mean()) < 4 * error
        for one, two in (("sales", "rd"), ("sales", "size"), ("size", "rd")):
            assert abs(made[one].corr(made[two]) - real[one].corr(real[two].astype(float))) < 0.2


def test_column_names_are_words_that_all_programs_read_and_no_two_are_alike():
    names = column_names(
        [
            "networking.cooperation[suppliers,local]",
            "a.b",
            "a_b",
            "A.B",
            "if",
            "weight",
            "2nd",
            "lambda",
        ]
    )
    assert (
        names["networking.cooperation[suppliers,local]"] == "networking_cooperation_suppliers_local"
    )
    assert len({name.lower() for name in names.values()}) == len(names)
    assert not {"if", "weight", "lambda"} & set(names.values())
    assert all(name.isidentifier() for name in names.values())


@pytest.mark.parametrize("text", ['a"b', "a\\", "a\nb", "é", "\x00x", "\U0001f600", "{}", "%s"])
def test_texts_are_the_same_text_in_a_script(text):
    assert yaml.safe_load(quoted(text)) == text.replace("\x00", "")
    assert "\n" not in one_line(text)
