"""Instruction of a projet, for its page: opinions, comments, messages, history of the porteur."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from contrat_ville.models import AvisRendu, Commentaire, MessageProjet, Projet
from contrat_ville.workflow.etats import ACCOMPAGNES, Etat
from participation.socle.models import Demande, Entree

AFFECTATIONS = ("repartir", "reaffecter", "prendre_en_charge")


@dataclass(frozen=True, slots=True)
class Avis:
    """A requested opinion, with its sense once given."""

    demande: Demande
    sens: str
    couleur: str

    @property
    def est_en_retard(self) -> bool:
        return self.demande.est_ouverte and self.demande.date_limite < timezone.localdate()


COULEURS = {
    AvisRendu.Sens.FAVORABLE: "succes",
    AvisRendu.Sens.RESERVE: "attention",
    AvisRendu.Sens.DEFAVORABLE: "erreur",
    AvisRendu.Sens.SANS_AVIS: "neutre",
}


def avis_de(projet: Projet) -> list[Avis]:
    """Requested opinions, in order, without those cancelled."""
    demandes = (
        projet.demandes.filter(nature=Demande.Nature.AVIS, annulee_le=None)
        .select_related("direction", "commune", "compte", "piece", "avis_rendu")
        .order_by("ouverte_le", "pk")
    )
    lus = []
    for demande in demandes:
        rendu = getattr(demande, "avis_rendu", None)
        sens = rendu.get_sens_display() if rendu else ("répondu" if demande.repondue_le else "attendu")
        lus.append(Avis(demande, sens, COULEURS.get(rendu.sens, "info") if rendu else "info"))
    return lus


def compte_des_avis(avis: Sequence[Avis]) -> str:
    """« 2/3 »: opinions given out of those requested; "" if none."""
    return f"{sum(1 for a in avis if a.demande.repondue_le)}/{len(avis)}" if avis else ""


def pourquoi_moi(projet: Projet) -> Entree | None:
    """Last line of the journal that explains the choice of the instructor."""
    lignes = projet.journal.filter(acte__in=AFFECTATIONS).select_related("par")
    return lignes.order_by("-le", "-pk").first()


def historique_du_porteur(projet: Projet) -> list[Projet]:
    """Other projets of the porteur, the most recent first, drafts left out."""
    if projet.porte_par_id is None:
        return []
    autres: Any = Projet.objects.filter(porte_par=projet.porte_par_id).exclude(pk=projet.pk)
    return list(autres.exclude(etat=Etat.BROUILLON).select_related("programmation").order_by("-ouvert_le"))


def accordes_au_porteur(historique: Sequence[Projet]) -> int:
    return sum(1 for projet in historique if projet.etat in ACCOMPAGNES or projet.etat == Etat.CLOS)


def commentaires_de(projet: Projet) -> list[Commentaire]:
    return list(projet.commentaires.select_related("par", "projet"))


def messages_de(projet: Projet) -> list[MessageProjet]:
    return list(projet.messages.select_related("par", "projet"))
