"""Which specifications of a run were registered before it."""

from typing import Any

from analysis.comparison.marking import marked
from analysis.comparison.registered import RegisteredPlan, standing
from analysis.comparison.standing_words import document_of, notes_of, of_models
from analysis.tables.table import Cell, Row, Spanner, Table

HEAD = "title: T\ncovariance: HC1\n"
SMALL = "  - {name: Small, outcome: product, formula: size}\n"
LARGE = "  - {name: Large, outcome: product, formula: size + age}\n"
OTHER = "  - {name: Other, outcome: product, formula: size + exporter}\n"
CURVE = (
    "curve: {outcomes: [product], measures: [size], controls: {few: age, more: age + exporter}}\n"
)
LONGER = CURVE.replace("few: age,", "few: age, none: exporter,")


def plan(*models: str, more: str = "") -> str:
    return HEAD + ("models:\n" if models else "") + "".join(models) + more


def registered(source: str, number: int = 1, **more: Any) -> RegisteredPlan:
    return RegisteredPlan(number, "T", "1 May 2026", f"{number}" * 64, source, **more)


def released(*names: str, refused: dict[int, str] | None = None) -> dict[str, Any]:
    refused = refused or {}
    return {
        "models": [
            {"place": place, "name": name}
            for place, name in enumerate(names, 1)
            if place not in refused
        ],
        "not_estimated": [
            {"place": place, "name": names[place - 1], "message": message}
            for place, message in refused.items()
        ],
    }


def statuses(found: Any) -> list[tuple[str, str]]:
    return [(each.name, each.status) for each in found.judged]


def test_a_run_shows_what_was_registered_what_is_new_and_what_is_lacking():
    found = standing(
        plan(SMALL, OTHER), [registered(plan(SMALL, LARGE))], released("Small", "Other")
    )

    assert statuses(found) == [("Small", "registered"), ("Other", "exploratory")]
    assert [(each.name, each.why) for each in found.unreported] == [
        ("Large", "It is not in the plan that was run.")
    ]


def test_a_registered_model_that_could_not_be_estimated_is_not_reported():
    estimates = released("Small", "Large", refused={2: "Age separates."})

    found = standing(plan(SMALL, LARGE), [registered(plan(SMALL, LARGE))], estimates)

    assert [(each.name, each.why) for each in found.unreported] == [
        ("Large", "It could not be estimated: Age separates.")
    ]


def test_another_name_is_told_and_does_not_make_a_model_exploratory():
    renamed = SMALL.replace("Small", "Size alone")

    found = standing(plan(renamed), [registered(plan(SMALL))], released("Size alone"))

    assert (found.judged[0].status, found.judged[0].registered_as) == ("registered", "Small")
    assert not found.unreported


def test_a_registration_that_was_replaced_registers_nothing_and_is_named():
    before = registered(plan(SMALL, LARGE), 1, is_in_force=False)
    now = registered(plan(SMALL), 2)

    found = standing(plan(SMALL, LARGE), [before, now], released("Small", "Large"))

    assert statuses(found) == [("Small", "registered"), ("Large", "exploratory")]
    assert found.judged[1].replaced == before
    assert found.registrations == (now,)
    assert "(2) Large was in registration 1 of 1 May 2026, which a later one replaced." in notes_of(
        found
    )


def test_a_copy_of_a_registered_plan_under_another_name_is_told():
    copy = registered(plan(SMALL, LARGE), is_of_plan=False)

    found = standing(plan(SMALL, OTHER), [copy], released("Small", "Other"))

    assert statuses(found) == [("Small", "registered"), ("Other", "exploratory")]
    assert [each.name for each in found.unreported] == ["Large"]


def test_what_another_plan_registered_besides_is_not_lacking_from_a_registered_plan():
    own = registered(plan(SMALL))
    other = registered(plan(SMALL, LARGE), is_of_plan=False)

    assert not standing(plan(SMALL), [own, other], released("Small")).unreported


def test_a_registration_that_shares_nothing_does_not_concern_the_run():
    found = standing(plan(OTHER), [registered(plan(SMALL), is_of_plan=False)], released("Other"))

    assert not found
    assert document_of(found) is None
    assert notes_of(found) == ()


def test_a_test_that_was_not_registered_is_exploratory_on_a_registered_model():
    asked = SMALL.replace("}", ", tests: [size > 0]}")

    more = standing(plan(asked), [registered(plan(SMALL))], released("Small"))
    less = standing(plan(SMALL), [registered(plan(asked))], released("Small"))

    assert more.judged[0].status == "registered"
    assert more.judged[0].added == ("hypothesis: size > 0",)
    assert [each.name for each in less.unreported] == ["Small: hypothesis: size > 0"]


def test_a_curve_with_more_choices_is_registered_in_part():
    found = standing(plan(more=LONGER), [registered(plan(more=CURVE))], {"models": []})

    curve = found.judged[0]
    assert (curve.status, curve.count, len(curve.members)) == ("partly", 2, 3)
    assert notes_of(found, ("curve",))[1] == (
        "Specification curve: 2 of its 3 models are registered, the others are exploratory."
    )


def test_a_curve_with_fewer_choices_is_registered_and_lacks_the_others():
    found = standing(plan(more=CURVE), [registered(plan(more=LONGER))], {"models": []})

    assert found.judged[0].status == "registered"
    assert [each.why for each in found.unreported] == [
        "1 of its 3 models are not in the curve that was run."
    ]


def test_a_model_picked_out_of_a_registered_curve_is_exploratory():
    picked = "  - {name: Picked, outcome: product, formula: size + age}\n"

    found = standing(
        plan(picked, more=CURVE), [registered(plan(SMALL, more=CURVE))], released("Picked")
    )

    assert statuses(found)[0] == ("Picked", "exploratory")


TABLE = Table(
    title="T",
    columns=("(1) Other", "p", "(2) Small", "p"),
    rows=(
        Row("Size", (Cell("1", 1.0), Cell("0.1"), Cell("2", 2.0), Cell("0.2"))),
        Row("Fit", (), "group"),
    ),
    spanners=(Spanner("Product", 0, 3),),
)


def test_a_table_has_the_registered_columns_first_each_group_under_its_heading():
    estimates = released("Other", "Small")
    found = standing(plan(OTHER, SMALL), [registered(plan(SMALL))], estimates)

    table = marked(TABLE, "coefficients", found, estimates)

    assert table.columns == ("(2) Small", "p", "(1) Other", "p")
    assert [cell.text for cell in table.rows[0].cells] == ["2", "0.2", "1", "0.1"]
    assert table.spanners == (
        Spanner("Registered: Product", 0, 1), Spanner("Exploratory: Product", 2, 3),
    )  # fmt: skip
    assert "Registered: (2) Small." in table.notes
    assert "Exploratory: (1) Other." in table.notes


def test_a_table_without_a_registration_stays_as_it_is():
    estimates = released("Other", "Small")

    assert marked(TABLE, "coefficients", standing(plan(OTHER), [], estimates), estimates) is TABLE


def told_of_curve(run: str, before: str) -> str:
    (judged,) = standing(plan(more=run), [registered(plan(more=before))], {}).judged
    return of_models(judged)


def test_the_figure_of_a_curve_is_told_how_many_of_its_models_are_registered():
    assert told_of_curve(CURVE, CURVE) == "Every one of these models is registered."
    assert told_of_curve(LONGER, CURVE) == (
        "Of the 3 models asked for 2 are registered, the others are exploratory."
    )
    assert told_of_curve(CURVE, "models:\n" + SMALL) == (
        "None of these models is registered: all are exploratory."
    )
