"""Pages of a draw once its seed is known: chances, panels, balls, replacements."""

from typing import Any

from participation.socle.francais import enumerer, instant_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page, Reserve
from participation.tirage.models import Tirage
from participation.tirage.selection import actes, controle


def dire_publication(tirage: Tirage) -> str:
    return (
        "Les mille panels sont publiés avec leur empreinte. Ensuite, seules les boules décident : "
        f"elles sont tirées le {instant_texte(tirage.tirage_le)}, {tirage.lieu}."
    )


def dire_remplacement(tirage: Tirage, fait: Any) -> str:
    entres, ecarts = fait
    qui = (
        f"{'Entre' if len(entres) == 1 else 'Entrent'} : {enumerer(entres)}."
        if entres
        else "La réserve est vide : les places restent libres."
    )
    if ecarts:
        return Reserve(f"{qui} Personne ne tenait tous les quotas. {' '.join(ecarts)}")
    return qui if entres else Reserve(qui)


def ecran(request: RequeteConnectee, tirage: Tirage, form: Any) -> dict[str, Any]:
    return {"tirage": tirage}


PAGES: dict[str, Page[Tirage]] = {
    "controler_quotas": Page(
        controle.controler_quotas,
        en_un_clic=True,
        succes="Le contrôle est demandé. Cette page dira ce qu’il trouve.",
        retour="#quotas",
    ),
    "calculer": Page(
        actes.calculer,
        consequence="Le calcul cherche les chances les plus égales que permettent les quotas, puis les écrit en mille panels. "
        "Il se fait à part : vous pouvez quitter la page.",
        succes="Le calcul est demandé. Cette page dit où il en est.",
        retour="#chances",
    ),
    "arreter_calcul": Page(
        actes.arreter_calcul, en_un_clic=True, succes="Le calcul est arrêté.", retour="#chances"
    ),
    "publier_panels": Page(actes.publier_panels, consequence=dire_publication),
    "tirer": Page(
        actes.tirer,
        actes.TirerForm,
        "Le panel qui porte ce numéro est tiré. Il n’y a qu’un tirage : ce nombre ne se corrige pas.",
        gabarit="tirage/tirer.html",
        contexte=ecran,
    ),
    "noter_renoncements": Page(
        actes.noter_renoncements,
        actes.RenoncementsForm,
        "Chaque place libre va à la première personne de la réserve, dans l’ordre des billets, qui garde tous les quotas.",
        succes=dire_remplacement,
        retour="#panel",
    ),
}
