"""Settings of the web application: everything comes from the environment, with defaults that work for trying.

SWINGBY_ROLE is ``app`` (the default) or ``owner``, which only migrations use. DATABASE_URL is a libpq address.
"""

from __future__ import annotations

import os
import secrets
from datetime import date
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

HERE = Path(__file__).resolve().parent


def _words(name: str, default: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def _is_on(name: str, default: str = "") -> bool:
    return os.environ.get(name, default).lower() in {"1", "true", "yes", "on"}


_NEVER_BY_ITSELF = 2**31 - 1


def _database(address: str) -> dict[str, Any]:
    parts: dict[str, Any] = dict(conninfo_to_dict(address))
    known = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    found = {name: str(parts.pop(key, "") or "") for name, key in known.items()}
    options = {key: value for key, value in parts.items() if value is not None}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **found,
        # Nothing is prepared by itself; the statements of standings ask for it, because planning them takes longest.
        "OPTIONS": {"prepare_threshold": _NEVER_BY_ITSELF, **options},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,  # TenancyMiddleware opens the transaction, because the scope lives in it.
    }


def _secret(name: str) -> str:
    """A secret from the environment, or from the file that NAME_FILE names: never from the repository."""
    file = os.environ.get(f"{name}_FILE", "")
    return Path(file).read_text(encoding="utf-8").strip() if file else os.environ.get(name, "")


def _fixed_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


DEBUG = _is_on("SWINGBY_DEBUG")
#: Without a key of its own each start makes one: people then sign in again after a restart.
SECRET_KEY = os.environ.get("SWINGBY_SECRET_KEY") or secrets.token_urlsafe(48)
#: Keys that were used before: what they signed or sealed still holds.
SECRET_KEY_FALLBACKS = _words("SWINGBY_OLD_SECRET_KEYS", "")
ALLOWED_HOSTS = _words("SWINGBY_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = _words("SWINGBY_ORIGINS", "")

SWINGBY_ROLE = os.environ.get("SWINGBY_ROLE", "app")
SWINGBY_APP_ROLE = os.environ.get("SWINGBY_APP_ROLE", "swingby_app")
SWINGBY_BACKUP_ROLE = os.environ.get("SWINGBY_BACKUP_ROLE", "swingby_backup")
SWINGBY_TODAY = _fixed_day(os.environ.get("SWINGBY_TODAY", ""))
#: How often an open page asks whether its standing changed, in milliseconds.
SWINGBY_POLL_MS = int(os.environ.get("SWINGBY_POLL_MS", "600"))

#: Where files are kept that people send; it belongs into the backup beside the database.
SWINGBY_FILES = os.environ.get("SWINGBY_FILES") or str(Path(os.environ.get("SWINGBY_DATA", "var")).absolute() / "files")
#: Who presents it may read /metrics from elsewhere; without it only this machine may.
SWINGBY_METRICS_TOKEN = os.environ.get("SWINGBY_METRICS_TOKEN", "")
#: Where the columnar copy of the facts is kept; the nightly run can write it anew from the database.
SWINGBY_COPY = os.environ.get("SWINGBY_COPY") or str(Path(os.environ.get("SWINGBY_DATA", "var")).absolute() / "copy")
#: The largest file that operations may load, in bytes.
SWINGBY_MOST_UPLOAD = int(os.environ.get("SWINGBY_MOST_UPLOAD", str(500_000_000)))
#: The largest evidence file of a report, in bytes.
SWINGBY_MOST_EVIDENCE = int(os.environ.get("SWINGBY_MOST_EVIDENCE", str(10_000_000)))
#: Within how many working hours a report is answered.
SWINGBY_ANSWER_HOURS = int(os.environ.get("SWINGBY_ANSWER_HOURS", "16"))
#: One of how many accepted reports somebody else looks at again; 0 draws none.
SWINGBY_SAMPLE_ONE_OF = int(os.environ.get("SWINGBY_SAMPLE_ONE_OF", "10"))
#: Sent files go to the disk piece by piece, whatever their size.
FILE_UPLOAD_HANDLERS = ["swingby.web.uploads.BoundedUpload"]

#: How many requests a token of the API may make in a minute, at each web process.
SWINGBY_API_PER_MINUTE = int(os.environ.get("SWINGBY_API_PER_MINUTE", "1200"))

#: What computes a standing on PostgreSQL: a class with the methods of ``StandingSource``.
SWINGBY_STANDING_SOURCE = os.environ.get("SWINGBY_STANDING_SOURCE", "swingby.web.domain.live.EngineSource")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None
PROCRASTINATE_IMPORT_PATHS = ["swingby.web.jobs.tasks"]

DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql://swingby_app@localhost/swingby"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "swingby.web",
    "swingby.web.design",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "swingby.web.api.middleware.ProblemMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "swingby.web.holding.WriterMiddleware",
    "swingby.web.middleware.TenancyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "swingby.web.urls"
WSGI_APPLICATION = "swingby.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [
            HERE / folder / "templates" for folder in ("", "portal", "console", "people", "enablement", "evidence")
        ],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "swingby.web.pages.page_context",
                "swingby.web.design.context.look",
            ],
        },
    },
]

AUTH_USER_MODEL = "swingby.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "swingby.web.accounts.InvitationOnly"
# The package would put the name of whatever host was asked in front.
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "10/m/ip,3/5m/key",
    "join": "30/h/ip,60/h/key",
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

#: Addresses are confirmed by the link of an invitation.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_ADAPTER = "swingby.web.second_factor.SealedSecrets"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
#: A passkey stands for password and second factor, so that it always asks for finger, face or PIN.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_FORMS = {
    "add_webauthn": "swingby.web.passkeys.NewPasskey",
    "edit_webauthn": "swingby.web.passkeys.PasskeyName",
    "authenticate_webauthn": "swingby.web.passkeys.PasskeyAsSecond",
    "login_webauthn": "swingby.web.passkeys.PasskeyAlone",
    "reauthenticate_webauthn": "swingby.web.passkeys.PasskeyAgain",
}
MFA_TOTP_ISSUER = os.environ.get("SWINGBY_NAME", "Swingby")
#: A clock that is half a minute off is forgiven.
MFA_TOTP_TOLERANCE = 1

#: Whether identity providers may be reached inside the own network, and without https.
SWINGBY_PROVIDERS_INSIDE = _is_on("SWINGBY_PROVIDERS_INSIDE")

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _is_on("SWINGBY_HTTPS")
SECURE_SSL_REDIRECT = False  # The proxy in front does that.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _is_on("SWINGBY_BEHIND_PROXY") else None
#: Attempts to sign in are counted by address: behind a proxy by that of the visitor, not of the proxy.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

_SELF = "'self'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": [_SELF],
        "style-src": [_SELF],
        "img-src": [_SELF, "data:"],
        "font-src": [_SELF],
        "connect-src": [_SELF],
        "manifest-src": [_SELF],
        "form-action": [_SELF],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = os.environ.get("SWINGBY_TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("SWINGBY_STATIC") or None
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "swingby.web.design.fonts.FontFinder",
]
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
WHITENOISE_MAX_AGE = 3600
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
#: Under which address people reach the application; links in mails begin with it.
SWINGBY_ADDRESS = os.environ.get("SWINGBY_ADDRESS", "http://localhost:8000")
EMAIL_HOST = os.environ.get("SWINGBY_EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("SWINGBY_EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("SWINGBY_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = _secret("SWINGBY_EMAIL_PASSWORD")
EMAIL_USE_TLS = _is_on("SWINGBY_EMAIL_TLS", "1")
EMAIL_TIMEOUT = 15
_MAIL_PLACE = "smtp" if EMAIL_HOST else "console"
EMAIL_BACKEND = os.environ.get("SWINGBY_EMAIL_BACKEND", f"django.core.mail.backends.{_MAIL_PLACE}.EmailBackend")
#: Without a mail server mails are kept, for admins to read; nothing leaves this machine.
SWINGBY_SENDS_MAIL = bool(EMAIL_HOST or "SWINGBY_EMAIL_BACKEND" in os.environ)
DEFAULT_FROM_EMAIL = os.environ.get("SWINGBY_EMAIL_FROM", "swingby@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("SWINGBY_LOG_LEVEL", "WARNING")},
}
