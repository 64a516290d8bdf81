"""Erases a person: contact of a porteur. Projets stay, since they use public money."""

from contrat_ville.models import Porteur, Projet
from participation.socle.actions.avancer import verrouiller_ensemble
from participation.socle.actions.courriers import effacer_courriers
from participation.socle.actions.oubli import JOURNAL, ORGANISME, Personne
from participation.socle.models import Courrier

GARDE = {
    "contrat_ville.Partenaire": "les boîtes partagées des partenaires, qui ne sont à personne",
    "contrat_ville.SuiviQuartier": "les boîtes partagées des tables de quartier, qui ne sont à personne",
    "contrat_ville.EntreePartenaire": JOURNAL,
    "contrat_ville.EntreeProgrammation": JOURNAL,
    "contrat_ville.EntreeQuartier": JOURNAL,
    "contrat_ville.EntreeTypePiece": JOURNAL,
}

RESTE = {"contrat_ville.Porteur": ORGANISME}


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
