"""Pages of the acts on a pétition and on the tasks of its campaign."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from participation.seances.models import PointDossier
from participation.seances.workflow import Etat as EtatSeance
from participation.socle.collectivite import ici_plus_tard
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import ReglageService
from participation.socle.views.pages import Page
from participation.suites import actes as actes_suites
from participation.suites.actes import AjouterSuiteForm
from petitions.models import Petition, TacheCampagne
from petitions.recevabilite import actes as recevabilite
from petitions.recevabilite import comite
from petitions.recevabilite.lectures import petitions_proches
from petitions.recevabilite.lettres import lettre_de_decision
from petitions.trouver import BUREAU, petition_du_bureau, points_de


def petition_du_comite(request: RequeteConnectee, pk: int) -> Petition:
    """Raise PermissionDenied for accounts outside the back office, whether or not the pétition exists."""
    if request.user.roles.isdisjoint(BUREAU):
        raise PermissionDenied
    return petition_du_bureau(request, pk)


def tache_du_bureau(request: RequeteConnectee, pk: int) -> TacheCampagne:
    petitions = Petition.objects.au_bureau_de(request.user)
    return get_object_or_404(
        TacheCampagne.objects.filter(petition__in=petitions).select_related("petition"), pk=pk
    )


# Acts of the comité
def contexte_examen(request: RequeteConnectee, petition: Petition, form: Any) -> dict[str, Any]:
    return {"petition": petition, "proches": petitions_proches(petition)}


def contexte_petition(request: RequeteConnectee, petition: Petition, form: Any) -> dict[str, Any]:
    return {"petition": petition}


def contexte_decision(request: RequeteConnectee, petition: Petition, form: Any) -> dict[str, Any]:
    attendues = petition.demandes.filter(repondue_le__isnull=True, annulee_le__isnull=True)
    return {
        "petition": petition,
        "signataire": ReglageService.actuel().signataire,
        "avis_attendus": attendues.select_related("direction", "commune", "compte"),
        "seance_prevue": next((lien.point.seance for lien in points_de(petition) if est_a_venir(lien)), None),
    }


def est_a_venir(lien: PointDossier) -> bool:
    """Whether the séance is still to decide: the point is open, and the séance neither over nor cancelled."""
    fini = {EtatSeance.LEVEE, EtatSeance.ANNULEE}
    return not lien.decision and not lien.point.est_clos and lien.point.seance.etat not in fini


DECISION: dict[str, Any] = {"gabarit": "petitions/recevabilite/decision.html", "contexte": contexte_decision}


PAGES_DU_COMITE: dict[str, Page[Petition]] = {
    "examiner": Page(
        recevabilite.examiner,
        recevabilite.ExaminerForm,
        gabarit="petitions/recevabilite/examiner.html",
        contexte=contexte_examen,
    ),
    "arreter_avis": Page(
        comite.arreter_avis,
        comite.ArreterAvisForm,
        gabarit="petitions/recevabilite/arreter_avis.html",
        contexte=contexte_examen,
        retour="#examen",
    ),
    "se_deporter": Page(
        recevabilite.se_deporter,
        recevabilite.SeDeporterForm,
        "Vous ne pourrez plus examiner cette pétition ni décider de sa recevabilité. Le journal garde la date.",
    ),
    "demander_reformulation": Page(
        recevabilite.demander_reformulation,
        recevabilite.DemanderReformulationForm,
        "Le délai du comité s’arrête jusqu’à la réponse de l’auteur.",
        succes="La demande est partie. Le délai est arrêté.",
        gabarit="petitions/recevabilite/demander_reformulation.html",
        contexte=contexte_petition,
    ),
    "demander_avis": Page(
        recevabilite.demander_avis,
        recevabilite.DemanderAvisForm,
        "Chaque direction et chaque commune reçoit une lettre avec un lien pour répondre. Le délai du comité continue de courir.",
        succes="La demande d’avis est partie.",
    ),
    "declarer_recevable": Page(
        recevabilite.declarer_recevable,
        recevabilite.DeclarerRecevableSansComiteForm,
        "L’auteur et les co-pétitionnaires reçoivent la décision. La collecte est ensuite à ouvrir.",
        apercu=lambda p, reponses: lettre_de_decision("declarer_recevable", p, reponses, None),
        **DECISION,
    ),
    "declarer_irrecevable": Page(
        recevabilite.declarer_irrecevable,
        recevabilite.DeclarerIrrecevableSansComiteForm,
        "Le dossier est clos. La décision et ses raisons sont publiées et envoyées aux pétitionnaires.",
        apercu=lambda p, reponses: lettre_de_decision("declarer_irrecevable", p, reponses, None),
        **DECISION,
    ),
    "transmettre": Page(
        recevabilite.transmettre,
        recevabilite.TransmettreSansComiteForm,
        ici_plus_tard(
            "Le dossier est clos à la {metropole} : l’autorité compétente répond aux pétitionnaires, qui en sont avertis."
        ),
        apercu=lambda p, reponses: lettre_de_decision("transmettre", p, reponses, None),
        **DECISION,
    ),
}


DES_SUITES: dict[str, Page[Petition]] = {
    "ajouter_suite": Page(
        actes_suites.ajouter_suite,
        AjouterSuiteForm,
        "La suite est publique. La direction reçoit une lettre, puis des rappels avant la date.",
    )
}
