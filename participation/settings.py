"""The settings. Defaults are for development; production refuses to start without its secrets."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry

from participation.identites import fournisseurs
from participation.ouverture import *  # noqa: F403 settings about other software, apart for their length
from participation.travaux import *  # noqa: F403
from participation.travaux import BASE_ATTENTE, BROKER_URL

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

ENVIRONNEMENT = env("ENVIRONNEMENT", default="developpement")  # developpement | essais | production
PRODUCTION = ENVIRONNEMENT == "production"
# Must be set explicitly: a server without ENVIRONNEMENT never shows the sign-in codes it sends.
LETTRES_LISIBLES = env("ENVIRONNEMENT", default="") == "developpement"
DEBUG = env.bool("DEBUG", default=False)

if PRODUCTION:
    absents = [
        nom
        for nom in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "BROKER_URL", "EMAIL_URL", "SITE_URL")
        if not env(nom, default="")
    ]
    if absents:
        raise ImproperlyConfigured(f"Réglages absents en production : {', '.join(absents)} (voir deploy/).")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG est interdit en production.")
    if len(env("SECRET_KEY")) < 50:
        raise ImproperlyConfigured("SECRET_KEY doit compter au moins 50 caractères tirés au hasard.")

SECRET_KEY = env("SECRET_KEY", default="developpement-seulement-ce-texte-n-est-pas-un-secret")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
SITE_URL = env("SITE_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
# The local packs, and the one of this site when there are several (participation.socle.management.paquet).
PAQUETS, PAQUET = BASE_DIR / "paquets", env("PAQUET", default="")
DOSSIER_DONNEES = Path(env("DOSSIER_DONNEES", default=str(BASE_DIR / ".data")))
# Addresses of our own reverse proxies: X-Forwarded-For is trusted only from them.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

INSTALLED_APPS = [
    "participation.socle",  # before django.contrib.auth and allauth: its templates and commands win
    # In the order of the menus and of shared pages.
    "petitions",
    "ccspl",
    "contrat_ville",
    "participation.budgets",
    "remontees",
    "participation.renouvellement",
    "participation.panels",
    "participation.rencontres",
    "participation.inscriptions",
    "participation.seances",
    "participation.suites",
    "participation.engagements",
    "participation.cadres",
    "participation.tirage",
    "participation.inclusion",
    "participation.droits",
    "participation.socle.apps.TablesDeReference",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "csp",
    "django_filters",
    "django_htmx",
    "pgtrigger",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "participation.socle.http.cache.EtiquettesMiddleware",
    "participation.socle.http.politique.PolitiqueMiddleware",
    "participation.socle.http.langues.LangueMiddleware",
    "participation.socle.http.protocole.MethodesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "participation.socle.http.intergiciels.AdressesMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "participation.socle.http.intergiciels.ConnexionRequiseMiddleware",
    "participation.socle.http.intergiciels.SecondFacteurMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "participation.socle.http.limites.reseau_middleware",
    "participation.socle.http.intergiciels.ErreursMetierMiddleware",
]

ROOT_URLCONF = "participation.urls"
WSGI_APPLICATION = "participation.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # The second: the pages that libraries look up by their own names.
        "DIRS": [BASE_DIR / "templates", BASE_DIR / "templates" / "bibliotheques"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "participation.socle.http.contexte.cadre",
            ],
            "builtins": [  # available in every template without loading
                "django.templatetags.i18n",
                "django.templatetags.static",
                "crispy_forms.templatetags.crispy_forms_tags",
                "participation.socle.templatetags.composants",
                "participation.socle.templatetags.faits",
                "participation.socle.templatetags.formulaires",
                "participation.socle.templatetags.identite",
                "participation.socle.templatetags.langues",
                "participation.socle.templatetags.lettres",
                "participation.socle.templatetags.listes",
                "participation.socle.templatetags.partage",
                "template_partials.templatetags.partials",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "participation"
CRISPY_FAIL_SILENTLY, FORM_RENDERER = False, "participation.socle.forms.rendu.Rendu"

# The placeholder lets the settings be imported (tests, checks) before a database is known.
DATABASES = {"default": env.db("DATABASE_URL", default="postgres://app@127.0.0.1:1/app")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Joins keep their order, except the first four (filters come first): a page may join fourteen tables, and
# comparing all orders took 15 ms. Prepared statements are planned once, not first five times. A statement whose
# process was killed (time limit) ends within ten seconds. On an SSD, a page read at random costs hardly more than
# in order. A limit without an order keeps the same rows each time.
OPTIONS_BASE = (
    "-c join_collapse_limit=4 -c plan_cache_mode=force_generic_plan -c client_connection_check_interval=10s"
    " -c random_page_cost=1.1 -c synchronize_seqscans=off"
    + (f" -c statement_timeout={1000 * BASE_ATTENTE:.0f}" if BASE_ATTENTE else "")
)
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["OPTIONS"] |= {"connect_timeout": 3, "options": OPTIONS_BASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = (
    {
        "default": {
            "BACKEND": "participation.socle.bd.cache.CacheOubliable",
            "LOCATION": BROKER_URL,
            "KEY_PREFIX": "participation",
            # Wait one second, once: the cache must not be slower than what it saves.
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0)},
        }
    }
    if BROKER_URL.startswith("redis")
    else {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
)
# Rendered public pages, in the memory of each process: no network access to serve a page.
CACHES["pages"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "pages",
    "OPTIONS": {"MAX_ENTRIES": 300},
}
# Small values that a page may cache in its process: the same for all, a minute old at most.
CACHES["processus"] = {"BACKEND": "participation.socle.bd.cache.Memoire", "LOCATION": "processus"}
# Counts while Redis does not answer; so many entries that a stranger cannot evict one by creating others.
CACHES["secours"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "secours",
    "OPTIONS": {"MAX_ENTRIES": 100_000},
}
# Seconds during which a remontée that an agent reads is given to no other who sorts the queue.
TRI_RESERVE_SECONDES = env.int("TRI_RESERVE_SECONDES", default=300)
SESSION_ENGINE = "django.contrib.sessions.backends.db"

AUTH_USER_MODEL = "socle.Compte"
AUTHENTICATION_BACKENDS = ["participation.socle.http.adaptateurs.QuiEntre"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if ENVIRONNEMENT == "essais":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed only: no real password here
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{nom}", "OPTIONS": options}
    for nom, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("courriel", "prenom", "nom")}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
ACCOUNT_ADAPTER = "participation.socle.http.adaptateurs.AdaptateurComptes"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "courriel"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60  # seconds
ACCOUNT_LOGIN_TIMEOUT = 20 * 60
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/900s/key,120/m/ip",  # the second factor only: the first one has been given
    # By `socle.http.limites`, which knows every spelling of a mailbox and the browsers seen before:
    **dict.fromkeys(("login", "request_login_code", "reset_password")),
}
# `socle.http.limites`: what → how often. Three attempts per code, five codes per quarter of an hour and network:
# a code cannot be guessed. Wide by network: the sixty members of a séance may share one address.
OUVERTS = (
    "dire",
    "proposer",
    "forum",
    "recolter",
    "panel",
    "rencontre",
)  # what anybody may send, with or without an address
LIMITES = {
    **dict.fromkeys(("code.reseau", "recolter.reseau"), "120/m/key,600/h/key"),
    "code.boite_et_reseau": "5/900s/key,30/d/key",
    "code.boite": "25/900s/key,100/d/key",
    "mot_de_passe.reseau": "240/m/key,1200/h/key",  # failures, by account first: a town hall has one address
    "mot_de_passe.boite_et_reseau": "5/900s/key,30/d/key",
    "mot_de_passe.boite": "50/900s/key,200/d/key",
    **dict.fromkeys(("code.appareil", "mot_de_passe.appareil"), "10/900s/key,60/d/key"),
    "oubli.reseau": "20/m/key,100/h/key",
    "oubli.boite": "15/900s/key,30/d/key",
    **dict.fromkeys(("oubli.boite_et_reseau", "oubli.appareil"), "5/900s/key,10/d/key"),
    "suivre.reseau": "60/m/key,300/h/key",
    "suivre.boite_et_reseau": "5/h/key,10/d/key",
    **dict.fromkeys(("code_vote.reseau", "code_papier.reseau"), "30/900s/key"),  # failures only
    **dict.fromkeys(("suivre.boite", "suivre.appareil"), "10/d/key"),
    **{f"{q}.reseau": "20/m/key,120/h/key" for q in ("dire", "proposer", "commencer")},
    # A library, a hall: people register side by side.
    **dict.fromkeys(("panel.reseau", "rencontre.reseau"), "60/h/key,300/d/key"),
    "forum.reseau": "20/h/key,60/d/key",  # one network cannot take every seat
    **{f"{q}.{p}": "10/h/key,30/d/key" for q in OUVERTS for p in ("boite", "boite_et_reseau", "appareil")},
    **{f"{q}.domaine": "200/h/key,1000/d/key" for q in (*OUVERTS, "suivre")},  # not for shared providers
}
ACCOUNT_FORMS = {
    "request_login_code": "participation.socle.forms.comptes.DemandeCodeForm",
    "confirm_login_code": "participation.socle.forms.comptes.CodeForm",
    "confirm_email_verification_code": "participation.socle.forms.comptes.CodeAdresseForm",
    "add_email": "participation.socle.forms.comptes.AdresseForm",
    "change_password": "participation.socle.forms.comptes.ChangerMotDePasseForm",
    "set_password": "participation.socle.forms.comptes.ChoisirMotDePasseForm",
    "reset_password": "participation.socle.forms.comptes.MotDePasseOublieForm",
    "reset_password_from_key": "participation.socle.forms.comptes.NouveauMotDePasseForm",
    "reauthenticate": "participation.socle.forms.comptes.ConfirmerMotDePasseForm",
}
MFA_ADAPTER = "participation.socle.http.adaptateurs.AdaptateurSecondFacteur"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # a phone may be half a minute late
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_FORMS = {
    "authenticate": "participation.socle.forms.comptes.SecondFacteurForm",
    "reauthenticate": "participation.socle.forms.comptes.ConfirmerSecondFacteurForm",
    "activate_totp": "participation.socle.forms.comptes.ActiverApplicationForm",
    "add_webauthn": "participation.socle.forms.comptes.AjouterCleForm",
    "edit_webauthn": "participation.socle.forms.comptes.RenommerCleForm",
}
# Days to add a second factor, from the first visit to the back office.
MFA_DELAI_GRACE_JOURS = env.int("MFA_DELAI_GRACE_JOURS", default=14)

# Sign-in through another service: ProConnect for agents, FranceConnect for residents. Off by default.
SOCIALACCOUNT_ADAPTER = "participation.socle.http.oidc.AdaptateurOidc"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: CSP form-action would block a form that leads elsewhere
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": fournisseurs(env)}}

ACCUEIL_RESIDENT = "petitions:mes_petitions"  # page after sign-in for those without access to the back office
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "socle:accueil_compte"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "fr"
# The public pages may be read in these; each name is in its own language (`socle.langues`).
LANGUAGES = [
    ("fr", "Français"),
    ("en", "English"),
    ("ar", "العربية"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("pt", "Português"),
]
TIME_ZONE = "Europe/Paris"
USE_I18N = USE_TZ = True
# In French, what Django says of a wrong answer, in our words; in the others, what the public pages say.
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL, STATIC_ROOT = "static/", DOSSIER_DONNEES / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Seconds after which `/sante` says that the copies (database, files) are late; 0: something else watches them.
COPIES_RETARD = env.int("COPIES_RETARD", default=300 if PRODUCTION else 0)
# Days that the copies keep what the site has erased, as told to people: those of deploy/sauvegarde and deploy/systemd.
COPIES_JOURS = env.int("COPIES_JOURS", default=30)
# Never served directly: files go through views that check permissions.
MEDIA_ROOT = DOSSIER_DONNEES / "fichiers"
WHITENOISE_USE_FINDERS = not PRODUCTION
# Elsewhere a file may change under the running site: with its size read at the start, a shorter one would never end. And
# each client of a test builds the middlewares again: they scan nothing.
WHITENOISE_AUTOREFRESH = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "participation.socle.fichiers.stockage.Stockage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Licence of the published open data.
LICENCE, LICENCE_URL = "Licence Ouverte 2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
# Days after a séance when the needs of participants (interpreter, childcare…) are erased.
BESOINS_JOURS = env.int("BESOINS_JOURS", default=30)
# Rows of a table of paper; days that it keeps what was not retained, once it is closed.
PAPIER_LIGNES_MAX = env.int("PAPIER_LIGNES_MAX", default=1000)
PAPIER_JOURS = env.int("PAPIER_JOURS", default=30)
# Writing help: words of a sentence above which it is said to be long.
REDACTION_MOTS_PAR_PHRASE = env.int("REDACTION_MOTS_PAR_PHRASE", default=25)
# Above this number of lines, a table is written by the worker; kept so many hours, since it holds names.
EXPORT_IMMEDIAT = env.int("EXPORT_IMMEDIAT", default=2000)
EXPORTS_HEURES = env.int("EXPORTS_HEURES", default=24)
# Megabytes free below which `/sante` says that the disk is nearly full.
DISQUE_LIBRE_MIN = env.int("DISQUE_LIBRE_MIN", default=0 if ENVIRONNEMENT == "essais" else 2000)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FICHIERS_ORPHELINS_JOURS = env.int("FICHIERS_ORPHELINS_JOURS", default=30)  # until unknown files are erased
# Tables that agents import: heaviest file, most rows; above this weight once unzipped, a worker opens it.
TABLEAU_OCTETS_MAX = env.int("TABLEAU_OCTETS_MAX", default=20 * 1024 * 1024)
TABLEAU_LIGNES_MAX = env.int("TABLEAU_LIGNES_MAX", default=100_000)
TABLEAU_IMMEDIAT = env.int("TABLEAU_IMMEDIAT", default=1024 * 1024)
PIECE_TAILLE_MAX = 10 * 1024 * 1024  # bytes
# A picture is drawn again, smaller: a phone may send a heavier one, by mail above all.
PHOTO_TAILLE_MAX = 25 * 1024 * 1024  # bytes
# What a PDF may take to be looked at, while somebody waits for the page: bytes of memory, seconds of CPU.
PDF_MEMOIRE = env.int("PDF_MEMOIRE", default=1024**3)
PDF_SECONDES = env.int("PDF_SECONDES", default=20)
PIECES_PAR_ENVOI = 5  # files in one form, at most
FILE_UPLOAD_HANDLERS = [
    "participation.socle.http.intergiciels.PlafondEnvoi",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Letters: every email first becomes a Courriel row; the worker then sends it through this transport.
EMAIL_BACKEND = "participation.socle.courriels.ecriture.BoiteEnvoi"
COURRIEL_TRANSPORT = env.email("EMAIL_URL", default="smtp://127.0.0.1:1025")
COURRIEL_ATTENTE = 10  # seconds for each answer of the mail server
COURRIEL_ABANDON = env.int("COURRIEL_ABANDON", default=120)  # seconds until a taken letter is sent again
COURRIEL_BALAYAGE = 20  # seconds of work per sweep, at most
COURRIEL_TENTATIVES = 30  # about a day
RETENUE_HEURES = env.int("RETENUE_HEURES", default=48)  # after a restore: socle.courriels.retenue
DEFAULT_FROM_EMAIL = env(
    "DEFAULT_FROM_EMAIL", default="participation@example.org"
)  # the name is that of the site
SERVER_EMAIL = DEFAULT_FROM_EMAIL
SECURITE_CONTACT = env("SECURITE_CONTACT", default="")  # for security.txt; by default that of the service
ADRESSE_POSTALE = env("ADRESSE_POSTALE", default="")  # on the error page
# Addresses told by email when the site fails (socle.courriels.alertes). Without any, the error page does not claim it.
ADMINS = [("", adresse) for adresse in env.list("ADMINS", default=[])]

SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "participation.socle.views.erreurs.page_expiree"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^sante/?$"]
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

LIGNE_DE_JOURNAL = "%(asctime)s %(levelname)s %(name)s %(message)s"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "ligne": {"()": "participation.socle.http.journaux.SansSecret", "format": LIGNE_DE_JOURNAL}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ligne"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {"fontTools": {"level": "WARNING"}, "weasyprint": {"level": "ERROR"}},
}
