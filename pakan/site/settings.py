"""Settings: everything that differs between machines comes from the environment; the defaults run on one machine.

PAKAN_ENV is `demo` (python3 run.py), `test` or `production`. Production refuses to start with a demo's secrets.
"""

import json
import os
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import django.conf.locale
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from pakan.integrations.formats.credential.keys import SEED, refuse_published
from pakan.site.database import database_from
from pakan.site.practice import apart, practice_from

ROOT = Path(__file__).resolve().parent.parent.parent
ENV = os.environ.get("PAKAN_ENV", "test")
if ENV not in ("demo", "test", "production"):
    raise ImproperlyConfigured(f"PAKAN_ENV is {ENV!r}; use demo, test or production")
PRODUCTION = ENV == "production"
DEBUG = False


def required(name: str, otherwise: str) -> str:
    """The variable `name`; `otherwise` only where no real data can be."""
    value = os.environ.get(name, "")
    if not value and PRODUCTION:
        raise ImproperlyConfigured(f"set {name}: production starts with no default for it")
    return value or otherwise


SECRET_KEY = required("PAKAN_SECRET_KEY", "for tests only, never for people")
# From it comes every key that signs cards and statements (32 bytes or more); readers carry only what /keys.json shows.
SIGNING_KEY = required("PAKAN_SIGNING_KEY", SECRET_KEY)
# A changed secret begins a new series; the one before stays readable: [{"series", "seed", "ended_at", "stolen"}].
SIGNING_SERIES = os.environ.get("PAKAN_SIGNING_SERIES", "")
SIGNING_BEFORE: list[dict[str, Any]] = json.loads(os.environ.get("PAKAN_SIGNING_BEFORE", "[]"))
for secret in (SIGNING_KEY, *(before["seed"] for before in SIGNING_BEFORE)):
    refuse_published(secret.encode())
if PRODUCTION and len(SIGNING_KEY) < SEED:
    raise ImproperlyConfigured(f"PAKAN_SIGNING_KEY needs {SEED} letters or more")
DATABASES: dict[str, dict[str, Any]] = {"default": database_from(os.environ, ENV)}
# The practice house: invented people and money, marked on every page; nothing it signs is genuine anywhere else.
_practice = practice_from(os.environ, DATABASES["default"]["NAME"], (SECRET_KEY, SIGNING_KEY))
PRACTICE, PRACTICE_URL = _practice.on, _practice.url
PRACTICE_BACK, PRACTICE_KEY = _practice.back, _practice.key
if PRACTICE:
    SECRET_KEY, SIGNING_KEY = apart(SECRET_KEY), apart(SIGNING_KEY)
    SIGNING_SERIES, SIGNING_BEFORE = "", []
ALLOWED_HOSTS = required("PAKAN_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
BASE_URL = os.environ.get("PAKAN_BASE_URL", "http://localhost:8000").rstrip("/")
SECURE = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "csp",
    "procrastinate.contrib.django",
    "pakan.registers.people",
    "pakan.registers.ledger",
    "pakan.registers.access",
    "pakan.registers.documents",
    "pakan.registers.contributions",
    "pakan.registers.payments",
    "pakan.registers.debits",
    "pakan.registers.funds",
    "pakan.registers.records",
    "pakan.registers.messages",
    "pakan.registers.speech",
    "pakan.registers.keypads",
    "pakan.registers.decrees",
    "pakan.registers.cases",
    "pakan.registers.compliance",
    "pakan.registers.care",
    "pakan.registers.service",
    "pakan.registers.crews",
    "pakan.registers.joining",
    "pakan.registers.voluntary",
    "pakan.registers.concerns",
    "pakan.registers.relatives",
    "pakan.registers.families",
    "pakan.registers.wishes",
    "pakan.registers.visits",
    "pakan.registers.submissions",
    "pakan.registers.webhooks",
    "pakan.registers.benefits",
    "pakan.registers.lives",
    "pakan.operations",
    "pakan.site",
    "pakan.channels.kit",
    "pakan.channels.public",
    "pakan.channels.member",
    "pakan.channels.employer",
    "pakan.channels.office",
    "pakan.channels.partners",
    "pakan.channels.openlaw",
    "pakan.channels.phone",
    "pakan.channels.console",
]

MIDDLEWARE = [
    "pakan.site.requests.number_requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pakan.site.requests.head_as_get",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "pakan.site.sessions.KnowTheAccount",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pakan.channels.member.keep.tell_the_worker",
    "pakan.site.doors.ask_the_law_once",
    "pakan.site.doors.ask_the_permission_table",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "pakan.site.urls"
WSGI_APPLICATION = "pakan.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                ("pakan.channels.kit.folding.Loader", ["django.template.loaders.app_directories.Loader"])
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "pakan.site.context.house",
            ],
            "string_if_invalid": "",
        },
    }
]

PROCRASTINATE_IMPORT_PATHS = [
    f"pakan.operations.{verb}"
    for verb in (
        "enrol",
        "enter",
        "declare",
        "decree",
        "collect",
        "debit",
        "reconcile",
        "notify",
        "chase",
        "plan",
        "refund",
        "remind",
        "crew",
        "join",
        "watch",
        "voluntary",
        "concern",
        "wish",
        "visit",
        "dial",
        "certify",
        "claim",
        "award",
        "payee",
        "payout",
        "webhooks",
        "life",
        "family",
    )
] + ["pakan.channels.timetable"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["pakan.registers.access.hashers.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "public:sign_in"

# Failed passwords: a lock that fades, per account and address together, so that nobody can lock another person out.
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "pakan.channels.public.pages.sign_in.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["username", "name", "password", "code"]
OTP_TOTP_ISSUER = "Pakan"

SESSION_ENGINE = "pakan.site.sessions"
# The door's own limits (idle and whole) are kept by pakan.site.doors; this is the outer bound.
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
# Cookies do not look at ports: on one machine the two houses need names of their own.
_of_house = ("__Host-" if SECURE else "") + ("practice-" if PRACTICE else "")
SESSION_COOKIE_NAME = f"{_of_house}session"
CSRF_COOKIE_NAME = f"{_of_house}csrf"
CSRF_COOKIE_HTTPONLY = True
DEVICE_COOKIE_NAME = f"{_of_house}device"  # what a member's browser is remembered by
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "pakan.channels.public.pages.faults.form_too_old"

SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^health$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # Signing out of practice leads back to the real house.
        "form-action": [SELF, PRACTICE_BACK] if PRACTICE and PRACTICE_BACK else [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "display-capture", "midi")
} | {"publickey-credentials-get": ["self"], "publickey-credentials-create": ["self"]}

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 9 * 1024 * 1024  # a photo of 8 MB and what a form puts around it
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# Lao first. Django knows no Lao, so its name is taught here and its own strings are in pakan/site/locale.
django.conf.locale.LANG_INFO["lo"] = {"bidi": False, "code": "lo", "name": "Lao", "name_local": "ລາວ"}
LANGUAGE_CODE = "lo"
LANGUAGES = [("lo", "ລາວ"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [ROOT / "pakan" / "site" / "locale"]
FORMAT_MODULE_PATH = "pakan.site.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Vientiane"

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("PAKAN_STATIC", ROOT / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENV == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# The outside world: one entry a bank or operator, found by name in pakan/integrations.
BANK_KEY = required("PAKAN_BANK_KEY", "sandbox-bank-key")
TELCO_KEY = required("PAKAN_TELCO_KEY", "sandbox-telco-key")
BANK_URL = os.environ.get("PAKAN_BANK_URL", "http://127.0.0.1:8001").rstrip("/")
TELCO_URL = os.environ.get("PAKAN_TELCO_URL", "http://127.0.0.1:8002").rstrip("/")
BANKS: dict[str, dict[str, Any]] = {
    "sandbox": {
        "name": ("ທະນາຄານທົດລອງ", "Sandbox bank"),
        "url": BANK_URL,
        "keys": [key for key in (BANK_KEY, os.environ.get("PAKAN_BANK_KEY_BEFORE", "")) if key],
        "account": os.environ.get("PAKAN_BANK_ACCOUNT", "0100000000418"),
        "iin": os.environ.get("PAKAN_BANK_IIN", "99990418"),
        "receiver": os.environ.get("PAKAN_BANK_RECEIVER", "mch0000000000418"),
        "receiver_name": "SOCIAL SECURITY FUND",
        "place": "Vientiane",
    }
}
# Two ways to the operator: its HTTP interface, or its message centre by SMPP through our own link.
LINK_URL = os.environ.get("PAKAN_LINK_URL", "http://127.0.0.1:8003").rstrip("/")
TELCOS: dict[str, dict[str, Any]] = {
    "sandbox": {"url": TELCO_URL, "keys": [TELCO_KEY]},
    "smpp": {"url": LINK_URL, "keys": [TELCO_KEY]},
}
COLLECTING_BANK = os.environ.get("PAKAN_COLLECTING_BANK", "sandbox")
TELCO = os.environ.get("PAKAN_TELCO", "sandbox")
# A gateway of short codes (USSD): its key, and the addresses that it calls from; without both nobody is answered.
USSD_KEYS = [
    key
    for key in (
        os.environ.get("PAKAN_USSD_KEY", "" if PRODUCTION else "sandbox-ussd-key"),
        os.environ.get("PAKAN_USSD_KEY_BEFORE", ""),
    )
    if key
]
USSD_NETWORKS = [
    ip_network(one)
    for one in os.environ.get("PAKAN_USSD_NETWORKS", "" if PRODUCTION else "127.0.0.0/8,::1").split(",")
    if one
]
USSD_CODE = os.environ.get("PAKAN_USSD_CODE", "*1508#")
# A keypad phone on a page, for looking at it: only where every telephone is invented.
USSD_SANDBOX = not PRODUCTION and not PRACTICE
# No phone rings from 20:00 to 07:00 but for codes and answers; "off" is for journeys that run at any hour.
QUIET_HOURS = PRODUCTION or os.environ.get("PAKAN_QUIET_HOURS", "on") != "off"
MAIL: dict[str, Any] = {
    "host": os.environ.get("PAKAN_MAIL_HOST", ""),  # empty: no e-mail is sent
    "port": int(os.environ.get("PAKAN_MAIL_PORT", "587")),
    "tls": os.environ.get("PAKAN_MAIL_TLS", "starttls"),  # starttls, tls; none in the sandbox only
    "user": os.environ.get("PAKAN_MAIL_USER", ""),
    "password": os.environ.get("PAKAN_MAIL_PASSWORD", ""),
    "sender": os.environ.get("PAKAN_MAIL_SENDER", "news@pakan.example"),
    "sender_name": "LSSO",
}
if PRACTICE:  # no message leaves: what is told stands in the inboxes of the practice house
    MAIL["host"] = TELCO = ""
if PRODUCTION and MAIL["host"] and MAIL["tls"] not in ("starttls", "tls"):
    raise ImproperlyConfigured("PAKAN_MAIL_TLS: production sends e-mail with starttls or tls only")
# The State's identity provider (OpenID Connect). Without an issuer there is no such way in.
IDENTITY: dict[str, Any] = {
    "issuer": os.environ.get("PAKAN_IDENTITY_ISSUER", "").rstrip("/"),
    "client_id": os.environ.get("PAKAN_IDENTITY_CLIENT", "pakan"),
    "client_secret": os.environ.get("PAKAN_IDENTITY_KEY", ""),
    "redirect": f"{BASE_URL}/member/state/back/",
    "scopes": os.environ.get("PAKAN_IDENTITY_SCOPES", "openid profile"),
    "national_id": os.environ.get("PAKAN_IDENTITY_NUMBER_CLAIM", "national_id"),
    # The `acr` values that prove more than a telephone; without one a State identity opens no more than a code does.
    "high": frozenset(os.environ.get("PAKAN_IDENTITY_HIGH", "").split()),
}
if PRODUCTION and IDENTITY["issuer"] and not IDENTITY["issuer"].startswith("https://"):
    raise ImproperlyConfigured("PAKAN_IDENTITY_ISSUER: production asks a provider by https only")
# The push services that a browser may name; nothing else is ever called (A31).
PUSH_ORIGINS: tuple[str, ...] = tuple(
    os.environ.get(
        "PAKAN_PUSH_ORIGINS",
        "https://fcm.googleapis.com,https://*.push.services.mozilla.com,https://*.push.apple.com,"
        "https://*.notify.windows.com",
    ).split(",")
)
# Hosts that a webhook may name although they are ours: only where everybody is invented.
WEBHOOK_INNER_HOSTS: tuple[str, ...] = () if PRODUCTION else ("127.0.0.1",)
PUSH_CONTACT = os.environ.get("PAKAN_PUSH_CONTACT", "mailto:push@pakan.example")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "pakan.site.requests.JsonLines"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["out"], "level": "WARNING" if ENV == "test" else "INFO"},
    "loggers": {
        "django.server": {"handlers": ["out"], "level": "WARNING", "propagate": False},
        "procrastinate": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "axes": {"level": "ERROR"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
TEST_RUNNER = "django.test.runner.DiscoverRunner"
