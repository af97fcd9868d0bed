"""The addresses of static files, each worked out once in a process."""

from functools import lru_cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's own; what collectstatic collected does not change while a server runs."""

    @lru_cache(maxsize=512)  # noqa: B019 -- the storage lives as long as the process
    def url(self, name: str, force: bool = False) -> str:
        return str(super().url(name, force))
