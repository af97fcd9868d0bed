"""Models and descriptions of which the lines would be firms of a panel, one by one.

Their numbers would be withheld line by line, and what is left would be a list of firms.
"""

from collections.abc import Iterable, Iterator

from analysis.constructs import Measured
from analysis.linking import names_firms
from analysis.pipeline.prepared import Known, Prepared
from analysis.refusals import Refusal
from analysis.specification.expressions import names_in, parse_expression
from analysis.specification.formula import Formula
from analysis.specification.language import is_over_waves
from analysis.specification.model import Described, Specification

RULE = "names_of_firms"


def refuse_list_of_firms(prepared: Prepared, asked: Described) -> None:
    """Raises: Refusal ``names_of_firms``, where there is a policy."""
    read = (asked.outcome, asked.by, asked.denominator, asked.other, *asked.variables)
    if _tells_firms_apart(prepared, filter(None, read), prepared.known):
        raise Refusal(
            RULE,
            "It would have a line for each firm, by what the firm is called here.",
            "Describe by a group that many firms share, such as the wave, the branch or the size.",
        )


def has_terms_of_firms(prepared: Prepared, specification: Specification, known: Known) -> bool:
    """Whether the model would have a term for each firm, and there is a policy."""
    return _tells_firms_apart(prepared, _of_formulas(specification), known)


def _tells_firms_apart(prepared: Prepared, names: Iterable[str], known: Known) -> bool:
    if prepared.policy is None:
        return False
    read: Iterator[Measured] = (known[name] for name in dict.fromkeys(names) if name in known)
    return any(
        each.kind == "category" and names_firms(each.values, prepared.dataset) for each in read
    )


def _of_formulas(specification: Specification) -> Iterator[str]:
    formulas = [specification.formula]
    formulas += [each.value for each in specification.given if isinstance(each.value, Formula)]
    for name in (specification.outcome, *(name for each in formulas for name in each.variables)):
        yield from names_in(parse_expression(name)) if is_over_waves(name) else (name,)
