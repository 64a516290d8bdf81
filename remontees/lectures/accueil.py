"""Entries of the sujets on shared pages: home page, menu, site map."""

from typing import Any

from django.urls import reverse

from participation.socle.calendrier import jours_entre
from participation.socle.francais import INSECABLE, nombre, pourcentage
from participation.socle.vitrine import (
    Echange,
    EntreePublique,
    PageDuPlan,
    Porte,
    Resultat,
    Rubrique,
    SectionAccueil,
)
from remontees.lectures import publics

REPONSES_MONTREES = 3


def section() -> SectionAccueil:
    """Return the section of the home page. The link to the list appears once a sujet is published."""
    voix, comptes_le = publics.voix_en_douze_mois()
    bilan = publics.bilan(publics.FiltresDeSujets())
    dire = Porte(
        "Dire ce qui ne va pas",
        reverse("remontees:dire"),
        "Un problème, une idée : sans compte, en deux étapes.",
        "voix",
    )
    url = reverse("remontees:vous_l_avez_dit")
    repondus = (
        publics.avec_nombres(publics.selection(publics.FiltresDeSujets(etat=publics.REPONDU)))
        .filter(repondu_le__isnull=False)
        .order_by("-repondu_le", "-pk")[:REPONSES_MONTREES]
    )
    plus_petit = publics.plus_petit_publie()
    return SectionAccueil(
        app="remontees",
        porte=dire,
        portes=[
            Porte(
                "Lire ce que vous faites remonter",
                url,
                "Où en est chaque sujet, ce que la Métropole a répondu.",
                "suites",
            )
        ]
        if bilan.total
        else [],
        reponses=[_echange(sujet, plus_petit) for sujet in repondus],
        resultats=_resultats(bilan),
        voix=voix,
        comptes_le=comptes_le,
        url_reponses=f"{url}?etat={publics.REPONDU}",
    )


def menu() -> list[EntreePublique]:
    return [
        EntreePublique(Rubrique.AGIR, "Nous le dire", reverse("remontees:dire")),
        EntreePublique(Rubrique.SUIVRE, "Vous l’avez dit", reverse("remontees:vous_l_avez_dit")),
    ]


def plan() -> list[PageDuPlan]:
    noms = ("dire", "vous_l_avez_dit", "carte_publique", "chiffres")
    pages = [PageDuPlan(reverse(f"remontees:{nom}")) for nom in noms]
    sujets = publics.publies().order_by("-pk").values_list("reference", "modifie_le")
    return [
        *pages,
        *(PageDuPlan(reverse("remontees:sujet_public", args=[reference]), le) for reference, le in sujets),
    ]


def _resultats(bilan: publics.Bilan) -> list[Resultat]:
    if not bilan.total:
        return []
    return [
        Resultat(
            pourcentage(bilan.part_repondue or 0),
            f"des {nombre(bilan.total)}{INSECABLE}sujets que vous avez fait remonter ont une réponse publique",
        )
    ]


def _echange(sujet: Any, plus_petit: int) -> Echange:
    dit = publics.ou_en_est(sujet)
    jours = jours_entre(sujet.ouvert_le, sujet.repondu_le)
    return Echange(
        genre="Vous l’avez dit",
        dit=sujet.titre,
        qui=publics.combien_dit(sujet.combien, plus_petit),
        etat=dit.mot,
        couleur=dit.couleur,
        reponse=f"{sujet.reponse[:220].rstrip()}…" if len(sujet.reponse) > 220 else sujet.reponse,
        precision=f"Répondu en {jours}{INSECABLE}jours." if jours > 1 else "",
        url=f"{sujet.get_public_url()}#reponse",
        le=sujet.repondu_le,
    )
