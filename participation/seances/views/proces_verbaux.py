"""The procès-verbal: kept by the agents, read by the members, then by everybody; the attendance sheet."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from participation.seances.actions import proces_verbaux as actions
from participation.seances.forms.proces_verbaux import (
    ApprouverForm,
    RemarquerForm,
    TexteForm,
    TraiterRemarqueForm,
)
from participation.seances.lectures import minutes
from participation.seances.models import Instance, ProcesVerbal, RemarquePV, Seance, VersionPV
from participation.seances.views.formulaires import page_formulaire
from participation.seances.workflow import EtatPoint, EtatPV
from participation.socle.actions.pieces import PDF, nommer
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.http import RequeteConnectee, publique, reserve_a
from participation.socle.models import Compte, Document
from participation.socle.versions import TexteDepasse
from participation.socle.views.actes import acte_depasse, ajouter_erreurs
from participation.socle.views.fichiers import servir
from participation.socle.workflow import Role

PAR_PAGE = 20
ENSUITE = {
    EtatPV.BROUILLON: (
        "le procès-verbal est soumis aux membres, qui le lisent avant de l’approuver.",
        "complétez le texte, point par point, puis soumettez-le.",
    ),
    EtatPV.SOUMIS: (
        "les membres font leurs remarques ; ils l’approuvent à leur prochaine séance.",
        "inscrivez son approbation à l’ordre du jour, puis notez-la ici.",
    ),
    EtatPV.APPROUVE: (
        "le procès-verbal est approuvé et figé. Il ne change plus que par une correction motivée.",
        "",
    ),
}


def _trouver(pk: int) -> ProcesVerbal:
    return get_object_or_404(
        ProcesVerbal.objects.select_related(
            "seance__instance", "seance__mandature", "approuve_a__seance", "feuille"
        ),
        seance=pk,
    )


@require_safe
@reserve_a(Role.AGENT)
def proces_verbal(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Where it stands, what is to be done, its documents, and the text as it will be read."""
    seance = get_object_or_404(Seance.objects.avec_instance(), pk=pk)
    pv = ProcesVerbal.objects.filter(seance=seance).select_related("approuve_a__seance", "feuille").first()
    contexte: dict[str, Any] = {"seance": seance, "pv": pv, "app": seance.instance.app}
    if pv is not None:
        pv.seance = seance
        versions = list(pv.versions.select_related("document", "document_public", "par"))
        points = actions.points_d_approbation(pv) if pv.etat == EtatPV.SOUMIS else []
        contexte |= {
            "versions": versions,
            "ensuite": ENSUITE[EtatPV(pv.etat)],
            "lecture": minutes.presenter(minutes.donnees(seance), pv.texte),
            "a_resoumettre": pv.etat == EtatPV.SOUMIS and bool(versions) and versions[0].texte != pv.texte,
            "approuve_en_seance": next((point for point in points if actions.est_adopte(point)), None),
            "remarques": list(pv.remarques.select_related("membre__compte")),
            "form_remarque": TraiterRemarqueForm(auto_id=False),
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
        actions.rediger(seance, par=request.user)
    except ActeInterdit as erreur:
        return acte_depasse(request, erreur.message, seance.get_absolute_url())
    return redirect("seances:ecrire_pv", pk)


@reserve_a(Role.AGENT)
def ecrire(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The text, part by part, beside the data it comments on. A call with `autosave` answers with one sentence."""
    pv = _trouver(pk)
    retour = reverse("seances:proces_verbal", args=[pk])
    if pv.etat == EtatPV.APPROUVE:
        return acte_depasse(
            request,
            "Le procès-verbal est approuvé : il ne change plus que par une correction motivée.",
            retour,
        )
    return _page_texte(
        request,
        pv,
        lambda reponses: actions.ecrire(pv, par=request.user, **reponses),
        titre="Écrire le procès-verbal",
        bouton="Enregistrer le texte",
        succes="Le texte est enregistré.",
        retour=retour,
    )


@reserve_a(Role.AGENT)
def corriger(request: RequeteConnectee, pk: int) -> HttpResponse:
    pv = _trouver(pk)
    retour = reverse("seances:proces_verbal", args=[pk])
    if pv.etat != EtatPV.APPROUVE:
        return acte_depasse(
            request, "Ce procès-verbal n’est pas encore approuvé : modifiez son texte.", retour
        )
    return _page_texte(
        request,
        pv,
        lambda reponses: actions.corriger(pv, par=request.user, **reponses),
        titre="Corriger le procès-verbal approuvé",
        bouton="Enregistrer la correction",
        succes="La correction est enregistrée : une nouvelle version se prépare, les membres sont prévenus.",
        retour=retour,
        avec_motif=True,
    )


def _page_texte(
    request: RequeteConnectee,
    pv: ProcesVerbal,
    agir: Any,
    *,
    titre: str,
    bouton: str,
    succes: str,
    retour: str,
    avec_motif: bool = False,
) -> HttpResponse:
    lecture = minutes.presenter(minutes.donnees(pv.seance), pv.texte)
    form = TexteForm(
        request.POST or None,
        pv=pv,
        points=[(point["cle"], f"{point['numero']}. {point['titre']}") for point in lecture["points"]],
        avec_motif=avec_motif,
    )
    if form.is_valid():
        try:
            agir(form.cleaned_data)
        except ActeInterdit as erreur:
            return acte_depasse(request, erreur.message, retour)
        except TexteDepasse as erreur:
            ajouter_erreurs(form, erreur)
            form.relire()
        except ErreurMetier as erreur:
            form.add_error(None, erreur.message)
        else:
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
            "titre": titre,
            "bouton": bouton,
            "retour": retour,
            "avec_motif": avec_motif,
        },
    )


@reserve_a(Role.AGENT)
def soumettre(request: RequeteConnectee, pk: int) -> HttpResponse:
    pv = _trouver(pk)
    if pv.etat == EtatPV.APPROUVE:
        return acte_depasse(
            request, "Le procès-verbal est déjà approuvé.", reverse("seances:proces_verbal", args=[pk])
        )
    combien = pv.seance.convies.filter(convoque_le__isnull=False).count()
    return page_formulaire(
        request,
        None,
        lambda _: actions.soumettre(pv, par=request.user),
        titre="Soumettre le procès-verbal" if pv.etat == EtatPV.BROUILLON else "Soumettre de nouveau",
        consequence=f"Le texte est gardé tel quel, son PDF se prépare, et les {combien} personnes convoquées "
        "reçoivent un lien pour le lire et faire leurs remarques.",
        succes="Le procès-verbal est soumis. Son PDF se prépare.",
        **_cadre(pv),
    )


@reserve_a(Role.AGENT)
def approuver(request: RequeteConnectee, pk: int) -> HttpResponse:
    pv = _trouver(pk)
    if pv.etat != EtatPV.SOUMIS:
        return acte_depasse(
            request,
            "Le procès-verbal est déjà approuvé."
            if pv.etat == EtatPV.APPROUVE
            else "Soumettez le procès-verbal aux membres avant de noter son approbation.",
            reverse("seances:proces_verbal", args=[pk]),
        )
    points = actions.points_d_approbation(pv)
    return page_formulaire(
        request,
        ApprouverForm(request.POST or None, pv=pv, points=points),
        lambda reponses: actions.approuver(pv, par=request.user, **reponses),
        titre="Noter l’approbation",
        consequence="Le PDF est refait avec la mention de l’approbation, puis figé : ni son contenu ni son empreinte ne "
        "changent plus. Les membres sont prévenus.",
        succes="Le procès-verbal est approuvé. Son PDF se prépare, il sera figé ensuite.",
        **_cadre(pv),
    )


@reserve_a(Role.AGENT)
def publier(request: RequeteConnectee, pk: int) -> HttpResponse:
    pv = _trouver(pk)
    if pv.etat != EtatPV.APPROUVE:
        return acte_depasse(
            request, "Seul un procès-verbal approuvé est publié.", reverse("seances:proces_verbal", args=[pk])
        )
    devient = not pv.est_publie
    return page_formulaire(
        request,
        None,
        lambda _: actions.publier(pv, par=request.user, est_publie=devient),
        titre="Publier le procès-verbal" if devient else "Retirer le procès-verbal du site",
        consequence="Chacun peut le lire sur le site, sans les points à huis clos."
        if devient
        else "Il n’est plus lu que par les membres de l’instance et les agents du service.",
        succes="Le procès-verbal est publié." if devient else "Le procès-verbal n’est plus publié.",
        est_dangereux=not devient,
        **_cadre(pv),
    )


def _cadre(pv: ProcesVerbal) -> dict[str, Any]:
    retour = reverse("seances:proces_verbal", args=[pv.seance_id])
    return {
        "retour": retour,
        "fil": [str(pv.seance), pv.seance.get_absolute_url(), "Procès-verbal", retour],
        "sur_quoi": str(pv),
        "app": pv.seance.instance.app,
    }


@require_POST
@reserve_a(Role.AGENT)
def traiter_remarque(request: RequeteConnectee, pk: int) -> HttpResponse:
    remarque = get_object_or_404(RemarquePV.objects.select_related("proces_verbal"), pk=pk)
    retour = reverse("seances:proces_verbal", args=[remarque.proces_verbal.seance_id])
    form = TraiterRemarqueForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Dites en une phrase ce qui est fait de cette remarque.")
        return redirect(f"{retour}#remarques")
    try:
        actions.traiter_remarque(remarque, par=request.user, **form.cleaned_data)
    except ActeInterdit as erreur:
        return acte_depasse(request, erreur.message, retour)
    messages.success(request, "La remarque est traitée.")
    return redirect(f"{retour}#remarques")


@require_POST
@reserve_a(Role.AGENT)
def feuille_presence(request: RequeteConnectee, pk: int) -> HttpResponse:
    seance = get_object_or_404(Seance.objects.avec_instance(), pk=pk)
    if not seance.est_deliberante:
        raise Http404
    document = actions.fabriquer_feuille(seance, par=request.user)
    return redirect("socle:document_etat", document.cle_publique)


# Read by the members, then by everybody


@publique
def lire_proces_verbal(request: HttpRequest, pk: int) -> HttpResponse:
    """The text and its PDF. Until it is published, for the members, who may ask for a change before it is approved."""
    pv = ProcesVerbal.objects.publies().filter(seance=pk).select_related("seance__instance").first()
    est_publie = pv is not None
    visiteur: Compte | None = None
    if pv is None or request.method == "POST":
        if not request.user.is_authenticated:
            if not ProcesVerbal.objects.filter(seance=pk, versions__isnull=False).exists():
                raise Http404
            return redirect_to_login(request.get_full_path())
        visiteur = request.user
        pv = get_object_or_404(
            ProcesVerbal.objects.visibles_par(visiteur).select_related("seance__instance"), seance=pk
        )
    versions = list(pv.versions.select_related("document", "document_public"))
    if not versions:
        raise Http404
    peut_remarquer = (
        visiteur is not None and pv.etat == EtatPV.SOUMIS and actions.membre_de(pv, visiteur) is not None
    )
    form = RemarquerForm(request.POST or None) if peut_remarquer else None
    if request.method == "POST":
        if form is None or visiteur is None:
            raise PermissionDenied
        if form.is_valid():
            try:
                actions.remarquer(pv, par=visiteur, **form.cleaned_data)
            except ActeInterdit as erreur:
                return acte_depasse(request, erreur.message, request.path)  # type: ignore[arg-type]
            messages.success(request, "Votre remarque est transmise au service.")
            return redirect(f"{request.path}#remarques")
    derniere = versions[0]
    en_entier = not est_publie
    releve = derniere.donnees if en_entier else minutes.pour_le_public(derniere.donnees)
    caches = len(derniere.donnees["points"]) - len(releve["points"])
    reponse = render(
        request,
        "seances/lire_proces_verbal.html",
        {
            "pv": pv,
            "seance": pv.seance,
            "app": pv.seance.instance.app,
            "derniere": derniere,
            "versions": [(version, _document_lu(version, en_entier=en_entier)) for version in versions],
            "document": _document_lu(derniere, en_entier=en_entier),
            "lecture": minutes.presenter(releve, derniere.texte, huis_clos=caches),
            "mention": actions.mention(pv, derniere),
            "form": form,
            "est_personnelle": visiteur is not None,
            "remarques": pv.remarques.filter(membre__compte=visiteur) if peut_remarquer else [],
        },
    )
    if visiteur is not None:
        patch_cache_control(reponse, private=True, no_store=True)
    else:
        patch_cache_control(reponse, public=True, max_age=60, stale_while_revalidate=600)
    return reponse


def _document_lu(version: VersionPV, *, en_entier: bool) -> Document | None:
    """The PDF that this reader may have, once it is made."""
    document = version.document
    if not en_entier and version.a_huis_clos:
        document = version.document_public
    if document is None or document.etat != Document.Etat.PRET:
        return None
    return document


@publique
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The PDF of a version, at an address that letters may hold: made again, it stays there."""
    version = get_object_or_404(
        VersionPV.objects.select_related("proces_verbal__seance", "document", "document_public"), pk=pk
    )
    pv = version.proces_verbal
    est_public = pv.etat == EtatPV.APPROUVE and pv.est_publie
    if est_public and not (version.a_huis_clos and request.GET.get("version") == "membres"):
        fichier = _document_lu(version, en_entier=False)
    else:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not pv.est_reserve_a(request.user):
            raise Http404
        est_public, fichier = False, _document_lu(version, en_entier=True)
    if fichier is None:
        raise Http404
    return servir(
        request,
        fichier.fichier,
        nom=nommer(fichier.titre, ".pdf"),
        type_mime=PDF,
        empreinte=fichier.sha256,
        est_public=est_public,
    )


@publique
@require_safe
def proces_verbaux(request: HttpRequest, cle: str) -> HttpResponse:
    """The procès-verbaux that an instance has published, the last séance first."""
    instance = get_object_or_404(Instance, cle=cle, est_publique=True)
    publies = (
        ProcesVerbal.objects.publies()
        .de_l_instance(instance)
        .select_related("seance")
        .prefetch_related("versions__document", "versions__document_public")
        .order_by("-seance__debut", "-pk")
    )
    page = Paginator(publies, PAR_PAGE).get_page(request.GET.get("page"))
    lignes = []
    for pv in page:
        versions = list(pv.versions.all())
        titres = [
            point["titre"]
            for point in minutes.pour_le_public(versions[0].donnees)["points"]
            if point["etat"] != EtatPoint.REPORTE.label
        ]
        lignes.append((pv, versions[0], _document_lu(versions[0], en_entier=False), len(versions), titres))
    reponse = render(
        request,
        "seances/proces_verbaux.html",
        {"instance": instance, "app": instance.app, "page": page, "lignes": lignes},
    )
    patch_cache_control(reponse, public=True, max_age=60, stale_while_revalidate=600)
    return reponse
