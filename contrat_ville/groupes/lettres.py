"""Letter about a focus group that is cancelled."""

from contrat_ville.models import GroupeDiscussion
from participation.socle.courriels.ecriture import ecrire
from participation.socle.models import Compte


def annuler_groupe(groupe: GroupeDiscussion, *, par: Compte, motif: str) -> None:
    """Tell the other référents, who may have invited people."""
    referents = groupe.suivi.referents.filter(is_active=True).exclude(pk=par.pk)
    ecrire(
        "contrat_ville/annuler_groupe",
        a=list(referents.values_list("courriel", flat=True)),
        dossier=groupe,
        contexte={"groupe": groupe, "motif": motif, "lien": groupe.get_absolute_url()},
    )
