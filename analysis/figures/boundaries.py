"""Boundaries of regions as GeoJSON says them (RFC 7946), held to what a map can draw."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.refusals import Refusal

MOST_BYTES = 5_000_000
MOST_REGIONS = 2_000
MOST_POINTS = 200_000
_DECIMALS = 4
_POLYGONS = {"Polygon": 1, "MultiPolygon": 2}

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Region:
    """One region: its code in the answers, and its rings in degrees, longitude first."""

    code: str
    polygons: tuple[tuple[Ring, ...], ...]


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Regions of a survey; `property` is where the file has their codes."""

    property: str
    regions: tuple[Region, ...]

    def document(self) -> dict[str, Any]:
        """Plain data for keeping; `from_document` gives an equal value back."""
        regions = [{"code": each.code, "polygons": each.polygons} for each in self.regions]
        plain: dict[str, Any] = json.loads(
            json.dumps({"property": self.property, "regions": regions})
        )
        return plain

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Boundaries":
        regions = (Region(each["code"], _nested(each["polygons"])) for each in document["regions"])
        return cls(document["property"], tuple(regions))


def read_boundaries(content: bytes, codes: Mapping[str, str], named: str = "") -> Boundaries:
    """Boundaries of these regions, code to label; what the file has besides is left out.

    A region of the file is known by its code, in capitals or not, or by its label under one
    property: `named`, or else that which knows most of them.

    Raises: Refusal ``boundaries_too_large``, ``not_geojson``, ``not_polygons``,
    ``unknown_property``, ``no_region_matches``.
    """
    features = _features(content)
    wanted = {label.casefold(): code for code, label in codes.items()}
    wanted |= {code.casefold(): code for code in codes}
    property = named or _best_property(features, wanted)
    if named and not any(named in _properties(each) for each in features):
        held = sorted({name for each in features for name in _properties(each)})
        raise Refusal(
            "unknown_property",
            f"No region of the file has a property “{named}”.",
            f"There are {', '.join(held[:20])}.",
        )
    found: dict[str, Region] = {}
    points = 0
    for feature in features:
        code = wanted.get(_word(feature, property), "")
        if not code:
            continue
        polygons = _polygons(feature, code)
        points += sum(len(ring) for polygon in polygons for ring in polygon)
        before = found[code].polygons if code in found else ()
        found[code] = Region(code, before + polygons)
    _refuse_none(found, codes, property)
    _refuse_too_many(points, MOST_POINTS, "points")
    return Boundaries(property, tuple(found[code] for code in codes if code in found))


def _features(content: bytes) -> list[Mapping[str, Any]]:
    if len(content) > MOST_BYTES:
        raise Refusal(
            "boundaries_too_large",
            f"The file has {len(content) / 1e6:.1f} MB; {MOST_BYTES / 1e6:.0f} are kept at most.",
            "Take boundaries of a coarser scale, such as 1:10 million.",
        )
    try:
        read = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise _not_geojson("It is not JSON in UTF-8.") from None
    features = read.get("features") if isinstance(read, dict) else None
    if not isinstance(features, list) or not all(isinstance(each, dict) for each in features):
        raise _not_geojson("It has no list of features.")
    _refuse_too_many(len(features), MOST_REGIONS, "regions")
    return features


def _not_geojson(why: str) -> Refusal:
    return Refusal(
        "not_geojson",
        f"This is no GeoJSON file of regions. {why}",
        "Export a FeatureCollection in WGS 84 from a geographic information system.",
    )


def _refuse_too_many(count: int, most: int, what: str) -> None:
    if count > most:
        raise Refusal(
            "boundaries_too_large",
            f"The file has {count:,} {what}; a map can have {most:,}.",
            "Take boundaries of a coarser scale, or leave out what the survey does not cover.",
        )


def _refuse_none(found: Mapping[str, Region], codes: Mapping[str, str], property: str) -> None:
    if not found:
        raise Refusal(
            "no_region_matches",
            f"No region of the file has one of the survey's codes or names under “{property}”.",
            f"The survey's codes are {', '.join(sorted(codes)[:8])}. Name the property that has "
            "them.",
        )


def _properties(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    held = feature.get("properties")
    own = {"id": feature["id"]} if "id" in feature else {}
    return {**own, **held} if isinstance(held, dict) else own


def _word(feature: Mapping[str, Any], property: str) -> str:
    return str(_properties(feature).get(property, "")).casefold()


def _best_property(features: Sequence[Mapping[str, Any]], wanted: Mapping[str, str]) -> str:
    hits: dict[str, set[str]] = {}
    for feature in features:
        for name in _properties(feature):
            if _word(feature, name) in wanted:
                hits.setdefault(name, set()).add(wanted[_word(feature, name)])
    return max(sorted(hits), key=lambda name: len(hits[name]), default="id")


def _polygons(feature: Mapping[str, Any], code: str) -> tuple[tuple[Ring, ...], ...]:
    shape = feature.get("geometry")
    kind = shape.get("type") if isinstance(shape, dict) else None
    if not isinstance(shape, dict) or kind not in _POLYGONS:
        raise _not_polygons(code)
    held: Any = shape.get("coordinates")
    try:
        return tuple(_polygon(each) for each in ([held] if kind == "Polygon" else held))
    except (TypeError, ValueError, IndexError):
        raise _not_polygons(code) from None


def _polygon(rings: Any) -> tuple[Ring, ...]:
    return tuple(tuple(_points(ring)) for ring in rings)


def _points(ring: Any) -> Iterator[tuple[float, float]]:
    if len(ring) < 4:
        raise ValueError("a ring has four points at least")
    for point in ring:
        longitude, latitude = float(point[0]), float(point[1])
        if not (math.isfinite(longitude) and abs(longitude) <= 180 and abs(latitude) <= 90):
            raise ValueError("a point in degrees")
        yield round(longitude, _DECIMALS), round(latitude, _DECIMALS)


def _not_polygons(code: str) -> Refusal:
    return Refusal(
        "not_polygons",
        f"The region {code} has no polygon in degrees of longitude and latitude.",
        "Export areas, not points or lines, in WGS 84.",
    )


def _nested(polygons: Any) -> tuple[tuple[Ring, ...], ...]:
    return tuple(
        tuple(tuple((point[0], point[1]) for point in ring) for ring in polygon)
        for polygon in polygons
    )
