"""Pages of the tables of paper: the list, one table, its model, its refused rows."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participation.inclusion.models import LotPapier
from participation.inclusion.papier import actes
from participation.inclusion.papier.tableau import Lecteur, genres
from participation.inclusion.trouver import lot_du_bureau
from participation.inclusion.workflow import EtatLigne, EtatLot
from participation.socle.forms.filters import Filtres
from participation.socle.francais import majuscule
from participation.socle.http.decorateurs import publique, reserve_a
from participation.socle.http.protocole import Ensuite
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import ReglageService
from participation.socle.views.colonnes import Cellule, Colonne, colonne_etat
from participation.socle.views.dossier import page_dossier
from participation.socle.views.exports import en_csv
from participation.socle.views.listes import Liste, page_liste
from participation.socle.workflow import Role

MONTREES = 100  # lines at fault shown


class LotFilter(Filtres):
    etat = django_filters.ChoiceFilter(
        label="État", empty_label="Tous", choices=[(e.value, majuscule(e.label)) for e in EtatLot]
    )

    class Meta:
        model = LotPapier
        fields: list[str] = []


@reserve_a(Role.AGENT)
@require_safe
def lots(request: RequeteConnectee) -> HttpResponseBase:
    modeles = [
        (
            genre.titre,
            nom,
            reverse("inclusion:modele_de_lot", args=[genre.cle, numero]) if genre.inscrire else "",
            reverse("inclusion:imprimer_formulaire", args=[genre.cle, numero]) if genre.en_ligne else "",
        )
        for genre in genres().values()
        for numero, nom in genre.objets()
    ]
    return page_liste(
        request,
        Liste(
            cle="inclusion:lots",
            titre="Papier",
            chapeau="Signatures, idées, inscriptions reçues sur papier et tapées dans un tableau.",
            objets=LotPapier.objects.visibles_par(request.user).select_related("agent"),
            filtres=LotFilter,
            colonnes=[
                Colonne(
                    "titre",
                    "Lot",
                    lambda lot: Cellule(lot.titre, sous=lot.reference),
                    export=lambda lot: lot.titre,
                    tri="titre",
                ),
                colonne_etat("etat"),
                Colonne("le", "Envoyé le", lambda lot: lot.ouvert_le, tri="ouvert_le"),
                Colonne("par", "Par", lambda lot: lot.agent),
            ],
            tri="-ouvert_le",
            singulier="lot",
            pluriel="lots",
            app="inclusion",
            vide="Envoyez un premier tableau : partez du modèle de la démarche, ci-dessous.",
        ),
        "inclusion/lots.html",
        {"modeles": modeles},
    )


@reserve_a(Role.AGENT)
@require_safe
def lot(request: RequeteConnectee, pk: int) -> HttpResponse:
    choisi = lot_du_bureau(request, pk)
    lignes = choisi.lignes.order_by("numero")
    comptes = {etat.value: 0 for etat in EtatLigne}
    for etat in choisi.lignes.order_by().values_list("etat", flat=True):
        comptes[etat] += 1
    return page_dossier(
        request,
        choisi,
        "inclusion/lot.html",
        {
            "comptes": comptes,
            "rejetees": comptes[EtatLigne.EN_FAUTE] + comptes[EtatLigne.REFUSEE],
            "a_voir": [_ligne(choisi, une) for une in lignes.filter(etat=EtatLigne.A_VOIR)[:MONTREES]],
            "fautes": lignes.exclude(etat__in=[EtatLigne.A_VOIR, EtatLigne.RETENUE])[:MONTREES],
            "colonnes": [titre for _, titre in choisi.colonnes],
        },
    )


def _ligne(choisi: LotPapier, ligne: Any) -> tuple[int, list[str]]:
    return ligne.numero, [ligne.valeurs.get(nom, "") for nom, _ in choisi.colonnes]


@reserve_a(Role.AGENT)
@require_safe
def modele(request: RequeteConnectee, genre: str, cible: int) -> StreamingHttpResponse:
    """The names of the columns, in a table to fill in."""
    connu = genres().get(genre)
    if connu is None or connu.inscrire is None or cible not in dict(connu.objets()):
        raise Http404
    return en_csv(f"modele-{genre}-{cible}", list(Lecteur.de(connu, cible, request.user).titres.values()), [])


@require_POST
@reserve_a(Role.AGENT)
def imprimer(request: RequeteConnectee, genre: str, cible: int) -> HttpResponse:
    """Ask for the printed form, in large print (`en_gros`) or not, and go to where it is being made."""
    connu = genres().get(genre)
    if connu is None or connu.en_ligne is None or cible not in dict(connu.objets()):
        raise Http404
    document = actes.imprimer_formulaire(connu, cible, par=request.user, en_gros="en_gros" in request.POST)
    return redirect("socle:document_etat", document.cle_publique)


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sur_papier(request: HttpRequest, genre: str, cible: int) -> HttpResponse:
    """Where anybody finds the form to print: made once for its questions, in ordinary letters or in large ones."""
    connu = genres().get(genre)
    quoi = dict(connu.objets()).get(cible) if connu is not None and connu.est_public else None
    if connu is None or quoi is None or connu.en_ligne is None:
        raise Http404
    if request.method == "POST":
        actes.imprimer_formulaire(connu, cible, par=None, en_gros="en_gros" in request.POST)
        return Ensuite(request.path)
    faits = [(en_gros, actes.formulaire_imprime(connu, cible, en_gros=en_gros)) for en_gros in (False, True)]
    return render(
        request,
        "inclusion/sur_papier.html",
        {"quoi": quoi, "faits": faits, "en_ligne": connu.en_ligne(cible), "service": ReglageService.actuel()},
    )


@reserve_a(Role.AGENT)
@require_safe
def rejets(request: RequeteConnectee, pk: int) -> StreamingHttpResponse:
    """The rows refused, with the reason: corrected there, they are sent again."""
    choisi = lot_du_bureau(request, pk)
    refusees = choisi.lignes.filter(etat__in=[EtatLigne.EN_FAUTE, EtatLigne.REFUSEE]).order_by("numero")

    def lignes() -> Iterator[list[Any]]:
        for ligne in refusees:
            yield [*_ligne(choisi, ligne)[1], ligne.numero, ligne.raison]

    return en_csv(
        f"lignes-refusees-{choisi.reference}",
        [*(titre for _, titre in choisi.colonnes), "Ligne d’origine", "Pourquoi elle est refusée"],
        lignes(),
    )
