"""Descriptions of the firms in both scripts: means, totals, shares, ratios, tables."""

from collections.abc import Mapping
from typing import Any

from analysis.replication.columns import one_line, quoted
from analysis.replication.contents import Contents
from analysis.specification.model import Described

R_STATISTICS = frozenset(
    {
        "mean", "total", "share", "ratio", "variance", "standard_deviation", "quantile",
        "cross_tabulation",
    }
)  # fmt: skip
PYTHON_STATISTICS = R_STATISTICS - {"quantile"}
_INTERVALS = {"woodruff": "mean", "woodruff_logit": "xlogit", "woodruff_korn_graubard": "beta"}
_TESTS = {"pearson_f": "F", "wald": "Wald", "adjusted_wald": "adjWald"}
"""Tests of a table by what svychisq of R's survey calls them."""


def refused_description(asked: Described, language: str) -> str:
    """Why a script leaves the description out; empty if it does not."""
    able = R_STATISTICS if language == "R" else PYTHON_STATISTICS
    if asked.statistic not in able:
        return f"a {asked.statistic.replace('_', ' ')} is not written out in this script"
    if asked.statistic == "quantile" and asked.covariance == "replicate":
        return "a quantile with replicate weights is not written out in this script"
    return ""


def r_description(
    key: str, asked: Described, document: Mapping[str, Any], contents: Contents
) -> str:
    """The block of R for one description."""
    names = contents.layout
    design = names.design(asked.design, asked.covariance).name
    more = _subpopulation(asked, contents, "inside = ")
    if asked.statistic == "quantile":
        more += f", probability = {asked.quantile if asked.quantile is not None else 0.5!r}"
        more += f", interval = {quoted(_INTERVALS[asked.interval or 'woodruff'])}"
    lonely = asked.design.lonely.replace("refuse", "fail")
    lines = ",\n  ".join(_line(each, contents, "R") for each in _lines(asked, document))
    block = [
        "",
        f"# {key}: {one_line(document['title'])}",
        f"attempt({quoted(key)}, {quoted(one_line(document['title']))}, "
        f"describe({quoted(key)}, {design}, {quoted(asked.statistic)}, list(",
        f"  {lines}){more}, lonely = {quoted(lonely)}))",
    ]
    if document["tests"]:
        rows, columns = names.columns[asked.outcome], names.columns[asked.other]
        inside = _subpopulation(asked, contents, "inside = ")
        for test, word in _TESTS.items():
            title = f"{one_line(document['title'])}, {test}"
            block.append(
                f"attempt({quoted(f'{key} {test}')}, {quoted(title)}, "
                f"association({quoted(f'{key} {test}')}, {design}, {quoted(rows)}, "
                f"{quoted(columns)}, {quoted(word)}{inside}))"
            )
    return "\n".join(block)


def python_description(
    key: str, asked: Described, document: Mapping[str, Any], contents: Contents
) -> str:
    """The block of Python for one description."""
    design = contents.layout.design(asked.design, asked.covariance).name
    more = _subpopulation(asked, contents, "inside=")
    lines = ",\n        ".join(_line(each, contents, "Python") for each in _lines(asked, document))
    title = one_line(document["title"])
    block = [
        "",
        f"# {key}: {title}",
        f"with attempt({quoted(key)}, {quoted(title)}):",
        f"    describe({quoted(key)}, {design}, {quoted(asked.statistic)}, [",
        f"        {lines}]{more})",
    ]
    block += [
        f"not_re_estimated({quoted(f'{key} {test}')}, {quoted(title)}, "
        '"tests of association under a design are in the R script alone")'
        for test in (_TESTS if document["tests"] else ())
    ]
    return "\n".join(block)


def expected_tests(document: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    """Statistic and p-value of the tests of a table that a script carries out anew."""
    return {
        name: (document["tests"][name]["statistic"], document["tests"][name]["p_value"])
        for name in (_TESTS if document["tests"] else ())
    }


def _subpopulation(asked: Described, contents: Contents, word: str) -> str:
    if asked.subpopulation is None:
        return ""
    return f", {word}{quoted(contents.layout.subpopulations[str(asked.subpopulation)])}"


def _lines(asked: Described, document: Mapping[str, Any]) -> list[dict[str, str]]:
    """What each line of the description is of: variables, level and group."""
    found = []
    for each in document["terms"]:
        inside = each["term"].partition("[")[2].removesuffix("]")
        line = {"term": each["term"], "y": asked.outcome}
        if asked.statistic == "cross_tabulation":
            line["level"], line["group"] = inside.split(", ", 1)
            line["other"] = asked.other
        elif asked.statistic == "share" and asked.by and ", " in inside:
            line["level"], line["group"] = inside.split(", ", 1)
        elif asked.statistic == "share" and inside and not asked.by:
            line["level"] = inside
        elif asked.by and inside:
            line["group"] = inside.split(", ")[-1]
        if asked.by:
            line["by"] = asked.by
        if asked.denominator:
            line["denominator"] = asked.denominator
        found.append(line)
    return found


def _line(line: Mapping[str, str], contents: Contents, language: str) -> str:
    columns, parts = contents.layout.columns, []
    of = {"level": line["y"], "group": line.get("by") or line.get("other", "")}
    for role, value in line.items():
        if role in ("y", "by", "other", "denominator"):
            text = quoted(columns[value])
        elif role in of:
            text = quoted(value) if of[role] in contents.categories else repr(float(value))
        else:
            text = quoted(value)
        parts.append(f"{role} = {text}" if language == "R" else f"{role}={text}")
    return f"list({', '.join(parts)})" if language == "R" else f"dict({', '.join(parts)})"
