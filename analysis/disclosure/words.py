"""Sentences without the small numbers of firms, and the single answers, that they may name."""

import re

_NUMBER = r"\d+(?:\.\d+)?(?:e[+-]?\d+)?"
_UNITS = r"firm-waves|firms?|responses?|answers?|observations?|rows?|clusters?|units?|entries"
_OF_WHOLE = re.compile(rf"\b(?:all )?(\d+) of (?:all |the )?(\d+) ({_UNITS})\b")
_ALONE = re.compile(rf"\b(?:all |the |Only |only )?(\d+) ({_UNITS})\b")
_SEEN = re.compile(r"\bseen (\d+) times\b")
# The answer, or the place, of one firm; and the ends of the data.
_SINGLE = (
    (re.compile(rf",? such as -?{_NUMBER}"), ""),
    (re.compile(rf"[;,] the first is firm \d+ of the data(?:, with -?{_NUMBER})?"), ""),
    (re.compile(r" the data \([^()]* to [^()]*\)"), " the data"),
)


def without_few(sentence: str, least_firms: int) -> str:
    """The sentence without numbers of fewer firms than the rule, and without single answers.

    A number of firms out of so many is left out, too, if only a few are not among them.
    """
    for pattern, instead in _SINGLE:
        sentence = pattern.sub(instead, sentence)

    def of_whole(found: re.Match[str]) -> str:
        part, whole = int(found[1]), int(found[2])
        rest = whole - part
        if whole < least_firms or 0 < part < least_firms or 0 < rest < least_firms:
            return _led(found, f"some {found[3]}")
        return found[0]

    def alone(found: re.Match[str]) -> str:
        return _led(found, f"few {found[2]}") if 0 < int(found[1]) < least_firms else found[0]

    def seen(found: re.Match[str]) -> str:
        return "seen few times" if 0 < int(found[1]) < least_firms else found[0]

    return _SEEN.sub(seen, _ALONE.sub(alone, _OF_WHOLE.sub(of_whole, sentence)))


def _led(found: re.Match[str], words: str) -> str:
    """With a capital where the sentence begins."""
    before = found.string[: found.start()].rstrip()
    begins = not before or before[-1] in ".:" or found[0][0].isupper()
    return words[:1].upper() + words[1:] if begins and not before.endswith(":") else words
