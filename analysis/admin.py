"""The operator's view of runs: which wait, which run, which failed. Nothing is changed here."""

from typing import Any

from django.contrib import admin

from analysis.models import Run


def _refused(*_: Any, **__: Any) -> bool:
    """Permission hook of the admin: runs change by actions only, which keep them true."""
    return False


@admin.register(Run)
class RunAdmin(admin.ModelAdmin):
    list_display = ("plan_version", "state", "attempts", "requested_at", "finished_at")
    list_filter = ("state",)
    date_hierarchy = "requested_at"
    fields = (
        "plan_version", "state", "requested_by", "requested_at", "published_at", "attempts",
        "lease_until", "started_at", "finished_at", "progress_done", "progress_total",
        "progress_note", "failure", "fingerprint",
    )  # fmt: skip

    has_add_permission = _refused
    has_change_permission = _refused
    has_delete_permission = _refused
