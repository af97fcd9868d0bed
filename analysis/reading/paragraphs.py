"""A paragraph of plain words for each model, made from its estimates by fixed rules.

Every sentence names the rule that made it; docs/reference/reading-aid.md lists them all.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.reading.cautions import Sentence, cautions, kind_of_finding, made_data
from analysis.reading.propositions import Proposition, proposition_on
from analysis.reading.verdicts import Judged, judge
from analysis.tables import numerals
from analysis.tables.scales import near_to_far

RULES = (
    "refused",
    "nothing_to_read",
    "firms",
    "unit",
    "more",
    "less",
    "small",
    "none",
    "unclear",
    "wide",
    "untold",
    "as_expected",
    "against_expectation",
    "size_unknown",
    "several",
    "no_comparison",
    "few_degrees_of_freedom",
    "one_wave",
    "pooled_waves",
    "lagged",
    "waves",
    "instruments",
    "made_data",
)
"""In the order in which their sentences stand."""
MOST_READ = 8
_INTERCEPTS = ("Intercept", "(Intercept)")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A proposition on terms of the model, and what the model says to it."""

    scale: str
    proposition: Proposition
    found: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What one model says: its heading, its sentences, and the propositions it bears on."""

    heading: str
    sentences: tuple[Sentence, ...]
    weighed: tuple[Weighed, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


def paragraphs(document: Mapping[str, Any]) -> tuple[Paragraph, ...]:
    """One for each model of estimates.json, in the order of the plan.

    Before them, one for each description that was refused.
    """
    models = [*document["models"], *document.get("not_estimated", ())]
    numbered = [(model.get("place", at), model) for at, model in enumerate(models, start=1)]
    of_models = (
        _paragraph(place, model, document["data"]) if "terms" in model else _refused(place, model)
        for place, model in sorted(numbered, key=lambda pair: int(pair[0]))
    )
    undescribed = map(_undescribed, document.get("not_described", ()))
    return (*undescribed, *of_models)


def plain_text(document: Mapping[str, Any]) -> str:
    """All paragraphs as text, for a file."""
    blocks = [f"{document['plan']['title']}: how to read it"]
    for paragraph in paragraphs(document):
        blocks += [paragraph.heading, paragraph.text]
        blocks += [
            f"For: {each.proposition.claim} ({each.proposition.claimed_by}.) Against: "
            f"{each.proposition.doubt} ({each.proposition.doubted_by}.) Here: {each.found}"
            for each in paragraph.weighed
        ]
    return "\n\n".join(blocks) + "\n"


def _refused(place: int, model: Mapping[str, Any]) -> Paragraph:
    told = f"This model was not estimated, so nothing is read from it: {model['message']}"
    return Paragraph(f"({place}) {model['name']}", (_refusal(told, model),))


def _undescribed(description: Mapping[str, Any]) -> Paragraph:
    told = f"This description could not be made: {description['message']}"
    return Paragraph(f"Description: {description['name']}", (_refusal(told, description),))


def _refusal(told: str, refused: Mapping[str, Any]) -> Sentence:
    return Sentence("refused", f"{told} {refused['remedy']}".strip())


def _paragraph(place: int, model: Mapping[str, Any], data: Mapping[str, Any]) -> Paragraph:
    over_waves = bool(data.get("waves"))
    heading = f"({place}) {model['name']}: {model['outcome_label']}"
    read = _read(model)
    of_result = [sentence for each in read for sentence in _of_term(each, model)]
    if not read:
        of_result = [
            Sentence("nothing_to_read", "The model has no term that can be read by itself.")
        ]
    unit = [Sentence("unit", "A unit is one more, or yes rather than no.")] if read else []
    sentences = (
        _firms(model, "firm-waves" if over_waves else "firms"),
        *unit,
        *of_result,
        *cautions(model, read),
        *kind_of_finding(model, over_waves=over_waves),
        *made_data(bool(data.get("made_data"))),
    )
    return Paragraph(heading, sentences, _weighed(read))


def _read(model: Mapping[str, Any]) -> list[Judged]:
    """Terms of a scale from near to far; without any, the first few others.

    Marginal effects where the model has them, since they are in units of the outcome. Other
    variables of the model are held equal and not read: they are there for the sake of these.
    Runs that were made before estimates.json told factors have terms of scales read only.
    """
    lines = model["margins"] or _read_alone(model["terms"])
    words = model.get("words")
    apart = {*_INTERCEPTS, *model.get("parameters", ()), *(words["factors"] if words else ())}
    plain = [
        line
        for line in lines
        if line["term"] not in apart
        and not line.get("equation")
        and (words is not None or line["scale"])
    ]
    order = near_to_far(line["scale"] for line in plain if line["scale"])
    of_scales = sorted(
        (line for line in plain if line["scale"]), key=lambda line: order.index(line["scale"])
    )
    is_probability = bool(model["margins"]) and _is_probability(model)
    return [judge(line, is_probability=is_probability) for line in (of_scales or plain)[:MOST_READ]]


def _read_alone(lines: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Coefficients of what enters the model once.

    Of a variable with a power or a product, no coefficient by itself says how the outcome goes
    with it.
    """
    entered = Counter(name for line in lines for name in _variables(line["term"]))
    return [line for line in lines if entered[line["term"]] == 1]


def _variables(term: str) -> set[str]:
    return {part.partition("^")[0] for part in term.split(":")}


def _is_probability(model: Mapping[str, Any]) -> bool:
    """Whether marginal effects are points of probability."""
    about = ("logit", "probit", "cloglog")
    return model.get("margins_of", "").startswith("Probability") or (
        any(word in model["estimator"] for word in about)
        and not model["estimator"].startswith(("ordered", "multinomial", "fractional"))
    )


def _firms(model: Mapping[str, Any], rows: str) -> Sentence:
    stands_for = (
        f", which stand for {numerals.whole(model['population'])} in the population"
        if model["population"]
        else ""
    )
    return Sentence("firms", f"Estimated on {numerals.whole(model['n'])} {rows}{stands_for}.")


def _of_term(each: Judged, model: Mapping[str, Any]) -> list[Sentence]:
    outcome = _within(model["outcome_label"])
    text = f"{each.label}: {_said(each, outcome)}"
    sentences = [Sentence(each.verdict, text, each.scale or "")]
    expectation = _against_expectation(each)
    return [*sentences, expectation] if expectation else sentences


def _said(each: Judged, outcome: str) -> str:
    size, between = _size(each), _between(each)
    match each.verdict:
        case "untold":
            return "no interval could be worked out, so nothing is said of it."
        case "more" | "less":
            has = f"{outcome} is {'likelier' if each.is_probability else 'higher'}"
            if each.verdict == "less":
                has = f"{outcome} is {'less likely' if each.is_probability else 'lower'}"
            return f"{has} where it is higher, by {size} for each unit ({between})."
        case "small":
            return (
                f"there is a difference, but a small one: {size} for each unit ({between}), less "
                "than one percentage point either way."
            )
        case "none":
            return (
                f"hardly any difference: {between} for each unit, so more than one percentage "
                "point either way can be ruled out."
            )
        case "wide":
            return (
                f"these firms say little about it: anything {between} for each unit goes with the "
                "answers. That is no finding of no association."
            )
        case "unclear":
            return (
                f"no clear association: {between} for each unit, so neither direction can be ruled "
                "out."
            )


def _size(each: Judged) -> str:
    if each.is_probability:
        return _points(abs(each.estimate))
    return numerals.significant(abs(each.estimate))


def _between(each: Judged) -> str:
    if each.is_probability:
        low, high = (numerals.fixed(100 * limit, 1) for limit in (each.low, each.high))
        return f"between {low} and {high} percentage points"
    low, high = (numerals.significant(limit) for limit in (each.low, each.high))
    return f"between {low} and {high}"


def _points(value: float) -> str:
    return f"{numerals.fixed(100 * value, 1)} percentage points"


def _against_expectation(each: Judged) -> Sentence | None:
    proposition = proposition_on(each.term, each.scale)
    if proposition is None or each.verdict not in ("more", "less"):
        return None
    rule = "as_expected" if each.verdict == "more" else "against_expectation"
    words = (
        "This is as the proposition below expects."
        if each.verdict == "more"
        else "This is the opposite of what the proposition below expects: look at the coding "
        "and at the other terms before you read much into it."
    )
    return Sentence(rule, words, each.scale or "")


def _weighed(read: Sequence[Judged]) -> tuple[Weighed, ...]:
    """Each proposition once, with what the terms that it is about say."""
    by_claim: dict[Proposition, list[Judged]] = {}
    for each in read:
        proposition = proposition_on(each.term, each.scale)
        if proposition is not None:
            by_claim.setdefault(proposition, []).append(each)
    return tuple(
        Weighed(terms[0].scale or "", proposition, _found(terms))
        for proposition, terms in by_claim.items()
    )


def _found(terms: Sequence[Judged]) -> str:
    words = {
        "more": "speaks for it",
        "less": "speaks against it",
        "small": "is too small to speak for either side",
        "none": "shows hardly any association, which speaks against it",
        "unclear": "does not decide it",
        "wide": "says too little to decide it",
        "untold": "cannot be read",
    }
    return "; ".join(f"{each.label} {words[each.verdict]}" for each in terms) + "."


def _within(words: str) -> str:
    return words[:1].lower() + words[1:]
