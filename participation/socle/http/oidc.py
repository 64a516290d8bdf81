"""OpenID Connect (`participation.identites`): what the token said of who signs in, and the identity tied to an account."""

import time
from typing import Any
from urllib.parse import urlencode

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import get_random_string

from participation.socle.models import Compte

CLE_NONCE = "oidc_nonce"
CLE_JETON = "oidc"  # of the session: what the token of this sign-in said
CLE_A_RELIER = "oidc_a_relier"  # of the session: an identity that no account has yet
MINUTES_A_RELIER = 20
LONGUEUR = 32  # characters of `state` and `nonce`, the least that ProConnect takes


class AdaptateurOidc(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return True

    def generate_state_param(self, state: dict[str, Any]) -> str:
        return get_random_string(LONGUEUR)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Ask for a proof of the account too before an identity is tied to it.

        An identity that says no address, or that of an account, opens nothing until its mailbox is proved in this browser.
        """
        if sociallogin.state.get("process") == "connect":
            raise PermissionDenied
        sociallogin.state[CLE_JETON] = request.__dict__.pop(CLE_JETON, None)
        if sociallogin.is_existing or not _prend_un_compte(sociallogin):
            return
        request.session[CLE_A_RELIER] = {"connexion": sociallogin.serialize(), "le": time.time()}
        if request.user.is_authenticated:
            raise ImmediateHttpResponse(redirect("socle:relier_identite"))
        connue = [adresse.email for adresse in sociallogin.email_addresses if adresse.verified]
        suite = {"identite": "oui", **({"courriel": connue[0]} if connue else {})}
        raise ImmediateHttpResponse(redirect(f"{reverse('account_login')}?{urlencode(suite)}"))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Compte:
        compte: Compte = super().populate_user(request, sociallogin, data)
        recu = sociallogin.account.get_provider_account().get_user_data() or {}
        compte.prenom = str(recu.get("given_name") or "")[:80]
        compte.nom = str(recu.get("usual_name") or recu.get("family_name") or "")[:80]
        return compte


def _prend_un_compte(connexion: SocialLogin) -> bool:
    """Whether this new identity would enter an account that exists, or cannot say which one it opens."""
    adresses = [adresse.email for adresse in connexion.email_addresses if adresse.verified]
    if not connexion.email_addresses:
        return True
    return Compte.objects.filter(courriel__in=adresses, is_active=True).exists()


class FournisseurOidc(OpenIDConnectOAuth2Adapter):
    """OpenID Connect as ProConnect and FranceConnect need it: a nonce, signed answers, and the level that the token says."""

    def get_provider(self) -> Any:
        fournisseur = super().get_provider()
        nonce = self.request.session.setdefault(CLE_NONCE, get_random_string(LONGUEUR))
        propres = fournisseur.app.settings
        # A copy: the settings are shared by all requests.
        fournisseur.app.settings = {
            **propres,
            "auth_params": {**propres.get("auth_params", {}), "nonce": nonce},
        }
        return fournisseur

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        """Raises OAuth2Error for an answer that is not the one asked for, or under the level that is required."""
        jeton = kwargs["response"].get("id_token")
        if not jeton:
            raise OAuth2Error("La réponse n’a pas de jeton d’identité.")
        # RFC 9207: who answers is who was asked.
        if request.GET.get("iss", self.openid_config["issuer"]) != self.openid_config["issuer"]:
            raise OAuth2Error("Cette réponse vient d’un autre service que celui demandé.")
        connexion = super().complete_login(request, app, token, **kwargs)
        request.session.pop(CLE_NONCE, None)
        niveau = connexion.account.extra_data["id_token"].get("acr", "")
        exiges = app.settings.get("niveaux_exiges")
        if exiges and niveau not in exiges:
            raise OAuth2Error("Cette identité n’a pas le niveau demandé.")
        request.__dict__[CLE_JETON] = {
            "fournisseur": self.provider_id,
            "niveau": niveau,
            "jeton": jeton,
            "sortie": self.openid_config.get("end_session_endpoint", ""),
        }
        connexion.account.extra_data = connexion.account.extra_data.get("userinfo", {})
        return connexion

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        """The level is read in it: its signature is checked, even straight from the provider."""
        self.did_fetch_access_token = False
        contenu = dict(super()._decode_id_token(app, id_token))
        if contenu.get("nonce") != self.request.session.get(CLE_NONCE):
            raise OAuth2Error("Cette réponse n’est pas celle de notre demande.")
        return contenu

    def _fetch_user_info(self, access_token: str) -> dict[str, Any]:
        with get_social_adapter().get_requests_session() as session:
            reponse: requests.Response = session.get(
                self.profile_url, headers={"Authorization": f"Bearer {access_token}"}
            )
            reponse.raise_for_status()
        if "application/jwt" not in reponse.headers.get("Content-Type", ""):
            return dict(reponse.json())
        return dict(
            jwtkit.verify_and_decode(
                credential=reponse.text,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=self.get_provider().app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        )


# --- what this session knows of it ------------------------------------------------------------


def retenir(request: HttpRequest, connexion: SocialLogin | None) -> None:
    """Keep what the token said for as long as the session; a sign-in of another kind forgets it."""
    request.session.pop(CLE_JETON, None)
    if connexion is not None and connexion.state.get(CLE_JETON):
        request.session[CLE_JETON] = connexion.state[CLE_JETON]


def est_second_facteur(request: HttpRequest) -> bool:
    """Whether the signed token of this sign-in says a level that takes a second factor."""
    jeton = request.session.get(CLE_JETON)
    if not jeton:
        return False
    return jeton["niveau"] in _reglages(jeton["fournisseur"]).get("niveaux_second_facteur", ())


def sortie(request: HttpRequest) -> tuple[str, str]:
    """Where the provider of this session ends its own, and its name; empty for another kind of sign-in."""
    jeton = request.session.get(CLE_JETON)
    if not jeton or not jeton["sortie"]:
        return "", ""
    demande = {
        "id_token_hint": jeton["jeton"],
        "state": get_random_string(LONGUEUR),
        "post_logout_redirect_uri": request.build_absolute_uri(settings.LOGOUT_REDIRECT_URL),
    }
    return f"{jeton['sortie']}?{urlencode(demande)}", nom_du_fournisseur(jeton["fournisseur"])


def a_relier(request: HttpRequest) -> SocialLogin | None:
    """The identity that waits for the proof of an account, if it came some minutes ago."""
    attente = request.session.get(CLE_A_RELIER)
    if not attente or time.time() - attente["le"] > MINUTES_A_RELIER * 60:
        return None
    return SocialLogin.deserialize(attente["connexion"])


@transaction.atomic
def relier(request: HttpRequest, compte: Compte, connexion: SocialLogin) -> bool:
    """Tie a proved identity to a proved account, and tell its mailbox. False if another account has it already."""
    identite = {"provider": connexion.account.provider, "uid": connexion.account.uid}
    autre = SocialAccount.objects.select_for_update().filter(**identite).first()
    if autre is not None and autre.user_id != compte.pk:
        return False
    if autre is None:
        try:
            with transaction.atomic():
                connexion.connect(request, compte)
        except IntegrityError:  # another window did it meanwhile
            return bool(SocialAccount.objects.filter(**identite, user=compte).exists())
    retenir(request, connexion)
    return True


@transaction.atomic
def delier(compte: Compte, identite: SocialAccount) -> None:
    """Untie an identity from its account, and tell its mailbox."""
    if SocialAccount.objects.filter(pk=identite.pk, user=compte).delete()[0]:
        get_social_adapter().send_notification_mail(
            "socialaccount/email/account_disconnected",
            compte,
            context={"provider": nom_du_fournisseur(identite.provider)},
        )


def nom_du_fournisseur(identifiant: str) -> str:
    return next((app["name"] for app in _applications() if app["provider_id"] == identifiant), identifiant)


def _reglages(identifiant: str) -> dict[str, Any]:
    return next((app["settings"] for app in _applications() if app["provider_id"] == identifiant), {})


def _applications() -> list[dict[str, Any]]:
    applications: list[dict[str, Any]] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return applications
