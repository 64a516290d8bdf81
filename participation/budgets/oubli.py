"""Erases a person: author of idées, registrations to forums, facilitator of tables. Words stay, without the name."""

from django.db.models import F
from django.utils import timezone

from participation.budgets.cycle.actes import oublier_auteurs
from participation.budgets.models import AuteurIdee, Idee, InscriptionForum, TableForum
from participation.budgets.workflow.budget import EtatInscription
from participation.socle.actions.avancer import verrouiller_ensemble
from participation.socle.actions.oubli import JOURNAL, Personne

GARDE = {"budgets.EntreeBudget": JOURNAL, "budgets.EntreeForum": JOURNAL, "budgets.EntreeScrutin": JOURNAL}


def oublier(personne: Personne) -> None:
    auteurs = AuteurIdee.objects.filter(courriel__iexact=personne.courriel)
    verrouiller_ensemble(Idee, auteurs.values_list("idee", flat=True))
    oublier_auteurs(list(auteurs.values_list("pk", flat=True)))
    # The periodic task gives the seats to the waiting list within minutes.
    inscriptions = InscriptionForum.objects.filter(courriel__iexact=personne.courriel)
    inscriptions.filter(forum__debut__gt=timezone.now()).update(etat=EtatInscription.ANNULEE)
    InscriptionForum.effacer(list(inscriptions.values_list("pk", flat=True)))
    tables = TableForum.objects.filter(courriel__iexact=personne.courriel)
    tables.update(courriel="", animateur="", rang_du_lien=F("rang_du_lien") + 1)
