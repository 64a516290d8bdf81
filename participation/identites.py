"""Who may say who a person is: ProConnect for agents, FranceConnect for residents, or another OpenID Connect service.

Read by the settings: `OIDC_AGENTS` and `OIDC_RESIDENTS` name the service, three more lines give its address and our key.
"""

import json
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environ import Env

# What ProConnect writes in `acr` when a second factor was asked (its documentation, June 2026).
SECOND_FACTEUR = ["eidas0-mfa", "eidas1-mfa", "eidas2", "eidas3"]
FAIBLE_OU_PLUS = ["eidas1", "eidas2", "eidas3"]


def fournisseurs(env: Env) -> list[dict[str, Any]]:
    """The `APPS` of allauth, one for each public that signs in elsewhere; none by default."""
    return [_fournisseur(env, public) for public in ("agents", "residents") if env(_cle(public), default="")]


def _cle(public: str, suite: str = "") -> str:
    return "_".join(filter(None, ("OIDC", public.upper(), suite)))


def _fournisseur(env: Env, public: str) -> dict[str, Any]:
    """Raises ImproperlyConfigured when the address or the key is missing."""
    nom = env(_cle(public))
    serveur, client, secret = (
        env(_cle(public, suite), default="") for suite in ("SERVEUR", "CLIENT_ID", "CLIENT_SECRET")
    )
    if not (serveur and client and secret):
        manquent = ", ".join(_cle(public, suite) for suite in ("SERVEUR", "CLIENT_ID", "CLIENT_SECRET"))
        raise ImproperlyConfigured(f"{_cle(public)} demande {manquent}.")
    reglages = {"autre": _autre, "proconnect": _proconnect, "franceconnect": _franceconnect}
    propres = reglages.get(nom.lower(), _autre)(env, public)
    return {
        "provider_id": public,
        "name": nom,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": serveur, **propres},
    }


def _proconnect(env: Env, public: str) -> dict[str, Any]:
    niveaux = env.list(_cle(public, "NIVEAUX"), default=SECOND_FACTEUR)
    demande = {"id_token": {"amr": {"essential": True}, "acr": {"essential": True, "values": niveaux}}}
    return {
        "scope": ["openid", "given_name", "usual_name", "email", "uid", "siret", "idp_id"],
        "verified_email": True,  # ProConnect proves the addresses that it gives, without `email_verified`
        "auth_params": {"claims": json.dumps(demande)},
        "niveaux_second_facteur": niveaux,
        "oauth_pkce_enabled": True,
    }


def _franceconnect(env: Env, public: str) -> dict[str, Any]:
    """The identity itself is never asked: `openid` alone, and what comes back is a number."""
    return {
        "scope": ["openid"],
        "fetch_userinfo": False,
        "auth_params": {"acr_values": "eidas1", "prompt": "login"},
        "niveaux_exiges": env.list(_cle(public, "NIVEAUX"), default=FAIBLE_OU_PLUS),
        "oauth_pkce_enabled": False,
    }


def _autre(env: Env, public: str) -> dict[str, Any]:
    return {
        "scope": env.list(_cle(public, "PORTEE"), default=["openid", "profile", "email"]),
        "verified_email": env.bool(_cle(public, "COURRIEL_PROUVE"), default=False),
        "niveaux_second_facteur": env.list(_cle(public, "NIVEAUX"), default=[]),
        "oauth_pkce_enabled": True,
    }
