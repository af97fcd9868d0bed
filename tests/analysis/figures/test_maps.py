"""Boundaries read from files that people have, and maps of what is known by region."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures import figure as formats
from analysis.figures.boundaries import Boundaries, read_boundaries
from analysis.figures.maps import NO_FIGURE
from analysis.figures.of_estimates import figures_of
from analysis.refusals import Refusal

CODES = {"n": "Region N", "s": "Region S", "e": "Region E", "w": "Region W"}


def square(west: float, south: float) -> list:
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    return [[[west + x, south + y] for x, y in corners]]


def feature(code: str, west: float, south: float, **more) -> dict:
    return {
        "type": "Feature",
        "properties": {"NUTS_ID": code, "name": f"Region {code}"},
        "geometry": {"type": "Polygon", "coordinates": square(west, south)},
    } | more


def geojson(*features: dict) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


FILE = geojson(
    feature("N", 10, 61), feature("S", 10, 60), feature("E", 11, 60), feature("X", 12, 60)
)


def line(region: str, estimate: float | None, level: str = "") -> dict:
    known = estimate is not None
    return {
        "term": f"share[{level}, {region}]" if level else f"mean[{region}]",
        "label": f"Yes × {CODES[region]}" if level else CODES[region],
        "estimate": estimate,
        "conf_low": estimate - 0.1 if known else None,
        "conf_high": estimate + 0.1 if known else None,
        "n": 40 if known else None,
    }


def document(*lines: dict, statistic: str = "mean") -> dict:
    description = {
        "title": "Innovators by region", "statistic": statistic, "by": "control.region",
        "terms": list(lines),
    }  # fmt: skip
    return {"plan": {"title": "P"}, "models": [], "descriptives": [description], "curve": None}


def drawn(found: dict, boundaries: Boundaries | None) -> dict:
    made = figures_of(found, source="Source: made.", boundaries=boundaries)
    return {each.key: each.draw() for each in made}


def shades(figure) -> list[str]:
    (features,) = figure.specification["datasets"].values()
    return [each["properties"]["shade"] for each in features]


def test_the_property_that_has_the_codes_is_found_and_other_regions_are_left_out():
    found = read_boundaries(FILE, CODES)

    assert found.property == "NUTS_ID"
    assert [region.code for region in found.regions] == ["n", "s", "e"]
    assert Boundaries.from_document(json.loads(json.dumps(found.document()))) == found


def test_regions_are_known_by_their_names_too():
    named = json.loads(FILE)
    for each in named["features"]:
        del each["properties"]["NUTS_ID"]

    assert read_boundaries(json.dumps(named).encode(), CODES).property == "name"


def test_a_map_has_a_shade_for_each_region_and_says_where_there_is_no_figure():
    made = document(line("n", 0.5), line("s", 0.2), line("e", None), line("w", 0.4))

    figure = drawn(made, read_boundaries(FILE, CODES))["map-1"]

    assert [row[0] for row in figure.rows] == ["Region N", "Region S"]
    assert shades(figure)[2] == NO_FIGURE
    assert len(set(shades(figure))) == 3
    assert "Without boundaries: Region W" in " ".join(figure.specification["title"]["subtitle"])
    assert formats.svg(figure).count("<path") >= 3


def test_of_a_share_the_answer_yes_is_drawn():
    made = document(
        line("n", 0.4, "0"), line("n", 0.6, "1"), line("s", 0.7, "0"), line("s", 0.3, "1"),
        statistic="share",
    )  # fmt: skip

    figure = drawn(made, read_boundaries(FILE, CODES))["map-1"]

    assert [(row[0], row[1]) for row in figure.rows] == [("Region N", 0.6), ("Region S", 0.3)]


def test_without_boundaries_or_figures_there_is_no_map():
    boundaries = read_boundaries(FILE, CODES)

    assert "map-1" not in drawn(document(line("n", 0.5)), None)
    assert "map-1" not in drawn(document(line("n", None)), boundaries)
    assert "map-1" not in drawn(document(line("w", 0.5)), boundaries)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not json", "not_geojson"),
        (b"\xff\xfe", "not_geojson"),
        (b"[1, 2]", "not_geojson"),
        (b"[" * 100_000, "not_geojson"),
        (geojson(feature("X", 1, 1)), "no_region_matches"),
        (geojson(), "no_region_matches"),
        (geojson(feature("N", 1, 1, geometry=None)), "not_polygons"),
        (
            geojson(feature("N", 1, 1, geometry={"type": "Point", "coordinates": [1, 2]})),
            "not_polygons",
        ),
        (geojson(feature("N", 500_000, 6_700_000)), "not_polygons"),
        (
            geojson(feature("N", 1, 1, geometry={"type": "Polygon", "coordinates": [[[1, 2]]]})),
            "not_polygons",
        ),
        (
            geojson(feature("N", 1, 1, geometry={"type": "Polygon", "coordinates": 7})),
            "not_polygons",
        ),
        (geojson(*(feature("N", 1, 1) for _ in range(2_001))), "boundaries_too_large"),
        (b" " * 5_000_001, "boundaries_too_large"),
    ],
)
def test_a_file_that_cannot_be_drawn_is_refused(content: bytes, code: str):
    with pytest.raises(Refusal) as refused:
        read_boundaries(content, CODES)

    assert refused.value.code == code


def test_a_property_that_no_region_has_is_told_with_those_there_are():
    with pytest.raises(Refusal) as refused:
        read_boundaries(FILE, CODES, "LAU")

    assert refused.value.code == "unknown_property"
    assert "NUTS_ID" in refused.value.remedy


@given(st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["features", "geometry", "properties", "type",
                                       "coordinates", "NUTS_ID", "id"]), inner, max_size=4),
))  # fmt: skip
def test_whatever_is_in_a_file_it_is_read_or_refused(content):
    with contextlib.suppress(Refusal):
        read_boundaries(json.dumps(content).encode(), CODES)
