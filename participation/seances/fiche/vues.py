"""The list of séances, and the page of one séance for the service."""

from dataclasses import replace

import django_filters
from django import forms
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import select_template
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from participation.seances.convocation.lectures import compter, conflits, convies_de, lignes_envois
from participation.seances.convocation.vues import est_du_jour
from participation.seances.fiche.lectures import demandes_a_inscrire, phrases
from participation.seances.models import Convie, Inscription, Instance, Point, Seance
from participation.seances.ordre_du_jour.demandes import requis_pour
from participation.seances.ordre_du_jour.lectures import deja_decides, lignes_points
from participation.seances.ordre_du_jour.pieces import pieces_de
from participation.seances.trouver import trouver_seance
from participation.seances.workflow import A_VENIR, Etat, EtatPoint
from participation.socle.forms.filters import ParmiFilter
from participation.socle.francais import heure
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Combien, Compte
from participation.socle.views.dossier import (
    Boutons,
    avec_actes,
    boutons_de,
    ligne_courrier,
    pages_du_journal,
)
from participation.socle.views.listes import Cellule, Colonne, Liste, page_liste
from participation.socle.vitrine import recueillir
from participation.socle.workflow import Role


class SeanceFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(
        label="Titre, lieu ou point", method="chercher", widget=forms.TextInput(attrs={"type": "search"})
    )
    instance = ParmiFilter(
        label="Instance", queryset=Instance.objects.all(), to_field_name="cle", empty_label="Toutes"
    )
    etat = django_filters.ChoiceFilter(label="État", choices=Etat.choices, empty_label="Tous")
    nature = django_filters.ChoiceFilter(label="Nature", choices=Seance.Nature.choices, empty_label="Toutes")
    annee = django_filters.ChoiceFilter(
        label="Année", choices=lambda: annees(), empty_label="Toutes", method="par_annee"
    )

    class Meta:
        model = Seance
        fields: list[str] = []

    def chercher(self, seances: QuerySet[Seance], nom: str, mots: str) -> QuerySet[Seance]:
        return seances.filter(
            Q(titre__icontains=mots)
            | Q(lieu__icontains=mots)
            | Q(pk__in=Seance.objects.filter(points__titre__icontains=mots).values("pk"))
        )

    def par_annee(self, seances: QuerySet[Seance], nom: str, annee: str) -> QuerySet[Seance]:
        return seances.filter(debut__year=int(annee))


def annees() -> list[tuple[str, str]]:
    """Return the years that have a séance, the latest first."""
    trouvees = Seance.objects.annotate(an=ExtractYear("debut")).order_by("-an").values_list("an", flat=True)
    return [(str(an), str(an)) for an in dict.fromkeys(trouvees.distinct())]


LIGNES_JOURNAL = 50


# Acts at the top of the page: the one that is due, then the others in the order of the table.
DUS = ("convoquer", "informer", "seconde_convocation")


EN_TETE = frozenset({*DUS, "relancer_reponses", "deplacer", "modifier", "annuler"})


COLONNES = [
    Colonne(
        "titre",
        "Séance",
        lambda s: Cellule(s.titre, sous=f"{s.instance.sigle}, {s.get_nature_display()}"),
        export=lambda s: s.titre,
        tri="titre",
    ),
    Colonne("instance", "Instance", lambda s: s.instance.nom, tri="instance__nom", a_l_ecran=False),
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
            f"{s.nombre_reponses} sur {s.nombre_convies}" if s.est_deliberante and s.nombre_convies else None
        ),
        nombre=True,
    ),
]


@reserve_a(Role.AGENT)
@require_safe
def seances(request: RequeteConnectee) -> HttpResponseBase:
    """List all séances, the latest date first."""
    convies = Convie.objects.filter(seance=OuterRef("pk"), retire_le=None)
    return page_liste(
        request,
        Liste(
            cle="seances:seances",
            titre="Séances",
            objets=Seance.objects.avec_instance().annotate(
                nombre_points=Combien(
                    Point.objects.filter(seance=OuterRef("pk")).exclude(etat=EtatPoint.RETIRE)
                ),
                nombre_convies=Combien(convies),
                nombre_reponses=Combien(convies.exclude(reponse="")),
            ),
            filtres=SeanceFilter,
            colonnes=COLONNES,
            tri="-debut",
            singulier="séance",
            pluriel="séances",
            vide="Les séances de toutes les instances s’affichent ici, avec leurs réponses. Programmez la première.",
        ),
        "seances/seances.html",
    )


@reserve_a(Role.AGENT)
@require_safe
def seance(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = trouver_seance(request, pk)
    convies = convies_de(trouvee)
    demandes = demandes_a_inscrire(trouvee)
    ensuite, pour_vous = phrases(trouvee, request.user)
    pieces = pieces_de(trouvee)
    return render(
        request,
        "seances/seance.html",
        {
            "seance": trouvee,
            "app": trouvee.instance.app,
            "ensuite": ensuite,
            "page_publique": trouvee.get_public_url() if trouvee.a_une_page_publique else "",
            "pour_vous": avec_actes(trouvee, request.user, pour_vous),
            "boutons": boutons(trouvee, request.user),
            "points": lignes_points(trouvee, pieces),
            "deja_decides": deja_decides(trouvee),
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
            "oubliees": trouvee.membres_oublies(),
            "a_change": trouvee.ordre_du_jour_a_change,
            "avertissement": trouvee.avertissement() if trouvee.etat == Etat.PROGRAMMEE else "",
            "demandes": demandes,
            "requis": requis_pour(demandes[0]) if demandes else 0,
            "invites": trouvee.invites.filter(retire_le=None).select_related("point"),
            "peut_inviter": trouvee.permet("inviter", request.user),
            "peut_noter": trouvee.etat not in A_VENIR,
            "est_du_jour": est_du_jour(trouvee),
            "participants": trouvee.participants.count() if trouvee.se_choisit else 0,
            "conflits": [*conflits(trouvee), *recueillir("jours_pris", trouvee.jour.date())]
            if trouvee.etat in A_VENIR
            else [],
            "peut_joindre": trouvee.permet("joindre_piece", request.user),
            "peut_changer": trouvee.permet("ajouter_point", request.user),
            "seconde": getattr(trouvee, "seconde", None),
            "journal": pages_du_journal(request, trouvee, LIGNES_JOURNAL),
            "courriers": [
                ligne_courrier(c) for c in trouvee.courriers.avec_dossiers().order_by("-ecrit_le", "-pk")
            ],
            "carte_pv": _existe("seances/_proces_verbal_carte.html"),
        },
    )


def _existe(gabarit: str) -> str:
    return str(select_template([gabarit, "seances/_vide.html"]).template.name)


def boutons(seance: Seance, compte: Compte) -> Boutons:
    """Return the act that is due, the other acts, and the dangerous ones. Those of the agenda are beside it."""
    offerts = {bouton.acte: bouton for bouton in boutons_de(seance, compte) if bouton.acte in EN_TETE}
    if seance.etat == Etat.PROGRAMMEE:
        offerts.pop("deplacer", None)  # nobody was told of the day: `modifier` is enough
    if not seance.est_deliberante:
        offerts.pop("relancer_reponses", None)
        if "convoquer" in offerts:
            offerts["convoquer"] = replace(offerts["convoquer"], libelle="Inviter les membres")
    principal = next((offerts.pop(acte) for acte in DUS if acte in offerts), None)
    autres = [bouton for bouton in offerts.values() if bouton.est_dangereux]
    return Boutons(principal, [b for b in offerts.values() if b not in autres], autres)
