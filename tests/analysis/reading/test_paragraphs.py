from typing import Any

import pytest

from analysis.reading.cautions import MANY
from analysis.reading.paragraphs import MOST_READ, RULES, Paragraph, paragraphs, plain_text
from analysis.reading.propositions import proposition_on
from analysis.reading.verdicts import judge
from analysis.tables.regression_notes import MADE_DATA


def line(
    term: str, estimate: float | None, low: float | None, high: float | None, **more: Any
) -> dict[str, Any]:
    return {
        "term": term, "label": term.title(), "scale": None, "equation": "", "df": None,
        "estimate": estimate, "conf_low": low, "conf_high": high,
    } | more  # fmt: skip


def model(*margins: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "place": 1, "name": "All", "outcome_label": "Product innovation", "estimator": "logit",
        "n": 1188, "population": None, "terms": [line("(Intercept)", 1, 0, 2), *margins],
        "margins": list(margins) or None, "margins_of": "Expected outcome",
        "parameters": [], "words": {"factors": {}},
    } | more  # fmt: skip


def document(*models: dict[str, Any], made: bool = False, refused: Any = ()) -> dict[str, Any]:
    return {
        "plan": {"title": "Networks"},
        "models": list(models),
        "not_estimated": list(refused),
        "data": {"made_data": made},
    }


def read(*margins: dict[str, Any], **more: Any) -> Paragraph:
    (paragraph,) = paragraphs(document(model(*margins, **more)))
    return paragraph


def said(paragraph: Paragraph, rule: str) -> str:
    (text,) = [sentence.text for sentence in paragraph.sentences if sentence.rule == rule]
    return text


def rules(paragraph: Paragraph) -> list[str]:
    return [sentence.rule for sentence in paragraph.sentences]


@pytest.mark.parametrize(
    ("numbers", "verdict"),
    [
        ((0.04, 0.02, 0.06), "more"),
        ((-0.04, -0.06, -0.02), "less"),
        ((0.005, 0.001, 0.009), "small"),
        ((0.005, 0.001, 0.011), "more"),
        ((0.001, -0.004, 0.006), "none"),
        ((0.001, -0.004, 0.011), "unclear"),
        ((0.05, -0.02, 0.12), "unclear"),
        ((0.05, -0.2, 0.3), "wide"),
        ((0.1, 0.0, 0.2), "unclear"),
        ((0.1, None, None), "untold"),
        ((None, None, None), "untold"),
    ],
)
def test_the_verdict_on_a_change_in_probability_follows_from_its_interval(numbers, verdict):
    assert judge(line("x", *numbers), is_probability=True).verdict == verdict


@pytest.mark.parametrize(
    ("numbers", "verdict"),
    [
        ((0.005, 0.001, 0.009), "more"),
        ((0.0, -0.001, 0.001), "unclear"),
        ((5, -90, 100), "unclear"),
    ],
)
def test_of_units_that_are_not_known_no_size_is_judged(numbers, verdict):
    assert judge(line("x", *numbers), is_probability=False).verdict == verdict


def test_a_clear_association_says_direction_size_and_interval():
    more, less = read(line("x", 0.04, 0.02, 0.06)), read(line("x", -0.04, -0.06, -0.02))

    assert said(more, "more") == (
        "X: product innovation is likelier where it is higher, by 4.0 percentage points for each "
        "unit (between 2.0 and 6.0 percentage points)."
    )
    assert "less likely where it is higher, by 4.0 percentage points" in said(less, "less")
    assert "between −6.0 and −2.0" in said(less, "less")


def test_a_small_difference_is_called_small():
    assert "a small one: 0.5 percentage points" in said(
        read(line("x", 0.005, 0.001, 0.009)), "small"
    )


def test_a_narrow_interval_around_nought_rules_more_out():
    told = said(read(line("x", 0.001, -0.004, 0.006)), "none")

    assert "hardly any difference: between −0.4 and 0.6 percentage points" in told
    assert "can be ruled out" in told


def test_a_wide_interval_is_no_finding_of_no_association():
    assert "no finding of no association" in said(read(line("x", 0.05, -0.2, 0.3)), "wide")


def test_an_unclear_association_leaves_both_directions_open():
    assert "neither direction can be ruled out" in said(
        read(line("x", 0.05, -0.02, 0.12)), "unclear"
    )


def test_an_estimate_without_an_interval_is_not_read():
    assert "nothing is said of it" in said(read(line("x", 0.05, None, None)), "untold")


def test_what_a_proposition_expects_is_told_beside_it():
    near = line("partners.local", 0.04, 0.02, 0.06, scale="local")

    paragraph = read(near)

    assert said(paragraph, "as_expected").startswith("This is as the proposition")
    (weighed,) = paragraph.weighed
    assert weighed.proposition == proposition_on("partners.local", "local")
    assert weighed.found == "Partners.Local speaks for it."


def test_a_sign_that_the_proposition_does_not_expect_is_pointed_out():
    far = line("partners.global", -0.04, -0.06, -0.02, scale="global")

    paragraph = read(far)

    assert "the opposite of what the proposition" in said(paragraph, "against_expectation")
    assert paragraph.weighed[0].found == "Partners.Global speaks against it."


def test_an_unclear_association_neither_bears_a_proposition_out_nor_refutes_it():
    paragraph = read(line("partners.local", 0.04, -0.02, 0.1, scale="local"))

    assert not {"as_expected", "against_expectation"} & {*rules(paragraph)}
    assert paragraph.weighed[0].found == "Partners.Local does not decide it."


def test_terms_on_which_nothing_is_expected_have_no_proposition():
    assert proposition_on("sales.local", "local") is None
    assert proposition_on("ln_employment", None) is None
    assert read(line("sales.local", 0.04, 0.02, 0.06, scale="local")).weighed == ()


def test_terms_of_scales_are_read_from_near_to_far_and_controls_are_not():
    paragraph = read(
        line("size", 0.1, 0.05, 0.15),
        line("partners.global", 0.04, 0.02, 0.06, scale="global"),
        line("partners.local", 0.04, 0.02, 0.06, scale="local"),
    )

    about = [s.text.split(":")[0] for s in paragraph.sentences if s.rule == "more"]
    assert about == ["Partners.Local", "Partners.Global"]


def test_without_scales_the_first_terms_are_read_but_no_factor_and_no_further_equation():
    many = [line(f"x{place}", 0.04, 0.02, 0.06) for place in range(12)]
    factor = line("industry[b]", 0.1, 0.05, 0.15)
    other = line("selection|size", 0.1, 0.05, 0.15, equation="selection")

    paragraph = read(factor, other, *many, words={"factors": {"industry[b]": "Industry"}})

    about = [s.text.split(":")[0] for s in paragraph.sentences if s.rule == "more"]
    assert about == [f"X{place}" for place in range(MOST_READ)]


def test_without_marginal_effects_only_directions_are_told():
    paragraph = read(margins=None, terms=[line("x", 0.4, 0.2, 0.6)])

    assert "is higher where it is higher, by 0.400" in said(paragraph, "more")
    assert said(paragraph, "size_unknown") == (
        "Sizes are in units of the model, not of the outcome; only directions are judged."
    )


def test_marginal_effects_on_no_probability_are_in_units_of_the_outcome():
    paragraph = read(line("x", 2.0, 1.0, 3.0), estimator="linear")

    assert "by 2.00 for each unit (between 1.00 and 3.00)" in said(paragraph, "more")
    assert "units of the outcome" in said(paragraph, "size_unknown")


def test_many_intervals_are_told_to_miss_together():
    few = [line(f"x{place}", 0.04, 0.02, 0.06) for place in range(MANY - 1)]

    assert "several" not in rules(read(*few))
    assert f"Of {MANY} intervals" in said(read(*few, line("y", 0.04, 0.02, 0.06)), "several")


def test_different_verdicts_are_told_to_be_no_test_of_a_difference():
    clear, unclear = line("a", 0.04, 0.02, 0.06), line("b", 0.04, -0.02, 0.1)

    assert "no_comparison" not in rules(read(clear, line("b", 0.05, 0.02, 0.08)))
    assert "takes a test of their difference" in said(read(clear, unclear), "no_comparison")


def test_few_degrees_of_freedom_are_told():
    few = line("x", 0.04, 0.02, 0.06, df=7.0)

    assert "7.0 degrees of freedom" in said(read(few), "few_degrees_of_freedom")
    assert "few_degrees_of_freedom" not in rules(read(line("x", 0.04, 0.02, 0.06, df=70.0)))


@pytest.mark.parametrize(
    ("estimator", "rule"),
    [
        ("logit", "one_wave"),
        ("fixed_effects", "waves"),
        ("two_stage_least_squares", "instruments"),
        ("control_function_probit", "instruments"),
    ],
)
def test_every_paragraph_says_what_kind_of_finding_it_is_not(estimator, rule):
    kinds = {"one_wave", "waves", "instruments"}

    paragraph = read(line("x", 0.04, 0.02, 0.06), estimator=estimator)

    assert kinds & {*rules(paragraph)} == {rule}


def test_a_refused_model_is_not_read_and_says_why():
    refused = {"place": 2, "name": "Small", "message": "Too few firms.", "remedy": "Widen it."}

    first, second = paragraphs(document(model(line("x", 0, -1, 1)), refused=[refused]))

    assert first.heading == "(1) All: Product innovation"
    assert second == Paragraph(
        "(2) Small",
        (*[s for s in second.sentences if s.rule == "refused"],),
    )
    assert said(second, "refused") == (
        "This model was not estimated, so nothing is read from it: Too few firms. Widen it."
    )


def test_a_model_of_an_intercept_alone_has_nothing_to_read():
    assert "nothing_to_read" in rules(read())


def test_firms_are_counted_and_weighted():
    paragraph = read(line("x", 0, -1, 1), population=11873.4)

    assert said(paragraph, "firms") == (
        "Estimated on 1\u202f188 firms, which stand for 11\u202f873 in the population."
    )


def test_made_data_are_declared_in_every_paragraph():
    (paragraph,) = paragraphs(document(model(line("x", 0, -1, 1)), made=True))

    assert said(paragraph, "made_data") == MADE_DATA


def test_sentences_stand_in_the_order_of_the_rules():
    assert len(RULES) == len(set(RULES))
    paragraph = read(line("partners.local", 0.04, 0.02, 0.06, scale="local"))

    assert rules(paragraph) == ["firms", "unit", "more", "as_expected", "one_wave"]
    assert {*rules(paragraph)} <= {*RULES}


def test_the_text_holds_every_paragraph_and_both_sides_of_each_proposition():
    near = line("partners.local", 0.04, 0.02, 0.06, scale="local")

    text = plain_text(document(model(near)))

    assert text.startswith("Networks: how to read it\n\n(1) All: Product innovation\n\n")
    assert "For: Knowledge that is hard to write down" in text
    assert "Against: Partners nearby know what the firm knows already" in text
    assert "Here: Partners.Local speaks for it." in text


def test_of_a_run_made_before_factors_were_told_terms_of_scales_are_read_only():
    old = model(
        line("partners.local", 0.04, 0.02, 0.06, scale="local"), line("sector[A]", 0.04, 0.02, 0.06)
    )
    del old["words"], old["parameters"], old["margins_of"]

    (paragraph,) = paragraphs(document(old))

    assert rules(paragraph).count("more") == 1
    assert "Partners.Local" in said(paragraph, "more")


def test_coefficients_of_what_enters_by_a_power_or_a_product_are_not_read_by_themselves():
    terms = [
        line("partners.local", 0.4, 0.2, 0.6, scale="local"),
        line("partners.local^2", -0.4, -0.6, -0.2, scale="local"),
        line("partners.country", 0.4, 0.2, 0.6, scale="country"),
        line("partners.global", 0.4, 0.2, 0.6, scale="global"),
        line("partners.global:age", 0.4, 0.2, 0.6),
    ]

    found = read(terms=terms, margins=None)

    assert [s.text.split(":")[0] for s in found.sentences if s.rule in ("more", "less")] == [
        "Partners.Country"
    ]
    assert "against_expectation" not in rules(found)


@pytest.mark.parametrize(("coarse", "fine"), [("near", "region"), ("abroad", "global")])
def test_a_coarse_scale_has_the_proposition_of_the_scales_it_holds(coarse, fine):
    assert proposition_on(f"partners.{coarse}", coarse) == proposition_on(f"partners.{fine}", fine)
