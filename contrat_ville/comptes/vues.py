"""Pages of the accounts of a projet."""

from typing import Any

from django.shortcuts import get_object_or_404

from contrat_ville.comptes import actes
from contrat_ville.comptes.lectures import comptes_lus
from contrat_ville.comptes.lettres import contexte_des_comptes
from contrat_ville.models import Projet, Reversement
from contrat_ville.porteurs.vues import c_est_dit, et_l_equipe, lettre_vers
from contrat_ville.trouver import projet_du_bureau
from participation.socle.francais import jour_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.dossier import Bouton, boutons_de
from participation.socle.views.pages import Page


def reversement_du_bureau(request: RequeteConnectee, pk: int) -> Reversement:
    reversement = get_object_or_404(Reversement.objects.select_related("financement__financeur"), pk=pk)
    reversement.financement.projet = projet_du_bureau(request, reversement.financement.projet_id)
    return reversement


DU_PROJET: dict[str, Page[Projet]] = {
    "arreter_comptes": Page(
        actes.arreter_comptes,
        actes.ArreterComptesForm,
        et_l_equipe(
            "arreter_comptes",
            "L’équipe reçoit les montants par courriel.",
            "Ce qui reste à verser ne dépasse plus ces montants. Ce qui est versé en trop est demandé à l’équipe, et suivi.",
        ),
        apercu=lambda p, reponses: lettre_vers(p, "arreter_comptes", **contexte_des_comptes(p, **reponses)),
        gabarit="contrat_ville/arreter_comptes.html",
        contexte=lambda _, projet, __: {"comptes": comptes_lus(projet)},
        retour="#comptes",
        succes=c_est_dit("arreter_comptes", "Les comptes sont arrêtés"),
    )
}
DU_REVERSEMENT: dict[str, Page[Reversement]] = {
    "enregistrer_reversement": Page(
        actes.enregistrer_reversement,
        actes.ReversementForm,
        lambda r: f"{r}, au plus tard le {jour_texte(r.date_limite)}.",
        retour="#comptes",
    )
}


def reversements_de(projet: Projet, compte: Compte) -> list[tuple[Reversement, list[Bouton]]]:
    """Each amount asked back with its buttons."""
    lignes: list[tuple[Reversement, Any]] = []
    for reversement in Reversement.objects.filter(
        financement__projet=projet.pk, annule_le=None
    ).select_related("financement__financeur"):
        reversement.financement.projet = projet
        lignes.append((reversement, boutons_de(reversement, compte)))
    return lignes
