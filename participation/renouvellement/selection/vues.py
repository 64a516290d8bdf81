"""Pages of the selection for agents: ranking, decision, settled list."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, When
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from participation.renouvellement.candidatures.lettres import contexte_de
from participation.renouvellement.classement import lectures as classements
from participation.renouvellement.equilibre.lectures import dimensions
from participation.renouvellement.models import Campagne, Candidature, CollegeCampagne
from participation.renouvellement.selection import actes, tirages
from participation.renouvellement.selection.actes import DeciderForm, ProposerForm, TirageForm
from participation.renouvellement.selection.lettres import lettre_d_arret
from participation.renouvellement.trouver import trouver_college
from participation.renouvellement.workflow import Choix
from participation.socle.courriels.ecriture import composer
from participation.socle.francais import accorder, enumerer
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import boutons_de
from participation.socle.views.pages import Page, Reserve
from participation.socle.workflow import Role

LIGNES = 50


LIBELLES = {Choix.RETENUE: "retenues", Choix.ATTENTE: "en liste d’attente", Choix.NON_RETENUE: "non retenues"}


@reserve_a(Role.AGENT)
@require_safe
def classement(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Page of a collège: ranking, decisions, balance of the retained people."""
    college = trouver_college(request, pk)
    campagne = college.campagne
    candidatures = classements.classement(college).select_related("commune", "quartier")
    if college.est_tire:
        place = Case(When(choix=Choix.RETENUE, then=0), When(choix=Choix.ATTENTE, then=1), default=2)
        candidatures = candidatures.order_by(place, "rang_attente", "numero")
    page = Paginator(candidatures, LIGNES).get_page(request.GET.get("page"))
    retenues = _retenues(college)
    comptes = dict(college.candidatures.eligibles().order_by().values_list("choix").annotate(n=Count("pk")))
    return render(
        request,
        "renouvellement/classement.html",
        {
            "campagne": campagne,
            "college": college,
            "page": page,
            "retenues": comptes.get(Choix.RETENUE, 0),
            "attente": comptes.get(Choix.ATTENTE, 0),
            "non_retenues": comptes.get(Choix.NON_RETENUE, 0),
            "sans_decision": comptes.get("", 0),
            "part": min(comptes.get(Choix.RETENUE, 0) / college.sieges, 1),
            "dimensions": dimensions(campagne, retenues, "Personnes retenues"),
            "boutons": [b for b in boutons_de(college, request.user) if b.acte in PAGES_DES_COLLEGES],
            "peut_decider": not college.est_tire and campagne.permet("decider_candidature", request.user),
        },
    )


def lettres_d_arret(request: RequeteConnectee, campagne: Campagne, form: Any) -> dict[str, Any]:
    """Return, for each decision, the number of letters and one of them as a preview."""
    eligibles = campagne.candidatures.eligibles().select_related("college", "campagne__instance")
    lettres = []
    for choix in Choix:
        siennes = eligibles.filter(choix=choix)
        exemple = siennes.exclude(courriel="").order_by("rang_attente", "numero").first()
        texte: tuple[str, str] | None = None
        if exemple is not None:
            exemple.conserver()
            texte = composer(lettre_d_arret(exemple), contexte_de(exemple))
        lettres.append(
            {
                "libelle": LIBELLES[choix],
                "nombre": siennes.count(),
                "par_courriel": siennes.exclude(courriel="").count(),
                "texte": texte,
            }
        )
    return {
        "campagne": campagne,
        "lettres": lettres,
        "places": [
            (college, _retenues(college).count()) for college in campagne.colleges.all() if college.est_ouvert
        ],
        "sans_courriel": eligibles.filter(courriel="").count(),
    }


def _retenues(college: CollegeCampagne) -> Any:
    return college.candidatures.eligibles().filter(choix=Choix.RETENUE)


def reperes_de_decision(request: RequeteConnectee, candidature: Candidature, form: Any) -> dict[str, Any]:
    retenues = _retenues(candidature.college)
    return {
        "candidature": candidature,
        "college": candidature.college,
        "sujet": f"{candidature.designation}, {candidature.commune or 'commune non dite'}",
        "rang": classements.rang_de(candidature),
        "retenues": retenues.exists(),
        "dimensions": dimensions(candidature.campagne, retenues, "Personnes retenues"),
    }


def dire_places(candidature: Candidature) -> str:
    college = candidature.college
    return (
        f"{_retenues(college).count()} places prises sur {college.sieges} dans le collège « {college} ». "
        "Aucune lettre ne part."
    )


def le_classement(college: CollegeCampagne) -> str:
    return reverse("renouvellement:classement", args=[college.pk])


PAGES: dict[str, Page[Campagne]] = {
    "ouvrir_selection": Page(
        actes.ouvrir_selection,
        consequence="Les candidatures recevables peuvent être réparties au comité. Plus aucune candidature n’est saisie.",
    ),
    "arreter": Page(
        actes.arreter,
        consequence="Les décisions ne changent plus, et chaque personne reçoit la sienne par courriel, une seule fois.",
        gabarit="renouvellement/arreter.html",
        contexte=lettres_d_arret,
    ),
}


def dire_les_ex_aequo(college: CollegeCampagne, a_departager: list[Candidature]) -> str:
    if not a_departager:
        return "La sélection suit le classement."
    numeros = enumerer(f"n° {candidature.numero}" for candidature in a_departager)
    return Reserve(
        f"La sélection suit le classement, sauf pour les candidatures {numeros} : elles ont la même note pour la "
        "dernière place. Décidez pour chacune, en disant comment vous les départagez."
    )


PAGES_DES_COLLEGES: dict[str, Page[CollegeCampagne]] = {
    "proposer_selection": Page(
        actes.proposer_selection,
        ProposerForm,
        "Les premières candidatures du classement prennent les places, les suivantes la liste d’attente. "
        "Ce que vous avez décidé à la main ne change pas. Aucune lettre ne part.",
        succes=dire_les_ex_aequo,
        retour=lambda college, _: le_classement(college),
    ),
    "preparer_tirage_au_sort": Page(
        tirages.preparer_tirage_au_sort,
        tirages.TirageAuSortForm,
        "Les candidatures recevables deviennent les volontaires d’un tirage au sort, que chacun pourra vérifier. Sa règle est "
        "publiée avant. Vous pourrez y écrire des quotas. Aucune lettre ne part.",
        retour=lambda college, tirage: tirage.get_absolute_url() if tirage else le_classement(college),
    ),
    "verser_candidatures": Page(
        tirages.verser_candidatures,
        consequence="Les volontaires du tirage deviennent les candidatures recevables d’aujourd’hui, avec ce que demandent ses quotas "
        f"({enumerer(tirages.CATEGORIES)} ; « {tirages.NON_DIT} » quand la personne n’a pas répondu).",
        succes=lambda _, combien: accorder(
            combien, "candidature est dans le tirage.", "candidatures sont dans le tirage."
        ),
        retour=lambda college, _: le_classement(college),
    ),
    "designer_par_tirage": Page(
        tirages.designer_par_tirage,
        consequence="Le panel tiré prend les places. Les autres vont en liste d’attente, dans l’ordre de leurs billets. Aucune lettre ne part.",
        succes=lambda _, retenues: accorder(len(retenues), "place est désignée.", "places sont désignées."),
        retour=lambda college, _: le_classement(college),
    ),
    "saisir_tirage": Page(
        actes.saisir_tirage,
        TirageForm,
        "Ce tirage s’est fait hors de ce site, devant témoins. Recopiez son résultat et la référence de son procès-verbal. "
        "Aucune lettre ne part.",
        retour=lambda college, _: le_classement(college),
    ),
}


PAGES_DES_CANDIDATURES: dict[str, Page[Candidature]] = {
    "corriger_coordonnees": Page(
        actes.corriger_coordonnees,
        actes.CoordonneesForm,
        "Le reste de la candidature ne change pas. Si la liste est arrêtée et qu’aucune lettre n’a pu partir, "
        "la décision part à la nouvelle adresse.",
        succes=lambda candidature, lettres: (
            "Les coordonnées sont corrigées. La lettre de décision part."
            if lettres
            else "Les coordonnées sont corrigées."
        ),
        retour=lambda candidature, _: candidature.get_absolute_url(),
    ),
    "decider_candidature": Page(
        actes.decider_candidature,
        DeciderForm,
        dire_places,
        gabarit="renouvellement/decider.html",
        contexte=reperes_de_decision,
        succes=lambda candidature, _: f"Décision notée pour la candidature n° {candidature.numero}.",
        retour=lambda candidature, _: le_classement(candidature.college),
    ),
}
