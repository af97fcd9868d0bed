"""The session of docs/how-to/estimate-in-a-notebook.md runs, and the library opens every name."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import estimation
from analysis.estimation.design_matrix import design_matrix
from analysis.refusals import Refusal
from analysis.specification.frames import matrix_from

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "estimate-in-a-notebook.md"


def session() -> dict[str, Any]:
    """The names that the blocks of the page leave behind."""
    names: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(), flags=re.DOTALL):
        exec(compile(block, str(PAGE), "exec"), names)  # noqa: S102 -- our own page
    return names


def test_the_session_of_the_page_runs_as_written() -> None:
    names = session()

    assert list(names["table"].index[:3]) == ["(Intercept)", "local", "global_"]
    assert names["effects"].terms == ("local", "global_", "employees", "industry[metal]",
                                      "industry[services]")  # fmt: skip
    assert np.all(np.diff(names["curve"].coefficients) > 0)
    assert names["directed"].p_value < 0.01
    assert names["tobit"].derived.terms == ("sigma",)
    assert len(names["results"]) == 8
    assert names["raked"].weight.sum() == pytest.approx(4200)
    assert names["refusal"].code == "separation" if "refusal" in names else True


def test_models_of_a_curve_equal_models_one_by_one() -> None:
    names = session()

    for choice, result in zip(names["choices"], names["results"], strict=True):
        columns = [column for column in names["X"].columns if column.name in choice]
        alone = names["estimate"](
            y=names["frame"]["innovated"],
            X=design_matrix(
                [estimation.Column(estimation.INTERCEPT), *columns],
                names["X"].variables,
                names["X"].kinds,
            ),
            estimator="logit",
            covariance="design",
            design=names["design"],
            domain=names["everyone"],
        ).estimates
        order = [alone.terms.index(term) for term in result.terms]
        np.testing.assert_allclose(result.coefficients, alone.coefficients[order], rtol=1e-10)
        np.testing.assert_allclose(result.std_errors, alone.std_errors[order], rtol=1e-10)


def test_every_name_of_the_library_opens_and_no_other() -> None:
    library = import_module("analysis.estimation")

    for name in library.__all__:
        assert getattr(library, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'fitt'"):
        _ = library.fitt


def test_dates_and_unknown_columns_are_refused_by_name() -> None:
    frame = pd.DataFrame({"founded": pd.to_datetime(["2001-01-01", "2002-01-01"]), "x": [1.0, 2.0]})

    with pytest.raises(Refusal, match="'founded' holds dates"):
        matrix_from(frame, "founded")
    with pytest.raises(Refusal, match="y"):
        matrix_from(frame, "x + y")


def test_kinds_follow_from_the_columns() -> None:
    frame = pd.DataFrame(
        {
            "yes": pd.array([1, 0, None, 1], dtype="Int64"),
            "truth": [True, False, True, True],
            "size": [3.0, 2.0, np.nan, 5.0],
            "branch": ["a", "b", None, "a"],
        }
    )

    X = matrix_from(frame, "yes + truth + size + factor(branch)")

    assert X.kinds == {"yes": "binary", "truth": "binary", "size": "continuous",
                       "branch": "category"}  # fmt: skip
    assert np.isnan(X.X[2]).sum() == 3
