"""Conditions written in XPath and translated back say the same about every answer."""

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.interchange.expressions.to_xpath import xpath_of_condition
from surveys.interchange.expressions.translate import Target, condition_text
from surveys.interchange.expressions.xpath import parse_xpath
from surveys.questionnaire import parse_condition

TARGETS = {
    "one": Target("one", "code", {"a": "a", "b": "b"}),
    "many": Target("many", "codes", {"a": "a", "b": "b"}),
    "n": Target("n", "number"),
    "m": Target("m", "number"),
    "t": Target("t", "text"),
}
NUMBERS = st.recursive(
    st.sampled_from(["n", "m", "3", "0.5", "-2", "count(many)"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda part: f"round({part}, 1)"),
        inner.map(lambda part: f"abs({part})"),
        st.tuples(inner, inner).map(lambda parts: f"max({', '.join(parts)})"),
        st.tuples(inner, inner).map(lambda parts: f"if(one = 'a', {', '.join(parts)})"),
    ),
    max_leaves=4,
)
CONDITIONS = st.recursive(
    st.one_of(
        st.sampled_from(
            [
                "one = 'a'",
                "one != 'b'",
                "many has 'a'",
                "many in ('a', 'b')",
                "answered(t)",
                "t = 'x'",
            ]
        ),
        st.tuples(NUMBERS, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), NUMBERS).map(
            " ".join
        ),
    ),
    lambda inner: st.one_of(
        inner.map(lambda part: f"not ({part})"),
        st.tuples(inner, st.sampled_from([" and ", " or "]), inner).map(
            lambda parts: f"({parts[0]}{parts[1]}{parts[2]})"
        ),
    ),
    max_leaves=4,
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "one": st.sampled_from(["a", "b", None]),
        "many": st.lists(st.sampled_from(["a", "b"]), unique=True),
        "n": st.integers(-5, 5),
        "m": st.integers(-5, 5),
        "t": st.sampled_from(["x", "y", ""]),
    },
)


@settings(max_examples=100, deadline=None)
@given(CONDITIONS, ANSWERS)
def test_there_and_back_the_verdict_is_the_same(text, answers):
    back = condition_text(parse_xpath(xpath_of_condition(text)), TARGETS.get)

    assert parse_condition(back).weigh(answers) == parse_condition(text).weigh(answers)
