"""The list of séances, and the page of one: where it stands, what comes next, what may be done, what was done."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import select_template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.text import capfirst

from participation.seances.actions.convocation import avertissement, membres_oubliees, ordre_du_jour_a_change
from participation.seances.actions.demandes import requis_pour
from participation.seances.actions.reponses import ABSENCES
from participation.seances.filters import SeanceFilter
from participation.seances.models import (
    Convie,
    Convocation,
    DemandePoint,
    Inscription,
    PieceSeance,
    Point,
    Profil,
    Seance,
)
from participation.seances.workflow import Etat, EtatPoint, EtatPV
from participation.socle.francais import heure, jour_texte
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.models import Compte, Courriel, Document
from participation.socle.views.dossier import Bouton, Boutons
from participation.socle.views.listes import Cellule, Colonne, Liste, page_liste
from participation.socle.workflow import Role

LIGNES_JOURNAL = 50
R = Convie.Reponse
SUITES_DU_PV: dict[str, tuple[str, str]] = {
    EtatPV.BROUILLON: (
        "le procès-verbal s’écrit, puis il est approuvé à la séance suivante.",
        "relisez le procès-verbal, puis soumettez-le aux membres.",
    ),
    EtatPV.SOUMIS: (
        "les membres lisent le procès-verbal ; il est approuvé à la séance suivante.",
        "inscrivez son approbation à l’ordre du jour de la prochaine séance.",
    ),
    EtatPV.APPROUVE: ("le procès-verbal est approuvé, tout est écrit.", ""),
}


@reserve_a(Role.AGENT)
def seances(request: RequeteConnectee) -> HttpResponseBase:
    """All of them, those to come first."""
    return page_liste(
        request,
        Liste(
            cle="seances:seances",
            titre="Séances",
            objets=Seance.objects.avec_instance().annotate(
                nombre_points=Count("points", filter=~Q(points__etat=EtatPoint.RETIRE), distinct=True),
                nombre_convies=Count("convies", filter=Q(convies__retire_le=None), distinct=True),
                nombre_reponses=Count(
                    "convies", filter=Q(convies__retire_le=None) & ~Q(convies__reponse=""), distinct=True
                ),
            ),
            filtres=SeanceFilter,
            colonnes=[
                Colonne(
                    "titre",
                    "Séance",
                    lambda s: Cellule(s.titre, sous=f"{s.instance.sigle}, {s.get_nature_display()}"),
                    export=lambda s: s.titre,
                    tri="titre",
                ),
                Colonne(
                    "instance", "Instance", lambda s: s.instance.nom, tri="instance__nom", a_l_ecran=False
                ),
                Colonne(
                    "debut",
                    "Date",
                    lambda s: Cellule(s.debut, sous=f"{heure(s.debut)}, {s.get_tenue_display()}"),
                    export=lambda s: s.debut,
                    tri="debut",
                ),
                Colonne(
                    "etat",
                    "État",
                    lambda s: Cellule(
                        capfirst(s.get_etat_display()), couleur=s.apparence.couleur, icone=s.apparence.icone
                    ),
                    export=lambda s: s.get_etat_display(),
                    tri="etat",
                ),
                Colonne("points", "Points", lambda s: s.nombre_points, nombre=True, tri="nombre_points"),
                Colonne(
                    "reponses",
                    "Réponses",
                    lambda s: (
                        f"{s.nombre_reponses} sur {s.nombre_convies}"
                        if s.est_deliberante and s.nombre_convies
                        else None
                    ),
                    nombre=True,
                ),
            ],
            tri="-debut",
            singulier="séance",
            pluriel="séances",
            vide="Les séances de toutes les instances s’affichent ici, avec leurs réponses. Programmez la première.",
        ),
        "seances/seances.html",
    )


@dataclass(frozen=True, slots=True)
class LignePoint:
    """A point, the time it should begin, its papers and dossiers; the first and the last cannot go further."""

    point: Point
    rang: int
    debut: datetime
    pieces: list[PieceSeance]
    est_premier: bool = False
    est_dernier: bool = False
    est_hors_heure: bool = False


@dataclass(frozen=True, slots=True)
class LigneEnvoi:
    convocation: Convocation
    en_cours: bool
    en_echec: bool
    envoyes: int = 0
    en_attente: int = 0
    en_panne: int = 0
    ouverts: int = 0


@dataclass
class Comptes:
    """What was answered, counted for the head of the section."""

    salle: int = 0
    distance: int = 0
    excuses: int = 0
    pouvoirs: int = 0
    sans_reponse: int = 0
    besoins: dict[str, list[str]] = field(default_factory=dict)


@reserve_a(Role.AGENT)
def seance(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = trouver_seance(request, pk)
    convies = convies_de(trouvee)
    demandes = list(
        DemandePoint.objects.filter(
            instance=trouvee.instance_id, etat__in=[DemandePoint.Etat.OUVERTE, DemandePoint.Etat.DUE]
        )
        .select_related("auteur__compte", "instance", "mandature")
        .annotate(nombre=Count("soutiens"))
        .order_by("-etat", "-creee_le")
        if trouvee.est_deliberante and trouvee.etat in {Etat.PROGRAMMEE, Etat.CONVOQUEE}
        else DemandePoint.objects.none()
    )
    ensuite, pour_vous = phrases(trouvee, request.user)
    pieces = pieces_de(trouvee)
    return render(
        request,
        "seances/seance.html",
        {
            "seance": trouvee,
            "app": trouvee.instance.app,
            "ensuite": ensuite,
            "pour_vous": pour_vous,
            "boutons": boutons(trouvee, request.user),
            "points": lignes_points(trouvee, pieces),
            "pieces": [piece for piece in pieces if piece.point_id is None],
            "envois": lignes_envois(trouvee),
            "convies": convies,
            "comptes": compter(convies),
            "pouvoirs": [convie for convie in convies if convie.pouvoir_a_id],
            "inscriptions": {
                "inscrits": trouvee.inscriptions.filter(etat=Inscription.Etat.INSCRIT).count(),
                "attente": trouvee.inscriptions.filter(etat=Inscription.Etat.ATTENTE).count(),
            }
            if not trouvee.est_deliberante
            else {},
            "oubliees": membres_oubliees(trouvee),
            "a_change": ordre_du_jour_a_change(trouvee),
            "avertissement": avertissement(trouvee) if trouvee.etat == Etat.PROGRAMMEE else "",
            "demandes": demandes,
            "requis": requis_pour(demandes[0]) if demandes else 0,
            "peut_changer": trouvee.etat in {Etat.PROGRAMMEE, Etat.CONVOQUEE} or trouvee.est_en_cours,
            "seconde": getattr(trouvee, "seconde", None),
            "journal": Paginator(trouvee.journal.select_related("par"), LIGNES_JOURNAL).get_page(
                request.GET.get("lignes")
            ),
            "carte_pv": _existe("seances/_proces_verbal_carte.html"),
        },
    )


def trouver_seance(request: RequeteConnectee, pk: int) -> Seance:
    return get_object_or_404(
        Seance.objects.visibles_par(request.user).avec_instance().select_related("premiere"), pk=pk
    )


def _existe(gabarit: str) -> str:
    return str(select_template([gabarit, "seances/_vide.html"]).template.name)


def phrases(seance: Seance, compte: Compte | None) -> tuple[str, str]:
    """What happens next, and what the reader has to do."""
    mots = {
        "limite": jour_texte(seance.date_limite),
        "debut": f"{jour_texte(seance.debut, 'long')} à {heure(seance.debut)}",
    }
    apparence = seance.apparence
    roles = seance.roles_de(compte)
    pour = next((phrase for role, phrase in apparence.pour.items() if role in roles), "")
    suite = apparence.ensuite.format(**mots)
    if seance.etat == Etat.LEVEE and seance.pv is not None:
        # What is owed is what the procès-verbal still waits for.
        suite, pour_agent = SUITES_DU_PV[seance.pv.etat]
        pour = pour_agent if pour else ""
    if (
        seance.etat == Etat.PROGRAMMEE
        and seance.est_deliberante
        and seance.date_limite < timezone.localdate()
    ):
        suite = "les membres sont convoqués hors délai, ou la séance change de jour."
        pour = "convoquez en disant pourquoi, ou modifiez la date." if pour else ""
    return suite, pour.format(**mots)


def boutons(seance: Seance, compte: Compte) -> Boutons:
    """The act that is due, the others at hand, the grave ones folded."""

    def bouton(acte: str, libelle: str = "") -> Bouton | None:
        transition = seance.TRANSITIONS[acte]
        if not seance.permet(acte, compte):
            return None
        try:
            url = reverse(f"seances:{acte}", args=[seance.pk])
        except NoReverseMatch:
            return None
        return Bouton(acte, libelle or transition.libelle, url, transition.est_dangereux)

    def hors_table(acte: str, libelle: str) -> Bouton:
        return Bouton(acte, libelle, reverse(f"seances:{acte}", args=[seance.pk]))

    principal: Bouton | None = None
    seconds: list[Bouton | None] = []
    autres: list[Bouton | None] = []
    if seance.etat == Etat.PROGRAMMEE:
        principal = bouton(
            "convoquer", "Convoquer les membres" if seance.est_deliberante else "Inviter les membres"
        )
        seconds = [bouton("modifier")]
        autres = [bouton("annuler")]
    elif seance.etat == Etat.CONVOQUEE:
        if ordre_du_jour_a_change(seance):
            principal = hors_table("informer", "Prévenir du nouvel ordre du jour")
        seconds = [
            hors_table("relancer_reponses", "Relancer qui n’a pas répondu")
            if seance.est_deliberante
            else None,
            bouton("deplacer"),
            bouton("modifier"),
        ]
        autres = [bouton("annuler")]
    elif seance.etat == Etat.REPORTEE and not hasattr(seance, "seconde"):
        principal = hors_table("seconde_convocation", "Convoquer une seconde fois")
    return Boutons(principal, [b for b in seconds if b], [b for b in autres if b])


def pieces_de(seance: Seance) -> list[PieceSeance]:
    return list(seance.pieces.filter(retiree_le=None).order_by("deposee_le", "pk"))


def lignes_points(
    seance: Seance, pieces: Sequence[PieceSeance], *, avec_retires: bool = True
) -> list[LignePoint]:
    """The agenda with its hours, as it should run. Points struck out take no time and no number."""
    points = list(
        seance.points.select_related("direction", "pv_de", "demande")
        .prefetch_related(Prefetch("liens_dossiers"), "liens_dossiers__dossier")
        .order_by("ordre", "pk")
    )
    if not avec_retires:
        points = [point for point in points if point.etat != EtatPoint.RETIRE]
    vivants = [p.pk for p in points if p.etat not in {EtatPoint.RETIRE, EtatPoint.REPORTE}]
    lignes, instant, rang = [], seance.debut, 0
    for point in points:
        vivant = point.pk in vivants
        rang += vivant
        lignes.append(
            LignePoint(
                point=point,
                rang=rang if vivant else 0,
                debut=instant,
                pieces=[piece for piece in pieces if piece.point_id == point.pk],
                est_premier=vivant and point.pk == vivants[0],
                est_dernier=vivant and point.pk == vivants[-1],
                est_hors_heure=instant + timedelta(minutes=point.duree) > seance.fin,
            )
        )
        if vivant:
            instant += timedelta(minutes=point.duree)
    return lignes


def convies_de(seance: Seance) -> list[Convie]:
    """With their last letter: `dernier` is its Envoi."""
    convies = list(
        seance.convies.select_related(
            "membre__compte",
            "membre__college",
            "membre__commune",
            "pouvoir_a__membre__compte",
            "remplace__membre__compte",
        ).prefetch_related("envois__courriel", "pouvoirs_recus__membre__compte")
    )
    for convie in convies:
        convie.seance = seance
        # For the template, beside the row's own columns.
        vars(convie).update(
            dernier=max(convie.envois.all(), key=lambda envoi: (envoi.le, envoi.pk), default=None),
            besoins_dits=besoins_en_mots(convie),
            pouvoir_caduc=convie.pouvoir_a is not None
            and (convie.pouvoir_a.est_absent or convie.pouvoir_a.retire_le is not None),
        )
    return convies


def besoins_en_mots(convie: Convie) -> list[str]:
    return [str(Profil.Besoin(code).label) for code in convie.besoins if code in Profil.Besoin.values]


def compter(convies: Sequence[Convie]) -> Comptes:
    comptes = Comptes()
    for convie in convies:
        if convie.retire_le is not None:
            continue
        comptes.salle += convie.reponse == R.SALLE
        comptes.distance += convie.reponse == R.DISTANCE
        comptes.excuses += convie.reponse in ABSENCES
        comptes.pouvoirs += convie.reponse == R.POUVOIR
        comptes.sans_reponse += convie.reponse == ""
        if convie.reponse not in ABSENCES:
            for besoin in besoins_en_mots(convie):
                comptes.besoins.setdefault(besoin, []).append(str(convie.membre))
    return comptes


def lignes_envois(seance: Seance) -> list[LigneEnvoi]:
    etats = Courriel.Etat
    convocations = seance.convocations.select_related("document", "par").annotate(
        envoyes=Count("envois", filter=Q(envois__courriel__etat=etats.ENVOYE)),
        en_attente=Count("envois", filter=Q(envois__courriel__etat__in=[etats.A_ENVOYER, etats.EN_COURS])),
        en_panne=Count("envois", filter=Q(envois__courriel__etat__in=[etats.ECHEC, etats.REJETE])),
        ouverts=Count("envois", filter=Q(envois__ouvert_le__isnull=False)),
    )
    return [
        LigneEnvoi(
            convocation=convocation,
            en_cours=convocation.envoyee_le is None,
            en_echec=convocation.document is not None
            and convocation.document.etat == Document.Etat.ECHEC
            and convocation.envoyee_le is None,
            **_nombres(convocation),
        )
        for convocation in convocations
    ]


def _nombres(convocation: Any) -> dict[str, int]:
    return {nom: getattr(convocation, nom) for nom in ("envoyes", "en_attente", "en_panne", "ouverts")}
