"""Small eq schemas of our own."""


def radio(name, *values, **keys):
    return {
        "id": name,
        "mandatory": False,
        "type": "Radio",
        "options": [{"label": value, "value": value} for value in values or ("Yes", "No")],
        **keys,
    }


def checkbox(name, *values, **keys):
    return {**radio(name, *values), "type": "Checkbox", **keys}


def answer(name, kind, label="", **keys):
    return {"id": name, "mandatory": False, "type": kind, "label": label, **keys}


def question(title, *answers, **keys):
    return {"id": "q", "type": "General", "title": title, "answers": list(answers), **keys}


def block(name, *answers, title="", **keys):
    asked = question(title or f"What about {name}?", *answers, **keys.pop("question", {}))
    return {
        "id": name,
        "type": "Question",
        "page_title": name.replace("-", " "),
        "question": asked,
    } | keys


def section(name, *blocks, **keys):
    return {
        "id": name,
        "title": name.title(),
        "groups": [{"id": f"{name}-group", "blocks": list(blocks)}],
        **keys,
    }


def schema(*sections, **keys):
    return {
        "title": "Small survey",
        "language": "en",
        "survey_id": "901",
        "form_type": "0001",
        "sections": list(sections),
        **keys,
    }


def of_answer(name, **keys):
    return {"source": "answers", "identifier": name, **keys}


def piped(text, **sources):
    """A text with placeholders; a list is a chain of transforms."""
    placeholders = [
        {"placeholder": name, "transforms": source}
        if isinstance(source, list)
        else {"placeholder": name, "value": source}
        for name, source in sources.items()
    ]
    return {"text": text, "placeholders": placeholders}
