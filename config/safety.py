"""What a production start refuses: every setting whose default would be unsafe, by name."""

from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured


def refuse_unsafe(
    *,
    secrets: dict[str, str],
    allowed_hosts: Sequence[str],
    broker_url: str,
    trusted_origins: Sequence[str],
) -> None:
    """Raise ImproperlyConfigured with all that is wrong, at once."""
    problems = [
        f"{name} must be set to a random text of 50 characters or more, for example from "
        "python -c 'import secrets; print(secrets.token_urlsafe(48))'."
        for name, value in secrets.items()
        if not value
    ]
    if len(set(secrets.values())) < len(secrets) and all(secrets.values()):
        problems.append(f"{' and '.join(secrets)} must differ from each other.")
    if not allowed_hosts:
        problems.append("ALLOWED_HOSTS must name the hosts of this site, separated by commas.")
    if any("*" in host for host in allowed_hosts):
        problems.append("ALLOWED_HOSTS must not hold '*': every Host header would be believed.")
    if not broker_url:
        problems.append("BROKER_URL must name a Redis with AOF or a RabbitMQ.")
    if broker_url.partition("://")[0] in {"memory", "filesystem"}:
        problems.append("BROKER_URL must name a Redis or RabbitMQ that all machines reach.")
    if insecure := [origin for origin in trusted_origins if not origin.startswith("https://")]:
        problems.append(f"CSRF_TRUSTED_ORIGINS must start with https://, not {insecure[0]!r}.")
    if problems:
        raise ImproperlyConfigured(
            "Milieu does not start in production with unsafe settings:\n"
            + "\n".join(f"  - {problem}" for problem in problems)
            + "\nOn a machine of your own, `make demo` needs none of them."
        )
