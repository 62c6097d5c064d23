"""Django settings, read from the environment.

`ATTEST_HOME` data folder · `APP_DATABASE_URL` the application role (web, worker) · `DATABASE_URL` the owner
(migrations and setup only; web and worker never hold it) · `ATTEST_DEMO=1` the demo with its time machine ·
`ATTEST_SECRET_KEY` or the file `$ATTEST_HOME/secret-key` · `ATTEST_URL`, `ATTEST_HOSTS`, `ATTEST_TRUSTED_PROXIES`,
`ATTEST_HSTS_SECONDS` where the site is reached (`config.site`).
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from attest.config.home import home, secret_key
from attest.config.identity_providers import identity_providers
from attest.config.site import site
from attest.config.stores import file_store

ROOT = Path(__file__).resolve().parents[3]
ATTEST_HOME = home()
ATTEST_DEMO = os.environ.get("ATTEST_DEMO") == "1"
SECRET_KEY = secret_key()
DEBUG = False
SITE = site(os.environ)
ALLOWED_HOSTS = list(SITE.hosts)


def database(url: str, **more: Any) -> dict[str, Any]:
    """A Django database entry from `postgresql://user:password@host:port/name`."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        **more,
    }


# Two roles: `default` is the application's (row-level security holds it), `owner` migrates.
# Prepared statements save a confirm about a quarter of its time; switch them off behind an old PgBouncer.
_PREPARE: dict[str, Any] = (
    {} if os.environ.get("ATTEST_PREPARE") == "0" else {"server_side_binding": True, "prepare_threshold": 2}
)
DATABASES: dict[str, Any] = {
    "default": database(
        os.environ.get("APP_DATABASE_URL", "postgresql://attest_app@localhost/attest"),
        CONN_MAX_AGE=None,
        CONN_HEALTH_CHECKS=True,
        OPTIONS=_PREPARE,
        TEST={"MIRROR": "owner"},
    )
}
if owner_url := os.environ.get("DATABASE_URL"):
    DATABASES["owner"] = database(owner_url)
DATABASE_ROUTERS = ["attest.core.walls.OwnerMigrates"]

INSTALLED_APPS = [
    "attest.core",  # first: its templates replace those of the login library
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "procrastinate.contrib.django",
    "attest.gateways.mail",
    "attest.practice",
    "attest.clients",
    "attest.calendar",
    "attest.notes",
    "attest.claims",
    "attest.ledger",
    "attest.confirmation",
    "attest.workspace",
]
if ATTEST_DEMO or os.environ.get("ATTEST_TESTING"):
    INSTALLED_APPS.append("attest.demo")

MIDDLEWARE = [
    "attest.core.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "attest.core.middleware.Limits",
    "attest.core.middleware.BusinessClock",
    "attest.core.middleware.WithoutNul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "attest.core.idle.IdleLock",
    "attest.core.logins.sessions.LastSeen",
    "django_htmx.middleware.HtmxMiddleware",
    "attest.core.middleware.HtmxLogin",
    "attest.core.keys.page.KeysAtHand",
    "attest.core.access.DenyByDefault",
]
ROOT_URLCONF = "attest.config.urls"
WSGI_APPLICATION = "attest.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "attest.core.frame.frame",
            ],
            "builtins": ["attest.core.templatetags.pieces"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "attest.core.accounts.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_REQUIRED = False
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # so that a passkey counts as both factors
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Attest"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True  # whoever got in was invited by that address
MFA_REAUTHENTICATION_REQUIRED = False  # `core.logins.proof` asks, for every way of signing in
MFA_ADAPTER = "attest.core.logins.factors.Factors"
MFA_FORMS = {
    "authenticate": "attest.core.logins.forms.CodeForm",
    "reauthenticate": "attest.core.logins.forms.CodeAgainForm",
    "activate_totp": "attest.core.logins.forms.AppForm",
    "authenticate_webauthn": "attest.core.logins.forms.PasskeyForm",
    "login_webauthn": "attest.core.logins.forms.PasskeyLoginForm",
    "reauthenticate_webauthn": "attest.core.logins.forms.PasskeyAgainForm",
    "add_webauthn": "attest.core.logins.forms.NewPasskeyForm",
    "edit_webauthn": "attest.core.logins.forms.PasskeyNameForm",
}
SOCIALACCOUNT_ADAPTER = "attest.core.logins.identity.Identities"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": identity_providers(ATTEST_HOME)}}
# A form may not lead to another site (form-action), so a link does; state and PKCE guard what comes back.
SOCIALACCOUNT_LOGIN_ON_GET = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "attest.core.passwords.PasswordRules"}]
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds that the link for a new password works
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody is written to who has no login
ACCOUNT_EMAIL_NOTIFICATIONS = True
# How often: in how long, for each address requests come from (ip) and each login that is tried (key).
ACCOUNT_RATE_LIMITS = {
    "login": "30/1m/ip",
    "login_failed": "30/5m/ip,5/5m/key",
    "reset_password": "20/1h/ip,3/15m/key",
    "reset_password_from_key": "20/5m/ip",
    "reauthenticate": "10/5m/user",
    "change_password": "10/5m/user",
}
TRUSTED_PROXIES = SITE.proxies  # web servers in front, whose word about the visitor's address is believed
ATTEST_RATE_LIMITS = {"link": "30/10m/ip", "unlock": "10/5m/key", "invite": "60/1h/key"}

LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "attest.core.shared_cache.SharedCache"}}

STATIC_URL = "/static/"
STATIC_ROOT = ATTEST_HOME / "static"
STATICFILES_DIRS = [path for path in [ROOT / "frontend" / "build"] if path.is_dir()]
ATTEST_CLAMAV = os.environ.get("ATTEST_CLAMAV", "")
STORAGES = {
    "default": file_store(os.environ.get("ATTEST_FILES", ""), ATTEST_HOME),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if os.environ.get("ATTEST_TESTING"):
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True
    WHITENOISE_AUTOREFRESH = True
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = SITE.cookie("sessionid"), SITE.cookie("csrftoken")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE.https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_TRUSTED_ORIGINS = SITE.origins
CSRF_FAILURE_VIEW = "attest.core.views.form_expired"
SECURE_SSL_REDIRECT = SITE.https  # gunicorn says what came by HTTPS, and believes only SITE.proxies about it
SECURE_HSTS_SECONDS = SITE.hsts_seconds
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # of all fields together, files apart
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
LARGEST_BODY = 26 * 1024 * 1024  # a file of 25 MB and its form
LARGEST_BODY_OF_NOBODY = 64 * 1024

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# Messages: the mail server, `smtp://user:password@host:587` or `smtps://…`; without one they wait. `ATTEST_SMTP_CA`
# names a file of certificate authorities to trust instead of the system's.
ATTEST_ADDRESS = SITE.url if SITE.chosen else ""
ATTEST_SMTP_URL = os.environ.get("ATTEST_SMTP_URL", "")
ATTEST_SMTP_CA = os.environ.get("ATTEST_SMTP_CA", "")
ATTEST_MAIL_FROM = os.environ.get("ATTEST_MAIL_FROM", "Attest <attest@localhost>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "attest.core.logs.Discreet"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "attest": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING"},  # no mails about errors
        "django.request": {"level": "ERROR"},  # who was refused stands in the audit trail
        "django.security": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
