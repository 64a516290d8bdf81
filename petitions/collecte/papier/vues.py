"""Paper sheets: printing, entry, check."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.erreurs import ErreurMetier
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Commune, Compte
from participation.socle.views.pages import Page, essayer, pages_de
from participation.socle.workflow import Role
from petitions.collecte.papier import actes
from petitions.collecte.papier.actes import ControleForm, ImprimerForm, LigneForm
from petitions.models import FeuillePapier, Petition
from petitions.trouver import petition_du_bureau


def feuille_du_bureau(request: RequeteConnectee, pk: int) -> FeuillePapier:
    return get_object_or_404(
        FeuillePapier.objects.select_related("petition__reglement", "saisie_par", "controlee_par").filter(
            petition__in=Petition.objects.visibles_par(request.user)
        ),
        pk=pk,
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def feuilles(request: RequeteConnectee, pk: int) -> HttpResponse:
    """List of the sheets of a pétition, and form to print new ones."""
    petition = petition_du_bureau(request, pk)
    form = ImprimerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actes.imprimer_feuilles(petition, par=request.user, **form.cleaned_data)
        except ErreurMetier as erreur:
            form.add_error(None, erreur.message)
        else:
            messages.success(
                request, "Les feuilles se préparent : le PDF arrive dans les documents du dossier."
            )
            return redirect("petitions:feuilles", petition.pk)
    return render(
        request,
        "petitions/papier/feuilles.html",
        {
            "petition": petition,
            "form": form,
            "feuilles": petition.feuilles.select_related("saisie_par", "controlee_par"),
            "documents": petition.documents.filter(nature="petitions/feuille")[:5],
            "Etat": FeuillePapier.Etat,
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def valider_feuille(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Button of the dossier: redirects to the sheets to check."""
    return redirect(reverse("petitions:feuilles", args=[petition_du_bureau(request, pk).pk]) + "#t-controler")


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def saisir_feuille(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Entry line after line, by keyboard; redirects to the check when the sheet is closed to entry."""
    feuille = feuille_du_bureau(request, pk)
    if not feuille.permet("saisir_ligne", request.user):
        return redirect("petitions:controler_feuille", feuille.pk)
    derniere = feuille.lignes.order_by("-ligne").first()
    vides = actes.lignes_vides(feuille)
    demandee = request.GET.get("ligne", "")
    suivante = actes.ligne_suivante(feuille)
    prochaine = int(demandee) if demandee in {str(n) for n in vides} else suivante
    form = LigneForm(
        request.POST if request.method == "POST" else None,
        initial={"commune": derniere.commune_id if derniere else "", "ligne": prochaine},
    )
    doublons = []
    if form.is_valid():
        reponses = {**form.cleaned_data, "commune": Commune.objects.get(pk=form.cleaned_data["commune"])}
        essayer(form, lambda: actes.saisir_ligne(feuille, par=request.user, **reponses))
        if not form.errors:
            return redirect("petitions:saisir_feuille", feuille.pk)
        doublons = actes.doublons_possibles(
            feuille.petition, prenom=reponses["prenom"], nom=reponses["nom"], commune=reponses["commune"]
        )
        if doublons:
            form.demander_verification()
    return render(
        request,
        "petitions/papier/saisir_feuille.html",
        {
            "feuille": feuille,
            "petition": feuille.petition,
            "form": form,
            "doublons": doublons,
            "lignes": feuille.lignes.select_related("commune").order_by("-ligne"),
            "prochaine": prochaine,
            "vides": vides,
        },
    )


PAGES_DES_FEUILLES: dict[str, Page[FeuillePapier]] = pages_de(FeuillePapier, actes)


def decider(feuille: FeuillePapier, par: Compte, *, decision: str, motif: str, conformes: list[int]) -> None:
    if decision == "valider":
        actes.valider_feuille(feuille, par=par, conformes=set(conformes))
    elif decision == "renvoyer":
        actes.renvoyer_feuille(feuille, par=par, motif=motif)
    else:
        actes.rejeter_feuille(feuille, par=par, motif=motif)


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def controler_feuille(request: RequeteConnectee, pk: int) -> HttpResponse:
    feuille = feuille_du_bureau(request, pk)
    form = ControleForm(feuille, request.POST if request.method == "POST" else None)
    if form.is_valid():
        essayer(form, lambda: decider(feuille, request.user, **form.cleaned_data))
        if not form.errors:
            messages.success(request, f"Feuille n° {feuille.numero} : {feuille.get_etat_display()}.")
            return redirect("petitions:feuilles", feuille.petition_id)
    return render(
        request,
        "petitions/papier/controler_feuille.html",
        {
            "feuille": feuille,
            "petition": feuille.petition,
            "form": form,
            "lignes": feuille.lignes.select_related("commune").order_by("ligne"),
            "peut_controler": not feuille.obstacles("valider_feuille", request.user),
            "Etat": FeuillePapier.Etat,
        },
    )
