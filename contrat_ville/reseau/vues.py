"""Network of supported projets: page of a team, page of the service."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from contrat_ville.models import Projet, Voisin
from contrat_ville.reseau import actes, lectures
from contrat_ville.trouver import projet_de_l_equipe, projet_du_bureau
from contrat_ville.workflow.reseau import RESEAU_CLE
from participation.seances.models import Instance
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page, essayer
from participation.socle.workflow import Role

PAR_PAGE = 50
CONTACTS_MONTRES = 100
CE_QU_ON_VOIT = (
    "Les équipes qui ont rejoint le réseau voient le nom de votre projet, son porteur, ses quartiers et ce que vous écrivez ici. "
    "Jamais une adresse, jamais un nom de personne."
)


def voisin_de_l_equipe(request: RequeteConnectee, pk: int) -> Voisin:
    voisin = get_object_or_404(Voisin.objects.select_related("projet", "autre__porte_par"), pk=pk)
    voisin.projet = projet_de_l_equipe(request, voisin.projet_id)
    return voisin


def voisin_du_bureau(request: RequeteConnectee, pk: int) -> Voisin:
    voisin = get_object_or_404(Voisin.objects.select_related("autre__porte_par"), pk=pk)
    voisin.projet = projet_du_bureau(request, voisin.projet_id)
    return voisin


def _au_reseau(objet: Projet | Voisin, fait: Any = None) -> str:
    return (objet.projet if isinstance(objet, Voisin) else objet).get_reseau_url()


DE_L_EQUIPE: dict[str, Page[Projet]] = {
    "rejoindre_reseau": Page(
        actes.rejoindre_reseau,
        actes.PresentationForm,
        f"{CE_QU_ON_VOIT} Vous pouvez le quitter à tout moment.",
        est_publique=True,
        retour=_au_reseau,
        succes="Votre projet est dans le réseau.",
    ),
    "decrire_au_reseau": Page(
        actes.decrire_au_reseau,
        actes.PresentationForm,
        CE_QU_ON_VOIT,
        est_publique=True,
        retour=_au_reseau,
        succes="Ce que le réseau lit est changé.",
    ),
    "quitter_reseau": Page(
        actes.quitter_reseau,
        consequence="Votre projet n’est plus proposé à personne, et plus personne ne vous écrit par le réseau. Les équipes avec qui vous êtes en contact sont prévenues.",
        est_publique=True,
        retour=_au_reseau,
        succes="Votre projet n’est plus dans le réseau.",
    ),
    "proposer_contact": Page(
        actes.proposer_contact,
        actes.ProposerContactForm,
        est_publique=True,
        retour=_au_reseau,
        succes="Le contact est proposé : l’autre équipe répond sur sa page.",
        en_un_clic=True,
    ),
}
DES_VOISINS: dict[str, Page[Voisin]] = {
    "accepter_contact": Page(
        actes.accepter_contact,
        est_publique=True,
        retour=_au_reseau,
        succes="Vous êtes en contact : vous pouvez vous écrire.",
        en_un_clic=True,
    ),
    "decliner_contact": Page(
        actes.decliner_contact,
        est_publique=True,
        retour=_au_reseau,
        succes="Vous ne donnez pas suite. L’autre équipe est prévenue.",
        en_un_clic=True,
    ),
    "ecrire_voisin": Page(
        actes.ecrire_voisin,
        actes.EcrireVoisinForm,
        lambda v: f"À l’équipe de « {v.autre.titre} » ({v.autre.porte_par}).",
        est_publique=True,
        retour=_au_reseau,
        succes="Votre message est parti.",
    ),
    "reprendre_contact": Page(
        actes.reprendre_contact,
        est_publique=True,
        retour=_au_reseau,
        succes="Le contact est proposé de nouveau : l’autre équipe répond sur sa page.",
        en_un_clic=True,
    ),
    "rompre_contact": Page(
        actes.rompre_contact,
        consequence=lambda v: (
            f"Vous ne pourrez plus écrire à l’équipe de « {v.autre.titre} », ni elle à la vôtre. Vous pourrez reprendre contact."
        ),
        est_publique=True,
        retour=_au_reseau,
        succes="Vous n’êtes plus en contact.",
    ),
}
DU_BUREAU: dict[str, Page[Voisin]] = {
    "terminer_contact": Page(
        actes.terminer_contact,
        actes.TerminerContactForm,
        lambda v: (
            f"Les équipes de « {v.projet.titre} » et de « {v.autre.titre} » ne peuvent plus s’écrire. Les deux reçoivent la raison."
        ),
        apercu=lambda v, reponses: (
            "contrat_ville/terminer_contact",
            {"autre": v.autre, "lien_reseau": v.projet.get_reseau_url(), **reponses},
        ),
        retour=lambda _, __: reverse("contrat_ville:reseau"),
        succes="Le contact est terminé : les deux équipes sont prévenues.",
    )
}


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
