"""Typed readers of environment variables. A bad value stops the start, with its name."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET = 50
SHORTEST_PASSWORD = 20
MAIL_PROVIDERS = ("brevo", "mailgun", "mailjet", "postmark", "sendgrid", "sparkpost")

_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
        "PRAGMA journal_size_limit=67108864;PRAGMA cache_size=-20000;"
    ),
}
# The statements of a page are the same for every firm; the third time, their plan is kept.
_PREPARED = {"server_side_binding": True, "prepare_threshold": 3}


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


def number(name: str, default: int, *, least: int = 0) -> int:
    value = os.environ.get(name, "")
    if value == "":
        return default
    try:
        result = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None
    if result < least:
        raise ImproperlyConfigured(f"{name} must be {least} or more, not {result}.")
    return result


def choice(name: str, options: tuple[str, ...], default: str) -> str:
    value = os.environ.get(name) or default
    if value not in options:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(options)}, not {value!r}.")
    return value


def secret(name: str, *, made_in: Path | None) -> str:
    """A secret of the environment; empty if it is not set and may not be made.

    With a folder `made_in`, as in the demo, a missing secret is made at random once and
    kept there, readable by its owner only, so that no two installations share one.
    Raises ImproperlyConfigured if the secret is shorter than 50 characters.
    """
    value = os.environ.get(name, "")
    if value == "":
        return "" if made_in is None else _made_secret(name, made_in)
    if len(value) < SHORTEST_SECRET:
        raise ImproperlyConfigured(
            f"{name} must be a random text of {SHORTEST_SECRET} characters or more; "
            f"it has {len(value)}."
        )
    return value


def _made_secret(name: str, folder: Path) -> str:
    path = folder / "secrets" / f"{name.lower()}.json"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Written under another name and then linked, so that of two processes that start at
    # once the second reads the first one's whole file.
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(secrets.token_urlsafe(48), file)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return str(json.loads(path.read_text()))


def database(name: str, default: str, *, prepares: bool = True) -> dict[str, Any]:
    """Django's settings of the database that a URL names; SQLite made safe for concurrency.

    `prepares` lets PostgreSQL plan a statement once for each connection instead of each time.
    """
    value = os.environ.get(name) or default
    if value.partition("://")[0] not in {"postgres", "postgresql", "sqlite"}:
        raise ImproperlyConfigured(
            f"{name} must name a PostgreSQL or an SQLite database: "
            "postgres://user:password@host:5432/name or sqlite:////folder/file.sqlite3."
        )
    settings: dict[str, Any] = environ.Env.db_url_config(value)
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        return settings | {"OPTIONS": dict(_SQLITE_OPTIONS)}
    given = settings.get("OPTIONS", {})
    return settings | {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5} | (_PREPARED if prepares else {}) | given,
    }


def mail(name: str, default: str) -> dict[str, Any]:
    """Django's e-mail settings of the server that a URL names."""
    value = os.environ.get(name) or default
    try:
        settings: dict[str, Any] = environ.Env.email_url_config(value)
    except (ValueError, KeyError):
        raise ImproperlyConfigured(
            f"{name} is not an e-mail URL. It has the form "
            "smtp+tls://user:password@host:587 or consolemail://."
        ) from None
    return {key: setting for key, setting in settings.items() if setting is not None}


def mail_events(provider: str, *, secret: str, signing_key: str) -> tuple[str, dict[str, str]]:
    """The provider that may report on messages, with what Anymail checks its reports by.

    Empty where none is named. Without a secret anybody could call a firm's address dead: then
    the start is refused.
    """
    if not provider:
        return "", {}
    if provider not in MAIL_PROVIDERS:
        raise ImproperlyConfigured(
            f"MAIL_EVENTS_FROM must be one of {', '.join(MAIL_PROVIDERS)}, not {provider!r}."
        )
    user, _, password = secret.partition(":")
    if not user or len(password) < SHORTEST_PASSWORD:
        raise ImproperlyConfigured(
            "MAIL_EVENTS_SECRET must be user:password, with a random password of "
            f"{SHORTEST_PASSWORD} characters or more, where MAIL_EVENTS_FROM is set."
        )
    if provider == "mailgun" and not signing_key:
        raise ImproperlyConfigured("MAIL_EVENTS_SIGNING_KEY must be Mailgun's webhook signing key.")
    signed = {"MAILGUN_WEBHOOK_SIGNING_KEY": signing_key} if signing_key else {}
    return provider, {"WEBHOOK_SECRET": secret} | signed
