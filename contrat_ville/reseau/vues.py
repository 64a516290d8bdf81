"""Network of supported projets: page of a team, page of the service."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from contrat_ville.models import Voisin
from contrat_ville.reseau import actes, lectures
from contrat_ville.reseau.actes import CE_QU_ON_VOIT
from contrat_ville.trouver import projet_de_l_equipe, projet_du_bureau
from contrat_ville.workflow import RESEAU_CLE
from participation.seances.models import Instance
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page, essayer, pages
from participation.socle.workflow import Role

PAR_PAGE = 50
CONTACTS_MONTRES = 100


def voisin_de_l_equipe(request: RequeteConnectee, pk: int) -> Voisin:
    voisin = get_object_or_404(Voisin.objects.select_related("projet", "autre__porte_par"), pk=pk)
    voisin.projet = projet_de_l_equipe(request, voisin.projet_id)
    return voisin


def voisin_du_bureau(request: RequeteConnectee, pk: int) -> Voisin:
    voisin = get_object_or_404(Voisin.objects.select_related("autre__porte_par"), pk=pk)
    voisin.projet = projet_du_bureau(request, voisin.projet_id)
    return voisin


DES_VOISINS: dict[str, Page[Voisin]] = pages(
    actes.accepter_contact,
    actes.decliner_contact,
    actes.ecrire_voisin,
    actes.reprendre_contact,
    actes.rompre_contact,
)
DU_BUREAU: dict[str, Page[Voisin]] = pages(actes.terminer_contact)


@require_safe
def mon_reseau(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Network of a projet: suggestions with reasons, contacts and messages, next meeting."""
    projet = projet_de_l_equipe(request, pk)
    adhesion = getattr(projet, "adhesion", None)
    return render(
        request,
        "contrat_ville/reseau/mon_reseau.html",
        {
            "projet": projet,
            "adhesion": adhesion,
            "ce_qu_on_voit": CE_QU_ON_VOIT,
            "actes": projet.actes_permis_a(request.user),
            "suggestions": lectures.suggestions(projet) if adhesion is not None else [],
            "echanges": [
                (echange, echange.voisin.actes_permis_a(request.user))
                for echange in lectures.echanges_de(projet)
            ],
            "rencontre": lectures.seances_du_reseau().first(),
        },
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def reseau(request: RequeteConnectee) -> HttpResponse:
    """Members and meetings of the network; invite all the teams to a meeting."""
    form = actes.InviterReseauForm(request.POST or None)
    if form.is_valid():
        seance = form.cleaned_data["seance"]
        combien = essayer(form, lambda: actes.inviter_le_reseau(seance, par=request.user))
        if not form.errors:
            messages.success(request, f"{accorder(combien, 'équipe invitée', 'équipes invitées')}.")
            return redirect(seance)
    contacts = list(lectures.contacts_ouverts()[: CONTACTS_MONTRES + 1])
    page = Paginator(lectures.membres(), PAR_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "contrat_ville/reseau/reseau.html",
        {
            "page": page,
            "lignes": [(a, accorder(a.contacts, "contact", aucun="aucun")) for a in page],
            "contacts": contacts[:CONTACTS_MONTRES],
            "contacts_en_plus": len(contacts) > CONTACTS_MONTRES,
            "seances": lectures.seances_du_reseau(),
            "instance": Instance.objects.filter(cle=RESEAU_CLE).first(),
            "form": form,
        },
    )
