"""Addresses of the editor, below those of a survey."""

from django.urls import path

from surveys.views.editor import (
    changes,
    conditions,
    draft,
    drafts,
    files,
    history,
    library,
    publishing,
    translations,
    trial,
    trial_end,
    trial_hub,
    trial_rosters,
)

_DRAFTS = "<slug:survey>/drafts/"
_DRAFT = f"{_DRAFTS}<slug:draft>/"

urlpatterns = [
    path(_DRAFTS, drafts.drafts, name="drafts"),
    path(f"{_DRAFTS}new/", drafts.new, name="new_draft"),
    path(_DRAFT, draft.draft, name="draft"),
    path(f"{_DRAFT}change/", changes.change, name="change_draft"),
    path(f"{_DRAFT}remove/", changes.remove, name="remove_from_draft"),
    path(f"{_DRAFT}preview/", draft.preview, name="preview_draft"),
    path(f"{_DRAFT}condition/", conditions.condition, name="draft_condition"),
    path(f"{_DRAFT}library/", library.library, name="draft_library"),
    path(f"{_DRAFT}translations/", translations.translations, name="draft_translations"),
    path(f"{_DRAFT}translations.po", translations.catalogue, name="draft_catalogue"),
    path(f"{_DRAFT}history/", history.history, name="draft_history"),
    path(f"{_DRAFT}undo/", history.undo, name="undo_draft"),
    path(f"{_DRAFT}try/", trial_hub.hub, name="try_draft"),
    path(f"{_DRAFT}try/reset/", trial_hub.reset, name="reset_trial"),
    path(f"{_DRAFT}try/last-wave/", trial_hub.last_wave, name="trial_last_wave"),
    path(f"{_DRAFT}try/frame/", trial_hub.frame_values, name="trial_frame"),
    path(f"{_DRAFT}try/made/", trial.fill_in, name="fill_in_trial"),
    path(f"{_DRAFT}try/language/", trial.language, name="trial_language"),
    path(f"{_DRAFT}try/check/", trial_end.check, name="trial_check"),
    path(f"{_DRAFT}try/receipt/", trial_end.receipt, name="trial_receipt"),
    path(f"{_DRAFT}try/copy.pdf", trial_end.copy, name="trial_copy"),
    path(f"{_DRAFT}try/section/<slug:section>/", trial_end.section, name="trial_section"),
    path(f"{_DRAFT}try/lookup/<str:item>/", trial.lookup, name="trial_lookup"),
    path(f"{_DRAFT}try/page/<slug:page>/", trial.page, name="trial_page"),
    path(
        f"{_DRAFT}try/page/<slug:page>/<slug:entry>/<int:step>/",
        trial_rosters.entry,
        name="trial_entry",
    ),
    path(
        f"{_DRAFT}try/page/<slug:page>/<slug:entry>/remove/",
        trial_rosters.remove,
        name="trial_remove",
    ),
    path(f"{_DRAFT}publish/", publishing.publish, name="publish_draft"),
    path(f"{_DRAFT}files/", files.files, name="draft_files"),
    path(f"{_DRAFT}download.<slug:draft_format>", files.download, name="download_draft"),
    path(f"{_DRAFT}delete/", drafts.delete, name="delete_draft"),
]
