"""Figures about the pétitions of a period for the service, the élus and the comité de pilotage; the annual report.

Counts, delays, reasons for refusal, signatures: a few queries, and each figure links to its list.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, QuerySet, Sum
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.actions.documents import demander_document
from participation.socle.calendrier import ajouter_mois, du_au, jours_entre
from participation.socle.forms.champs import champ_jour
from participation.socle.francais import accorder, jour_mois, jour_texte, majuscule
from participation.socle.graphiques import Carte, Graphique, Serie
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.lectures.cartes import carte_des_communes
from participation.socle.models import Commune, Compte, Document, Echeance, Suspension
from participation.socle.views.exports import Tableau, donner, version_de
from participation.socle.workflow import Role
from petitions.models import DecompteCommune, DecompteJour, Petition, SeuilAtteint
from petitions.workflow import Etat

JOURS_AU_PLUS = 62  # above this number of days, signatures are grouped by week


DECIDEES = frozenset({Etat.IRRECEVABLE, Etat.TRANSMISE})


@dataclass(frozen=True, slots=True)
class Delais:
    """Days from the deposit to the decision, without the days when the clock was stopped."""

    nombre: int = 0
    median: float | None = None
    neuvieme_decile: float | None = None
    dans_le_delai: int = 0

    @property
    def part(self) -> int | None:
        return round(100 * self.dans_le_delai / self.nombre) if self.nombre else None


@dataclass(frozen=True, slots=True)
class Mesures:
    debut: date
    fin: date
    deposees: int
    recevables: int
    refusees: int
    transmises: int
    delais: Delais
    seuils: int
    debats: int
    reponses: int
    signatures: int
    en_retard: int  # not decided, although the delay of the règlement is past
    par_etat: list[tuple[str, str, int]] = field(default_factory=list)
    par_motif: list[tuple[str, str, int]] = field(default_factory=list)
    par_jour: list[tuple[date, int]] = field(default_factory=list)
    par_commune: dict[str, int] = field(default_factory=dict)

    @property
    def phrase_en_retard(self) -> str:
        """Sentence about the late pétitions, which the share of decisions in time leaves out; "" without
        any."""
        if not self.en_retard:
            return ""
        attendent = accorder(
            self.en_retard, "pétition attend encore sa décision", "pétitions attendent encore leur décision"
        )
        return f"{attendent}, délai passé."


def mesurer(debut: date, fin: date) -> Mesures:
    """Return the figures of the pétitions filed from `debut` to `fin`, both included, and the signatures of
    these days."""
    petitions = Petition.objects.filter(du_au("deposee_le", debut, fin)).order_by()
    par_etat = dict(petitions.values_list("etat").annotate(n=Count("pk")))
    motifs = (
        petitions.filter(etat=Etat.IRRECEVABLE)
        .values_list("motif_irrecevabilite__code", "motif_irrecevabilite__libelle")
        .annotate(n=Count("pk"))
    )
    jours = dict(
        DecompteJour.objects.filter(jour__gte=debut, jour__lte=fin)
        .order_by("jour")
        .values_list("jour")
        .annotate(n=Sum("nombre"))
    )
    communes = (
        DecompteCommune.objects.filter(petition__in=petitions.values("pk"), nombre__gt=0)
        .order_by()
        .values_list("commune")
        .annotate(n=Sum("nombre"))
    )
    refusees, transmises = par_etat.get(Etat.IRRECEVABLE, 0), par_etat.get(Etat.TRANSMISE, 0)
    return Mesures(
        debut,
        fin,
        deposees=sum(par_etat.values()),
        recevables=petitions.filter(decidee_le__isnull=False).exclude(etat__in=DECIDEES).count(),
        refusees=refusees,
        transmises=transmises,
        delais=_delais(petitions),
        seuils=SeuilAtteint.objects.filter(
            petition__in=petitions.values("pk"), perdu_le__isnull=True
        ).count(),
        debats=petitions.exclude(issue_debat="").count(),
        reponses=petitions.filter(repondue_le__isnull=False).count(),
        signatures=sum(jours.values()),
        en_retard=Echeance.objects.en_retard()
        .filter(cle="recevabilite", dossier__in=petitions.values("pk"))
        .count(),
        par_etat=[(e.value, str(e.label), par_etat[e.value]) for e in Etat if par_etat.get(e.value)],
        par_motif=sorted(((code, libelle, n) for code, libelle, n in motifs), key=lambda ligne: -ligne[2]),
        par_jour=sorted(jours.items()),
        par_commune=dict(communes),
    )


def petitions_de(debut: date, fin: date) -> QuerySet[Petition]:
    """Return the pétitions filed in the period, oldest first, with what a report shows of each."""
    return (
        Petition.objects.filter(du_au("deposee_le", debut, fin))
        .select_related("decompte", "motif_irrecevabilite")
        .prefetch_related("suites__direction")
        .order_by("deposee_le", "pk")
    )


def _delais(petitions: QuerySet[Petition]) -> Delais:
    decidees: Any = list(
        petitions.filter(decidee_le__isnull=False, deposee_le__isnull=False).values_list(
            "pk", "deposee_le", "decidee_le", "reglement__delai_recevabilite_mois"
        )
    )
    if not decidees:
        return Delais()
    arrets: Counter[int] = Counter()
    pauses = Suspension.objects.filter(dossier__in=[ligne[0] for ligne in decidees], demande__isnull=False)
    for dossier, debut, fin in pauses.values_list("dossier", "debut", "fin"):
        arrets[dossier] += ((fin or timezone.localdate()) - debut).days
    durees, dans_le_delai = [], 0
    for pk, depot, decision, mois in decidees:
        jours = max(0, jours_entre(depot, decision) - arrets[pk])
        durees.append(jours)
        limite = ajouter_mois(timezone.localdate(depot), mois) + timedelta(days=arrets[pk])
        dans_le_delai += timezone.localdate(decision) <= limite
    neuvieme = quantiles(durees, n=10, method="inclusive")[-1] if len(durees) > 1 else float(durees[0])
    return Delais(len(durees), float(median(durees)), neuvieme, dans_le_delai)


def graphique_jours(jours: Sequence[tuple[date, int]], debut: date, fin: date, titre: str) -> Graphique:
    """Return the chart of signatures by day, or by week for a long period.

    Days without signatures are included.
    """
    if not jours:
        return Graphique(titre, [], [Serie("Signatures", [])])
    par_jour = dict(jours)
    debut, fin = max(debut, min(par_jour)), min(fin, max(par_jour))
    pas = 1 if (fin - debut).days < JOURS_AU_PLUS else 7
    if pas == 7:
        debut -= timedelta(days=debut.weekday())
    categories, valeurs = [], []
    jour = debut
    while jour <= fin:
        categories.append(jour_mois(jour))
        valeurs.append(float(sum(par_jour.get(jour + timedelta(days=i), 0) for i in range(pas))))
        jour += timedelta(days=pas)
    return Graphique(
        titre,
        categories,
        [Serie("Signatures", valeurs)],
        colonne="Jour" if pas == 1 else "Semaine du",
        description="Par jour." if pas == 1 else "Par semaine, à partir du lundi.",
    )


def graphique_etats(mesures: Mesures, liens: Sequence[str]) -> Graphique:
    return Graphique(
        "Où elles en sont",
        [majuscule(libelle) for _, libelle, _ in mesures.par_etat],
        [Serie("Pétitions", [float(n) for *_, n in mesures.par_etat])],
        colonne="Étape",
        liens=liens,
    )


def graphique_motifs(mesures: Mesures, liens: Sequence[str]) -> Graphique:
    return Graphique(
        "Pourquoi certaines ne sont pas recevables",
        [libelle for _, libelle, _ in mesures.par_motif],
        [Serie("Pétitions", [float(n) for *_, n in mesures.par_motif])],
        colonne="Motif",
        liens=liens,
    )


def carte_des_signatures(nombres: dict[str, int]) -> Carte:
    return carte_des_communes(nombres, "Signatures par commune", total=sum(nombres.values()))


def demander_rapport(annee: int, *, par: Compte) -> Document:
    """Ask for the PDF of the report. Its figures are computed now and kept with the document."""
    debut, fin = date(annee, 1, 1), date(annee, 12, 31)
    noms = dict(Commune.objects.values_list("pk", "nom"))
    mesures = mesurer(debut, fin)
    return demander_document(
        nature="petitions/rapport",
        titre=f"Rapport annuel des pétitions, {annee}",
        par=par,
        donnees={
            "annee": annee,
            "cette_annee": _chiffres(mesures),
            "annee_passee": _chiffres(mesurer(date(annee - 1, 1, 1), date(annee - 1, 12, 31))),
            "motifs": [[libelle, n] for _, libelle, n in mesures.par_motif],
            "communes": [
                [noms[code], n] for code, n in sorted(mesures.par_commune.items(), key=lambda c: -c[1])[:20]
            ],
            "petitions": [
                {
                    "reference": p.reference,
                    "titre": p.titre,
                    "etat": p.get_etat_display(),
                    "deposee_le": jour_texte(p.deposee_le),
                    "signatures": p.decompte.total if hasattr(p, "decompte") else 0,
                    "communes": p.decompte.communes if hasattr(p, "decompte") else 0,
                    "motif": str(p.motif_irrecevabilite or ""),
                    "date_conseil": jour_texte(p.date_conseil),
                    "repondue_le": jour_texte(p.repondue_le),
                    "suites": [
                        {
                            "intitule": s.intitule,
                            "etat": s.get_etat_display(),
                            "direction": str(s.direction),
                            "date_limite": jour_texte(s.date_limite),
                        }
                        for s in p.suites.all()
                    ],
                }
                for p in petitions_de(debut, fin)
            ],
        },
    )


def _chiffres(mesures: Mesures) -> dict[str, Any]:
    delais = mesures.delais
    return {
        "deposees": mesures.deposees,
        "recevables": mesures.recevables,
        "refusees": mesures.refusees,
        "transmises": mesures.transmises,
        "median": delais.median,
        "neuvieme_decile": delais.neuvieme_decile,
        "signatures": mesures.signatures,
        "seuils": mesures.seuils,
        "debats": mesures.debats,
        "reponses": mesures.reponses,
    }


class PeriodeForm(forms.Form):
    du = champ_jour("Du", requis=False)
    au = champ_jour("Au", requis=False)

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        du, au = reponses.get("du"), reponses.get("au")
        if du and au and au < du:
            raise ValidationError({"au": "La fin précède le début."})
        return reponses

    def periode(self) -> tuple[date, date]:
        """Return the first and last days, both included.

        By default, or for invalid input: this year to date.
        """
        jour = timezone.localdate()
        if not self.is_bound or not self.is_valid():
            return date(jour.year, 1, 1), jour
        du, au = self.cleaned_data.get("du"), self.cleaned_data.get("au") or jour
        return du or min(date(au.year, 1, 1), au), au


class AnneeForm(forms.Form):
    annee = forms.TypedChoiceField(label="Année", coerce=int, required=False, empty_value=None)

    def __init__(self, data: Any = None, *, annees: Sequence[int]) -> None:
        super().__init__(data, initial={"annee": annees[0]})
        self.annees = annees
        self.fields["annee"].choices = [(annee, str(annee)) for annee in annees]  # type: ignore[attr-defined]

    def choisie(self) -> int:
        annee = self.cleaned_data.get("annee") if self.is_bound and self.is_valid() else None
        return annee or self.annees[0]


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
