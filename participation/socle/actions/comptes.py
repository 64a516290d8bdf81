"""Open, invite and close accounts; require and withdraw their second factor."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

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

from participation.socle.actions.avancer import enregistrer
from participation.socle.actions.oubli import Personne, oublier
from participation.socle.courriels import lettres as lettres_courriels
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Appartenance, Commune, Compte, Direction
from participation.socle.regles.adresses import DOMAINE_FERME, DOMAINE_POSTE


@transaction.atomic
def ouvrir_compte(courriel: str, *, est_prouve: bool = True, **champs: Any) -> Compte:
    """Return the account of an address, created without password if needed.

    `est_prouve`: the holder has just proved that the address is theirs. `champs`: values for a new account
    only.
    """
    courriel = courriel.strip().lower()
    compte, _ = Compte.objects.get_or_create(
        courriel=courriel, defaults={"password": make_password(None), **champs}
    )
    EmailAddress.objects.get_or_create(user=compte, email=courriel, defaults={"primary": True})
    if est_prouve:
        prouver_adresse(compte)
    return compte


def ouvrir_compte_par_poste(**champs: Any) -> Compte:
    """Return a new account for a person without a mailbox: nobody signs in to it, and no mail leaves for it."""
    return Compte.objects.create_user(f"{uuid4().hex}@{DOMAINE_POSTE}", **champs)


@transaction.atomic
def donner_une_boite(compte: Compte, courriel: str) -> None:
    """Give its first mailbox to an account written to by post. Raises ValidationError if another account has it."""
    compte.courriel = courriel
    compte.full_clean(exclude={"password"})
    compte.save()
    EmailAddress.objects.get_or_create(user=compte, email=compte.courriel, defaults={"primary": True})


def prouver_adresse(compte: Compte) -> None:
    """Record that the holder of the account has proved the address."""
    EmailAddress.objects.update_or_create(
        user=compte,
        email=compte.courriel,
        defaults={"verified": True},
        create_defaults={"verified": True, "primary": True},
    )


def proposer_cet_appareil(courriel: str) -> None:
    """Write to the account of this address a link by which its browser is recognised, once a day at most.

    For a browser that is not known yet, once the attempts of strangers have used up the limit. Does nothing
    if no active account has this address.
    """
    compte = Compte.objects.filter(courriel=courriel.strip().lower(), is_active=True).first()
    if compte is not None:
        lettres_courriels.proposer_cet_appareil(compte)


@transaction.atomic
def utiliser_code(facteur: Authenticator, code: str) -> bool:
    """Whether this code of the authenticator app, already checked as right, is newer than the last used.

    It is then recorded as used, in the row of the authenticator: no code works twice, even if the cache is
    lost.
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
    """Record that the code that set up the authenticator app was used, so that it cannot also sign in.

    Written under the cache key of allauth, for as long as the code stays valid.
    """
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
    """Give a role to the holder of an address, and write the letter that says how to sign in.

    Raises ValidationError, or ErreurMetier when the account is deactivated.
    """
    compte = ouvrir_compte(courriel, est_prouve=False, prenom=prenom, nom=nom, fonction=fonction)
    if not compte.is_active:
        raise ErreurMetier("Le compte de cette adresse est désactivé. Rendez-le actif avant d’inviter.")
    appartenance = enregistrer(
        Appartenance(compte=compte, role=role, direction=direction, commune=commune, jusqu_a=jusqu_a)
    )
    _noter(compte, par=par, fait=f"Invitation : {appartenance.get_role_display()}")
    lettres_courriels.inviter(appartenance, par=par)
    return compte


def renvoyer_invitation(compte: Compte, *, par: Compte) -> int:
    """Write the invitation again, for each role held today. Return the number of letters."""
    if not compte.is_active:
        return 0
    for appartenance in compte.appartenances_propres:
        lettres_courriels.inviter(appartenance, par=par)
    return len(compte.appartenances_propres)


@transaction.atomic
def retirer_second_facteur(compte: Compte, *, par: Compte) -> None:
    """Withdraw the second factor of a person who lost phone and recovery codes.

    The service has first checked the identity of the person who asks.
    """
    Authenticator.objects.filter(user=compte).delete()
    _noter(compte, par=par, fait="Second facteur retiré")
    lettres_courriels.retirer_second_facteur(compte, par=par)


@transaction.atomic
def fermer_compte(compte: Compte, *, par: Compte, personne: Personne | None = None) -> None:
    """Erase the person from everything kept, and empty their account.

    `personne`: by what else than the account she is known. The row of the account stays, so that the journals still tell which acts have the same author. Raises
    ErreurMetier for the last administrator. Does nothing if the account is already closed.
    """
    compte.refresh_from_db(from_queryset=Compte.objects.select_for_update())
    if not compte.is_active:
        return
    if (
        compte.is_superuser
        and not Compte.objects.filter(is_superuser=True, is_active=True).exclude(pk=compte.pk).exists()
    ):
        raise ErreurMetier("Ce compte est le dernier administrateur. Nommez-en un autre avant de le fermer.")
    courriel = compte.courriel
    oublier(personne or Personne(courriel, compte))
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
        # One-to-one rows that CASCADE (a profile, a subscription) would go with the account: erase them here.
        if relation.one_to_one and relation.on_delete is CASCADE:
            propre: Any = relation.related_model
            propre._default_manager.filter(**{relation.field.name: compte}).delete()
    EmailAddress.objects.filter(user=compte).delete()
    Authenticator.objects.filter(user=compte).delete()
    SocialAccount.objects.filter(user=compte).delete()
    for session in UserSession.objects.filter(user=compte):
        session.end()
    _noter(compte, par=par, fait="Compte fermé")
    lettres_courriels.fermer_compte(courriel)  # the last letter, erased after its own delay


def effacer_sessions() -> None:
    """Erase expired sessions, and the network address and browser recorded for them."""
    call_command("clearsessions")
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def exiger_second_facteur(compte: Compte) -> date:
    """Return the day from which the second factor is required.

    It is set on the first visit to the back office, `MFA_DELAI_GRACE_JOURS` days later.
    """
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
