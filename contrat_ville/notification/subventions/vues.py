"""Open data on subsidies: a page, a CSV, a JSON. Without cookies, kept by caches."""

from decimal import Decimal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.decorators.http import require_safe

from contrat_ville.notification.subventions import lectures
from contrat_ville.notification.subventions import regles as regles_subventions
from participation.socle.fichiers.jeux import Champ, Contenu, JeuDeDonnees, fichiers_de
from participation.socle.http.decorateurs import gardable, publique
from participation.socle.views.donnees_ouvertes import fichier
from participation.socle.views.exports import version_de

CINQ_MINUTES = 300


@publique
@require_safe
@gardable(CINQ_MINUTES)
def subventions(request: HttpRequest) -> HttpResponse:
    """Number and total of the subsidies, with the links to the files."""
    regles = lectures.reglements()
    notifiees = list(lectures.fiches()) if regles else []
    actuelle = next(iter(regles), None)
    return render(
        request,
        "contrat_ville/publiques/subventions.html",
        {
            "regle": actuelle,
            "combien": len(notifiees),
            "total": lectures.total(notifiees),
            "lignes": [(fiche, Decimal(fiche["montant"])) for fiche in notifiees[: lectures.MONTREES]],
            "jeu": JEU,
            "licence": settings.LICENCE,
            "url_licence": settings.LICENCE_URL,
        },
    )


def _lire(request: HttpRequest) -> Contenu:
    regles = lectures.reglements()
    total, version = version_de(
        lectures.a_publier(regles), "accorde", "verse", "projet__modifie_le", "projet__porte_par__nom"
    )
    seuils = "|".join(f"{r.pk}:{r.seuil}:{r.siret_attribuant}:{r.nom_attribuant}" for r in regles)
    return Contenu(lectures.fiches, total, f"{version}|{seuils}")


JEU = JeuDeDonnees(
    cle="subventions-contrat-de-ville",
    titre="Subventions du Contrat de Ville",
    description="Les subventions accordées, au format commun des collectivités (SCDL « subventions », version 2.1.1).",
    app="contrat_ville",
    liste="subventions",
    champs=[Champ(nom, sens) for nom, sens in regles_subventions.CHAMPS.items()],
    lire=_lire,
    fichiers=fichiers_de("contrat_ville:subventions"),
    exemple=lectures.fiches,
    precisions=(
        "Aucune personne physique n’y figure. Comme le veut ce format, le CSV est en UTF-8 sans BOM, séparateur « , », point décimal.",
    ),
    page=reverse_lazy("contrat_ville:subventions"),
    norme="https://schema.data.gouv.fr/scdl/subventions/2.1.1",
    ecrire={"csv": regles_subventions.en_csv, "json": regles_subventions.en_json},
)
subventions_csv, subventions_json = fichier(JEU, "csv"), fichier(JEU, "json")
