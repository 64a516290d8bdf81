"""Pages where agents write, submit, approve and publish a procès-verbal, and its attendance sheet."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from participation.seances.actions import proces_verbaux as actions
from participation.seances.actions.documents_pv import fabriquer_feuille
from participation.seances.forms.proces_verbaux import ApprouverForm, TexteForm, TraiterRemarqueForm
from participation.seances.lectures import minutes
from participation.seances.lectures.proces_verbaux import (
    a_faire,
    est_adopte,
    inscrit_au,
    points_d_approbation,
)
from participation.seances.models import ProcesVerbal, RemarquePV, Seance, VersionPV
from participation.seances.workflow import ENSUITE_ENTRE_INVITES, EtatPV
from participation.socle.erreurs import ActeInterdit, RoleInsuffisant
from participation.socle.francais import accorder, jour_texte, pluriel
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.models import Document
from participation.socle.views.pages import Page, acte_depasse, agir
from participation.socle.views.trouver import par_numero
from participation.socle.workflow import Role


def trouver(request: RequeteConnectee, pk: int) -> ProcesVerbal:
    return get_object_or_404(
        ProcesVerbal.objects.select_related(
            "seance__instance", "seance__mandature", "approuve_a__seance", "feuille"
        ),
        seance=pk,
    )


@require_safe
@reserve_a(Role.AGENT)
def proces_verbal(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Show the état of the procès-verbal, what is left to do, its documents and its text."""
    seance = get_object_or_404(Seance.objects.avec_instance(), pk=pk)
    if not seance.est_deliberante:
        raise Http404  # a visit has no procès-verbal
    pv = ProcesVerbal.objects.filter(seance=seance).select_related("approuve_a__seance", "feuille").first()
    contexte: dict[str, Any] = {"seance": seance, "pv": pv, "app": seance.instance.app}
    if pv is not None:
        pv.seance = seance
        entre_invites = pv.est_entre_invites()
        versions = list(pv.versions.select_related("document", "document_public", "par"))
        points = points_d_approbation(pv) if pv.etat == EtatPV.SOUMIS else []
        contexte |= {
            "versions": versions,
            "est_entre_invites": entre_invites,
            "ensuite": ENSUITE_ENTRE_INVITES[pv.etat]
            if entre_invites and pv.etat in ENSUITE_ENTRE_INVITES
            else (pv.apparence.ensuite, a_faire(pv, pv.apparence.pour.get(Role.AGENT, ""))),
            "lecture": minutes.presenter(minutes.donnees(seance), pv.texte),
            "a_resoumettre": pv.etat == EtatPV.SOUMIS and bool(versions) and versions[0].texte != pv.texte,
            "approuve_en_seance": next((point for point in points if est_adopte(point)), None),
            "remarques": list(pv.remarques.select_related("membre__compte")),
            "en_preparation": any(_se_prepare(version) for version in versions),
        }
    reponse = render(request, "seances/proces_verbal.html", contexte)
    patch_cache_control(reponse, no_store=True)
    return reponse


def _se_prepare(version: VersionPV) -> bool:
    return any(
        document is not None and document.etat == Document.Etat.EN_PREPARATION
        for document in (version.document, version.document_public)
    )


@require_POST
@reserve_a(Role.AGENT)
def rediger(request: RequeteConnectee, pk: int) -> HttpResponse:
    seance = get_object_or_404(Seance.objects.avec_instance(), pk=pk)
    try:
        actions.rediger_pv(seance, par=request.user)
    except ActeInterdit as erreur:
        return acte_depasse(request, erreur.message, seance.get_absolute_url())
    return redirect("seances:ecrire_pv", pk)


def ecrire(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Edit the text, part by part, beside the data. A POST with `rester` comes back to this page."""
    return _page_texte(
        request, trouver(request, pk), "ecrire_pv", "Enregistrer le texte", "Le texte est enregistré."
    )


def corriger(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _page_texte(
        request,
        trouver(request, pk),
        "corriger_pv",
        "Enregistrer la correction",
        "La correction est enregistrée : une nouvelle version se prépare, les membres sont prévenus.",
    )


def _page_texte(
    request: RequeteConnectee, pv: ProcesVerbal, acte: str, bouton: str, succes: str
) -> HttpResponse:
    retour, refus = pv.get_absolute_url(), pv.refus(acte, request.user)
    if isinstance(refus, RoleInsuffisant):
        raise refus
    if refus is not None:
        return acte_depasse(request, refus.message, retour)
    avec_motif = acte == "corriger_pv"
    lecture = minutes.presenter(minutes.donnees(pv.seance), pv.texte)
    form = TexteForm(
        request.POST or None,
        pv=pv,
        points=[(point["cle"], f"{point['numero']}. {point['titre']}") for point in lecture["points"]],
        avec_motif=avec_motif,
    )
    if form.is_valid():
        page: Page[ProcesVerbal] = Page(actions.corriger_pv if avec_motif else actions.ecrire_pv)
        try:
            agir(page, pv, form, request.user)
        except ActeInterdit as erreur:
            return acte_depasse(request, erreur.message, retour)
        if not form.errors:
            messages.success(request, succes)
            return redirect(request.path if "rester" in request.POST else retour)
    return render(
        request,
        "seances/corriger.html",
        {
            "pv": pv,
            "seance": pv.seance,
            "app": pv.seance.instance.app,
            "form": form,
            "lecture": lecture,
            "ouverture": (form.champ(minutes.OUVERTURE), form.champ_vu(minutes.OUVERTURE)),
            "fin": (form.champ(minutes.FIN), form.champ_vu(minutes.FIN)),
            "parties": [
                (point, form.champ(point["cle"]), form.champ_vu(point["cle"])) for point in lecture["points"]
            ],
            "titre": pv.transition(acte).libelle,
            "bouton": bouton,
            "retour": retour,
            "avec_motif": avec_motif,
        },
    )


@require_POST
@reserve_a(Role.AGENT)
def feuille_presence(request: RequeteConnectee, pk: int) -> HttpResponse:
    seance = get_object_or_404(Seance.objects.avec_instance(), pk=pk)
    if not seance.est_deliberante:
        raise Http404
    document = fabriquer_feuille(seance, par=request.user)
    return redirect("socle:document_etat", document.cle_publique)


remarque_du_bureau = par_numero(RemarquePV, "proces_verbal__seance__instance")


def dire_soumission(pv: ProcesVerbal) -> str:
    combien = pv.seance.convies.filter(convoque_le__isnull=False).count()
    if not combien:
        return "Le texte est gardé tel quel et son PDF se prépare. Personne n’a de siège à cette réunion : aucune lettre ne part."
    return (
        f"Le texte est gardé tel quel, son PDF se prépare, et {accorder(combien, 'personne convoquée')} "
        f"{pluriel(combien, 'reçoit,reçoivent')} un lien pour le lire et faire des remarques."
    )


def dire_approbation(pv: ProcesVerbal) -> str:
    figer = "Le PDF est refait avec la mention de l’approbation, puis figé : ni son contenu ni son empreinte ne changent plus."
    if pv.est_entre_invites():
        return f"{figer} Personne n’a de siège à cette réunion : aucune lettre ne part."
    debut = inscrit_au(pv)
    attend = f"Son approbation est à l’ordre du jour du {jour_texte(debut)}. " if debut is not None else ""
    return f"{attend}{figer} Les membres sont prévenus."


PAGES: dict[str, Page[ProcesVerbal]] = {
    "soumettre_pv": Page(
        actions.soumettre_pv,
        consequence=dire_soumission,
        titre=lambda pv: (
            "Soumettre le procès-verbal" if pv.etat == EtatPV.BROUILLON else "Soumettre de nouveau"
        ),
        succes="Le procès-verbal est soumis. Son PDF se prépare.",
    ),
    "approuver_pv": Page(
        actions.approuver_pv,
        ApprouverForm,
        dire_approbation,
        succes="Le procès-verbal est approuvé. Son PDF se prépare, il sera figé ensuite.",
    ),
    "publier_pv": Page(
        actions.publier_pv,
        consequence="Chacun peut le lire sur le site, sans les points à huis clos.",
        succes="Le procès-verbal est publié.",
    ),
    "depublier_pv": Page(
        actions.depublier_pv,
        consequence="Il n’est plus lu que par les membres de l’instance et les agents du service.",
        succes="Le procès-verbal n’est plus publié.",
    ),
}
PAGES_DES_REMARQUES: dict[str, Page[RemarquePV]] = {
    "traiter_remarque": Page(
        actions.traiter_remarque,
        TraiterRemarqueForm,
        en_un_clic=True,
        succes="La remarque est traitée.",
        retour="#remarques",
    )
}
