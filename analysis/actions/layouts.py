from datetime import datetime

from analysis.extracts import User
from analysis.models import Run, TableLayout
from analysis.tables.layout import Layout


def keep_layout(*, run: Run, person: User, layout: Layout, at: datetime) -> TableLayout:
    """Keep how the person wants the run's tables; the one before gives way."""
    kept, _ = TableLayout.objects.update_or_create(
        run=run,
        person=person,
        defaults={"document": layout.to_document(), "kept_at": at},
    )
    return kept


def forget_layout(*, run: Run, person: User) -> bool:
    """Show the run's tables as the run made them. False if they were."""
    count, _ = TableLayout.objects.filter(run=run, person=person).delete()
    return count > 0
