"""Files made to break an importer, and the promise that none does."""

import io
import random
import zipfile

from surveys.interchange.imported import Imported
from surveys.interchange.problems import UnreadableFile
from surveys.questionnaire import InstrumentErrors, compile_document

FAST, ALL = 60, 1000


def survives(read, data):
    """The import, or None where the file was refused with what, where and a way out."""
    problems = ()
    imported = None
    try:
        imported = read(data)
        compile_document(imported.document)
    except (UnreadableFile, InstrumentErrors) as refused:
        problems = refused.problems
    assert problems or isinstance(imported, Imported)
    assert all(each.message and each.remedy and each.where for each in problems)
    return imported


def mutated(data, seed):
    """The bytes with a few of them changed, cut, doubled or swapped."""
    rng = random.Random(seed)
    changed = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        start = rng.randrange(len(changed))
        end = min(len(changed), start + rng.choice([1, 2, 8, 64, 512]))
        match rng.randrange(5):
            case 0:
                changed[start:end] = bytes(rng.randrange(256) for _ in range(end - start))
            case 1:
                del changed[start:end]
            case 2:
                changed[start:start] = changed[start:end]
            case 3:
                other = rng.randrange(len(changed))
                changed[start:start] = changed[other : other + (end - start)]
            case _:
                changed[start:start] = rng.choice(
                    [b"<", b'"', b"}", b"\x00", b"]]>", b"-1e999", b"null"]
                )
        if not changed:
            changed = bytearray(b"x")
    return bytes(changed)


def mutated_words(text, seed, words):
    """The text with whole words exchanged for others, so that it often stays well formed."""
    rng = random.Random(seed)
    for _ in range(rng.randint(1, 12)):
        word = rng.choice(words)
        start = text.find(word, rng.randrange(len(text)))
        if start >= 0:
            text = (
                text[:start]
                + rng.choice([*words, "", "{", "1e400", "</"])
                + text[start + len(word) :]
            )
    return text


def repacked(data, change):
    """The workbook with the text of each of its parts changed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return packed.getvalue()
