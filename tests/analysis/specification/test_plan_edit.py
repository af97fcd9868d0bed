"""Buttons change one thing in a plan's text and leave every other character as it was."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.refusals import Refusal
from analysis.specification.plan_edit import with_term, with_value, without_key
from analysis.specification.plan_targets import changed, targets

TEXT = """\
# Written for the board.
title: Near and far   # short
estimator: logit  # agreed on 3 May
design: {weights: design, lonely: average}

define:
  young: age < 5
models:
  # first the plain one
  - name: Plain
    outcome: product  # yes or no
    formula: ln_employment
      + graduate_share   # still the formula
  - {name: Short, outcome: 'new to', formula: "a + b"}   # in braces
  - name: Folded
    outcome: product
    formula: >-
      a +
      b
    # behind the last
ladder:
  outcomes: [product, process]
  steps:
    - {name: One, add: a}
    - name: Two
      add: 'b'
"""


def lines_that_differ(before: str, after: str) -> list[str]:
    old = before.splitlines()
    return [line for line in after.splitlines() if line not in old]


@pytest.mark.parametrize(
    ("target", "control", "value", "lines"),
    [
        ("plan", "estimator", "probit", ["estimator: probit  # agreed on 3 May"]),
        ("plan", "weights", "none", ["design: {weights: none, lonely: average}"]),
        ("plan", "population", "none", ["design: {weights: design, lonely: average, population: none}"]),
        ("plan", "subpopulation", "size > 9", ["subpopulation: size > 9"]),
        ("models.0", "outcome", "process", ["    outcome: process  # yes or no"]),
        ("models.0", "estimator", "linear", ["    estimator: linear"]),
        ("models.0", "term", "x.local", ["      + graduate_share + x.local   # still the formula"]),
        ("models.1", "outcome", "process", ["  - {name: Short, outcome: process, formula: \"a + b\"}   # in braces"]),
        ("models.1", "term", "c", ["  - {name: Short, outcome: 'new to', formula: \"a + b + c\"}   # in braces"]),
        ("models.1", "outcome", "n.c[a, b]", ["  - {name: Short, outcome: 'n.c[a, b]', formula: \"a + b\"}   # in braces"]),
        ("models.2", "term", "c", ["      b + c"]),
        ("models.2", "covariance", "HC1", ["    covariance: HC1"]),
        ("ladder.steps.0", "term", "c", ["    - {name: One, add: a + c}"]),
        ("ladder.steps.1", "term", "factor(r, base = '1')", ["      add: 'b + factor(r, base = ''1'')'"]),
        ("ladder", "term", "c", ["      add: 'b + c'"]),
        ("ladder.steps.1", "estimator", "probit", ["  estimator: probit"]),
        ("models.0", "weights", "none", ["    design: {lonely: average, weights: none}"]),
        ("models.1", "weights", "none", ["  - {name: Short, outcome: 'new to', formula: \"a + b\", design: {lonely: average, weights: none}}   # in braces"]),
    ],
)  # fmt: skip
def test_a_control_changes_its_line_and_no_other(target, control, value, lines):
    after = changed(TEXT, target, control, value)

    assert lines_that_differ(TEXT, after) == lines
    assert [line for line in TEXT.splitlines() if line not in after.splitlines()] != [] or (
        len(after.splitlines()) == len(TEXT.splitlines()) + 1
    )


def test_a_key_that_is_taken_out_leaves_the_line_of_its_comment_out_of_play():
    after = changed(TEXT, "models.0", "estimator", "")
    assert after == TEXT

    with_it = changed(TEXT, "models.0", "estimator", "linear")
    assert changed(with_it, "models.0", "estimator", "") == TEXT


def test_a_term_that_is_there_already_is_not_written_twice():
    assert changed(TEXT, "models.1", "term", "b") == TEXT


def test_an_outcome_of_the_whole_plan_is_that_of_every_model():
    text = "models:\n- {outcome: a}\n- outcome: b\nladder: {outcome: c, steps: []}\n"

    assert yaml.safe_load(changed(text, "plan", "outcome", "new")) == {
        "models": [{"outcome": "new"}, {"outcome": "new"}],
        "ladder": {"outcome": "new", "steps": []},
    }


@pytest.mark.parametrize(
    ("text", "target", "control", "code"),
    [
        (TEXT, "plan", "term", "choose_a_model"),
        ("title: none", "plan", "outcome", "choose_a_model"),
        (TEXT, "models.7", "outcome", "no_such_place"),
        (TEXT, "nowhere.else", "outcome", "no_such_place"),
        (TEXT, "ladder", "outcome", "cannot_edit"),
        ("title: [1", "plan", "estimator", "not_yaml"),
        ("a: &a [*a]", "plan", "estimator", "not_yaml"),
        ("design:\n  [x]\nmodels: [{formula: {a: b}}]", "models.0", "term", "cannot_edit"),
    ],
)
def test_what_cannot_be_changed_is_refused(text, target, control, code):
    with pytest.raises(Refusal) as refused:
        changed(text, target, control, "x")

    assert refused.value.code == code


def test_a_text_of_windows_lines_keeps_them_elsewhere():
    text = TEXT.replace("\n", "\r\n")

    after = changed(text, "plan", "estimator", "probit")

    assert after == text.replace("estimator: logit", "estimator: probit")


def test_targets_say_what_they_hold_of_their_own_and_of_the_plan():
    found = {target.key: target for target in targets(TEXT)}

    assert list(found) == ["plan", "models.0", "models.1", "models.2", "ladder", "ladder.steps.0", "ladder.steps.1"]  # fmt: skip
    assert found["models.0"].label == "Model Plain"
    assert "estimator" not in found["models.0"].own
    assert found["models.0"].holds["estimator"] == "logit"
    assert found["models.0"].holds["lonely"] == "average"
    assert found["ladder.steps.1"].holds["formula"] == "b"


def test_targets_of_a_text_that_is_no_plan_are_none():
    assert targets("title: [1") == ()
    assert [target.key for target in targets("models: {a: 1}\nladder: []")] == ["plan"]


WORDS = st.text("abc.[]{},:#'\"&*!|>%@` -+=<>^()é", min_size=1, max_size=12).filter(
    lambda word: word.strip()
)
NAMES = st.sampled_from(["outcome", "formula", "estimator", "name", "covariance"])
STYLES = st.sampled_from(["plain", "single", "double"])
COMMENTS = st.sampled_from(["", "  # why", "   # it is: [so]"])


def written(word: str, style: str) -> str:
    return yaml.safe_dump(
        word.strip(), default_style={"plain": None, "single": "'", "double": '"'}[style],
        allow_unicode=True, width=1000,
    ).removesuffix("...\n").rstrip("\n")  # fmt: skip


@st.composite
def plans(draw: st.DrawFn) -> str:
    lines = ["# head", f"title: {written(draw(WORDS), draw(STYLES))}{draw(COMMENTS)}", "models:"]
    for number in range(draw(st.integers(1, 3))):
        if draw(st.booleans()):
            lines.append(f"  # before {number}")
        keys = draw(st.lists(NAMES, unique=True, min_size=1, max_size=4))
        pairs = [f"{key}: {written(draw(WORDS), draw(STYLES))}" for key in keys]
        if draw(st.booleans()):
            quoted = [f"{key}: {written(draw(WORDS), 'single')}" for key in keys]
            lines.append(f"  - {{{', '.join(quoted)}}}{draw(COMMENTS)}")
        else:
            lines += [
                f"  {'-' if place == 0 else ' '} {pair}{draw(COMMENTS)}"
                for place, pair in enumerate(pairs)
            ]
    lines.append("# tail")
    return "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n"]))


def unless_refused(change, *arguments) -> str | None:
    """The changed text; None if no button can change it, which is told so and no otherwise."""
    refusal = None
    try:
        return change(*arguments)
    except Refusal as found:
        refusal = found
    assert refusal.code == "cannot_edit"
    return None


def comments(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith("#")]


@settings(max_examples=60, deadline=None)
@given(plans(), NAMES, WORDS)
def test_a_change_says_the_new_value_and_nothing_else_is_lost(text, key, value):
    before = yaml.safe_load(text)
    value = value.strip()
    after = unless_refused(with_value, text, ("models", 0), key, value)
    if after is None:
        return
    expected = yaml.safe_load(text)
    expected["models"][0][key] = value

    said = yaml.safe_load(after)
    assert said == expected
    assert comments(after) == comments(text)
    # And back again: what was there before is there again, character by character if replaced.
    if key in before["models"][0]:
        again = with_value(after, ("models", 0), key, before["models"][0][key])
        assert yaml.safe_load(again) == before
        assert comments(again) == comments(text)
    else:
        assert without_key(after, ("models", 0), key).rstrip("\n") == text.rstrip("\n")


@settings(max_examples=60, deadline=None)
@given(plans(), st.sampled_from(["x", "factor(r)", "factor(r, base = 'a')", "n.c[a, b]"]))
def test_a_term_is_added_and_the_formula_before_it_stays(text, term):
    before = yaml.safe_load(text)
    after = unless_refused(with_term, text, ("models", 0), "formula", term)
    if after is None:
        return
    said = yaml.safe_load(after)
    formula = before["models"][0].get("formula")

    assert comments(after) == comments(text)
    assert said["models"][1:] == before["models"][1:]
    if formula is None:
        assert said["models"][0]["formula"] == term
    elif after != text:
        assert " ".join(said["models"][0]["formula"].split()) == " ".join(f"{formula} + {term}".split())  # fmt: skip


def test_most_changes_of_plain_plans_are_not_refused():
    """The properties above would hold of a button that never works."""
    text = "title: x\nmodels:\n  - name: 'a'\n    outcome: b # c\n  - {name: d}\n"

    assert changed(text, "models.1", "outcome", "n[a, b]").endswith(
        "{name: d, outcome: 'n[a, b]'}\n"
    )
    assert "outcome: z # c" in changed(text, "models.0", "outcome", "z")
