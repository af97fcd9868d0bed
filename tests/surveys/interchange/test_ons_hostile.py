"""Whatever a file holds, an import ends with an instrument or with clear problems."""

import copy
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.interchange import ons
from surveys.interchange.limits import LARGEST_FILE
from surveys.interchange.problems import CATALOGUE, UnreadableFile
from surveys.questionnaire import InstrumentErrors, compile_document
from tests.surveys.interchange.eq import block, checkbox, of_answer, radio, schema, section


def problems_of(data):
    with pytest.raises(UnreadableFile) as caught:
        ons.read(data)
    for problem in caught.value.problems:
        assert problem.code in CATALOGUE
        assert problem.where
        assert problem.message
        assert problem.remedy
    return caught.value.problems


def survives(data):
    """True if the file comes in, False if it is refused; anything else is an error."""
    problems = ()
    try:
        compile_document(ons.read(data).document)
    except UnreadableFile as error:
        problems = [problem.code for problem in error.problems if problem.code in CATALOGUE]
    except InstrumentErrors as error:
        problems = error.problems
    else:
        return True
    assert problems
    return False


def small():
    chosen = block(
        "which",
        checkbox("a2", "One", "Two"),
        checkbox("x2", "None"),
        question={"type": "MutuallyExclusive"},
    )
    routed = block("first", radio("a1"))
    routed["routing_rules"] = [
        {"block": "last", "when": {"==": [of_answer("a1"), "No"]}},
        {"block": "which"},
    ]
    return schema(section("main", routed, chosen, block("last", radio("a3"))))


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b" " * (LARGEST_FILE + 1), "too_large", "5,000,000"),
        (b"", "not_readable", "empty"),
        (b"\xff\xfe\x00", "not_readable", "UTF-8"),
        (b"{", "not_readable", "not JSON"),
        (b"[1]", "wrong_shape", "brace"),
        (b'{"a": NaN}', "not_readable", "NaN"),
        (b'{"a": 1e999}', "not_readable", "number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not_readable", "number"),
        (b'{"a": 1, "a": 2}', "not_readable", "twice"),
        (b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", "too_deep", "60"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too_deep", "60"),
        (b"{}", "missing_part", "title"),
    ],
    ids=lambda value: str(value)[:12] if not isinstance(value, bytes) else "data",
)
def test_a_file_that_is_none_is_refused_with_one_reason(data, code, words):
    problem = problems_of(data)[0]
    assert problem.code == code
    assert words in f"{problem.message} {problem.remedy}"


def test_a_hundred_megabytes_are_refused_before_they_are_read():
    assert problems_of(b"[" * 100_000_000)[0].code == "too_large"


def test_identifiers_stand_once():
    given = small()
    given["sections"][0]["groups"][0]["blocks"][2]["question"]["answers"][0]["id"] = "a1"
    assert problems_of(json.dumps(given).encode())[0].code == "duplicate_name"


def test_a_goto_to_nowhere_and_a_rule_about_nothing_are_refused():
    given = small()
    rules = given["sections"][0]["groups"][0]["blocks"][0]["routing_rules"]
    rules[0]["block"] = "nowhere"
    rules[0]["when"]["=="][0]["identifier"] = "nothing"
    assert {problem.code for problem in problems_of(json.dumps(given).encode())} == {
        "unknown_target"
    }


def test_scripts_in_labels_are_plain_text():
    given = small()
    evil = (
        "<img src=x onerror=alert(1)>Yes<script>alert(1)</script>&lt;b&gt;{firm} {answer:a1}{{7*7}}"
    )
    given["sections"][0]["groups"][0]["blocks"][0]["question"]["answers"][0]["options"][0][
        "label"
    ] = evil
    given["sections"][0]["groups"][0]["blocks"][0]["question"]["title"] = evil
    document = ons.read(json.dumps(given).encode()).document
    first = document["sections"][0]["pages"][0]["items"][0]
    assert first["label"] == "Yes<b>(firm) (answer:a1)((7*7))"
    assert first["codes"][0]["label"] == first["label"]
    compile_document(document)


def test_very_many_branches_are_refused_or_followed():
    blocks = []
    for number in range(120):
        each = block(f"b{number}", checkbox(f"a{number}", "One", "Two"))
        parts = [{"any-in": [["One"], of_answer(f"a{before}")]} for before in range(number)]
        if parts:
            pairs = [
                {"and": [first, second]} for first, second in zip(parts, parts[::-1], strict=True)
            ]
            each["skip_conditions"] = {"when": {"or": pairs}}
        blocks.append(each)
    survives(json.dumps(schema(section("main", *blocks))).encode())


def places(value, path=()):
    """Every place of the JSON below its top."""
    found = []
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, each in pairs:
        found.append((*path, key))
        found += places(each, (*path, key))
    return found


ODDITIES = (
    None,
    0,
    -1,
    1.5,
    True,
    "",
    "x",
    [],
    {},
    [[]],
    [None],
    {"x": {}},
    "{firm}",
    "<p>",
    10**20,
    [{"id": 3}],
    {"text": 4},
)


def mutated(given, chance):
    """The JSON with one to four parts taken away, exchanged or made something else."""
    given = copy.deepcopy(given)
    for _ in range(chance.randint(1, 4)):
        path = chance.choice(places(given))
        holder = given
        for key in path[:-1]:
            holder = holder[key]
        match chance.randint(0, 3):
            case 0:
                del holder[path[-1]]
            case 1:
                holder[path[-1]] = chance.choice(ODDITIES)
            case 2 if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[path[-1]]))
            case _:
                other = given
                for key in chance.choice(places(given)):
                    other = other[key]
                holder[path[-1]] = copy.deepcopy(other)
    return given


def test_a_few_hundred_damaged_schemas_are_refused_or_come_in():
    chance = random.Random(7)
    outcomes = [survives(json.dumps(mutated(small(), chance)).encode()) for _ in range(300)]
    assert set(outcomes) == {True, False}


@pytest.mark.shared_data
def test_damaged_copies_of_a_real_survey_are_refused_or_come_in(shared_data):
    given = json.loads((shared_data / "ukis_2022_2024.json").read_bytes())
    chance = random.Random(11)
    for _ in range(12):
        survives(json.dumps(mutated(given, chance)).encode())


@pytest.mark.slow
@pytest.mark.shared_data
def test_a_thousand_damaged_copies_of_a_real_survey_are_refused_or_come_in(shared_data):
    given = json.loads((shared_data / "ukis_2022_2024.json").read_bytes())
    chance = random.Random(13)
    outcomes = [survives(json.dumps(mutated(given, chance)).encode()) for _ in range(1000)]
    assert set(outcomes) == {True, False}


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "sections",
                        "groups",
                        "blocks",
                        "id",
                        "type",
                        "question",
                        "answers",
                        "options",
                        "title",
                        "when",
                    ]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=20,
    )
)
def test_any_json_is_refused_or_comes_in(value):
    survives(json.dumps(value).encode())
