"""Support views of the operator: plans and runs, to look at and not to change."""

from typing import Any

from django.contrib import admin

from analysis import models


def _refused(*_asked: Any, **_for: Any) -> bool:
    return False


class ReadOnlyAdmin(admin.ModelAdmin):
    has_add_permission = _refused
    has_change_permission = _refused
    has_delete_permission = _refused


@admin.register(models.Plan)
class PlanAdmin(ReadOnlyAdmin):
    list_display = ["title", "slug", "wave"]
    list_select_related = ["wave__survey"]


@admin.register(models.Run)
class RunAdmin(ReadOnlyAdmin):
    list_display = ["fingerprint", "plan_version", "state", "attempts", "requested_at"]
    list_filter = ["state"]
    list_select_related = ["plan_version__plan"]
    exclude = ["estimates", "table", "margins_table"]
