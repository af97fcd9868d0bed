from hypothesis import given
from hypothesis import strategies as st

from surveys.exports.spool import Spool

cells = st.none() | st.integers() | st.floats(allow_nan=False) | st.text()


@given(st.lists(st.lists(st.lists(cells, max_size=3), max_size=600), max_size=4))
def test_rows_come_back_in_their_order(batches) -> None:
    with Spool() as spool:
        for rows in batches:
            spool.add(rows)

        assert list(spool) == [row for rows in batches for row in rows]
