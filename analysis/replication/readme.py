"""The page that a reader of the package opens first."""

from collections.abc import Sequence

from analysis.estimation.registry import ESTIMATORS
from analysis.replication.columns import one_line
from analysis.replication.contents import Contents
from analysis.replication.covered import refused_in_python, refused_in_r
from analysis.replication.scripts import left_out_of

_SYNTHETIC = (
    "**The data are synthetic.** No line of `data/extract.csv` is a firm. A program learned how "
    "the answers go together and drew new ones; only the sampling design is as it was. The "
    "expected output was estimated on these synthetic data, so it is **not** the table of the "
    "paper, and nothing about firms should be concluded from it. The package shows how the "
    "table was made and that the scripts do what the plan says. Numbers of the real table are in "
    "`published/`. Whoever needs the firms' answers has to ask the owner of the survey."
)
_PSEUDONYMISED = (
    "**The data are answers of firms without their names.** Firms have names of this package "
    "alone: the key that made them was thrown away, so that no two packages can be linked. They "
    "are confidential all the same. Do not try to find out who a firm is, do not link the data to "
    "others, and do not hand them on."
)
_FILES = (
    ("data/extract.csv", "a line a firm: design, and every variable the plan reads"),
    ("data/replicates_*.csv.gz", "replicate weights, where a model uses them"),
    ("codebook.csv, codebook.json", "what each column is: label, unit, codes, definition, missing"),
    ("plan.yaml", "the plan as it was written"),
    ("replicate.R, replicate.py", "estimate everything anew and compare"),
    ("requirements.txt", "versions of the Python packages"),
    ("expected/expected.csv", "what the scripts compare with"),
    ("expected/estimates.json", "all estimates of these data, in full precision"),
    ("expected/specifications.csv", "every model of a specification curve"),
    ("expected/*.tex, expected/*.csv", "the tables"),
    ("provenance.json", "survey, fingerprints of data, plan and code, versions"),
    ("SHA256SUMS", "checksums: sha256sum -c SHA256SUMS"),
)


def readme(contents: Contents, names: Sequence[str]) -> str:
    """README.md; `names` are the files of the package."""
    data = contents.document["data"]
    titles = [one_line(str(data[key])) for key in ("survey_title", "wave_title") if data.get(key)]
    parts = [
        f"# Replication of “{one_line(contents.plan.title)}”",
        f"{', '.join(titles)}." if titles else "",
        one_line(contents.plan.about),
        "## The data",
        _SYNTHETIC if contents.kind == "synthetic" else _PSEUDONYMISED,
        _made(contents),
        "## How to",
        _how_to(),
        "## What agrees, and how closely",
        _tolerances(),
        _estimators(contents),
        *_left_out(contents),
        "## Files",
        "\n".join(f"- `{name}`: {what}" for name, what in _FILES if _is_there(name, names)),
        "## Licence of the data",
        _licence(contents),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _is_there(pattern: str, names: Sequence[str]) -> bool:
    head = pattern.split(",")[0].split("*")[0]
    return any(name.startswith(head) for name in names)


def _made(contents: Contents) -> str:
    if contents.document["data"].get("made_data"):
        return "The survey itself holds made data: a program answered, no firm did."
    return ""


def _how_to() -> str:
    return "\n".join(
        [
            "With R (4.1 or newer; packages `survey` and `sandwich`, written with survey 4.1-1):",
            "",
            "    Rscript replicate.R",
            "",
            "With Python (3.11 or newer):",
            "",
            "    python -m pip install -r requirements.txt",
            "    python replicate.py",
            "",
            "Each prints every number beside the expected one and ends with the largest deviation. "
            "The exit status is 0 if everything that was estimated anew agrees, else 1.",
        ]
    )


def _tolerances() -> str:
    return (
        "A deviation is the difference over the expected number, or over its standard error where "
        "that is larger (p-values: the difference itself). Least squares and generalised linear "
        "models have to agree to 0.000001, tests to 0.00001, and models whose likelihood the "
        "scripts maximise themselves to 0.0001. Average marginal effects are computed by the "
        "definition of `avg_slopes()` in the R package marginaleffects: the slope of numbers, "
        "the change from 0 to 1, and from the base to each level, averaged over firms under their "
        "weights, with delta-method standard errors."
    )


def _estimators(contents: Contents) -> str:
    lines = [
        "| model | estimator | standard errors | in R | in Python |",
        "|---|---|---|---|---|",
    ]
    models = [each for each in contents.recipes if each.key.startswith("model")]
    for each in models:
        r, python = (
            "no" if refused(each) else "yes" for refused in (refused_in_r, refused_in_python)
        )
        name = one_line(each.specification.name).replace("|", "/")
        title = ESTIMATORS[each.estimator].title
        lines.append(f"| {each.key}: {name} | {title} | {each.covariance} | {r} | {python} |")
    return "\n".join(lines) if models else ""


def _left_out(contents: Contents) -> list[str]:
    by_language = {
        "R": left_out_of(contents, refused_in_r, "R"),
        "Python": left_out_of(contents, refused_in_python, "Python"),
    }
    lines = [
        f"- {language}: {each.key}, {one_line(each.title)}: {one_line(each.why)}"
        for language, entries in by_language.items()
        for each in entries
    ]
    lines += [
        f"- both: {each.key}, the test {one_line(test)}: not written out in the scripts"
        for each in contents.recipes
        for test in each.untold
    ]
    if not lines:
        return ["Every model of the plan is estimated anew by both scripts."]
    return ["### Not estimated anew", "\n".join(lines)]


def _licence(contents: Contents) -> str:
    told = contents.document["data"].get("source")
    source = f"Source of the data: {one_line(str(told))}. " if told else ""
    if contents.kind == "synthetic":
        return f"{source}The synthetic data may be handed on together with this page."
    return (
        f"{source}The data may be used to check this table, under the terms of the survey, "
        "and for nothing else without the consent of its owner."
    )
