"""What the extract holds, and what the scripts call each part of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.dataset import Dataset
from analysis.linking import names_firms
from analysis.pipeline.designs import design_of
from analysis.refusals import Refusal
from analysis.replication.columns import column_names
from analysis.replication.recipes import Known, Recipe
from analysis.specification.expressions import names_in
from analysis.specification.model import Described, DesignChoice
from mathematics.replicates import ReplicateWeights


@dataclass(frozen=True, slots=True, eq=False)
class NamedDesign:
    """One of the designs that models take into account, as the scripts call it."""

    name: str
    choice: DesignChoice
    has_population: bool
    replicates: ReplicateWeights | None = None
    file: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Names of everything in the extract.

    Attributes
    ----------
    columns : name in Milieu to name of the column
    subpopulations : expression, as written, to its column of 0 and 1
    samples : key of a model to the column of 0 and 1 that holds its firms
    levels : levels of a category, the base first, to the name of their list
    designs : by choice of the design and whether the covariance reads its population
    """

    columns: Mapping[str, str]
    subpopulations: Mapping[str, str]
    samples: Mapping[str, str]
    levels: Mapping[tuple[str, ...], str]
    designs: Mapping[tuple[DesignChoice, bool], NamedDesign]

    def design(self, choice: DesignChoice, covariance: str) -> NamedDesign:
        """The design of a model under its covariance."""
        return self.designs[_key(choice, covariance)]

    def inside(self, recipe: Recipe) -> str:
        """The column that says which firms the model is of, or nothing."""
        if recipe.key in self.samples:
            return self.samples[recipe.key]
        if recipe.subpopulation is None:
            return ""
        return self.subpopulations[str(recipe.subpopulation)]


def layout(
    recipes: Sequence[Recipe], descriptions: Sequence[Described], known: Known, dataset: Dataset
) -> Layout:
    """Names for all that the recipes and descriptions read.

    Raises: Refusal of a design that cannot be had, ``names_of_firms``.
    """
    _refuse_names_of_firms(recipes, descriptions, known, dataset)
    variables = [name for each in recipes for name in (*each.variables, *each.needs)]
    for asked in descriptions:
        variables += [
            name
            for name in (asked.outcome, asked.by, asked.denominator, asked.other)
            if name and name in known
        ]
    expressions = [each.subpopulation for each in recipes]
    expressions += [each.subpopulation for each in descriptions]
    written = dict.fromkeys(str(each) for each in expressions if each is not None)
    odd = [each.key for each in recipes if not each.is_simple]
    unique = list(dict.fromkeys(variables))
    extra = [
        *(f"subpopulation {n + 1}" for n in range(len(written))),
        *(f"firms of {k}" for k in odd),
    ]
    names = column_names([*unique, *extra])
    return Layout(
        columns={name: names[name] for name in unique},
        subpopulations={text: names[f"subpopulation {n + 1}"] for n, text in enumerate(written)},
        samples={key: names[f"firms of {key}"] for key in odd},
        levels=_levels(recipes, names),
        designs=_designs(recipes, descriptions, dataset),
    )


def _refuse_names_of_firms(
    recipes: Sequence[Recipe], descriptions: Sequence[Described], known: Known, dataset: Dataset
) -> None:
    """Refuse what has a term, a group or a subpopulation by the name of a firm of a panel.

    What only tells which rows are of one firm is told as well by names of the package.
    """
    named = [name for each in recipes for name in each.terms_of]
    for asked in descriptions:
        named += [asked.outcome, asked.by, asked.denominator, asked.other, *asked.variables]
    asked_of = [each.subpopulation for each in recipes]
    asked_of += [each.subpopulation for each in descriptions]
    named += [name for each in asked_of if each is not None for name in names_in(each)]
    read = (known[name] for name in dict.fromkeys(named) if name in known)
    if any(each.kind == "category" and names_firms(each.values, dataset) for each in read):
        raise Refusal(
            "names_of_firms",
            "The plan tells single firms apart by the names that they have here, and in a "
            "package they have others.",
            "Leave out what is by single firms, and make the package of that plan.",
        )


def variables_of_expressions(recipes: Sequence[Recipe]) -> tuple[str, ...]:
    """What subpopulations read."""
    found = [
        name
        for each in recipes
        if each.subpopulation is not None
        for name in names_in(each.subpopulation)
    ]
    return tuple(dict.fromkeys(found))


def _levels(recipes: Sequence[Recipe], names: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    counted: dict[str, int] = {}
    for each in recipes:
        for side in (each.main, *each.others.values()):
            for part in side.parts:
                if part.column is not None or part.levels in found:
                    continue
                counted[part.variable] = counted.get(part.variable, 0) + 1
                number = f"_{counted[part.variable]}" if counted[part.variable] > 1 else ""
                found[part.levels] = f"levels_of_{names[part.variable]}{number}"
    return found


def _key(choice: DesignChoice, covariance: str) -> tuple[DesignChoice, bool]:
    """Only what the covariance reads tells designs apart."""
    if covariance not in ("design", "replicate"):
        return DesignChoice(weights=choice.weights), False
    if covariance == "design":
        choice = replace(choice, replicates="none", count=200, seed=1)
    return choice, True


def _designs(
    recipes: Sequence[Recipe], descriptions: Sequence[Described], dataset: Dataset
) -> dict[tuple[DesignChoice, bool], NamedDesign]:
    asked = [(each.specification.design, each.covariance) for each in recipes]
    asked += [(each.design, each.covariance) for each in descriptions]
    found: dict[tuple[DesignChoice, bool], NamedDesign] = {}
    for choice, covariance in asked:
        key = _key(choice, covariance)
        if key in found or not key[1]:
            continue
        made = design_of(key[0], dataset, covariance)  # type: ignore[arg-type]  # one of the two
        number = len(found) + 1
        found[key] = NamedDesign(
            f"design_{number}",
            key[0],
            made.population is not None,
            made.replicates if covariance == "replicate" else None,
            f"data/replicates_{number}.csv.gz" if covariance == "replicate" else "",
        )
    return found
