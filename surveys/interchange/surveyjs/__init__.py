"""Surveys of SurveyJS (JSON), read. docs/reference/surveyjs.md."""

from surveys.interchange.surveyjs.reading import read

__all__ = ["read"]
