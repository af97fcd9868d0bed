"""The order in which tables of the research pages show size classes and strata."""

from types import SimpleNamespace

from surveys.templatetags.research import in_order_of


def test_size_classes_stand_in_the_order_of_their_sizes() -> None:
    lines = [
        {"label": each} for each in ("10-49 · B", "250+ · A", "50-249 · A", "0-9", "10-49 · A")
    ]

    found = [line["label"] for line in in_order_of(lines, "label")]

    assert found == ["0-9", "10-49 · A", "10-49 · B", "50-249 · A", "250+ · A"]


def test_names_without_numbers_stand_in_the_order_of_the_alphabet() -> None:
    lines = [SimpleNamespace(level=each) for each in ("NO0A", "", "NO02", "large")]

    assert [line.level for line in in_order_of(lines, "level")] == ["", "NO02", "NO0A", "large"]
