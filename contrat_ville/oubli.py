"""Erases a person: contact of a porteur, author of idées, registrations to forums, facilitator of tables.

Projets stay, since they use public money. Words stay, without the name.
"""

from django.db.models import F
from django.utils import timezone

from contrat_ville.budgets.cycle.actes import oublier_auteurs
from contrat_ville.budgets.forums.actes import oublier_inscrits
from contrat_ville.models import AuteurIdee, Idee, InscriptionForum, Porteur, Projet, TableForum
from contrat_ville.workflow.inter_quartiers import EtatInscription
from participation.socle.actions.avancer import verrouiller_ensemble
from participation.socle.actions.courriers import effacer_courriers
from participation.socle.actions.oubli import JOURNAL, Personne
from participation.socle.models import Courrier

GARDE = {
    "contrat_ville.Partenaire": "les boîtes partagées des partenaires, qui ne sont à personne",
    "contrat_ville.SuiviQuartier": "les boîtes partagées des tables de quartier, qui ne sont à personne",
    "contrat_ville.EntreeBudget": JOURNAL,
    "contrat_ville.EntreeForum": JOURNAL,
    "contrat_ville.EntreePartenaire": JOURNAL,
    "contrat_ville.EntreeProgrammation": JOURNAL,
    "contrat_ville.EntreeQuartier": JOURNAL,
    "contrat_ville.EntreeScrutin": JOURNAL,
    "contrat_ville.EntreeTypePiece": JOURNAL,
}


def oublier(personne: Personne) -> None:
    porteurs = Porteur.objects.filter(courriel__iexact=personne.courriel)
    # A collectif has no office: its address is somebody's home. Signed decisions are kept.
    collectifs = list(porteurs.filter(nature=Porteur.Nature.COLLECTIF).values_list("pk", flat=True))
    Porteur.objects.filter(pk__in=collectifs).update(adresse="", code_postal="", ville="")
    siens = Courrier.objects.filter(dossier__projet__porte_par__in=collectifs, document__fige_le=None)
    # A letter may be in preparation: wait for its lock, to erase it too.
    verrouiller_ensemble(Projet, siens.values_list("dossier", flat=True))
    effacer_courriers(siens)
    porteurs.update(courriel="", telephone="", representant="", qualite_representant="")
    auteurs = AuteurIdee.objects.filter(courriel__iexact=personne.courriel)
    verrouiller_ensemble(Idee, auteurs.values_list("idee", flat=True))
    oublier_auteurs(list(auteurs.values_list("pk", flat=True)))
    # The periodic task gives the seats to the waiting list within minutes.
    inscriptions = InscriptionForum.objects.filter(courriel__iexact=personne.courriel)
    inscriptions.filter(forum__debut__gt=timezone.now()).update(etat=EtatInscription.ANNULEE)
    oublier_inscrits(list(inscriptions.values_list("pk", flat=True)))
    tables = TableForum.objects.filter(courriel__iexact=personne.courriel)
    tables.update(courriel="", animateur="", rang_du_lien=F("rang_du_lien") + 1)
