"""How people call the variables by which a wave is weighted, and its replicates."""

from collections.abc import Mapping

_WORDS: Mapping[str, str] = {
    "stratum": "Stratum of the sample",
    "size_class": "Size class",
    "industry": "Industry",
    "region": "Region",
    "nace": "NACE code",
    "employees": "Employees",
    "size_measure": "Measure of size",
}
_METHODS: Mapping[str, str] = {
    "JK1": "jackknife",
    "JKn": "jackknife within strata",
    "Rao-Wu": "bootstrap of Rao and Wu",
    "bootstrap": "bootstrap",
}


def variable_words(name: str) -> str:
    """A variable of the frame in words; a column of the office's own by its name."""
    return _WORDS.get(name) or name.replace("_", " ").capitalize()


def replicate_words(number: int, method: str) -> str:
    """The label of one set of replicate weights."""
    return f"Replicate {number} of the final weight ({_METHODS.get(method, method)})"
