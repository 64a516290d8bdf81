"""Office pages: lists of remontées and sujets, page of each."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.actions import un_a_un
from participation.socle.forms.filters import avec_echeance
from participation.socle.http.decorateurs import ROLES_BUREAU, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Combien, Compte, Piece
from participation.socle.views.colonnes import (
    Cellule,
    Colonne,
    colonne_agent,
    colonne_echeance,
    colonne_etat,
    colonne_reference,
    colonne_titre,
)
from participation.socle.views.dossier import Bouton, boutons_de, ou_se_lit, page_dossier
from participation.socle.views.listes import Liste, lot_changer_agent, page_liste
from participation.socle.views.lots import ActeDeLot
from participation.socle.views.pages import Page
from participation.suites.actes import AjouterSuiteForm, ajouter_suite
from remontees.dossiers.filtres import RemonteeFilter, SujetFilter
from remontees.messages.vues import echanges_de
from remontees.models import Attribution, Remontee, Sujet
from remontees.parts.vues import pieces_de_la_part
from remontees.personne import courriel_d_ou_elle_vient
from remontees.routage.classement import semblables
from remontees.routage.lectures import pourquoi_ici
from remontees.sujets.actes import rattacher
from remontees.tri import lectures as questions
from remontees.tri.rapprochement import RattacherEnNombreForm
from remontees.trouver import BUREAU, images_de, remontee_du_bureau, sujet_du_bureau
from remontees.workflow import EN_COURS

REMONTEES_MONTREES = 50


COMPTEES = 10_000  # rows counted in a list; above, « plus de »


COLONNES = [
    colonne_titre("Remontée"),
    colonne_reference(),
    colonne_etat("etat"),
    Colonne(
        "categorie",
        "Catégorie",
        lambda r: Cellule(r.categorie, sous=r.ou) if r.categorie else Cellule("", sous=r.ou),
        export=lambda r: r.categorie.chemin if r.categorie else "",
        tri="categorie__nom",
        tri_borne=True,
    ),
    Colonne(
        "commune", "Commune", lambda r: r.commune, tri="commune__cle_tri", a_l_ecran=False, tri_borne=True
    ),
    Colonne("quartier", "Quartier", lambda r: r.quartier.nom if r.quartier else None, a_l_ecran=False),
    Colonne("canal", "Canal", lambda r: r.get_canal_display(), tri="canal", tri_borne=True),
    Colonne("entendue_le", "Entendue le", lambda r: r.entendue_le, tri="entendue_le", a_l_ecran=False),
    colonne_echeance(avec_libelle=False),
    Colonne("issue", "Issue", lambda r: r.get_issue_display() or None, a_l_ecran=False),
    colonne_agent(),
]


COLONNES_DES_SUJETS = [
    colonne_titre("Sujet"),
    colonne_reference(),
    colonne_etat("etat"),
    Colonne("categorie", "Catégorie", lambda s: s.categorie, tri="categorie__nom"),
    Colonne("combien", "Remontées", lambda s: s.combien, tri="combien", nombre=True, tri_borne=True),
    Colonne("public", "Public", lambda s: "Oui" if s.est_publie else "Non", a_l_ecran=False),
    colonne_echeance(avec_libelle=False),
    colonne_agent(),
]


def lot_rattacher(compte: Compte) -> ActeDeLot:
    """Join several remontées to one sujet."""
    return ActeDeLot(
        "rattacher",
        "Rattacher à un sujet",
        lambda choisies, reponses: un_a_un(choisies, lambda r: rattacher(r, par=compte, **reponses)),
        form=RattacherEnNombreForm,
        consequence="Une seule réponse pour toutes, celle du sujet. S’il est déjà répondu, elle part aussitôt à chaque personne.",
    )


def _vues(request: RequeteConnectee) -> questions.Rangees | None:
    """Return the questions of the day, for an agent: they count what a direction may not read."""
    if not request.user.est_agent:
        return None
    return questions.Rangees(questions.compter(request.user), request.GET.get("question", ""))


@reserve_a(*BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def remontees(request: RequeteConnectee) -> HttpResponseBase:
    """List of remontées, the nearest échéance first."""
    toutes: Any = avec_echeance(
        Remontee.objects.select_related("categorie__parent", "commune", "quartier", "agent")
    )
    return page_liste(
        request,
        Liste(
            cle="remontees:remontees",
            titre="Remontées",
            objets=toutes.visibles_par(request.user),
            filtres=RemonteeFilter,
            colonnes=COLONNES,
            tri="echeance_le",
            singulier="remontée",
            pluriel="remontées",
            app="remontees",
            chapeau="Ce qui est dû d’abord.",
            vide="Ce que les habitantes et habitants font remonter s’affiche ici, ce qui est dû le plus tôt en premier.",
            borne=COMPTEES,
            lire=toutes.in_bulk,
            lots=[lot_rattacher(request.user), lot_changer_agent(request.user)]
            if request.user.est_agent
            else [],
        ),
        "remontees/dossiers/remontees.html",
        {"vues": _vues(request)},
    )


@reserve_a(*BUREAU)
@require_safe
def sujets(request: RequeteConnectee) -> HttpResponseBase:
    objets: Any = avec_echeance(Sujet.objects.visibles_par(request.user).select_related("categorie", "agent"))
    objets = objets.annotate(combien=Combien(_remontees_de()))
    return page_liste(
        request,
        Liste(
            cle="remontees:sujets",
            titre="Sujets",
            objets=objets,
            filtres=SujetFilter,
            colonnes=COLONNES_DES_SUJETS,
            tri="echeance_le",
            singulier="sujet",
            pluriel="sujets",
            app="remontees",
            chapeau="Plusieurs remontées, une réponse.",
            vide="Quand plusieurs personnes disent la même chose, ouvrez un sujet : une seule réponse, que chacune reçoit.",
            borne=COMPTEES,
        ),
        "remontees/sujets/sujets.html",
    )


def _remontees_de() -> Any:
    return Remontee.objects.filter(sujet_commun=OuterRef("pk"))


DE_L_AGENT = {"retirer_attribution", "relancer_attribution"}


@dataclass(frozen=True, slots=True)
class LignePart:
    """A part with the buttons of the reader, and those with which an agent notes what a service said."""

    part: Attribution
    boutons: list[Bouton]
    au_nom_du_service: list[Bouton]


def parts_pour(request: RequeteConnectee, dossier: Remontee | Sujet) -> list[LignePart]:
    """Return the parts to show: all for an agent, those of their service for others."""
    lignes = []
    for part in dossier.attributions.select_related("direction", "commune", "organisme", "par", "piece"):
        part.dossier = dossier
        siens = part.roles_de(request.user)
        if not (request.user.est_agent or siens):
            continue
        offerts = sorted(boutons_de(part, request.user), key=lambda bouton: bouton.est_dangereux)
        lignes.append(
            LignePart(
                part,
                [b for b in offerts if siens or b.acte in DE_L_AGENT],
                [] if siens else [b for b in offerts if b.acte not in DE_L_AGENT],
            )
        )
    return lignes


def pieces_pour(
    request: RequeteConnectee, dossier: Remontee | Sujet, parts: list[LignePart]
) -> list[tuple[Piece, str]]:
    """Return the pièces shown above: images for an agent, files of their own parts for a service."""
    if request.user.est_agent:
        return images_de(dossier)
    par_piece = {piece: url for ligne in parts for piece, url in pieces_de_la_part(ligne.part)}
    return list(par_piece.items())


def ce_qui_se_lit(request: RequeteConnectee, remontee: Remontee, parts: list[LignePart]) -> str:
    """Return the words of the person, as this reader may read them."""
    entier = request.user.est_agent or remontee.auteur_id == request.user.pk
    return remontee.verbatim if entier or _est_lue_en_entier(parts) else remontee.dit_masque


def _est_lue_en_entier(parts: list[LignePart]) -> bool:
    return any(ligne.part.lue_en_entier_le and ligne.part.lit_le_dossier for ligne in parts)


@reserve_a(*ROLES_BUREAU)
@require_safe
def remontee(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = remontee_du_bureau(request, pk)
    est_agent = request.user.est_agent
    parts = parts_pour(request, trouvee)
    return page_dossier(
        request,
        trouvee,
        "remontees/dossiers/remontee.html",
        {
            "voit_la_liste": not request.user.roles.isdisjoint(BUREAU),
            "remontee": trouvee,
            "dit": ce_qui_se_lit(request, trouvee, parts),
            "parts": parts,
            "pieces_lues": pieces_pour(request, trouvee, parts),
            "raisons": pourquoi_ici(trouvee, [ligne.part for ligne in parts]),
            "semblables": semblables(trouvee) if est_agent and trouvee.etat in EN_COURS else [],
            # Contact details are for the participation service only.
            "rapporteur": getattr(trouvee, "rapporteur", None) if est_agent else None,
            "url_coordonnees": reverse("remontees:corriger_coordonnees", args=[trouvee.pk])
            if trouvee.permet("corriger_coordonnees", request.user)
            else "",
            "url_adresse": trouvee.get_adresse_url()
            if trouvee.permet("corriger_adresse_postale", request.user)
            else "",
            "echanges": echanges_de(request, trouvee),
            "courriel_recu": courriel_d_ou_elle_vient(trouvee) if est_agent else None,
            "suites": trouvee.suites.select_related("direction"),
        },
    )


@reserve_a(*ROLES_BUREAU)
@require_safe
def sujet(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = sujet_du_bureau(request, pk)
    if request.user.roles.isdisjoint(BUREAU):
        return ou_se_lit(trouve)
    siennes = Remontee.objects.filter(sujet_commun=trouve).select_related("commune", "quartier")
    parts = parts_pour(request, trouve)
    return page_dossier(
        request,
        trouve,
        "remontees/sujets/sujet.html",
        {
            "sujet": trouve,
            # An agent sees the list of remontées below instead.
            "a_lire": []
            if request.user.est_agent
            else (trouve.a_lire_en_entier() if _est_lue_en_entier(parts) else trouve.a_lire()),
            "parts": parts,
            "pieces_lues": pieces_pour(request, trouve, parts),
            "raisons": pourquoi_ici(trouve, [ligne.part for ligne in parts]),
            "remontees": siennes[:REMONTEES_MONTREES] if request.user.est_agent else [],
            "combien": siennes.count(),
            "suites": trouve.suites.select_related("direction"),
        },
    )


# One address for remontées and sujets.
AJOUTER_SUITE: Page[Remontee | Sujet] = Page(
    ajouter_suite,
    AjouterSuiteForm,
    "La direction reçoit un lien pour répondre. La suite d’un sujet public est publique.",
)
