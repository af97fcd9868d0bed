"""The two scripts: data and design, a block for each model, and the comparison."""

from collections.abc import Callable, Iterable, Sequence
from importlib import resources

from analysis.estimation.registry import ESTIMATORS
from analysis.replication.columns import one_line, quoted
from analysis.replication.contents import Contents, LeftOut
from analysis.replication.covered import (
    PYTHON_MODELS,
    R_MODELS,
    refused_in_python,
    refused_in_r,
)
from analysis.replication.descriptions import (
    PYTHON_STATISTICS,
    R_STATISTICS,
    python_description,
    r_description,
    refused_description,
)
from analysis.replication.formulas import r_factor
from analysis.replication.layout import NamedDesign
from analysis.replication.python_models import listed
from analysis.replication.r_models import GENERALISED, vector
from analysis.replication.recipes import Recipe

Refusing = Callable[[Recipe], str]


def tools(name: str) -> str:
    """The part of a script that is the same in every package."""
    found = resources.files("analysis.replication").joinpath("tools", name)
    return found.read_text(encoding="utf-8")


def _tools(contents: Contents, ending: str) -> str:
    """The tools, with those of likelihoods only where a model needs them."""
    needed = any(each.estimator not in GENERALISED for each in contents.recipes)
    return tools(f"tools.{ending}") + (tools(f"likelihood.{ending}") if needed else "")


def title_of(recipe: Recipe) -> str:
    return recipe.specification.name


def about(recipe: Recipe) -> tuple[str, ...]:
    """Sentences over a model's block."""
    title = ESTIMATORS[recipe.estimator].title
    lines = [f"{title} of {recipe.outcome_label}; standard errors: {recipe.covariance}."]
    if recipe.subpopulation is not None:
        lines.append(f"Subpopulation: {recipe.subpopulation}.")
    lines += [f"Not in this script: the test {each}." for each in recipe.untold]
    return tuple(one_line(each) for each in lines)


def left_out_of(contents: Contents, refusing: Refusing, language: str) -> tuple[LeftOut, ...]:
    """Everything that a script does not estimate anew, by name."""
    models = [
        LeftOut(each.key, title_of(each), refusing(each))
        for each in contents.recipes
        if refusing(each)
    ]
    descriptions = [
        LeftOut(key, document["title"], why)
        for key, asked, document in contents.described
        if (why := refused_description(asked, language))
    ]
    return (*models, *descriptions, *contents.left_out)


def _left_out_lines(contents: Contents, refusing: Refusing, language: str) -> list[str]:
    """Calls by which a script tells what it does not estimate anew; both languages write alike."""
    return [
        f"not_re_estimated({quoted(each.key)}, {quoted(one_line(each.title))}, "
        f"{quoted(one_line(each.why))})"
        for each in left_out_of(contents, refusing, language)
    ]


def r_script(contents: Contents) -> str:
    """replicate.R"""
    parts = [_r_head(contents), _tools(contents, "R"), _r_designs(contents)]
    parts += [_r_block(each, contents) for each in contents.recipes if not refused_in_r(each)]
    parts += [
        r_description(key, asked, document, contents)
        for key, asked, document in contents.described
        if asked.statistic in R_STATISTICS and not refused_description(asked, "R")
    ]
    parts += _left_out_lines(contents, refused_in_r, "R")
    return "\n".join([*parts, "", "finish()", ""])


def _r_head(contents: Contents) -> str:
    names = contents.layout
    texts = sorted(names.columns[name] for name in names.columns if name in contents.categories)
    return "\n".join(
        [
            f"# Estimates the table “{one_line(contents.plan.title)}” anew and compares.",
            "# Run:  Rscript replicate.R     It needs R (4.1 or newer), survey and sandwich.",
            "# The exit status is 0 if every number agrees with expected/expected.csv.",
            "",
            "suppressPackageStartupMessages({library(survey); library(sandwich)})",
            'here <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))',
            "if (length(here)) setwd(dirname(normalizePath(here)))",
            'cat(R.version.string, "; survey", as.character(packageVersion("survey")), "\\n")',
            "",
            "# ---- 1. Data " + "-" * 60,
            "# Codes of categories are texts, so that 07 stays 07. An empty cell is missing.",
            f"texts <- {vector(['firm', 'stratum', 'cluster', *texts])}",
            'header <- names(read.csv("data/extract.csv", nrows = 1, check.names = FALSE))',
            'firms <- read.csv("data/extract.csv", na.strings = "", check.names = FALSE,',
            '                  encoding = "UTF-8",',
            '                  colClasses = ifelse(header %in% texts, "character", "numeric"))',
            "firms$one <- 1",
            'expected <- read.csv("expected/expected.csv", na.strings = "", encoding = "UTF-8",',
            '                     colClasses = c(rep("character", 3), rep("numeric", 3)))',
            *(
                f"{r_factor(name)} <- function(x) factor(x, levels = {vector(levels)})"
                for levels, name in names.levels.items()
            ),
            "",
            "# ---- 2. Tools " + "-" * 59,
            "",
        ]
    )


def _r_designs(contents: Contents) -> str:
    lines = ["", "# ---- 3. Designs " + "-" * 57]
    for each in contents.layout.designs.values():
        lines += _r_replicates(each) if each.replicates is not None else [_r_design(each)]
    return "\n".join([*lines, "", "# ---- 4. Models " + "-" * 58])


def _r_design(design: NamedDesign) -> str:
    chosen = design.choice
    parts = [
        f"ids = {'~cluster' if chosen.clusters else '~1'}",
        f"strata = {'~stratum' if chosen.strata else 'NULL'}",
        f"weights = {'~weight' if chosen.weights else '~one'}",
    ]
    head = []
    if design.has_population:
        # A stratum of unknown population is taken as infinite.
        head = ["firms$population[is.na(firms$population)] <- Inf"]
        parts.append("fpc = ~population")
    call = f"{design.name} <- svydesign({', '.join(parts)}, data = firms)"
    return "\n".join([*head, call])


def _r_replicates(design: NamedDesign) -> list[str]:
    made = design.replicates
    assert made is not None  # noqa: S101 -- asked for such designs only
    rscales = ", ".join(repr(float(each)) for each in made.rscales)
    if len(set(made.rscales.tolist())) == 1:
        rscales = f"rep({float(made.rscales[0])!r}, {len(made.rscales)})"
    weights = "~weight" if design.choice.weights else "~one"
    return [
        f"# Replicate weights by {one_line(made.method)}.",
        f"{design.name} <- svrepdesign(data = firms, weights = {weights},",
        f'  repweights = as.matrix(read.csv({quoted(design.file)})), type = "other",',
        f"  scale = {float(made.scale)!r}, rscales = c({rscales}), "
        f"mse = {'TRUE' if made.mse else 'FALSE'}, combined.weights = TRUE)",
    ]


def _r_block(recipe: Recipe, contents: Contents) -> str:
    body = R_MODELS[recipe.estimator](recipe, contents.layout, contents.categories)
    head = [f"# {line}" for line in (f"{recipe.key}: {one_line(title_of(recipe))}", *about(recipe))]
    call = f"attempt({quoted(recipe.key)}, {quoted(one_line(title_of(recipe)))}, (function() {{"
    return "\n".join(["", *head, call, *body, "})())"])


def python_script(contents: Contents) -> str:
    """replicate.py"""
    parts = [_python_head(contents), _tools(contents, "py.txt"), _python_designs(contents)]
    parts += [
        _python_block(each, contents) for each in contents.recipes if not refused_in_python(each)
    ]
    parts += [
        python_description(key, asked, document, contents)
        for key, asked, document in contents.described
        if asked.statistic in PYTHON_STATISTICS and not refused_description(asked, "Python")
    ]
    parts += _left_out_lines(contents, refused_in_python, "Python")
    return "\n".join([*parts, "", "finish()", ""])


def _python_head(contents: Contents) -> str:
    names = contents.layout
    texts = sorted(names.columns[name] for name in names.columns if name in contents.categories)
    return "\n".join(
        [
            f"# Estimates the table “{one_line(contents.plan.title)}” anew and compares.",
            "# Run:  pip install -r requirements.txt && python replicate.py",
            "# The exit status is 0 if every number agrees with expected/expected.csv.",
            "",
            "import contextlib",
            "import os",
            "import warnings",
            "from pathlib import Path",
            "",
            "import numpy as np",
            "import pandas as pd",
            "import patsy",
            "import statsmodels.api as sm",
            "from scipy import linalg, optimize, special, stats",
            "",
            'warnings.filterwarnings("ignore")',
            "os.chdir(Path(__file__).resolve().parent)",
            "",
            "# ---- 1. Data " + "-" * 60,
            "# Codes of categories are texts, so that 07 stays 07. An empty cell is missing.",
            f"texts = {listed(['firm', 'stratum', 'cluster', *texts])}",
            'firms = pd.read_csv("data/extract.csv", keep_default_na=False, na_values=[""],',
            "                    dtype=dict.fromkeys(texts, object))",
            'expected = pd.read_csv("expected/expected.csv", keep_default_na=False,',
            '                       na_values=[""],',
            '                       dtype={"model": str, "kind": str, "term": str})',
            *(f"{name} = {listed(levels)}" for levels, name in names.levels.items()),
            "",
            "# ---- 2. Tools " + "-" * 59,
            "",
        ]
    )


def _python_designs(contents: Contents) -> str:
    lines = ["", "# ---- 3. Designs " + "-" * 57]
    lines += [_python_design(each) for each in contents.layout.designs.values()]
    return "\n".join([*lines, "", "# ---- 4. Models " + "-" * 58])


def _python_design(design: NamedDesign) -> str:
    chosen = design.choice
    parts: Iterable[tuple[bool, str]] = (
        (chosen.weights, 'weight="weight"'),
        (chosen.strata, 'stratum="stratum"'),
        (chosen.clusters, 'cluster="cluster"'),
        (design.has_population, 'population="population"'),
        (chosen.lonely != "refuse", f'lonely="{chosen.lonely}"'),
    )
    written = [text for is_taken, text in parts if is_taken]
    if design.replicates is not None:
        made = design.replicates
        several: Sequence[float] = made.rscales.tolist()
        rscales = f"np.array({several!r})" if len(set(several)) > 1 else repr(several[0])
        written.append(
            f"\n    replicates=Replicates({quoted(design.file)}, {float(made.scale)!r}, {rscales}, "
            f"{bool(made.mse)})"
        )
    return f"{design.name} = Design({', '.join(written)})"


def _python_block(recipe: Recipe, contents: Contents) -> str:
    body = PYTHON_MODELS[recipe.estimator](recipe, contents.layout)
    head = [f"# {line}" for line in (f"{recipe.key}: {one_line(title_of(recipe))}", *about(recipe))]
    call = f"with attempt({quoted(recipe.key)}, {quoted(one_line(title_of(recipe)))}):"
    return "\n".join(["", *head, call, *body])
