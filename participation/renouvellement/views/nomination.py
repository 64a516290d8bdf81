"""After the list is settled: nomination, waiting list, installation."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from participation.renouvellement.actions import nomination as actions
from participation.renouvellement.forms.campagne import EtapeForm, InstallerForm, NommerForm
from participation.renouvellement.models import Candidature, CollegeCampagne, EtapeInstallation
from participation.renouvellement.notifications import contexte_de
from participation.renouvellement.views.communs import campagne_ou_404, page_acte
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
def nommer_membres(request: RequeteConnectee, pk: int) -> HttpResponse:
    campagne = campagne_ou_404(pk)
    nombre = campagne.candidatures.deposees().filter(choix="retenue").count()
    return page_acte(
        request,
        campagne,
        "nommer_membres",
        NommerForm,
        lambda reponses: actions.nommer_membres(campagne, par=request.user, **reponses),
        consequence=f"La mandature {campagne.mandature_intitule} est créée avec ses collèges. {nombre} personnes en deviennent "
        "membres, leur espace est ouvert, une lettre leur dit comment entrer. Les élus se nomment ensuite sur la page de l’instance.",
    )


@reserve_a(Role.AGENT)
def installer_mandature(request: RequeteConnectee, pk: int) -> HttpResponse:
    campagne = campagne_ou_404(pk)
    return page_acte(
        request,
        campagne,
        "installer_mandature",
        InstallerForm,
        lambda reponses: actions.installer_mandature(campagne, par=request.user, **reponses),
        consequence="La nouvelle mandature siège. La liste d’attente reste utilisable quand une place se libère.",
    )


@require_POST
@reserve_a(Role.AGENT)
def cocher_etape(request: RequeteConnectee, pk: int) -> HttpResponse:
    etape = get_object_or_404(EtapeInstallation.objects.select_related("campagne"), pk=pk)
    actions.cocher_etape(etape, par=request.user, faite="faite" in request.POST)
    return redirect(f"{etape.campagne.get_absolute_url()}#installation")


@reserve_a(Role.AGENT)
def ajouter_etape(request: RequeteConnectee, pk: int) -> HttpResponse:
    campagne = campagne_ou_404(pk)
    return page_acte(
        request,
        campagne,
        "cocher_etape",
        EtapeForm,
        lambda reponses: actions.ajouter_etape(campagne, par=request.user, **reponses),
        titre="Ajouter une étape",
        succes="L’étape est ajoutée.",
        retour=f"{campagne.get_absolute_url()}#installation",
    )


@reserve_a(Role.AGENT)
def appeler_suivant(request: RequeteConnectee, pk: int) -> HttpResponse:
    college = get_object_or_404(
        CollegeCampagne.objects.select_related("campagne__instance", "college__mandature"), pk=pk
    )
    candidature = actions.suivante(college)
    apercu = None
    consequence = "La liste d’attente de ce collège est épuisée."
    if candidature is not None:
        candidature.campagne, candidature.college = college.campagne, college
        consequence = (
            f"La place est proposée à la candidature n° {candidature.numero}, {candidature.nom_affiche} "
            f"(rang {candidature.rang_attente}). Sans réponse dans les {college.campagne.reponse_jours} jours, "
            "vous pourrez appeler la suivante."
        )
        if candidature.courriel:
            apercu = ("renouvellement/appeler_suivant", contexte_de(candidature))
        else:
            consequence += " Elle n’a pas d’adresse de courriel : appelez-la, puis notez sa réponse."
    return page_acte(
        request,
        college.campagne,
        "appeler_suivant",
        None,
        lambda _: actions.appeler_suivant(college, par=request.user),
        sujet=f"Collège « {college} »",
        consequence=consequence,
        apercu=apercu,
        retour=f"{college.campagne.get_absolute_url()}#attente",
    )


@require_POST
@reserve_a(Role.AGENT)
def noter_reponse(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The person answered by telephone."""
    candidature = get_object_or_404(
        Candidature.objects.select_related(
            "campagne__instance", "college__college__mandature", "commune", "quartier"
        ),
        pk=pk,
    )
    try:
        actions.repondre_appel(candidature, accepte="oui" in request.POST, par=request.user)
    except ActeInterdit:
        raise
    except ErreurMetier as refus:
        messages.error(request, refus.message)
    except ValidationError as refus:
        messages.error(request, " ".join(refus.messages))
    else:
        messages.success(request, "La réponse est notée.")
    return redirect(reverse("renouvellement:candidature", args=[pk]))
