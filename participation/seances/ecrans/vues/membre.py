"""The member's phone during a séance: current point, vote, speech, presence."""

import time
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participation.seances.ecrans.lectures import SeanceEnCours
from participation.seances.ecrans.place import PlaceDuMembre, place_du_membre, voix_du_membre
from participation.seances.ecrans.vues.gestes import est_a_jour, faire, rien_de_nouveau
from participation.seances.models import (
    ComptePapier,
    Convie,
    DemandeSecret,
    Deport,
    Point,
    Presence,
    Seance,
    Vote,
)
from participation.seances.points import actes as points
from participation.seances.points import parole
from participation.seances.points.actes import MeDeporterForm, MonDesaccordForm
from participation.seances.presence import actes as presence
from participation.seances.presence.lectures import quorum_sans
from participation.seances.votes import actes as votes
from participation.seances.votes import papier
from participation.seances.votes.elections import actes as elections
from participation.seances.votes.elections.lectures import votants
from participation.seances.votes.papier import DonnerSonCompteForm, dire_le_compte
from participation.seances.workflow import EtatVote, Sens
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import minuscule
from participation.socle.http.protocole import acte_depasse
from participation.socle.http.requete import RequeteConnectee, est_un_numero
from participation.socle.views.pages import Page, page_acte

FRAICHEUR = 30  # seconds after which the data is read again, even for the same version


def convie_de(request: RequeteConnectee, pk: int) -> Convie:
    """Return the Convie of the person who asks, or raise 404. With two seats: the one still held."""
    convie = (
        Convie.objects.select_related(
            "seance__instance",
            "seance__reglement",
            "seance__mandature",
            "seance__presidee_par__compte",
            "membre__compte",
            "membre__college",
        )
        .filter(seance=pk, membre__compte=request.user, seance__nature__in=Seance.DELIBERANTES)
        .order_by(F("retire_le").asc(nulls_first=True), "pk")
        .first()
    )
    if convie is None:
        raise Http404
    return convie


@lru_cache(maxsize=16)
def _seance_en_cours(pk: int, version: int, du_point: str | None, periode: int) -> SeanceEnCours:
    """Read the séance once for each version and process: sixty phones ask for it at the same time.

    The cached value must never be changed.
    """
    seance = (
        Seance.objects.avec_instance().select_related("presidee_par__compte").get(pk=pk, version__gte=version)
    )
    return SeanceEnCours(seance)


def _place(request: RequeteConnectee, pk: int) -> PlaceDuMembre:
    place = place_du_membre(pk, request.user)
    if place is None:
        raise Http404
    return place


def _ecran(request: RequeteConnectee, pk: int, place: PlaceDuMembre, *, partiel: bool) -> HttpResponse:
    en_cours = _seance_en_cours(pk, place.version, place.du_point, int(time.time() // FRAICHEUR))
    # Convened after the cached reading, without a line in the journal: read this row alone.
    convie = en_cours.situation.par_numero(place.convie) or convie_de(request, pk)
    convie.seance = en_cours.seance
    sienne = next((ligne for ligne in en_cours.paroles if ligne.parole.convie_id == convie.pk), None)
    se_deporte = en_cours.situation.est_deporte(convie, en_cours.courant)
    contexte = {
        "version": place.marque,
        "seance": en_cours.seance,
        "convie": convie,
        "ecran": en_cours,
        "app": convie.seance.instance.app,
        "presence": en_cours.situation.presences.get(convie.pk),
        "modes": convie.seance.modes,
        "parole": sienne,
        "se_deporte": se_deporte,
        "deport": next((d for d in en_cours.deports if d.convie_id == convie.pk), None)
        if se_deporte
        else None,
        "peut_revenir": se_deporte and en_cours.vote is None,
        "voix": voix_du_membre(en_cours, convie),
        "mon_compte": next((une for une in en_cours.papier if une.compte.convie_id == convie.pk), None),
        "a_le_vote": (a_le_vote := en_cours.situation.a_le_vote(convie)),
        "peut_demander_le_secret": en_cours.seance.vote
        and en_cours.vote_ouvert is None
        and a_le_vote
        and not se_deporte
        and not en_cours.sans_secret
        and not DemandeSecret.objects.filter(point=en_cours.courant, convie=convie).exists(),
        "change": request.GET.get("changer", ""),
        "prend_part": en_cours.election is not None
        and convie.pk in {c.pk for c in votants(en_cours.election.election, en_cours.situation)},
        "sens": Sens.choices,
    }
    gabarit = "seances/ecrans/_membre.html" if partiel else "seances/ecrans/membre.html"
    return render(request, gabarit, contexte)


@require_safe
def en_cours(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _ecran(request, pk, _place(request, pk), partiel=False)


@require_safe
def en_cours_etat(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Answer the poll of a phone, every three seconds: one query checks the version and the right to ask."""
    place = _place(request, pk)
    if est_a_jour(request, place.marque):
        return rien_de_nouveau()
    return _ecran(request, pk, place, partiel=True)


def _faire(request: RequeteConnectee, pk: int, agir: object, succes: str = "") -> HttpResponse:
    return faire(
        request,
        agir,  # type: ignore[arg-type]
        reverse("seances:ma_seance_en_cours", args=[pk]),
        lambda: _ecran(request, pk, _place(request, pk), partiel=True),
        succes,
    )


@require_POST
def voter(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Vote. POST: `vote`, `voix` (Convie number), `sens`; `change` to change a named vote.

    A secret ballot needs `confirme`.
    """
    convie = convie_de(request, pk)
    vote = get_object_or_404(
        Vote.objects.select_related("point__seance"),
        point__seance=convie.seance,
        pk=_nombre(request.POST.get("vote")),
    )
    voix = get_object_or_404(
        Convie.objects.select_related("membre__compte", "membre__college"),
        seance=convie.seance,
        pk=_nombre(request.POST.get("voix")),
    )

    def agir() -> None:
        if vote.forme == Vote.Forme.SECRET and "confirme" not in request.POST:
            raise ErreurMetier("Confirmez votre bulletin : une fois dans l’urne, il ne se change plus.")
        try:
            votes.voter(
                vote,
                convie,
                sens=request.POST.get("sens", ""),
                au_nom_de=voix,
                change="change" in request.POST,
            )
        except ActeInterdit:
            votes.noter_voix_tardive(vote, voix)
            raise

    return _faire(request, pk, agir)


@require_POST
def parler(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Ask for the floor, or withdraw the request."""
    convie = convie_de(request, pk)
    if "retirer" in request.POST:
        return _faire(request, pk, lambda: parole.retirer_la_parole(convie, par=request.user))
    return _faire(request, pk, lambda: parole.demander_la_parole(convie, par=request.user))


@require_POST
def changer_presence(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Change the mode of presence, or leave. The first arrival in the room needs its code."""
    convie = convie_de(request, pk)
    if "partir" in request.POST:
        return _faire(request, pk, lambda: presence.partir(convie, par=request.user))
    mode = request.POST.get("mode", "")
    return _faire(
        request,
        pk,
        lambda: presence.arriver(convie, mode=mode, par=request.user, source=Presence.Source.MEMBRE),
    )


def _point_de(request: RequeteConnectee, convie: Convie) -> Point:
    points = Point.objects.select_related("seance").filter(seance=convie.seance)
    return get_object_or_404(points, pk=_nombre(request.POST.get("point")))


@require_http_methods(["GET", "HEAD", "POST"])
def me_deporter(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Say what stepping aside does, ask the reason, then do it. `?point=`: the point that the phone showed."""
    convie = convie_de(request, pk)
    point = _point_montre(request, convie)
    en_cours = reverse("seances:ma_seance_en_cours", args=[pk])
    page: Page[Convie] = Page(
        lambda convie, *, par, motif: points.me_deporter(convie, point, par=par, motif=motif),
        MeDeporterForm,
        titre="Me déporter de ce point",
        consequence=lambda convie: dire_le_deport(convie, point),
        succes="Votre déport est noté : vous ne votez pas sur ce point.",
        retour=en_cours,
        contexte=lambda *_: {"fil": [("Séance en cours", en_cours)], "sujet": str(point)},
        est_publique=True,
    )
    return page_acte(request, convie, "me_deporter", page)


def dire_le_deport(convie: Convie, point: Point) -> str:
    quorum = quorum_sans(convie, point)
    perdu = f" Le quorum n’y serait plus atteint : {minuscule(quorum.phrase)}" if quorum.fait_defaut else ""
    return f"Vous ne prenez part ni au débat ni au vote de ce point, et vous n’y êtes pas compté.{perdu}"


@require_POST
def lever_mon_deport(request: RequeteConnectee, pk: int) -> HttpResponse:
    convie = convie_de(request, pk)
    deport = get_object_or_404(
        Deport.objects.select_related("point", "convie__membre__compte"),
        convie=convie,
        point=_nombre(request.POST.get("point")),
    )
    deport.point.seance = convie.seance
    return _faire(
        request,
        pk,
        lambda: points.lever_mon_deport(deport, par=request.user),
        "Votre déport est levé : vous votez de nouveau sur ce point.",
    )


def _point_montre(request: RequeteConnectee, convie: Convie) -> Point:
    """Return the point of the address, which the phone showed, or else the current one."""
    numero = request.GET.get("point")
    choisi = convie.seance.point_courant_id or 0 if numero is None else _nombre(numero)
    return get_object_or_404(Point.objects.select_related("seance"), seance=convie.seance, pk=choisi)


@require_POST
def demander_le_secret(request: RequeteConnectee, pk: int) -> HttpResponse:
    convie = convie_de(request, pk)
    point = _point_de(request, convie)
    return _faire(
        request,
        pk,
        lambda: votes.demander_le_secret(convie, point, par=request.user),
        "Votre demande d’un vote à bulletin secret est notée.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def mon_desaccord(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Record the member's disagreement on the current point."""
    convie = convie_de(request, pk)
    point = _point_montre(request, convie)
    en_cours = reverse("seances:ma_seance_en_cours", args=[pk])
    page: Page[Convie] = Page(
        lambda convie, *, par, texte: points.mon_desaccord(convie, point, par=par, texte=texte),
        MonDesaccordForm,
        succes="Votre désaccord est noté.",
        retour=en_cours,
        contexte=lambda *_: {"fil": [("Séance en cours", en_cours)], "sujet": str(point)},
        est_publique=True,
    )
    return page_acte(request, convie, "mon_desaccord", page)


def _election(request: RequeteConnectee, pk: int, acte: str, action: Any, page: Page[Convie]) -> HttpResponse:
    convie = convie_de(request, pk)
    election, en_cours = elections.election_de(convie), reverse("seances:ma_seance_en_cours", args=[pk])
    if election is None:
        raise Http404
    if (refus := election.refus(acte, None)) is not None:
        return acte_depasse(request, refus.message, en_cours)
    return page_acte(
        request,
        convie,
        acte,
        replace(
            page,
            action=lambda convie, *, par, **dit: action(convie, election, par=par, **dit),
            retour=en_cours,
            contexte=lambda *_: {"fil": [("Séance en cours", en_cours)], "sujet": str(election)},
            est_publique=True,
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def designer(request: RequeteConnectee, pk: int) -> HttpResponse:
    page: Page[Convie] = Page(
        form=elections.DesignerForm,
        consequence="Personne n’est candidat. Votre désignation et vos raisons sont lues à tous, avec votre nom, quand chacun a "
        "écrit. Vous pouvez la changer jusque-là, et au tour suivant.",
        succes="Votre désignation est notée.",
    )
    return _election(request, pk, "designer", elections.designer, page)


@require_http_methods(["GET", "HEAD", "POST"])
def se_prononcer(request: RequeteConnectee, pk: int) -> HttpResponse:
    page: Page[Convie] = Page(
        form=elections.SePrononcerForm,
        consequence="Ce n’est pas un vote. Une objection dit ce qui empêcherait cette personne de remplir la tâche ; la proposition "
        "change alors, ou l’objection est levée.",
        succes="C’est noté.",
    )
    return _election(request, pk, "se_prononcer", elections.se_prononcer, page)


@require_http_methods(["GET", "HEAD", "POST"])
def mon_compte_papier(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Let one of the two tellers give their count of the paper ballots, on their own phone."""
    convie = convie_de(request, pk)
    compte = get_object_or_404(
        ComptePapier.objects.select_related("vote__point__seance", "convie__membre"),
        convie=convie,
        vote__etat=EtatVote.OUVERT,
    )
    en_cours = reverse("seances:ma_seance_en_cours", args=[pk])
    page: Page[ComptePapier] = Page(
        papier.donner_son_compte,
        DonnerSonCompteForm,
        titre="Mon compte des bulletins papier",
        bouton="Garder mon compte",
        consequence="Comptez seule ou seul. Votre compte n’est montré à personne avant que l’autre personne ait donné le sien. Une case vide vaut zéro.",
        succes=dire_le_compte,
        retour=en_cours,
        contexte=lambda *_: {
            "fil": [("Séance en cours", en_cours)],
            "sujet": str(compte.vote),
            "sans_facultatif": True,
        },
        est_publique=True,
    )
    return page_acte(request, compte, "donner_son_compte", page)


def _nombre(valeur: str | None) -> int:
    if not est_un_numero(valeur):
        raise Http404
    return int(valeur or 0)
