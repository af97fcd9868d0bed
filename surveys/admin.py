"""Support views of the operator.

People and their memberships are managed here. Everything else can be looked at and not
changed: writes go through actions, which audit them. Answers and hashes of access codes are
not shown.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from surveys import models


def _refused(*_asked: Any, **_for: Any) -> bool:
    return False


class ReadOnlyAdmin(admin.ModelAdmin):
    has_add_permission = _refused
    has_change_permission = _refused
    has_delete_permission = _refused


class MembershipInline(admin.TabularInline):
    model = models.Membership
    extra = 0


@admin.register(models.User)
class PersonAdmin(UserAdmin):
    inlines = [MembershipInline]


@admin.register(models.Survey)
class SurveyAdmin(ReadOnlyAdmin):
    list_display = ["title", "slug", "institute", "made_at"]


@admin.register(models.Wave)
class WaveAdmin(ReadOnlyAdmin):
    list_display = ["title", "survey", "state", "origin", "made_data", "field_start", "field_end"]
    list_filter = ["state", "origin", "made_data"]
    list_select_related = ["survey"]


@admin.register(models.Instrument)
class InstrumentAdmin(ReadOnlyAdmin):
    list_display = ["title", "version", "fingerprint", "published_at"]
    exclude = ["document"]


@admin.register(models.Frame)
class FrameAdmin(ReadOnlyAdmin):
    list_display = ["name", "survey", "made_data", "made_at"]
    list_select_related = ["survey"]


@admin.register(models.Case)
class CaseAdmin(ReadOnlyAdmin):
    list_display = ["firm_name", "wave", "disposition", "disposition_at"]
    list_filter = ["disposition"]
    list_select_related = ["wave__survey"]
    search_fields = ["firm_name"]
    raw_id_fields = ["unit", "stratum"]


@admin.register(models.Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ["hint", "case", "issued_at", "expires_at", "revoked_at", "first_used_at"]
    list_select_related = ["case"]
    exclude = ["code_hash"]


@admin.register(models.Response)
class ResponseAdmin(ReadOnlyAdmin):
    list_display = ["reference", "case", "begun_at", "saved_at", "submitted_at"]
    list_select_related = ["case"]
    exclude = ["answers", "edit_decisions"]


@admin.register(models.CaseEvent)
class CaseEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "kind", "case"]
    list_filter = ["kind"]
    list_select_related = ["case"]


@admin.register(models.AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "action", "user", "survey", "detail"]
    list_filter = ["action"]
    list_select_related = ["user", "survey"]


@admin.register(models.Enterprise)
class EnterpriseAdmin(ReadOnlyAdmin):
    list_display = ["name", "register_id", "survey", "do_not_contact_at", "made_at"]
    list_select_related = ["survey"]
    search_fields = ["name", "register_id"]
    show_full_result_count = False


@admin.register(models.EnterpriseEvent)
class EnterpriseEventAdmin(ReadOnlyAdmin):
    list_display = ["on", "kind", "enterprise", "successor", "by"]
    list_filter = ["kind"]
    list_select_related = ["enterprise", "successor", "by"]


@admin.register(models.FrameUpload)
class FrameUploadAdmin(ReadOnlyAdmin):
    list_display = ["original_name", "survey", "state", "rows_read", "problems_count", "at"]
    list_filter = ["state"]
    list_select_related = ["survey"]
    exclude = ["file", "problems_file"]


@admin.register(models.SamplePlan)
class SamplePlanAdmin(ReadOnlyAdmin):
    list_display = ["wave", "seed", "saved_by", "saved_at", "drawn_at"]
    list_select_related = ["wave__survey", "saved_by"]


@admin.register(models.SampleWork)
class SampleWorkAdmin(ReadOnlyAdmin):
    list_display = ["wave", "kind", "state", "rows_read", "rows_total", "at"]
    list_filter = ["state"]
    list_select_related = ["wave__survey"]


@admin.register(models.ContactStep)
class ContactStepAdmin(ReadOnlyAdmin):
    list_display = ["wave", "position", "kind", "channel", "day_from", "offset_days", "on"]
    list_select_related = ["wave__survey"]


@admin.register(models.ContactAttempt)
class ContactAttemptAdmin(ReadOnlyAdmin):
    list_display = ["case", "step", "channel", "state", "queued_at", "sent_at"]
    list_filter = ["state", "channel"]
    list_select_related = ["case", "step"]
    exclude = ["address_hash"]
    show_full_result_count = False


@admin.register(models.Suppression)
class SuppressionAdmin(ReadOnlyAdmin):
    list_display = ["reason", "survey", "enterprise", "at"]
    list_filter = ["reason"]
    list_select_related = ["survey", "enterprise"]
    exclude = ["address_hash"]


@admin.register(models.OfficeReview)
class OfficeReviewAdmin(ReadOnlyAdmin):
    list_display = ["at", "verdict", "response", "by"]
    list_filter = ["verdict"]
    list_select_related = ["by"]
    exclude = ["comment"]


@admin.register(models.AnswerEdit)
class AnswerEditAdmin(ReadOnlyAdmin):
    list_display = ["at", "page", "item", "by"]
    list_select_related = ["by"]
    exclude = ["before", "after", "reason"]


@admin.register(models.Weighting)
class WeightingAdmin(ReadOnlyAdmin):
    list_display = ["wave", "number", "is_published", "made_by", "made_at"]
    list_select_related = ["wave__survey", "made_by"]
