"""Indicators for the service, the élus and the comité de pilotage. Each figure links to its list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max, Min
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Document
from participation.socle.views.exports import Tableau, donner, version_de
from participation.socle.workflow import Role
from petitions.bilan.actes import AnneeForm, PeriodeForm, demander_rapport
from petitions.bilan.lectures import (
    Mesures,
    carte_des_signatures,
    graphique_etats,
    graphique_jours,
    graphique_motifs,
    mesurer,
    petitions_de,
)
from petitions.models import Petition

PAR_PAGE = 25


ENTETES = [
    "Référence",
    "Titre",
    "État",
    "Déposée le",
    "Décision le",
    "Motif d’irrecevabilité",
    "Collecte ouverte le",
    "Signatures",
    "Communes",
    "Débat le",
    "Réponse le",
]


def _tableau(**filtres: str) -> str:
    return f"{reverse('petitions:tableau')}?{urlencode(filtres)}"


@dataclass(frozen=True, slots=True)
class Chiffre:
    """A figure, its label, and the URL of the list it counts."""

    valeur: object
    sens: str
    lien: str = ""


def chiffres(mesures: Mesures) -> list[Chiffre]:
    delais, periode = mesures.delais, {"du": mesures.debut.isoformat(), "au": mesures.fin.isoformat()}
    return [
        Chiffre(mesures.deposees, "pétitions déposées", _tableau(**periode)),
        Chiffre(mesures.recevables, "déclarées recevables", _tableau(**periode, decision="recevable")),
        Chiffre(mesures.refusees, "non recevables", _tableau(**periode, etat="irrecevable")),
        Chiffre(mesures.transmises, "transmises à une autre autorité", _tableau(**periode, etat="transmise")),
        Chiffre(
            delais.median, "jours pour décider, une fois sur deux", _tableau(**periode, decision="prise")
        ),
        Chiffre(
            delais.neuvieme_decile,
            "jours pour décider, neuf fois sur dix",
            _tableau(**periode, decision="prise"),
        ),
        Chiffre(mesures.signatures, "signatures vérifiées reçues"),
        Chiffre(mesures.seuils, "seuils atteints", _tableau(**periode, decision="seuil")),
        Chiffre(mesures.debats, "débats au conseil", _tableau(**periode, decision="debat")),
        Chiffre(mesures.reponses, "réponses rendues", _tableau(**periode, decision="reponse")),
    ]


@reserve_a(Role.AGENT, Role.ELU)
@require_safe
def indicateurs(request: RequeteConnectee) -> HttpResponseBase:
    """Indicators of the pétitions over the chosen period; this year by default."""
    form = PeriodeForm(request.GET or None)
    debut, fin = form.periode()
    mesures = mesurer(debut, fin)
    periode = {"du": debut.isoformat(), "au": fin.isoformat()}
    return render(
        request,
        "petitions/indicateurs/indicateurs.html",
        {
            "app": "petitions",
            "form": form,
            "mesures": mesures,
            "chiffres": chiffres(mesures),
            "etats": graphique_etats(
                mesures, [_tableau(**periode, etat=etat) for etat, *_ in mesures.par_etat]
            ),
            "motifs": graphique_motifs(
                mesures, [_tableau(**periode, motif=code) for code, *_ in mesures.par_motif]
            ),
            "jours": graphique_jours(mesures.par_jour, debut, fin, "Signatures reçues"),
            "carte": carte_des_signatures(mesures.par_commune),
        },
    )


@reserve_a(Role.AGENT, Role.ELU)
@require_http_methods(["GET", "HEAD", "POST"])
def rapport_annuel(request: RequeteConnectee) -> HttpResponseBase:
    """Annual report for the comité de pilotage; a POST asks for its PDF."""
    annees = _annees()
    form = AnneeForm(request.GET or None, annees=annees)
    annee = form.choisie()
    debut, fin = date(annee, 1, 1), date(annee, 12, 31)
    adresse = f"{reverse('petitions:rapport_annuel')}?annee={annee}"
    if request.method == "POST":
        demander_rapport(annee, par=request.user)
        messages.success(
            request, "Le rapport est en cours de fabrication. Il s’affiche ici dès qu’il est prêt."
        )
        return redirect(adresse)
    if request.GET.get("export") == "csv":
        return _csv(request, debut, fin)
    mesures = mesurer(debut, fin)
    return render(
        request,
        "petitions/indicateurs/rapport.html",
        {
            "app": "petitions",
            "form": form,
            "annee": annee,
            "mesures": mesures,
            "avant": mesurer(date(annee - 1, 1, 1), date(annee - 1, 12, 31)),
            "page": Paginator(petitions_de(debut, fin), PAR_PAGE).get_page(request.GET.get("page")),
            "motifs": graphique_motifs(mesures, []),
            "carte": carte_des_signatures(mesures.par_commune),
            "documents": Document.objects.filter(nature="petitions/rapport", donnees__annee=annee)[:5],
        },
    )


def _annees() -> list[int]:
    bornes = Petition.objects.aggregate(debut=Min("deposee_le"), fin=Max("deposee_le"))
    courante = timezone.localdate().year
    premiere = timezone.localdate(bornes["debut"]).year if bornes["debut"] else courante
    return list(range(courante, min(premiere, courante) - 1, -1))


def _csv(request: RequeteConnectee, debut: date, fin: date) -> HttpResponseBase:
    petitions = petitions_de(debut, fin).prefetch_related(None)

    def lignes() -> Iterator[list[object]]:
        for petition in petitions.iterator(chunk_size=200):
            decompte = getattr(petition, "decompte", None)
            yield [
                petition.reference,
                petition.titre,
                petition.get_etat_display(),
                petition.deposee_le,
                petition.decidee_le,
                petition.motif_irrecevabilite,
                petition.collecte_ouverte_le,
                decompte.total if decompte else 0,
                decompte.communes if decompte else 0,
                petition.date_conseil,
                petition.repondue_le,
            ]

    total, version = version_de(petitions, "modifie_le", "decompte__compte_le")
    return donner(request, Tableau(f"petitions-{debut.year}", ENTETES, lignes, total, version))
