"""A table of the very classes that firms were drawn by has nothing to test."""

import numpy as np

from analysis.estimation.descriptive.tables import cross_tabulation
from analysis.estimation.design import survey_design


def test_shares_that_the_design_fixes_are_not_tested() -> None:
    size = np.array(["small", "large"] * 20)
    region = np.array(["north", "north", "south", "south"] * 10)
    stratum = np.char.add(size, region)
    design = survey_design(count=40, weight=np.where(size == "small", 5.0, 2.0), stratum=stratum)

    table = cross_tabulation(size, region, design=design)

    assert table.tests == {}
    assert any("nothing to test" in note for note in table.notes)
    assert np.all(table.shares.estimates.std_errors < 1e-12)
