"""All settings, from the environment; with nothing set, they make the demo.

With DEBUG=false the start is refused unless SECRET_KEY, CREDENTIALS_KEYS and ALLOWED_HOSTS are
set: an unsafe production must fail at once and say why.
"""

import importlib
import re
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environ
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
# Settings may be read before the portal's own package: zone data are the pinned package's.
importlib.import_module("integrations")

env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")


def is_key(text: str) -> bool:
    """Whether a text is a key of CREDENTIALS_KEYS: what Fernet.generate_key() makes."""
    try:
        Fernet(text)
    except ValueError:
        return False
    return True


ON, OFF = ("true", "on", "ok", "y", "yes", "1"), ("false", "off", "n", "no", "0", "")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def number(name: str, default: int) -> int:
    """A whole number; what cannot be read as one is refused by its name."""
    try:
        return int(env.int(name, default=default))
    except ValueError:
        raise ImproperlyConfigured(f"{name} has to be a whole number, such as {default}.") from None


def switch(name: str, *, default: bool) -> bool:
    """On or off; a slip of the pen is refused, and does not mean off."""
    text = env.str(name, default=str(default)).strip().lower()
    if text not in ON + OFF:
        raise ImproperlyConfigured(f"{name} has to be true or false.")
    return text in ON


def address(name: str, reader: Callable[[str], dict[str, Any]], text: str, such_as: str) -> Any:
    """What an address of a service says. It may hold a password, and is not shown."""
    try:
        found = reader(text)
    except (ValueError, ImproperlyConfigured):
        found = {}
    if not (found.get("ENGINE") or found.get("EMAIL_BACKEND")):
        raise ImproperlyConfigured(f"{name} cannot be read. It has to be such as {such_as}.")
    return found


def mailbox(name: str) -> str:
    """The address of a mailbox to be read by IMAP, or nothing. It holds a password, and is not
    shown."""
    text = str(env.str(name, default=""))
    try:
        place = urlsplit(text)
        known = place.scheme in ("imap", "imaps") and place.hostname and place.port != 0
    except ValueError:
        known = False
    if text and not known:
        raise ImproperlyConfigured(
            f"{name} cannot be read. It has to be such as "
            "imaps://user:password@mail.example.com/INBOX."
        )
    return text


DEBUG = switch("DEBUG", default=True)
DEMO_MODE = switch("DEMO_MODE", default=DEBUG)
# Keys of the demo alone; production refuses to start with them (below).
DEMO_SECRET_KEY = "demo-key-for-a-machine-that-nobody-else-can-reach-0123456789"  # noqa: S105
DEMO_CREDENTIALS_KEY = "ZGVtby1rZXktZm9yLWxlY3Rlcm4tMDEyMzQ1Njc4OTA="
SECRET_KEY = env.str("SECRET_KEY", default=DEMO_SECRET_KEY)
CREDENTIALS_KEYS = env.list("CREDENTIALS_KEYS", default=[DEMO_CREDENTIALS_KEY])
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else []
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# How people reach the portal from their mails; join links are made with it.
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")

if not DEBUG:
    unsafe = [
        name
        for name, wrong in (
            ("SECRET_KEY", SECRET_KEY == DEMO_SECRET_KEY or len(SECRET_KEY) < 32),
            (
                "CREDENTIALS_KEYS",
                DEMO_CREDENTIALS_KEY in CREDENTIALS_KEYS
                or not CREDENTIALS_KEYS
                or not all(is_key(key) for key in CREDENTIALS_KEYS),
            ),
            # Whoever knows the demo's passwords would be let in, and mails would go nowhere.
            ("DEMO_MODE", DEMO_MODE),
            ("ALLOWED_HOSTS", not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS),
        )
        if wrong
    ]
    if unsafe:
        raise ImproperlyConfigured(
            f"With DEBUG=false these must be set to safe values: {', '.join(unsafe)}. "
            "See .env.example."
        )

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "template_partials",
    "axes",
    "csp",
    "portal.common",
    "portal.identity",
    "portal.platforms",
    "portal.outbox",
    "portal.conferences",
    "portal.sync",
    "portal.staff",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Lists are 80 kB of much the same. It adds random bytes, so that a length tells no secret.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.common.middleware.CleanInputMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.staff.middleware.SignedInMiddleware",
    "portal.common.middleware.PrivateMiddleware",
    "portal.common.middleware.IdleMiddleware",
    "portal.identity.middleware.RoleMiddleware",
    "portal.common.middleware.ViewerZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.staff.context.shell",
            ],
        },
    }
]

# Data ------------------------------------------------------------------------------------------

DATABASES = {
    "default": address(
        "DATABASE_URL",
        env.db_url_config,
        env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/lectern.sqlite3"),
        "postgres://lectern:password@127.0.0.1/lectern",
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at once: with the default, two writers that both began by
    # reading end in "database is locked" however long they wait.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            "PRAGMA journal_size_limit=67108864; PRAGMA foreign_keys=ON;"
        ),
    }
    VAR_DIR.mkdir(exist_ok=True)
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People ----------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "staff:home"
LOGOUT_REDIRECT_URL = "login"
# Failures within the time below: of a name from one address, and of an address with any names.
AXES_FAILURE_LIMIT, ADDRESS_FAILURE_LIMIT = 10, 30
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address"]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_HANDLER = "portal.identity.throttle.Throttle"
AXES_USERNAME_CALLABLE = "portal.identity.throttle.tried_name"
# A failure is written down with its form, but for these.
AXES_SENSITIVE_PARAMETERS = [
    "username",
    "ip_address",
    "old_password",
    "new_password1",
    "new_password2",
    "kept",
    "csrfmiddlewaretoken",
]
AXES_CLIENT_IP_CALLABLE = "portal.common.client_address.client_address"
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
# How many proxies stand in front, as the runbook describes; the demo has none.
PROXY_COUNT = number("PROXY_COUNT", 0)

# Language and time -----------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Berlin")
try:
    ZoneInfo(TIME_ZONE)
except (ValueError, KeyError):
    named = "TIME_ZONE has to be the name of a zone, such as Europe/Berlin."
    raise ImproperlyConfigured(named) from None
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]  # catalogues, which manage.py makemessages writes
USE_TZ = True

# Files -----------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024  # a pasted list of people is allowed 10 MB
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Safety ----------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# Registration pages that are for the company's network alone open from these.
INTRANET_NETWORKS = [
    ip_network(one)
    for one in env.list(
        "INTRANET_NETWORKS",
        default=[
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "127.0.0.0/8",
            "fc00::/7",
            "::1/128",
        ],
    )
]
CSRF_FAILURE_VIEW = "portal.staff.home.sign_in.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
HTTPS = switch("HTTPS", default=not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
# A session ends after so long without a page being opened (see `IdleMiddleware`).
SESSION_COOKIE_AGE = 60 * number("SESSION_IDLE_MINUTES", 120)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = switch("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Mail ------------------------------------------------------------------------------------------

EMAIL_CONFIG = address(
    "EMAIL_URL",
    env.email_url_config,
    env.str("EMAIL_URL", default="") or "consolemail://",
    "smtp+tls://user:password@mail.example.com:587",
)
vars().update(EMAIL_CONFIG)
DEMO_MAIL_DIR = Path(env.str("DEMO_MAIL_DIR", default=str(VAR_DIR / "mail")))
if DEMO_MODE and not env.str("EMAIL_URL", default=""):
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(DEMO_MAIL_DIR)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Lectern <lectern@example.com>")
EMAIL_TIMEOUT = 20
# Where mails come back to (the address of the sender), to be read: imaps://user:password@host/INBOX
BOUNCE_MAILBOX = mailbox("BOUNCE_MAILBOX")
# A service that carries our mails and posts what came back, to PUBLIC_URL/mail-service/
MAIL_SERVICE = env.str("MAIL_SERVICE", default="").strip().lower()
MAIL_SERVICES = ("brevo", "mailgun", "mailjet", "postmark", "sendgrid", "sparkpost")
MAIL_SERVICE_PASSWORD = env.str("MAIL_SERVICE_PASSWORD", default="")
MAIL_SERVICE_KEY = env.str("MAIL_SERVICE_KEY", default="")
if MAIL_SERVICE and MAIL_SERVICE not in MAIL_SERVICES:
    raise ImproperlyConfigured(f"MAIL_SERVICE has to be one of {', '.join(MAIL_SERVICES)}.")
if MAIL_SERVICE and not re.fullmatch(r"[!-9;-~]+:[!-~]{16,}", MAIL_SERVICE_PASSWORD):
    raise ImproperlyConfigured(
        "MAIL_SERVICE_PASSWORD has to be a name, a colon and at least 16 letters, digits or signs."
    )
if MAIL_SERVICE == "mailgun" and not MAIL_SERVICE_KEY:
    raise ImproperlyConfigured("MAIL_SERVICE_KEY has to be Mailgun's signing key for webhooks.")
# Where calendars answer to invitations, and its address: local+anything@domain has to arrive there
REPLY_MAILBOX = mailbox("REPLY_MAILBOX")
REPLY_ADDRESS = env.str("REPLY_ADDRESS", default="").strip()
if bool(REPLY_MAILBOX) != bool(REPLY_ADDRESS):
    raise ImproperlyConfigured("REPLY_MAILBOX and REPLY_ADDRESS have to be set together.")
REPLY_ADDRESSES = re.compile(r"[\w.-]{1,30}@[a-z0-9.-]{1,200}", re.ASCII | re.IGNORECASE)
if REPLY_ADDRESS and not REPLY_ADDRESSES.fullmatch(REPLY_ADDRESS):
    raise ImproperlyConfigured(
        "REPLY_ADDRESS has to be an address such as lectern@example.com, with at most 30 letters, "
        "digits, dots and hyphens before the @: what marks a person is added there."
    )

# Work in the background ------------------------------------------------------------------------

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://")
if "://" not in CELERY_BROKER_URL:
    raise ImproperlyConfigured(
        "CELERY_BROKER_URL cannot be read. It has to be such as redis://127.0.0.1:6379/0."
    )
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
# A mail server that takes its time must not hold up a sync: mails have a worker of their own.
CELERY_TASK_ROUTES = {
    "portal.conferences.tasks.send_mails": {"queue": "mail"},
    "portal.conferences.tasks.read_bounces": {"queue": "mail"},
    "portal.conferences.tasks.read_replies": {"queue": "mail"},
}
CELERY_TASK_ALWAYS_EAGER = switch("CELERY_TASK_ALWAYS_EAGER", default=False)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
if CELERY_BROKER_URL.startswith("filesystem"):
    BROKER_DIR = Path(env.str("BROKER_DIR", default=str(VAR_DIR / "broker")))
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
    for folder in ("queue", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
elif CELERY_BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {"unacked_restore_throttle": 1}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "enqueue syncs that are due": {"task": "portal.sync.tasks.enqueue_due", "schedule": 15},
    "enqueue what is live": {"task": "portal.sync.tasks.enqueue_live", "schedule": 15},
    "enqueue dry runs": {"task": "portal.sync.tasks.enqueue_dry_runs", "schedule": 15},
    "enqueue waiting entries": {"task": "portal.sync.tasks.enqueue_waiting", "schedule": 60},
    "send mails that are due": {"task": "portal.conferences.tasks.send_mails", "schedule": 60},
    "read which mails came back": {
        "task": "portal.conferences.tasks.read_bounces",
        "schedule": 300,
    },
    "read what calendars answer": {
        "task": "portal.conferences.tasks.read_replies",
        "schedule": 60,
    },
    "enqueue long work": {"task": "portal.conferences.tasks.enqueue_jobs", "schedule": 30},
    "forget old jobs": {"task": "portal.conferences.tasks.prune", "schedule": 3600},
    "count who is registered": {"task": "portal.conferences.tasks.recount", "schedule": 3600},
    "forget old runs": {"task": "portal.sync.tasks.prune", "schedule": 3600},
    "check clocks": {"task": "portal.sync.tasks.check_clocks", "schedule": 300},
    "forget old sessions": {"task": "portal.common.tasks.forget_sessions", "schedule": 3600},
}
CELERY_TASK_CREATE_MISSING_QUEUES = True
# How long a worker that died holds up its account; two thirds of it outlast the longest HTTP call
LEASE_SECONDS = number("LEASE_SECONDS", 150)

# How long a request whose answer was lost may still take effect; longer than the longest HTTP call
SYNC_GRACE_SECONDS = number("SYNC_GRACE_SECONDS", 90)

# How far the database has come, kept beside it: an older one was restored. Empty: not noticed
GENERATION_FILE = env.str("GENERATION_FILE", default=str(VAR_DIR / "generation.json"))

# The way out to the platforms, where a company's network asks for one
OUTBOUND_PROXY = env.str("OUTBOUND_PROXY", default="")
OUTBOUND_NO_PROXY = env.list("OUTBOUND_NO_PROXY", default=["localhost", "127.0.0.0/8", "::1"])
if OUTBOUND_PROXY and not OUTBOUND_PROXY.startswith(("http://", "https://")):
    raise ImproperlyConfigured("OUTBOUND_PROXY must begin with http:// or https://.")

# The sandbox platforms of the demo
SANDBOX_URL = env.str("SANDBOX_URL", default="http://127.0.0.1:8010")

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
if LOG_LEVEL not in LEVELS:
    raise ImproperlyConfigured(f"LOG_LEVEL has to be one of {', '.join(LEVELS)}.")
LOG_FORMATS = {"plain": "SafeFormatter", "json": "JsonFormatter"}
LOG_FORMAT = env.str("LOG_FORMAT", default="plain").lower()
if LOG_FORMAT not in LOG_FORMATS:
    raise ImproperlyConfigured(f"LOG_FORMAT has to be one of {', '.join(LOG_FORMATS)}.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": f"portal.common.logs.{LOG_FORMATS[LOG_FORMAT]}"}},
    "filters": {"refusals": {"()": "portal.common.logs.RefusalsInALine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL if LOG_LEVEL != "DEBUG" else "INFO"},
    "loggers": {
        # Without handlers of its own, Django says a thing once.
        "django": {"handlers": [], "propagate": True},
        "django.request": {"filters": ["refusals"]},
        "portal": {"level": LOG_LEVEL},
        "integrations": {"level": LOG_LEVEL},
        # What others write down at DEBUG is made of requests, statements and templates' variables:
        # keys, people and ways in. LOG_LEVEL is not theirs.
        **{
            name: {"level": "WARNING"}
            for name in (
                "axes",
                "django.db.backends",
                "django.template",
                "requests_oauthlib",
                "oauthlib",
                "asyncio",
            )
        },
        **{name: {"level": "ERROR"} for name in ("urllib3", "requests")},
    },
}
