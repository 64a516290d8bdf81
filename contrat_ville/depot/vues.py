"""The team writes its projet in steps, then files it."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from contrat_ville.depot import actes, brouillon, budget, equipe
from contrat_ville.depot.actes import adresse_etape, connu_d_ailleurs
from contrat_ville.depot.budget import BudgetForm
from contrat_ville.instruction.dossier import ETAPES, budget_de, etapes_de, pieces_de
from contrat_ville.models import Commentaire, Equipier, Programmation, Projet
from contrat_ville.trouver import projet_de_l_equipe
from contrat_ville.workflow import Etat
from participation.socle.forms.actes import ActeForm
from participation.socle.http import limites
from participation.socle.http.protocole import ferme
from participation.socle.http.requete import RequeteConnectee, est_un_numero
from participation.socle.models import Piece
from participation.socle.views.liens import LienPerdu
from participation.socle.views.pages import Page, agir, essayer, lier, pages

FORMULAIRES: dict[str, type[ActeForm]] = {
    "porteur": brouillon.PorteurForm,
    "projet": brouillon.ProjetForm,
    "publics": brouillon.PublicsForm,
    "moyens": brouillon.MoyensForm,
}


@require_http_methods(["GET", "HEAD", "POST"])
def commencer(request: RequeteConnectee, annee: int) -> HttpResponse:
    """Give a name to a new draft."""
    programmation = get_object_or_404(Programmation.objects.publiques(), annee=annee)
    form = lier(request, brouillon.CommencerForm, programmation)
    if form.is_valid():
        # Counted by network only: a person can have many addresses.
        if limites.tenter_aussi_sans_boite(request, "commencer", "") is None:
            form.add_error(
                None,
                "Beaucoup de brouillons viennent d’être commencés depuis votre connexion. Réessayez dans une heure.",
            )
        else:
            projet = essayer(
                form,
                lambda: brouillon.commencer(
                    par=request.user, programmation=programmation, **form.cleaned_data
                ),
            )
            if projet is not None:
                return redirect("contrat_ville:rediger", projet.pk, "porteur")
    return render(
        request,
        "contrat_ville/equipe/commencer.html",
        {"form": form, "programmation": programmation, "ouverte": programmation.est_ouverte},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reprendre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Redirect to the first step to write: it lacks something or has an open comment.

    Without one, to the deposit of a draft, or to the step « projet ».
    """
    projet = projet_de_l_equipe(request, pk)
    demandees = {etape_du_champ(commentaire.champ) for commentaire in commentaires_ouverts(projet)}
    a_ecrire = (etape.cle for etape in etapes_de(projet) if etape.manques or etape.cle in demandees)
    return redirect(
        adresse_etape(projet, next(a_ecrire, "deposer" if projet.etat == Etat.BROUILLON else "projet"))
    )


def commentaires_ouverts(projet: Projet) -> list[Commentaire]:
    return list(projet.commentaires.filter(etat=Commentaire.Etat.OUVERT)) if projet.depose_le else []


def etape_du_champ(champ: str) -> str:
    """Step where the field is written."""
    if champ in ETAPES:
        return champ
    return next((etape for etape, form in FORMULAIRES.items() if champ in form.base_fields), "projet")


@require_http_methods(["GET", "HEAD", "POST"])
def rediger(request: RequeteConnectee, pk: int, etape: str) -> HttpResponse:
    """One step of the draft, or of a projet sent back for a complément."""
    if etape not in ETAPES or etape == "deposer":
        raise Http404
    projet = projet_de_l_equipe(request, pk)
    if fermee := projet.obstacles("enregistrer_brouillon", request.user):
        return ferme(request, " ".join(fermee), reverse("contrat_ville:mon_projet", args=[pk]))
    if etape == "budget":
        return rediger_budget(request, projet)
    if etape == "pieces":
        return rediger_pieces(request, projet)
    if etape == "equipe":
        return page_etape(
            request,
            projet,
            etape,
            {
                "equipe": projet.equipe.select_related("compte"),
                "peut_inviter": projet.permet("inviter_equipier", request.user),
                "moi": projet.equipier(request.user),
            },
        )
    # A porteur known from another team is shown by its name only, and not changed here.
    if etape == "porteur" and connu_d_ailleurs(projet) and "changer" not in request.GET:
        return page_etape(request, projet, etape, {"connu": projet.porte_par})
    page = Page[Projet](
        brouillon.dire_porteur if etape == "porteur" else brouillon.enregistrer_brouillon,
        lambda *donnees, objet, par: FORMULAIRES[etape](*donnees, objet=a_ecrire(objet, etape), par=par),
    )
    form = lier(request, page.form, projet)
    if form.is_valid():
        agir(page, projet, form, request.user)
        if not form.errors:
            if etape == "porteur" and connu_d_ailleurs(projet):
                messages.info(
                    request,
                    f"{projet.porte_par} est déjà connu sous ce SIRET : ses coordonnées restent celles que nous avons.",
                )
            return apres_etape(request, projet, etape)
    return page_etape(request, projet, etape, {"form": form})


def a_ecrire(projet: Projet, etape: str) -> Projet:
    """Return the projet that the form begins with: without a porteur written by another team."""
    if etape == "porteur" and connu_d_ailleurs(projet):
        return Projet(pk=projet.pk, programmation=projet.programmation)
    return projet


def rediger_budget(request: RequeteConnectee, projet: Projet) -> HttpResponse:
    form = BudgetForm(request.POST if request.method == "POST" else None, projet=projet)
    if request.method == "POST" and form.is_valid():
        essayer(
            form.general,
            lambda: budget.ecrire_budget(projet, par=request.user, lignes=form.lignes(), vu=form.vu),
        )
        if not form.general.errors:
            if "encore" in request.POST:
                return redirect(f"{reverse('contrat_ville:rediger', args=[projet.pk, 'budget'])}#lignes")
            return apres_etape(request, projet, "budget")
    return page_etape(request, projet, "budget", {"budget_form": form, "budget": budget_de(projet)})


def rediger_pieces(request: RequeteConnectee, projet: Projet) -> HttpResponse:
    form = brouillon.JoindreForm(objet=projet)
    if "retirer" in request.POST:
        numero = request.POST["retirer"]
        if not est_un_numero(numero):
            raise Http404
        # Pieces of the team only: those joined by the service or a partner cannot be removed here.
        siennes = Piece.objects.filter(du_projet__isnull=False, dossier=projet.pk, retiree_le=None).distinct()
        piece = get_object_or_404(siennes, pk=int(numero))
        brouillon.retirer_du_projet(projet, par=request.user, piece=piece)
        messages.success(request, f"« {piece.titre} » est retirée.")
        return redirect("contrat_ville:rediger", projet.pk, "pieces")
    if request.method == "POST":
        form = lier(request, brouillon.JoindreForm, projet)
        if form.is_valid():
            agir(Page[Projet](brouillon.joindre_au_projet), projet, form, request.user)
        if not form.errors:
            messages.success(request, "La pièce est jointe.")
            return redirect("contrat_ville:rediger", projet.pk, "pieces")
    return page_etape(request, projet, "pieces", {"form": form, "pieces": pieces_de(projet)})


def page_etape(
    request: RequeteConnectee, projet: Projet, etape: str, contexte: dict[str, Any]
) -> HttpResponse:
    noms = list(ETAPES)
    rang = noms.index(etape)
    lues = etapes_de(projet)
    est_un_brouillon = projet.etat == Etat.BROUILLON
    return render(
        request,
        f"contrat_ville/equipe/{etape}.html"
        if etape in {"porteur", "budget", "pieces", "equipe"}
        else "contrat_ville/equipe/_etape.html",
        {
            "projet": projet,
            "etape": etape,
            "titre_etape": ETAPES[etape],
            "etapes": [*list(ETAPES.values())[:-1], ETAPES["deposer"] if est_un_brouillon else "Renvoyer"],
            "rang": rang + 1,
            "lues": lues,
            "complement": projet.complement_ouvert() if projet.depose_le else None,
            "commentaires": [c for c in commentaires_ouverts(projet) if etape_du_champ(c.champ) == etape],
            "manques": next((lue.manques for lue in lues if lue.cle == etape), []),
            "url_precedente": adresse_etape(projet, noms[rang - 1]) if rang else "",
            "url_suivante": adresse_etape(projet, noms[rang + 1]),
            **contexte,
        },
    )


def apres_etape(request: RequeteConnectee, projet: Projet, etape: str) -> HttpResponse:
    if "plus_tard" in request.POST:
        messages.success(request, "C’est enregistré. Vous pouvez le reprendre quand vous voulez.")
        return redirect("contrat_ville:mes_projets")
    noms = list(ETAPES)
    return redirect(adresse_etape(projet, noms[noms.index(etape) + 1]))


def equipier_de(request: RequeteConnectee, pk: int) -> Equipier:
    """A member of a projet whose team the account belongs to, or one's own invitation; LienPerdu else."""
    equipier = (
        Equipier.objects.select_related("projet__programmation", "compte", "invite_par")
        .filter(Q(compte=request.user) | Q(projet__in=Projet.objects.de_l_equipe(request.user)), pk=pk)
        .first()
    )
    if equipier is None:
        raise LienPerdu(
            "aucune invitation",
            "Si elle a été retirée ou refusée, demandez à l’équipe de vous inviter de nouveau. "
            "Si vous avez deux adresses, connectez-vous avec celle qui a reçu la lettre.",
        )
    equipier.est_soi = equipier.compte_id == request.user.pk
    return equipier


DE_L_EQUIPE: dict[str, Page[Projet]] = pages(actes.deposer, equipe.inviter_equipier)
DU_BUREAU: dict[str, Page[Projet]] = pages(equipe.ouvrir_equipe)
