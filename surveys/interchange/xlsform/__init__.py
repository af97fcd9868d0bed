"""XLSForms (``.xlsx``), read and written without loss. docs/reference/xlsform.md."""

from surveys.interchange.xlsform.reading import read
from surveys.interchange.xlsform.writing import write

__all__ = ["read", "write"]
