from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete


class AnalysisConfig(AppConfig):
    name = "analysis"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The models of an application can be imported once it is ready, and not before.
        from analysis.models import Snapshot  # noqa: PLC0415

        post_delete.connect(_remove_file, sender=Snapshot, dispatch_uid="analysis.snapshots")


def _remove_file(**told: Any) -> None:
    # The actions load SciPy, which most commands have no use for.
    from analysis.actions.snapshot_care import remove_with_its_row  # noqa: PLC0415

    remove_with_its_row(**told)
