"""The product's settings under the environment that tests want."""

import os
import tempfile

from tests.side_by_side import of_this_process

os.environ.update(of_this_process(os.environ))
os.environ.setdefault("MILIEU_DEMO", "1")
os.environ["DATABASE_URL"] = os.environ.get("MILIEU_TEST_DATABASE_URL", "sqlite://:memory:")
os.environ["BROKER_URL"] = os.environ.get("MILIEU_TEST_BROKER_URL", "memory://")
os.environ.setdefault("MILIEU_VAR", tempfile.mkdtemp(prefix="milieu-tests-"))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from config.settings import *  # noqa: F403 -- the environment must be set first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "snapshots": STORAGES["snapshots"],  # noqa: F405 -- from the settings above
}
AXES_ENABLED = False

# WhiteNoise warns of a folder that is not there.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 -- from the settings above
