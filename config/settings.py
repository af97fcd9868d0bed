"""The one settings file. Everything that differs between machines is read from the environment.

Three ways to run: the demo (MILIEU_DEMO=1, plain http on this machine), development
(DEBUG=1), and production, which is what runs when neither is set and which refuses to start
with an unsafe default. docs/reference/settings.md tells of every variable.
"""

from pathlib import Path

from config import broker, env, logs, safety, snapshots

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(env.text("MILIEU_VAR", str(ROOT / "var"))).absolute()

DEBUG = env.flag("DEBUG", default=False)
DEMO = env.flag("MILIEU_DEMO", default=False)
PRODUCTION = not (DEBUG or DEMO)
SECRET_KEY = env.secret("SECRET_KEY", made_in=None if PRODUCTION else VAR)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", default=[])
ACCESS_CODE_PEPPER = env.secret("ACCESS_CODE_PEPPER", made_in=None if PRODUCTION else VAR)
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", default=0)

INSTALLED_APPS = [
    "config",
    "surveys",
    "analysis",
    "crispy_forms",
    "crispy_bootstrap5",
    "axes",
    "csp",
    "django.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {
    "default": env.database(
        "DATABASE_URL",
        default=f"sqlite:///{VAR / 'milieu.sqlite3'}",
        prepares=env.flag("PREPARED_STATEMENTS", default=True),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# No cache: what must be counted across processes (refused access codes, failed log-ins) is
# counted in the database. A cache in each process's memory would count too little, unseen.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

AUTH_USER_MODEL = "surveys.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "surveys:surveys"
LOGOUT_REDIRECT_URL = "surveys:start"
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "surveys.views.admission.client_address"
AXES_HTTP_RESPONSE_CODE = 429

LANGUAGE_CODE = "en-gb"
# What the firm's pages speak; the pages of the institute are in English.
FIRM_LANGUAGES = ("en", "nb", "de", "it")
LANGUAGES = [(code, code) for code in (LANGUAGE_CODE, *FIRM_LANGUAGES)]
LOCALE_PATHS = [ROOT / "surveys" / "locale"]
TIME_ZONE = env.text("TIME_ZONE", "Europe/Berlin")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "config.static.StaticFiles"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
    "snapshots": snapshots.storage(
        env.text("MILIEU_SNAPSHOTS"),
        folder=VAR / "snapshots",
        endpoint=env.text("MILIEU_SNAPSHOTS_ENDPOINT"),
        region=env.text("MILIEU_SNAPSHOTS_REGION"),
    ),
}
# The demo serves the files where they lie; production serves what collectstatic collected.
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = VAR / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
# Files of researchers: what one upload may hold, and one imported file.
UPLOAD_BYTES = env.number("UPLOAD_BYTES", default=10_000_000, least=1)
FRAME_BYTES = env.number("FRAME_BYTES", default=500_000_000, least=1)
MICRODATA_CELLS = env.number("MICRODATA_CELLS", default=5_000_000, least=1)

SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_AGE = 12 * 3600
# A firm's visit ends when nothing was done for so long; what was typed is kept.
VISIT_IDLE_MINUTES = env.number("VISIT_IDLE_MINUTES", default=60, least=3)
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "surveys.views.failures.csrf_failure"
if PRODUCTION:
    # The prefix makes browsers refuse a cookie set without https or by a sister host.
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_INCLUDE_SUBDOMAINS", default=True)
    # Preloading binds the whole domain for years; that is for its owner to ask for.
    SILENCED_SYSTEM_CHECKS = ["security.W021"]
    if TRUSTED_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

globals().update(env.mail("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "milieu@localhost")
# Where firms reach the site: links in e-mails that no request stands behind.
PUBLIC_URL = env.text("PUBLIC_URL", "" if PRODUCTION else "http://localhost:8000")
EMAILS_PER_MINUTE = env.number("EMAILS_PER_MINUTE", default=600, least=1)
# The mail provider that may tell of bounces, and the user:password that it shows.
MAIL_EVENTS_FROM, ANYMAIL = env.mail_events(
    env.text("MAIL_EVENTS_FROM"),
    secret=env.text("MAIL_EVENTS_SECRET"),
    signing_key=env.text("MAIL_EVENTS_SIGNING_KEY"),
)
# Steps of the contact protocol go out by themselves on their day, not before this hour.
CONTACTS_FROM_HOUR = env.number("CONTACTS_FROM_HOUR", default=8)

LOG_LEVEL = env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO")
LOGGING = logs.configuration(LOG_LEVEL)

GIVEN_BROKER_URL = env.text("BROKER_URL")
BROKER_URL = GIVEN_BROKER_URL or ("" if PRODUCTION else broker.embedded_url(VAR))
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_TRANSPORT_OPTIONS = broker.transport_options(BROKER_URL, var=VAR)
IMPATIENT_TRANSPORT_OPTIONS = broker.impatient_options(BROKER_URL, var=VAR)
CELERY_BROKER_HEARTBEAT = 30
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
# A worker that is told nothing else reads both, by turns: what takes long keeps nobody waiting.
CELERY_TASK_DEFAULT_QUEUE = broker.QUICK
CELERY_TASK_QUEUES = broker.queues()
CELERY_TASK_ROUTES = {
    "analysis.tasks.work_on_pieces": {"queue": broker.LARGE},
    "analysis.tasks.simulate_power": {"queue": broker.LARGE},
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# Below RabbitMQ's 30 minutes and far below the visibility timeout on Redis.
CELERY_TASK_SOFT_TIME_LIMIT = 1440
CELERY_TASK_TIME_LIMIT = 1500
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1_500_000  # kilobytes
# A process may grow so far within one task; beyond it the task fails and says so.
WORKER_MEMORY_MB = env.number("WORKER_MEMORY_MB", default=3000)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE

# A worker's hold on a run, renewed as long as it lives; and how often lost runs are looked for.
RUN_LEASE_SECONDS = env.number("RUN_LEASE_SECONDS", default=30, least=2)
SWEEP_SECONDS = env.number("SWEEP_SECONDS", default=30, least=1)

if PRODUCTION:
    safety.refuse_unsafe(
        secrets={"SECRET_KEY": SECRET_KEY, "ACCESS_CODE_PEPPER": ACCESS_CODE_PEPPER},
        allowed_hosts=ALLOWED_HOSTS,
        broker_url=BROKER_URL,
        trusted_origins=CSRF_TRUSTED_ORIGINS,
    )
