import json

from hypothesis import given, settings

from analysis.tables.table import Table
from tests.analysis.tables.strategies import tables


@given(tables())
@settings(deadline=None)
def test_a_table_comes_back_from_its_stored_form_equal(table):
    stored = json.loads(json.dumps(table.to_document()))

    assert Table.from_document(stored) == table
