"""Comités: filling their agendas from the ranked list, pages of their proposals and decisions."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from contrat_ville.comites import actes, inscription
from contrat_ville.comites.lectures import (
    COMITES,
    candidats,
    dossiers_du_comite,
    lit_les_dossiers,
    seances_de,
)
from contrat_ville.models import Projet
from contrat_ville.notification import actes as notification
from contrat_ville.notification import recours
from participation.seances.models import Instance
from participation.seances.trouver import trouver_seance
from participation.socle.actions import un_a_un
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.lots import ActeDeLot
from participation.socle.views.pages import Page, essayer, pages_de
from participation.socle.workflow import Role

A_EXAMINER = 100  # projets on one page: more than a séance examines


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def preparer_comite(request: RequeteConnectee, cle: str) -> HttpResponse:
    """Put projets on the agenda of a séance to come, from the list in order of rank."""
    comite = Instance.objects.filter(cle=cle).first() if cle in COMITES else None
    if comite is None:
        raise Http404
    lus, seances = candidats(cle), seances_de((cle,))
    page = Paginator(lus, A_EXAMINER).get_page(request.GET.get("page"))
    form = inscription.PreparerForm(
        request.POST or None,
        # The rank of those ticked may have changed since their page was read.
        candidats=lus if request.method == "POST" else page,
        seances=seances,
        initial={"projets": [str(candidat.projet.pk) for candidat in page]},
    )
    if form.is_valid():
        reponses: dict[str, Any] = form.cleaned_data
        choisis = set(reponses["projets"])
        projets = [candidat.projet for candidat in lus if str(candidat.projet.pk) in choisis]
        seance, par_axe = reponses["seance"], reponses["points"] == "axe"
        essayer(
            form, lambda: inscription.remplir_le_comite(seance, projets, par=request.user, par_axe=par_axe)
        )
        if not form.errors:
            messages.success(
                request, f"{accorder(len(projets), 'projet')} à l’ordre du jour de « {seance.titre} »."
            )
            return redirect(seance)
    return render(
        request,
        "contrat_ville/comites/preparer.html",
        {
            "form": form,
            "candidats": page,
            "lignes": _lignes(page, form),
            "seances": seances,
            "comite": comite,
        },
    )


@require_safe
def dossiers(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The projets of a séance, for its members: dossier, grids, opinions, what the envelopes leave. Made to be printed too."""
    seance = trouver_seance(request, pk)
    if not lit_les_dossiers(request.user, seance):
        raise Http404
    return render(
        request,
        "contrat_ville/comites/dossiers.html",
        {
            "seance": seance,
            "dossiers": dossiers_du_comite(seance, request.user),
            "retour": reverse("seances:seance" if request.user.est_agent else "seances:ma_seance", args=[pk]),
        },
    )


def _lignes(page: Any, form: inscription.PreparerForm) -> Any:
    """Return each projet of the page with its box. A bound form has the boxes of all the pages."""
    if not page:
        return ()
    debut = page.start_index() - 1 if form.is_bound else 0
    return zip(page, form["projets"][debut : debut + len(page)], strict=True)


def lot_inscrire(compte: Compte) -> ActeDeLot:
    """Put the selected projets on the agenda of one séance, each as its own point."""
    return ActeDeLot(
        "inscrire_au_comite",
        "Inscrire à un comité",
        lambda projets, reponses: un_a_un(
            projets, lambda p: inscription.inscrire_au_comite(p, par=compte, **reponses)
        ),
        form=inscription.InscrireEnLotForm,
        consequence="Chaque projet devient un point de l’ordre du jour.",
    )


PAGES: dict[str, Page[Projet]] = pages_de(Projet, inscription, actes, notification, recours)
