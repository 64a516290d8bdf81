"""Back office of a vote: due act, codes, paper ballots, progress of the count.

Nothing of the count is shown before the vote is closed.
"""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from contrat_ville.lectures.vote.codes import lots_montres
from contrat_ville.lectures.vote.differences import papiers_a_voir
from contrat_ville.lectures.vote.resultats import resultats_du_bureau
from contrat_ville.models.vote import Depouillement, Scrutin
from contrat_ville.views.vote.actes import lot_du_bureau, scrutin_du_bureau
from contrat_ville.workflow.vote import EtatScrutin
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.models import Compte
from participation.socle.views.dossier import Boutons, boutons_de, pages_du_journal
from participation.socle.workflow import Role

DUS = ("ouvrir_scrutin", "fermer_scrutin", "depouiller_scrutin", "publier_resultats", "emarger_papier")
# Their buttons are in their section of the page.
EN_SECTION = {
    "declarer_incompatibles",
    "creer_lot",
    "revoquer_code",
    "saisir_papier",
    "retirer_papier",
    "deroger",
    "reprendre_depouillement",
}
APRES = {EtatScrutin.DEPOUILLE, EtatScrutin.PUBLIE}


@reserve_a(Role.AGENT, Role.ACCUEIL)
@require_safe
def scrutin(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve, compte = scrutin_du_bureau(request, pk), request.user
    return render(request, "contrat_ville/vote/bureau/scrutin.html", _contexte(request, trouve, compte))


def _contexte(request: RequeteConnectee, scrutin: Scrutin, compte: Compte) -> dict[str, Any]:
    apparence, mots = scrutin.apparence, scrutin.mots_de_suite()
    est_compte = scrutin.etat in APRES
    lots = lots_montres(scrutin, compte)
    return {
        "scrutin": scrutin,
        "budget": scrutin.budget,
        "apparence": apparence,
        "ensuite": apparence.ensuite.format_map(mots),
        "pour_vous": apparence.pour.get(Role.AGENT, "") if compte.est_agent else "",
        "boutons": boutons_du_scrutin(scrutin, compte),
        "permis": dict.fromkeys(scrutin.actes_permis_a(compte), True),
        "manques": scrutin.manques("ouvrir_scrutin", compte)
        if scrutin.permet("ouvrir_scrutin", compte)
        else [],
        "regles": scrutin.regles_en_mots(),
        "projets": scrutin.projets.select_related("projet"),
        "incompatibles": scrutin.incompatibilites.select_related("un", "autre"),
        "lots": lots,
        "actes_des_lots": any(montre.actes for montre in lots),
        "codes_faits": scrutin.codes.filter(est_revoque=False).count(),
        "codes_servis": scrutin.codes.filter(est_utilise=True).count(),
        "papiers": papiers_a_voir(scrutin, compte),
        "depouillement": scrutin.depouillements.first() if scrutin.etat != EtatScrutin.OUVERT else None,
        "resultats": resultats_du_bureau(scrutin) if est_compte and compte.est_agent else None,
        "journal": pages_du_journal(request, scrutin),
    }


def boutons_du_scrutin(scrutin: Scrutin, compte: Compte) -> Boutons:
    """Main button: the act that is due. The other acts beside; the dangerous ones folded."""
    offerts = [b for b in boutons_de(scrutin, compte) if b.acte not in EN_SECTION]
    principal = next((b for b in offerts if b.acte in DUS and not b.est_dangereux), None)
    principal = principal or next((b for b in offerts if b.acte in DUS), None)
    reste = [b for b in offerts if b is not principal]
    return Boutons(
        principal, [b for b in reste if not b.est_dangereux], [b for b in reste if b.est_dangereux]
    )


@reserve_a(Role.AGENT)
@require_safe
def suivre_depouillement(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Progress of the count. The page polls until it is done."""
    scrutin = scrutin_du_bureau(request, pk)
    depouillement = scrutin.depouillements.first()
    if depouillement is None:
        raise Http404
    reponse = render(
        request,
        "contrat_ville/vote/bureau/_progres.html",
        {"scrutin": scrutin, "depouillement": depouillement},
    )
    if depouillement.etat != Depouillement.Etat.EN_COURS:
        reponse["HX-Refresh"] = "true"
    patch_cache_control(reponse, no_store=True)
    return reponse


@reserve_a(Role.AGENT)
@require_safe
def feuilles_de_codes(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    """PDF of the codes, until it is erased. It is the only file that contains them."""
    lot = lot_du_bureau(request, pk)
    if not lot.fichier:
        raise Http404
    reponse = FileResponse(
        lot.fichier.open("rb"), filename=f"codes-lot-{lot.pk}.pdf", content_type="application/pdf"
    )
    patch_cache_control(reponse, no_store=True)
    return reponse
