"""The texts of a draft beside their translation, and catalogues for translators."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from surveys import questionnaire
from surveys.actions import drafts as actions
from surveys.forms.editor.translations import MOST_TEXTS, CatalogueForm, typed_texts
from surveys.models import InstrumentDraft
from surveys.questionnaire.catalogues import from_po, to_po
from surveys.questionnaire.translations import (
    LANGUAGE_TAG,
    languages_of,
    source_hash,
    states,
    strings,
    texts_in,
    with_translations,
)
from surveys.views.editor.access import built_on, draft_page, frame, who

FILTERS = {
    "": "All",
    "missing": "Missing",
    "out_of_date": "Out of date",
    "current": "Up to date",
}


@dataclass(frozen=True, slots=True)
class TextLine:
    """A text of the author and its translation."""

    key: str
    source: str
    text: str
    state: str
    of: str


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def translations(request: HttpRequest, draft: InstrumentDraft) -> HttpResponse:
    """Show one language; a POST saves what was typed, or takes in a catalogue."""
    language = _language(request, draft)
    if request.method != "POST":
        return _page(request, draft, language)
    if "catalogue" in request.POST:
        return _taken_in(request, draft, language)
    former = {line.key: line for line in _lines(draft, language)}
    typed = {
        key: text
        for key, text in typed_texts(request.POST).items()
        if key in former and (text != former[key].text or f"same-{key}" in request.POST)
    }
    sources = {key: source_hash(former[key].source) for key in typed}
    made = {key: (text, sources[key]) for key, text in typed.items()}
    try:
        actions.change(
            draft=draft,
            built_on=built_on(request),
            operation=lambda document: with_translations(document, language, made),
            what=f"Translated {len(made)} text{'s' * (len(made) != 1)} ({language})",
            by=who(request),
            at=timezone.now(),
        )
    except actions.ChangedMeanwhile as meanwhile:
        return _page(request, meanwhile.draft, language, typed=typed, status=409)
    messages.success(request, f"Saved {len(made)} translation{'s' * (len(made) != 1)}.")
    return redirect(request.get_full_path())


@require_safe
@draft_page
def catalogue(request: HttpRequest, draft: InstrumentDraft) -> HttpResponse:
    """The texts as a PO file for a translator."""
    language = _language(request, draft)
    if not language:
        return redirect("surveys:draft_translations", draft.survey.slug, draft.slug)
    content = to_po(draft.document, language).encode()
    response = HttpResponse(content, content_type="text/x-gettext-translation; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{draft.slug}.{language}.po"'
    return response


def _language(request: HttpRequest, draft: InstrumentDraft) -> str:
    """The language asked for; the first of the draft that is not the author's without one."""
    others = languages_of(draft.document)[1:]
    asked = request.POST.get("language", request.GET.get("language", "")).strip()
    if asked and LANGUAGE_TAG.fullmatch(asked) and asked != languages_of(draft.document)[0]:
        return asked
    return others[0] if others else ""


def _lines(draft: InstrumentDraft, language: str) -> list[TextLine]:
    texts, marks = texts_in(draft.document, language), states(draft.document, language)
    return [
        TextLine(each.key, each.text, *_of(texts, each.key, marks[each.key]))
        for each in strings(draft.document)
    ]


def _of(texts: dict[str, tuple[str, str]], key: str, state: str) -> tuple[str, str, str]:
    text, of = texts.get(key, ("", ""))
    return text, state, of


def _taken_in(request: HttpRequest, draft: InstrumentDraft, language: str) -> HttpResponse:
    form = CatalogueForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, draft, language, form=form, status=422)
    try:
        actions.change(
            draft=draft,
            built_on=built_on(request),
            operation=lambda document: from_po(document, form.cleaned_data["po"]),
            what=f"Took in a catalogue ({language})",
            by=who(request),
            at=timezone.now(),
        )
    except questionnaire.InstrumentErrors as errors:
        for problem in errors.problems:
            form.add_error("po", str(problem))
        return _page(request, draft, language, form=form, status=422)
    except actions.ChangedMeanwhile as meanwhile:
        form.add_error("po", "The draft was changed meanwhile. Choose the file once more.")
        return _page(request, meanwhile.draft, language, form=form, status=409)
    messages.success(request, "The catalogue was taken in.")
    address = reverse("surveys:draft_translations", args=[draft.survey.slug, draft.slug])
    return redirect(f"{address}?language={language}")


def _page(
    request: HttpRequest,
    draft: InstrumentDraft,
    language: str,
    *,
    typed: dict[str, str] | None = None,
    form: CatalogueForm | None = None,
    status: int = 200,
) -> HttpResponse:
    lines = _lines(draft, language) if language else []
    only, words = request.GET.get("only", ""), request.GET.get("words", "").strip().casefold()
    kept = [
        line
        for line in lines
        if (not only or line.state == only)
        and (not words or words in f"{line.key} {line.source} {line.text}".casefold())
    ]
    context = frame(draft, "translations") | {
        "language": language,
        "languages": languages_of(draft.document),
        "pairs": [(line, (typed or {}).get(line.key, line.text)) for line in kept[:MOST_TEXTS]],
        "left_out": max(0, len(kept) - MOST_TEXTS),
        "counts": {name: sum(line.state == name for line in lines) for name in FILTERS if name},
        "filters": FILTERS,
        "only": only,
        "words": request.GET.get("words", ""),
        "overtaken": status == 409 and typed is not None,
        "form": form or CatalogueForm(),
    }
    return render(request, "research/editor/translations.html", context, status=status)
