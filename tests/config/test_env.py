"""Environment variables are read as what they should be, or refused by name."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


def test_words_are_separated_by_commas_and_stripped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTS", " a.example ,b.example,")

    assert env.words("HOSTS", default=["x"]) == ["a.example", "b.example"]


def test_an_unset_variable_takes_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOSTS", raising=False)

    assert env.words("HOSTS", default=["x"]) == ["x"]
    assert env.number("HOSTS", default=7) == 7
    assert env.flag("HOSTS", default=True) is True


@pytest.mark.parametrize(
    ("written", "meant"), [("1", True), ("Yes", True), ("off", False), ("0", False)]
)
def test_a_flag_is_read_in_the_usual_spellings(
    monkeypatch: pytest.MonkeyPatch, written: str, meant: bool
) -> None:
    monkeypatch.setenv("DEBUG", written)

    assert env.flag("DEBUG", default=not meant) is meant


@pytest.mark.parametrize(
    ("read", "value", "complaint"),
    [
        (
            lambda: env.flag("SETTING", default=False),
            "maybe",
            "SETTING must be 1 or 0, not 'maybe'.",
        ),
        (lambda: env.number("SETTING", 1), "many", "SETTING must be a whole number, not 'many'."),
        (lambda: env.number("SETTING", 1, least=2), "1", "SETTING must be 2 or more, not 1."),
        (
            lambda: env.choice("SETTING", ("INFO", "ERROR"), "INFO"),
            "LOUD",
            "SETTING must be one of INFO, ERROR, not 'LOUD'.",
        ),
        (
            lambda: env.secret("SETTING", made_in=None),
            "short",
            "SETTING must be a random text of 50 characters or more; it has 5.",
        ),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, read: Any, value: str, complaint: str
) -> None:
    monkeypatch.setenv("SETTING", value)

    with pytest.raises(ImproperlyConfigured) as refused:
        read()

    assert str(refused.value) == complaint


@pytest.mark.parametrize("value", ["nonsense", "mysql://user@host/name", "postgres//forgot-colon"])
def test_a_database_that_is_neither_postgresql_nor_sqlite_is_refused(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", value)

    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        env.database("DATABASE_URL", default="sqlite://:memory:")


def test_a_refusal_never_shows_the_password_of_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://user:opensesame@host/name")

    with pytest.raises(ImproperlyConfigured) as refused:
        env.database("DATABASE_URL", default="sqlite://:memory:")

    assert "opensesame" not in str(refused.value)


def test_sqlite_takes_the_writer_lock_at_once_and_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////tmp/some.sqlite3")

    options = env.database("DATABASE_URL", default="")["OPTIONS"]

    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] == 20
    assert "journal_mode=WAL" in options["init_command"]
    assert "synchronous=FULL" in options["init_command"]


def test_a_secret_of_the_demo_is_made_once_and_read_by_its_owner_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)

    first = env.secret("SECRET_KEY", made_in=tmp_path)
    second = env.secret("SECRET_KEY", made_in=tmp_path)

    kept = tmp_path / "secrets" / "secret_key.json"
    assert first == second
    assert len(first) >= env.SHORTEST_SECRET
    assert kept.stat().st_mode & 0o077 == 0
    assert [path.name for path in kept.parent.iterdir()] == ["secret_key.json"]


def test_two_installations_share_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)

    assert env.secret("SECRET_KEY", made_in=tmp_path / "a") != env.secret(
        "SECRET_KEY", made_in=tmp_path / "b"
    )


def test_a_mail_server_is_read_from_its_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://user:word@mail.example.org:587")

    settings = env.mail("EMAIL_URL", default="consolemail://")

    assert settings["EMAIL_HOST"] == "mail.example.org"
    assert settings["EMAIL_PORT"] == 587
    assert settings["EMAIL_USE_TLS"] is True
