"""Typed readers of environment variables. A bad value stops the start, with its name."""

import os
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

_DEVELOPMENT_SECRET = "not-a-secret-only-for-the-demo-and-for-development"  # noqa: S105 -- says so itself


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated list."""
    value = os.environ.get(name)
    if value is None:
        return default
    return [word.strip() for word in value.split(",") if word.strip()]


def flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value == "":
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    if value == "":
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def secret(name: str, *, safe_to_default: bool) -> str:
    """A secret of at least 32 characters; only development may do without."""
    value = os.environ.get(name, "")
    if value == "" and safe_to_default:
        return f"{_DEVELOPMENT_SECRET}-{name}"
    if len(value) < 32:
        raise ImproperlyConfigured(f"{name} must be set to a random text of 32 characters or more.")
    return value


def database(name: str, default: str) -> dict[str, Any]:
    """Django's settings of the database that a URL names; SQLite made safe for concurrency."""
    try:
        settings: dict[str, Any] = environ.Env.db_url_config(os.environ.get(name) or default)
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured(f"{name} is not a database URL: {error}") from None
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
                "PRAGMA journal_size_limit=67108864;PRAGMA cache_size=-20000;"
            ),
        }
    return settings
