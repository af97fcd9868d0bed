"""Production does not start with an unsafe default, and says which."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import safety

ROOT = Path(__file__).resolve().parents[2]
SAFE: dict[str, Any] = {
    "secrets": {"SECRET_KEY": "k" * 64, "ACCESS_CODE_PEPPER": "p" * 64},
    "allowed_hosts": ["milieu.example.org"],
    "broker_url": "redis://10.0.0.2:6379/0",
    "trusted_origins": ["https://milieu.example.org"],
}
SAFE_ENVIRONMENT = {
    "SECRET_KEY": "only-for-a-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ACCESS_CODE_PEPPER": "only-for-a-test-9876543210-zyxwvutsrqponmlkjihgfedcba",
    "ALLOWED_HOSTS": "milieu.example.org",
    "DATABASE_URL": "postgres://milieu@127.0.0.1/milieu",
    "BROKER_URL": "amqp://milieu@127.0.0.1//",
}


def start(environment: dict[str, str], *, show: str = "") -> subprocess.CompletedProcess[str]:
    """Django's set-up in a process of its own, with this environment and no other."""
    program = f"import django; django.setup(); from django.conf import settings; print({show})"
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_safe_settings_are_not_refused() -> None:
    safety.refuse_unsafe(**SAFE)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"secrets": {"SECRET_KEY": "", "ACCESS_CODE_PEPPER": "p" * 64}}, "SECRET_KEY must be set"),
        (
            {"secrets": {"SECRET_KEY": "k" * 64, "ACCESS_CODE_PEPPER": ""}},
            "ACCESS_CODE_PEPPER must be set",
        ),
        ({"secrets": {"SECRET_KEY": "k" * 64, "ACCESS_CODE_PEPPER": "k" * 64}}, "must differ"),
        ({"allowed_hosts": []}, "ALLOWED_HOSTS must name"),
        ({"allowed_hosts": ["*"]}, "ALLOWED_HOSTS must not hold '*'"),
        ({"broker_url": ""}, "BROKER_URL must name"),
        ({"broker_url": "memory://"}, "BROKER_URL must name"),
        ({"broker_url": "filesystem://"}, "BROKER_URL must name"),
        ({"trusted_origins": ["http://milieu.example.org"]}, "CSRF_TRUSTED_ORIGINS must start"),
    ],
)
def test_each_unsafe_setting_is_refused_by_name(change: dict[str, Any], named: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        safety.refuse_unsafe(**SAFE | change)

    assert named in str(refused.value)
    assert str(refused.value).count("\n  - ") == 1


def test_an_unconfigured_server_does_not_start_and_names_everything_at_once() -> None:
    outcome = start({})

    assert outcome.returncode != 0
    for name in ("SECRET_KEY", "ACCESS_CODE_PEPPER", "ALLOWED_HOSTS", "BROKER_URL"):
        assert f"  - {name} must" in outcome.stderr


def test_a_configured_server_starts_with_secure_cookies_and_transport() -> None:
    names = [
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "DEBUG",
    ]

    outcome = start(SAFE_ENVIRONMENT, show=", ".join(f"settings.{name}" for name in names))

    assert outcome.stdout == "__Host-session __Host-csrf True True True 31536000 False\n", (
        outcome.stderr
    )


def test_forwarded_headers_are_believed_only_behind_a_proxy() -> None:
    show = "getattr(settings, 'SECURE_PROXY_SSL_HEADER', None)"

    direct = start(SAFE_ENVIRONMENT, show=show)
    behind = start(SAFE_ENVIRONMENT | {"TRUSTED_PROXIES": "1"}, show=show)

    assert direct.stdout == "None\n"
    assert behind.stdout == "('HTTP_X_FORWARDED_PROTO', 'https')\n"


def test_every_process_uses_one_thread_for_linear_algebra(tmp_path: Path) -> None:
    environment = {"MILIEU_DEMO": "1", "MILIEU_VAR": str(tmp_path), "OPENBLAS_NUM_THREADS": "8"}
    show = (
        "__import__('numpy') and "
        "{library['num_threads'] for library in __import__('threadpoolctl').threadpool_info()}"
    )

    outcome = start(environment, show=show)

    assert outcome.stdout == "{1}\n", outcome.stderr
