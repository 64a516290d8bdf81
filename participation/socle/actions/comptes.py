"""Open, invite, close an account; ask for its second factor."""

from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.core.internal.cryptokit import compare_user_code, normalize_user_code
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.db.models import CASCADE
from django.utils import timezone

from participation.socle import notifications
from participation.socle.actions.oubli import Personne, oublier
from participation.socle.adresses import DOMAINE_FERME
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Appartenance, Commune, Compte, Direction


@transaction.atomic
def ouvrir_compte(courriel: str, *, est_prouve: bool = True, **champs: Any) -> Compte:
    """The account of an address, created if need be, without password.

    `est_prouve`: its holder has just shown that the address is his. `champs`: only used for a new account.
    """
    courriel = courriel.strip().lower()
    compte, _ = Compte.objects.get_or_create(
        courriel=courriel, defaults={"password": make_password(None), **champs}
    )
    EmailAddress.objects.get_or_create(user=compte, email=courriel, defaults={"primary": True})
    if est_prouve:
        prouver_adresse(compte)
    return compte


def prouver_adresse(compte: Compte) -> None:
    """The holder of the account has just shown that its address is his."""
    EmailAddress.objects.update_or_create(
        user=compte,
        email=compte.courriel,
        defaults={"verified": True},
        create_defaults={"verified": True, "primary": True},
    )


def proposer_cet_appareil(courriel: str) -> None:
    """Strangers who try without end close the door to a browser that we do not know: her mailbox opens it, once a day."""
    compte = Compte.objects.filter(courriel=courriel.strip().lower(), is_active=True).first()
    if compte is not None:
        notifications.proposer_cet_appareil(compte)


@transaction.atomic
def utiliser_code(facteur: Authenticator, code: str) -> bool:
    """Whether the application's code, right already, is newer than the last one that served: then it has served.

    Kept in the row, so that nothing but time makes a code good again.
    """
    facteur.data = Authenticator.objects.select_for_update().get(pk=facteur.pk).data
    secret = decrypt(facteur.data["secret"])
    pas = max(
        (
            compteur
            for compteur in totp.yield_hotp_counters_from_time()
            if compare_user_code(
                actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, compteur))
            )
        ),
        default=0,
    )
    if pas <= facteur.data.get("dernier_pas", 0):
        return False
    facteur.data["dernier_pas"] = pas
    facteur.save(update_fields=["data"])
    return True


def marquer_servi(compte: Compte, code: str) -> None:
    """The code that adds the application does not also sign in with it: under allauth's own key, for as long as it is good."""
    validite = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1)
    cache.set(f"allauth.mfa.totp.used?user={compte.pk}&code={normalize_user_code(code)}", "y", validite)


@transaction.atomic
def inviter(
    courriel: str,
    *,
    par: Compte,
    role: str,
    prenom: str = "",
    nom: str = "",
    fonction: str = "",
    direction: Direction | None = None,
    commune: Commune | None = None,
    jusqu_a: date | None = None,
) -> Compte:
    """Give a role to the holder of an address, who is told by letter how to come in. Raises ValidationError, ErreurMetier."""
    compte = ouvrir_compte(courriel, est_prouve=False, prenom=prenom, nom=nom, fonction=fonction)
    if not compte.is_active:
        raise ErreurMetier("Le compte de cette adresse est désactivé. Rendez-le actif avant d’inviter.")
    appartenance = Appartenance(
        compte=compte, role=role, direction=direction, commune=commune, jusqu_a=jusqu_a
    )
    appartenance.full_clean()
    appartenance.save()
    _noter(compte, par=par, fait=f"Invitation : {appartenance.get_role_display()}")
    notifications.inviter(appartenance, par=par)
    return compte


def renvoyer_invitation(compte: Compte, *, par: Compte) -> int:
    """Write the invitation again, for each role held today; returns how many letters."""
    if not compte.is_active:
        return 0
    for appartenance in compte.appartenances_en_vigueur:
        notifications.inviter(appartenance, par=par)
    return len(compte.appartenances_en_vigueur)


@transaction.atomic
def retirer_second_facteur(compte: Compte, *, par: Compte) -> None:
    """For who has lost phone and recovery codes, once the service has made sure of who asks."""
    Authenticator.objects.filter(user=compte).delete()
    _noter(compte, par=par, fait="Second facteur retiré")
    notifications.retirer_second_facteur(compte, par=par)


@transaction.atomic
def fermer_compte(compte: Compte, *, par: Compte) -> None:
    """Take the person out of all that is kept, and of the account, whose row stays: journals go on saying that one same
    account acted."""
    compte.refresh_from_db(from_queryset=Compte.objects.select_for_update())
    if not compte.is_active:
        return
    if (
        compte.is_superuser
        and not Compte.objects.filter(is_superuser=True, is_active=True).exclude(pk=compte.pk).exists()
    ):
        raise ErreurMetier("Ce compte est le dernier administrateur. Nommez-en un autre avant de le fermer.")
    courriel = compte.courriel
    oublier(Personne(courriel, compte))
    compte.courriel = f"compte-ferme-{compte.pk}@{DOMAINE_FERME}"
    compte.prenom = compte.nom = compte.fonction = compte.telephone = ""
    compte.is_active = compte.is_staff = compte.is_superuser = False
    compte.set_unusable_password()
    compte.save()
    hier = timezone.localdate() - timedelta(days=1)
    compte.appartenances.filter(depuis__gt=hier).delete()
    compte.appartenances.en_vigueur().update(jusqu_a=hier)
    compte.filtres.all().delete()
    for relation in Compte._meta.related_objects:
        # What an app says of the person alone (a profile, a subscription) would have gone with the row.
        if relation.one_to_one and relation.on_delete is CASCADE:
            propre: Any = relation.related_model
            propre._default_manager.filter(**{relation.field.name: compte}).delete()
    EmailAddress.objects.filter(user=compte).delete()
    Authenticator.objects.filter(user=compte).delete()
    SocialAccount.objects.filter(user=compte).delete()
    for session in UserSession.objects.filter(user=compte):
        session.end()
    _noter(compte, par=par, fait="Compte fermé")
    notifications.fermer_compte(courriel)  # the last letter, that its own delay erases


def effacer_sessions() -> None:
    """Sessions past their time, and what was noted of them (address of the network, browser), kept no longer than of use."""
    call_command("clearsessions")
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def exiger_second_facteur(compte: Compte) -> date:
    """The day from which the second factor is owed: set once, the first time somebody comes to the back office."""
    if compte.mfa_exigee_le is None:
        exigee_le = timezone.localdate() + timedelta(days=settings.MFA_DELAI_GRACE_JOURS)
        Compte.objects.filter(pk=compte.pk, mfa_exigee_le=None).update(mfa_exigee_le=exigee_le)
        compte.mfa_exigee_le = exigee_le
    return compte.mfa_exigee_le


def _noter(compte: Compte, *, par: Compte, fait: str) -> None:
    LogEntry.objects.create(
        user=par,
        content_type=ContentType.objects.get_for_model(Compte),
        object_id=str(compte.pk),
        object_repr=f"compte {compte.pk}",
        action_flag=CHANGE,
        change_message=fait,
    )
