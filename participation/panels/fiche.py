"""Pages of the panels in the back office, and the list of calls, which is all that a provider sees."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.panels import confirmation, indemnites, tables
from participation.panels.communes import lectures as communes
from participation.panels.inscriptions import lectures as inscriptions
from participation.panels.invitations import lectures as invitations
from participation.panels.models import Panel, TirageDesCommunes
from participation.panels.models.manques import a_effacer
from participation.panels.preparation import lectures as preparation
from participation.panels.public import qr
from participation.panels.questionnaires import date_de_reponse, resultats
from participation.panels.trouver import panel_a_appeler, trouver_panel
from participation.panels.workflow import TIRES, EtatPanel, RoleEquipe
from participation.socle.http.decorateurs import ROLES_BUREAU, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Tournee
from participation.socle.views.dossier import boutons_de, page_dossier
from participation.socle.workflow import Role
from participation.suites.lectures import contexte_des_suites

PAR_PAGE = 40


@reserve_a(Role.AGENT)
@require_safe
def panels(request: RequeteConnectee) -> HttpResponse:
    lignes = [(p, p.ensuite()) for p in Panel.objects.all()]
    return render(request, "panels/panels.html", {"lignes": lignes})


@reserve_a(*ROLES_BUREAU)
@require_safe
def panel(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Mandate, mailing, registration, calls, séances, recommendations: what the état of the panel has.

    Whoever is no agent, and may read it, is sent to its public page.
    """
    if not request.user.est_agent:
        return redirect(get_object_or_404(Panel.objects.publics(), pk=pk).get_public_url())
    trouve = trouver_panel(request, pk)
    est_tire = trouve.etat not in {EtatPanel.PREPARATION, EtatPanel.INSCRIPTION, EtatPanel.TIRAGE}
    par_membre = dict(trouve.inscriptions.exclude(membre=None).values_list("membre", "pk"))
    return page_dossier(
        request,
        trouve,
        "panels/panel.html",
        {
            "panel": trouve,
            "actes": trouve.actes_permis_a(request.user),
            "retard": preparation.retard(trouve) if trouve.etat in {"preparation", "inscription"} else "",
            "etapes_dues": trouve.echeances.ouvertes()
            .filter(cle__startswith=preparation.cle_d_etape(""))
            .exists(),
            "envois": preparation.envois(trouve),
            "manquent": preparation.qui_manque(trouve) if trouve.etat == EtatPanel.INSCRIPTION else [],
            "equipe": [
                (e, boutons_de(e, request.user)) for e in trouve.equipe.select_related("compte", "panel")
            ],
            "commandes": trouve.commandes.select_related("marche"),
            "langues": [
                (page, reste, boutons_de(page, request.user))
                for page, reste in inscriptions.pages_et_reste(trouve)
            ],
            "est_tire": est_tire,
            "appels": confirmation.chiffres(trouve) if est_tire else [],
            "raisons": confirmation.raisons(trouve) if est_tire else [],
            "a_contacter": trouve.inscriptions.a_contacter() if trouve.etat in TIRES else [],
            "besoins": [(i, i.besoins) for i in trouve.inscriptions.assises() if i.besoins]
            if est_tire
            else [],
            "seances": tables.seances(trouve),
            "a_des_tables": trouve.plans.exists(),
            "critere_social": trouve.regle.critere_social,
            "dues": [(due, par_membre.get(due.membre)) for due in indemnites.dues(trouve)],
            "recommandations": [
                (r, boutons_de(r, request.user))
                for r in trouve.recommandations.select_related("direction", "panel")
            ],
            "date_de_reponse": date_de_reponse(trouve),
            "resultats": resultats(trouve) if trouve.questionnaires_le else [],
            "mots_libres": list(trouve.reponses.exclude(mots="").values_list("mots", flat=True)),
            "a_effacer": a_effacer(trouve).count(),
            **_recrutement(request, trouve, est_tire),
            **contexte_des_suites(trouve, request.user),
        },
    )


def _recrutement(request: RequeteConnectee, panel: Panel, est_tire: bool) -> dict[str, Any]:
    """Return who registered, and until the draw what was posted and who is to be read. Rehearsals are apart."""
    chiffres = inscriptions.chiffres(panel)
    if est_tire:
        return {"chiffres": chiffres}
    # What waits for a second person first: she would not find it among hundreds.
    attend = ExpressionWrapper(Q(saisie_par__isnull=False, relue_le=None, ecartee_le=None), BooleanField())
    presentes = panel.inscriptions.filter(effacee_le=None).order_by(attend.desc(), "-recue_le", "-pk")
    page = Paginator(presentes.filter(est_repetition=False), PAR_PAGE).get_page(request.GET.get("page"))
    for inscription in page:
        inscription.panel = panel
    adresse, code = qr(panel)
    regle = TirageDesCommunes.objects.filter(panel=panel).first()
    importe = panel.imports_adresses.first()
    return {
        "tirage_des_communes": regle,
        "parts": communes.etats(panel, regle) if regle else [],
        "chiffres": chiffres,
        "invitations": invitations.envoi(panel),
        "tournee": Tournee.objects.pour(panel),
        "importe": importe,
        "bilan_du_tableau": invitations.bilan(importe) if importe and importe.lues else "",
        "inscrites": [(i, boutons_de(i, request.user)) for i in page],
        "repetitions": presentes.filter(est_repetition=True),
        "page": page,
        "adresse_courte": adresse,
        "qr": code,
    }


@never_cache
@require_safe
def appels(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The list of calls: for an agent, and for who calls for the service."""
    trouve = panel_a_appeler(request, pk)
    lignes = confirmation.lignes(trouve) if trouve.etat in TIRES else []
    return render(
        request,
        "panels/appels.html",
        {
            "panel": trouve,
            "lignes": [
                (ligne, trouve.permet("noter_appel", request.user, ligne.inscription)) for ligne in lignes
            ],
            "chiffres": confirmation.chiffres(trouve),
            "a_des_contacts": trouve.equipe.filter(role=RoleEquipe.CONTACT).exists(),
            "autres": Panel.objects.appeles_par(request.user).exclude(pk=pk).order_by("pk"),
            "est_agent": request.user.est_agent,
        },
    )
