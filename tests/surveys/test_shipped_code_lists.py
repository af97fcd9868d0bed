"""The code lists that come with the platform are whole, and their codes can be found."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from surveys.queries import code_lists

FOLDER = Path(code_lists.__file__).parent.parent / "code_lists"
SHIPPED = ["countries@2024", "nace@2", "nace@2.1", "nuts@2021", "nuts@2024"]


def listed(named: str):
    found = code_lists.find(*named.split("@"))
    assert found is not None
    return found


def levels(named: str) -> list[int]:
    by_length = Counter(len(code.value) for code in listed(named).codes)
    return [by_length[length] for length in sorted(by_length)]


def test_every_list_has_its_source_its_licence_and_its_file():
    assert sorted("@".join(key) for key in code_lists.sources()) == SHIPPED
    for source in code_lists.sources().values():
        assert source.title
        assert source.source
        assert source.licence
        assert source.attribution


@pytest.mark.parametrize("named", SHIPPED)
def test_codes_are_unique_have_labels_and_follow_the_code_above(named):
    seen: set[str] = set()
    for code in listed(named).codes:
        assert code.value not in seen
        assert code.label == code.label.strip() != ""
        assert "?" not in code.label
        assert not code.parent or code.parent in seen
        seen.add(code.value)


@pytest.mark.parametrize("named", SHIPPED)
def test_siblings_are_sorted(named):
    below: dict[str, list[str]] = {}
    for code in listed(named).codes:
        below.setdefault(code.parent, []).append(code.value)
    assert all(values == sorted(values) for values in below.values())


@pytest.mark.parametrize(
    ("named", "counts"),
    [
        ("nace@2", [21, 88, 272, 615]),
        ("nace@2.1", [22, 87, 287, 651]),
        ("countries@2024", [249]),
        # Countries; then the regions of the Union, with Extra-Regio, and statistical regions.
        ("nuts@2021", [27 + 9, 119 + 30, 269 + 60, 1193 + 178]),
        ("nuts@2024", [27 + 12, 119 + 43, 271 + 94, 1192 + 329]),
    ],
)
def test_every_level_is_complete(named, counts):
    assert levels(named) == counts


@pytest.mark.parametrize("named", ["nace@2", "nace@2.1"])
def test_industries_stand_under_the_code_they_begin_with(named):
    for code in listed(named).codes:
        if len(code.value) > 2:
            assert code.parent == code.value[:-1].rstrip(".")


@pytest.mark.parametrize(
    ("named", "typed", "value"),
    [
        ("nace@2.1", "software", "58.2"),
        ("nace@2", "software", "58.2"),
        ("nace@2", "6201", "62.01"),
        ("nace@2", "produzione di software", "62.01"),
        ("nuts@2024", "Oslo", "NO081"),
        ("nuts@2021", "Oslo", "NO081"),
        ("nuts@2024", "Attiki", "EL3"),
        ("countries@2024", "Norwegen", "NO"),
        ("countries@2024", "Norge", "NO"),
        ("countries@2024", "Norvegia", "NO"),
        ("countries@2024", "nor", "NO"),
    ],
)
def test_codes_are_found_by_what_people_type(named, typed, value):
    assert value in [hit.value for hit in listed(named).search(typed)]


def test_titles_of_nace_2_agree_with_2_1_where_the_title_was_kept():
    new = listed("nace@2.1")
    labels = {code.value: code.label for code in listed("nace@2").codes}
    kept = [value for value, label in labels.items() if new.label(value) == label]
    assert len(kept) >= 600
    assert labels["62.01"] == "Computer programming activities"
    assert labels["26.70"] == labels["26.7"]
    assert labels["11.0"] == labels["11"]


def test_a_list_is_made_once():
    assert code_lists.find("nace", "2.1") is code_lists.find("nace", "2.1")


@pytest.mark.django_db
def test_an_unknown_list_is_none():
    assert code_lists.find("nace", "3") is None


@pytest.mark.parametrize("named", SHIPPED)
def test_files_have_the_four_columns(named):
    with (FOLDER / f"{named.replace('@', '-')}.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == ["value", "label", "parent", "words"]
