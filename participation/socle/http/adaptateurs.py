"""Adapters of allauth: account of the session, limits, messages, second factor."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from participation.socle.actions import comptes
from participation.socle.collectivite import collectivite
from participation.socle.http import limites, oidc
from participation.socle.http.intergiciels import dire_connecte
from participation.socle.http.requete import adresse_client
from participation.socle.models import Appartenance, Compte

TROP_D_ESSAIS = "Trop d’essais. Attendez un quart d’heure, puis recommencez."


UN_COURRIEL = "Si cette adresse a un compte, un courriel y est parti aujourd’hui, avec un lien pour entrer sans attendre."


class QuiEntre(AuthenticationBackend):
    def get_user(self, user_id: int) -> Compte | None:
        """Return the account of the session with its appartenances of today, which every page needs.

        One statement for an account that has a role.
        """
        siennes = list(
            Appartenance.objects.en_vigueur()
            .filter(compte=user_id)
            .select_related("compte", "direction", "commune")
        )
        compte: Compte | None = siennes[0].compte if siennes else super().get_user(user_id)
        if compte is None or not self.user_can_authenticate(compte):
            return None
        for appartenance in siennes:
            appartenance.compte = compte
        compte.__dict__["appartenances_propres"] = siennes
        return compte


class AdaptateurComptes(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Ce compte est fermé.",
        "duplicate_email": "C’est déjà l’adresse de votre compte.",
        "email_password_mismatch": "L’adresse ou le mot de passe ne sont pas bons. Vous pouvez aussi recevoir un code.",
        "email_taken": "Un autre compte a déjà cette adresse.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "incorrect_code": "Ce code n’est pas le bon. Recopiez celui du dernier courriel reçu.",
        "incorrect_password": "Ce n’est pas votre mot de passe.",
        "invalid_login": "L’adresse ou le mot de passe ne sont pas bons.",
        "invalid_password_reset": "Ce lien a déjà servi, ou il est trop ancien.",
        "rate_limited": TROP_D_ESSAIS,
        "same_as_current": "C’est déjà l’adresse de votre compte.",
        "too_many_login_attempts": f"{TROP_D_ESSAIS} {UN_COURRIEL}",
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        return adresse_client(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt.

        Failures block the network they come from, not the account: its owner can sign in from elsewhere.
        """
        self._login_failed_rl_usage = limites.tenter(request, "mot_de_passe", credentials.get("email") or "")
        if self._login_failed_rl_usage is None:
            raise self.trop_d_essais(request, credentials.get("email") or "")

    def trop_d_essais(self, request: HttpRequest, courriel: str) -> Exception:
        """Return the refusal to raise.

        The owner is never locked out by the attempts of strangers: a letter gives another way to sign in.
        """
        if limites.est_connu(request, courriel):
            return self.validation_error("rate_limited")
        comptes.proposer_cet_appareil(courriel)
        return self.validation_error("too_many_login_attempts")

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        limites.oublier(request, "mot_de_passe", credentials.get("email") or "")

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Remember this browser as known.

        If the person said that the device is not theirs, nothing stays once the browser closes.
        """
        reponse = super().post_login(request, user, **kwargs)
        oidc.retenir(request, (kwargs.get("signal_kwargs") or {}).get("sociallogin"))
        emprunte = request.session.pop(limites.PAS_LE_MIEN, False)
        if emprunte:
            request.session.set_expiry(0)
        else:
            limites.reconnaitre(request, reponse, user.courriel)
        dire_connecte(reponse, None if emprunte else settings.SESSION_COOKIE_AGE)
        return reponse

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether the person must prove their identity again.

        Not after a sign-in a few minutes ago, nor for an account without password whose second factor is new.
        """
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        compte = self.request.user
        seuil = timezone.now() - timedelta(seconds=account_settings.REAUTHENTICATION_TIMEOUT)
        preuves = get_authentication_records(self.request, compte)
        if any(preuve["at"] >= seuil.timestamp() for preuve in preuves):
            return False
        return (
            compte.has_usable_password()
            or Authenticator.objects.filter(user=compte, created_at__lt=seuil).exists()
        )

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Close the sign-up form: an account opens by a code sent to its address, or through OpenID Connect."""
        return False


class AdaptateurSecondFacteur(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Ce code n’est pas le bon. Recopiez celui que l’application montre maintenant.",
        "unverified_email": "Confirmez d’abord l’adresse de votre compte.",
    }

    def get_totp_issuer(self) -> str:
        """The name of the site, which the application shows beside the code."""
        return collectivite().site

    def encrypt(self, text: str) -> str:
        """Encrypt the TOTP secret, so that the database alone is not enough to use it."""
        return _chiffre().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _chiffre().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Compte, type: str) -> str:  # noqa: A002 allauth's name
        rang = Authenticator.objects.filter(user=user, type=type).count() + 1
        return {1: "Ma clé", 2: "Ma clé de secours"}.get(rang, f"Clé n° {rang}")


def _chiffre() -> MultiFernet:
    cles = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(urlsafe_b64encode(sha256(f"second facteur:{cle}".encode()).digest())) for cle in cles]
    )
