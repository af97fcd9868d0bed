"""Surveys of LimeSurvey (``.lss``), read. docs/reference/limesurvey.md."""

from surveys.interchange.limesurvey.reading import read

__all__ = ["read"]
