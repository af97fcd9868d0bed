"""Forms of the editor: each turns a part of an authored document into fields and back."""

from collections.abc import Mapping
from typing import Any

from surveys.forms.editor.items import FORMS, ItemForm
from surveys.forms.editor.nodes import NodeForm
from surveys.forms.editor.places import (
    EntryPageForm,
    InstrumentForm,
    PageSettingsForm,
    SectionForm,
)
from surveys.questionnaire.editing.places import Place, node_at

_BY_DEPTH: dict[int, type[NodeForm]] = {
    0: InstrumentForm,
    1: SectionForm,
    2: PageSettingsForm,
    4: EntryPageForm,
}


def form_at(
    document: Mapping[str, Any],
    place: Place,
    *,
    data: Mapping[str, Any] | None = None,
    former: Mapping[str, Any] | None = None,
) -> NodeForm:
    """The form of the place. `former` goes before what stands there. Raises NoSuchPlace."""
    node = node_at(document, place) if former is None else former
    return form_class(node, place)(document=document, place=place, former=node, data=data)


def form_class(node: Mapping[str, Any], place: Place) -> type[NodeForm]:
    """The form for what stands at the place: one for each level, and for each kind of item."""
    return _BY_DEPTH.get(len(place)) or FORMS.get(str(node.get("kind", "")), ItemForm)
