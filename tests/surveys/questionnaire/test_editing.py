"""Pure changes of drafts: places, references, rows of conditions, text and merging."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys import questionnaire
from surveys.questionnaire.conditions import Verdict
from surveys.questionnaire.editing.conditions import Readable, Row, Rows, rows_of, text_of
from surveys.questionnaire.editing.merging import merged
from surveys.questionnaire.editing.places import (
    NoSuchPlace,
    duplicated,
    moved,
    node_at,
    read_place,
    rewritten,
    shifted,
    walk,
)
from surveys.questionnaire.editing.references import dependents, let_go, names_in, renamed_in
from surveys.questionnaire.editing.text import document_text

DOCUMENT = {
    "instrument": "small",
    "version": "1",
    "title": "Small",
    "translations": {"nb": {"items.a.label": {"text": "Å", "of": "x"}}},
    "sections": [
        {
            "name": "s",
            "title": "S",
            "pages": [
                {"name": "p", "title": "P", "items": [{"name": "a", "kind": "number", "label": "A"}]},
                {
                    "name": "q",
                    "title": "Q {answer:a}",
                    "when": "a > 1 and last.a > 2",
                    "items": [{"name": "b", "kind": "text", "label": "B"}],
                    "edits": [
                        {"name": "e", "severity": "soft", "when": "a > 9", "message": "m", "items": ["b"]}
                    ],
                },
            ],
        },
        {"name": "t", "title": "T", "pages": []},
    ],
}  # fmt: skip


def order(document) -> list[str]:
    return [node["name"] for _, node in walk(document)]


def test_a_step_down_at_the_end_of_a_section_leads_into_the_next() -> None:
    changed, place = shifted(DOCUMENT, (0, 1), 1)

    assert place == (1, 0)
    assert order(changed) == ["s", "p", "a", "t", "q", "b"]
    assert shifted(changed, place, 1) == (changed, place)
    assert shifted(changed, place, -1)[0] == DOCUMENT


def test_a_copy_reads_its_own_items_and_no_name_stands_twice() -> None:
    changed, place = duplicated(DOCUMENT, (0,))

    assert place == (1,)
    assert order(changed)[5:] == ["s_2", "p_2", "a_2", "q_2", "b_2", "t"]
    assert node_at(changed, (1, 1))["when"] == "a_2 > 1 and last.a_2 > 2"
    assert node_at(changed, (1, 1))["edits"][0]["items"] == ["b_2"]
    assert node_at(changed, (0, 1)) == node_at(DOCUMENT, (0, 1))


def test_a_new_name_is_followed_by_conditions_quotations_edits_and_translations() -> None:
    changed = rewritten(DOCUMENT, (0, 0, 0), {"name": "staff", "kind": "number", "label": "A"})

    page = node_at(changed, (0, 1))
    assert page["when"] == "staff > 1 and last.staff > 2"
    assert page["title"] == "Q {answer:staff}"
    assert page["edits"][0]["when"] == "staff > 9"
    assert list(changed["translations"]["nb"]) == ["items.staff.label"]


def test_what_depends_on_an_item_is_found_and_let_go() -> None:
    kinds = [each.kind for each in dependents(DOCUMENT, {"a"})]
    free = let_go(DOCUMENT, {"a"})

    assert kinds == ["quotation", "condition", "edit"]
    assert "when" not in node_at(free, (0, 1))
    assert node_at(free, (0, 1))["edits"] == []
    assert node_at(free, (0, 1))["title"] == "Q {answer:a}"


@pytest.mark.parametrize("key", ["title", "intro", "label", "hint", "definition", "period"])
def test_a_quotation_of_the_wave_before_is_found_and_follows_a_new_name(key) -> None:
    item = {"name": "b", "kind": "text", key: "{answer:last.a} and {answer:a.x}"}

    (found,) = dependents({"items": [item]}, {"a"})

    assert (found.way, found.kind) == (("items", 0, key), "quotation")
    assert renamed_in({"items": [item]}, {"a": "c"})["items"][0][key] == (
        "{answer:last.c} and {answer:c.x}"
    )


def test_names_within_quotes_are_no_names() -> None:
    assert names_in("x = 'a' and b.c > 1 and ab = 2", {"a", "b"}) == {"b"}


@pytest.mark.parametrize("written", ["x", "0.0.0.0.0.0", "-1", "0..1", "999999999"])
def test_a_place_that_is_none_is_refused(written) -> None:
    with pytest.raises(NoSuchPlace):
        node_at(DOCUMENT, read_place(written))


def test_nothing_is_moved_into_itself_or_to_another_level() -> None:
    with pytest.raises(NoSuchPlace):
        moved(DOCUMENT, (0, 0), (0, 0), 0)


READABLES = {
    "n": Readable("n", "N", "number"),
    "c": Readable("c", "C", "code", (("x", "X"),)),
    "m": Readable("m", "M", "codes", (("x", "X"), ("y", "Y"))),
}
row = st.one_of(
    st.builds(
        Row,
        st.just("n"),
        st.sampled_from(["is", "is_not", "more", "least", "less", "most"]),
        st.integers(-99, 99).map(str),
        st.just(True),
    ),
    st.builds(Row, st.just("c"), st.sampled_from(["is", "is_not"]), st.just("x")),
    st.builds(
        Row, st.just("m"), st.sampled_from(["has", "has_not"]), st.sampled_from(["x", "x, y"])
    ),
    st.builds(Row, st.sampled_from(["n", "c", "m"]), st.sampled_from(["answered", "blank"])),
)
rows = st.builds(
    Rows, st.sampled_from(["all", "any"]), st.lists(row, min_size=2, max_size=4).map(tuple), st.booleans()
)  # fmt: skip


@given(rows)
@settings(max_examples=60)
def test_rows_become_a_condition_and_the_same_rows_again(made: Rows) -> None:
    assert rows_of(text_of(made, READABLES)) == made


@given(rows, st.integers(-99, 99), st.sampled_from(["x", "z", None]))
@settings(max_examples=40)
def test_rows_read_from_a_condition_say_what_it_says(made: Rows, number, code) -> None:
    text = text_of(made, READABLES)
    answers = {"n": number, "c": code, "m": ["y"]}
    again = text_of(rows_of(text) or Rows(), READABLES)

    weighed = [questionnaire.parse_condition(each).weigh(answers) for each in (text, again)]
    assert weighed[0] is weighed[1]
    assert weighed[0] in Verdict


@pytest.mark.parametrize("text", ["a + b > 3", "a > 1 or (b = 'x' and c > 2)", "not (a > 1)"])
def test_a_condition_that_rows_cannot_say_stays_a_text(text) -> None:
    assert rows_of(text) is None


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=40
)
values = st.recursive(
    st.one_of(texts, st.integers(-(10**9), 10**9), st.sampled_from([0.5, 12.25, -3.125])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["name", "when", "label"]), inner, max_size=3),
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["title", "sections", "intro"]), values, max_size=3))
@settings(max_examples=80)
def test_a_document_written_is_read_back_the_same(document) -> None:
    assert questionnaire.read_document(document_text(document)) == document


@pytest.mark.parametrize(
    "text", ["yes", "012", "1:30", "2025-01-01", "1.0", "a\nb", "a: b\n", "~", "", "null"]
)
def test_words_that_yaml_mistakes_come_back_as_they_were(text) -> None:
    assert questionnaire.read_document(document_text({"title": text})) == {"title": text}


def test_two_changes_of_different_keys_go_together_and_of_one_key_clash() -> None:
    base = {"label": "A", "unit": "x"}

    assert merged(base, base | {"unit": "y"}, {"unit": "x", "label": "B"}) == (
        {"label": "B", "unit": "y"}, (),
    )  # fmt: skip
    together, clashes = merged(base, base | {"label": "B"}, base | {"label": "C"})
    assert together["label"] == "C"
    assert [(clash.key, clash.theirs, clash.mine) for clash in clashes] == [("label", "B", "C")]
