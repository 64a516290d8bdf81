"""The monthly summary: who receives it, and its sending."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from ccspl.models import AbonnementResume
from ccspl.resume.lectures import nouvelles
from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs
from participation.socle.erreurs import RoleInsuffisant
from participation.socle.models import Appartenance, Compte
from participation.socle.workflow import Role


# The letter of the month ---------------------------------------------------------------------------------------------
def s_abonner_au_resume(compte: Compte) -> None:
    """Subscribe to the letter of the month.

    Raises RoleInsuffisant unless the account is an élu or an agent.
    """
    if not compte.roles & {Role.ELU, Role.AGENT}:
        raise RoleInsuffisant("Le résumé du mois est écrit pour les élus.")
    AbonnementResume.objects.update_or_create(
        compte=compte, defaults={"demande_le": timezone.now(), "arrete_le": None}
    )


def arreter_le_resume(abonnement: AbonnementResume) -> None:
    """Stop the subscription. Safe to call twice."""
    AbonnementResume.objects.filter(pk=abonnement.pk, arrete_le=None).update(arrete_le=timezone.now())


def ecrire_resumes(jour: date | None = None) -> int:
    """Write the letters about the month before `jour`. Returns how many are new.

    No letter is written when the month brought nothing. Safe to run again.
    """
    jour = jour or timezone.localdate()
    fin = jour.replace(day=1) - timedelta(days=1)
    mois = nouvelles(fin.replace(day=1), fin)
    if mois.est_vide:
        return 0
    # Subscribers who are no longer élus or agents get no letter.
    lecteurs = Appartenance.objects.en_vigueur(jour).filter(role__in=[Role.ELU, Role.AGENT])
    abonnements = AbonnementResume.objects.filter(
        arrete_le=None, compte__is_active=True, compte__in=lecteurs.values("compte")
    ).select_related("compte")
    return ecrire_a_plusieurs(
        "ccspl/resume_mensuel",
        [
            Destinataire(
                abonnement.compte.courriel,
                desabonnement=reverse("ccspl:ne_plus_recevoir_resume", args=[abonnement.cle]),
                contexte={"prenom": abonnement.compte.prenom},
            )
            for abonnement in abonnements
        ],
        contexte={"nouvelles": mois, "lien": reverse("ccspl:tableau_de_bord")},
        cle=f"ccspl-resume:{mois.debut:%Y-%m}",
    )
