"""Vote: code, ballot, review, receipt. Without account, session or script."""

import re
from functools import lru_cache
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contrat_ville.actions import urne
from contrat_ville.lectures.vote.bulletin import (
    LigneBulletin,
    ScrutinFige,
    figer,
    lignes_du_bulletin,
    melees,
    oublier,
    scrutin_fige,
)
from contrat_ville.lectures.vote.resultats import lire_recu, resultats_publies
from contrat_ville.models.vote import Scrutin
from contrat_ville.regles import bulletin, codes
from contrat_ville.regles.depouillement.en_mots import bulletin_en_mots
from participation.socle import limites
from participation.socle.http import publique
from participation.socle.views.ensuite import Ensuite

QUOI = "code_vote"
COOKIE = "recu_de_vote"
DUREE_RECU = 600  # seconds, from the vote to the page of the receipt
SIGNATURE = signing.Signer(salt="recu-de-vote", sep=".")
CHAMP, POINTS = re.compile(r"projet_([1-9][0-9]{0,3})"), re.compile(r"0{0,2}([1-9][0-9]{0,2})")
FAUTE = "Ce code ne se lit pas : une lettre est fausse, ou il en manque une. Il a douze lettres et chiffres."
TROP = (
    "Ce code n’est pas bon, et beaucoup de codes faux viennent d’être essayés depuis cette connexion. Relisez chaque lettre du "
    "vôtre ; s’il n’est toujours pas bon, venez voter à l’accueil d’une Maison des habitants."
)


@lru_cache(maxsize=1000)
def _a_vote(pk: int) -> str:
    return reverse("contrat_ville:a_vote", args=[pk])


@publique
@require_http_methods(["GET", "HEAD", "POST"])
def voter(request: HttpRequest, pk: int) -> HttpResponse:
    """Three steps at one URL. The page carries the answers: nothing is stored before the last step.

    A valid ballot takes one statement. The reason of a refusal is searched afterwards.
    """
    if request.method == "POST" and request.POST.get("etape") == "voter" and "modifier" not in request.POST:
        donne = _donner(request, pk)
        if donne is not None:
            return donne
    return _etape(request, pk)


@never_cache
def _etape(request: HttpRequest, pk: int) -> HttpResponse:
    scrutin = get_object_or_404(Scrutin.objects.publics(), pk=pk)
    if not scrutin.est_ouvert:
        return _page(request, "ferme", scrutin, statut=200 if request.method != "POST" else 409)
    if request.method != "POST":
        return _page(request, "code", scrutin)
    code = codes.lire(request.POST.get("code", ""))
    if not code:
        return _page(request, "code", scrutin, erreur=FAUTE, saisi=request.POST.get("code", "")[:40])
    etapes = {"choisir": _choisir, "relire": _relire, "voter": _voter}
    return etapes.get(request.POST.get("etape", ""), _choisir)(request, scrutin, code)


def _page(
    request: HttpRequest, nom: str, scrutin: Scrutin, *, statut: int = 200, **contexte: Any
) -> HttpResponse:
    return render(
        request,
        f"contrat_ville/vote/{nom}.html",
        {
            "scrutin": scrutin,
            "erreur": "",
            "saisi": "",
            "lu": None,
            "attend": False,
            "incompatibles": (),
            "regle_du_bulletin": bulletin_en_mots(
                scrutin.points if scrutin.est_par_points else 0, scrutin.nombre_max
            ),
            **contexte,
        },
        status=statut,
    )


def _choisir(request: HttpRequest, scrutin: Scrutin, code: str) -> HttpResponse:
    """First step: check the code. The projets can also be read on the public page."""
    refus = urne.pourquoi_pas(scrutin, code)
    return _refuser(request, scrutin, code, refus, 200) if refus else _bulletin(request, scrutin, code)


def _refuser(request: HttpRequest, scrutin: Scrutin, code: str, refus: str, statut: int) -> HttpResponse:
    """Show why the code is refused.

    Only wrong codes count in the limit, so that one person cannot block the votes of a room or of an
    operator.
    """
    saisi = codes.ecrire(code)
    if limites.est_epuise(request, QUOI):
        return _page(request, "code", scrutin, statut=429, erreur=TROP, saisi=saisi)
    limites.compter_echec(request, QUOI)
    return _page(request, "code", scrutin, statut=statut, erreur=refus, saisi=saisi)


def _bulletin(
    request: HttpRequest, scrutin: Scrutin, code: str, erreur: str = "", statut: int = 200
) -> HttpResponse:
    lignes = lignes_du_bulletin(scrutin)
    donnes = _donnes(request, lignes)
    return _page(
        request,
        "bulletin",
        scrutin,
        statut=statut,
        code=codes.ecrire(code),
        erreur=erreur,
        incompatibles=scrutin.incompatibilites.select_related("un", "autre"),
        lignes=[(ligne, donnes.get(ligne.numero, 0)) for ligne in melees(lignes, code, scrutin.sel)],
    )


def _donnes(request: HttpRequest, lignes: tuple[LigneBulletin, ...]) -> dict[int, int]:
    """{number: points} of the ballot; an invalid number is ignored.

    Reads the fields received, not all the possible ones: a ballot of 100 projets has only a few.
    """
    numeros = {ligne.numero for ligne in lignes}
    donnes = {}
    for nom in request.POST:
        champ = CHAMP.fullmatch(nom)
        points = POINTS.fullmatch(request.POST.get(nom, "")) if champ else None
        if champ and points and int(champ[1]) in numeros:
            donnes[int(champ[1])] = int(points[1])
    return dict(sorted(donnes.items()))


def _lu(request: HttpRequest, fige: ScrutinFige) -> dict[int, int]:
    """Return the choices. Raises BulletinRefuse."""
    donnes = _donnes(request, fige.lignes)
    bulletin.verifier(
        donnes,
        numeros={ligne.numero for ligne in fige.lignes},
        nombre_max=fige.nombre_max,
        points=fige.points,
    )
    return donnes


def _relire(request: HttpRequest, scrutin: Scrutin, code: str) -> HttpResponse:
    if "modifier" in request.POST:
        return _bulletin(request, scrutin, code)
    try:
        fige = figer(scrutin)
        donnes = _lu(request, fige)
    except bulletin.BulletinRefuse as refus:
        return _bulletin(request, scrutin, code, str(refus))
    return _page(
        request,
        "relire",
        scrutin,
        code=codes.ecrire(code),
        incompatibles=scrutin.incompatibilites.select_related("un", "autre"),
        choisis=[
            (ligne, donnes[ligne.numero]) for ligne in lignes_du_bulletin(scrutin) if ligne.numero in donnes
        ],
        restant=(scrutin.points - sum(donnes.values()))
        if scrutin.est_par_points
        else scrutin.nombre_max - len(donnes),
    )


def _donner(request: HttpRequest, pk: int) -> HttpResponse | None:
    """Cast the ballot, and redirect to the receipt. Returns None if the ballot is not accepted."""
    fige, code = scrutin_fige(pk), codes.lire(request.POST.get("code", ""))
    if fige is None or not code:
        return None
    try:
        choix = bulletin.ecrire(_lu(request, fige))
    except bulletin.BulletinRefuse:
        return None
    if not urne.donner(fige, code=code, choix=choix):
        oublier(pk)
        return None
    chemin = _a_vote(pk)
    reponse = Ensuite(chemin, headers={"Cache-Control": "private, no-store"})
    # Not in the URL, which servers log. The cookie is sent to the next page only.
    reponse.set_cookie(
        COOKIE,
        recu(pk, choix),
        max_age=DUREE_RECU,
        path=chemin,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return reponse


def _voter(request: HttpRequest, scrutin: Scrutin, code: str) -> HttpResponse:
    """Show why the ballot was not accepted."""
    if "modifier" in request.POST:
        return _bulletin(request, scrutin, code)
    try:
        _lu(request, figer(scrutin))
    except bulletin.BulletinRefuse as refus:
        return _bulletin(request, scrutin, code, str(refus))
    refus_du_code = urne.pourquoi_pas(scrutin, code)
    if refus_du_code:
        return _refuser(request, scrutin, code, refus_du_code, 409)
    # The obstacle is gone meanwhile: show the ballot again before the vote.
    return _relire(request, scrutin, code)


def recu(scrutin: int, choix: str) -> str:
    """Return the receipt: it shows, after the count, what the vote paid for.

    It contains the choices, not the code.
    """
    return SIGNATURE.sign(f"{scrutin}|{choix}")


@publique
@never_cache
@require_safe
def a_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the receipt, once."""
    scrutin = get_object_or_404(Scrutin.objects.publics().select_related("budget"), pk=pk)
    texte = request.COOKIES.get(COOKIE, "")
    if lire_signature(pk, texte) is None:
        texte = ""
    reponse = _page(request, "a_vote", scrutin, recu=texte)
    reponse.delete_cookie(COOKIE, path=reverse("contrat_ville:a_vote", args=[pk]))
    return reponse


@publique
@never_cache
@require_POST
def garder_recu(request: HttpRequest, pk: int) -> HttpResponse:
    """Download as a text file the receipt that was posted, if its signature is ours."""
    texte = request.POST.get("recu", "").strip()
    scrutin = get_object_or_404(Scrutin.objects.publics().select_related("budget"), pk=pk)
    if lire_signature(pk, texte) is None:
        return _page(request, "recu", scrutin, statut=400, erreur=RECU_FAUX, saisi=texte[:2000])
    reponse = HttpResponse(
        f"{scrutin.budget.titre}\nMon reçu de vote :\n{texte}\n", content_type="text/plain; charset=utf-8"
    )
    reponse["Content-Disposition"] = 'attachment; filename="recu-de-vote.txt"'
    return reponse


RECU_FAUX = "Ce reçu ne vient pas de ce vote, ou il a été coupé. Copiez-le en entier."


def lire_signature(pk: int, texte: str) -> str | None:
    """Return the choices of a receipt of this vote; None if the signature is not ours."""
    try:
        numero, _, choix = SIGNATURE.unsign(texte).partition("|")
        bulletin.lire(choix)
    except (signing.BadSignature, bulletin.BulletinRefuse):
        return None
    return choix if numero == str(pk) else None


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lire_mon_recu(request: HttpRequest, pk: int) -> HttpResponse:
    """« Ce que ma voix a payé ». The receipt is posted, so that it is in no URL."""
    scrutin = get_object_or_404(Scrutin.objects.publics().select_related("budget"), pk=pk)
    resultats = resultats_publies(scrutin)
    if request.method != "POST" or resultats is None:
        return _page(request, "recu", scrutin, attend=resultats is None)
    saisi = request.POST.get("recu", "")[:4000]
    # If a whole file is pasted, the receipt is its last line.
    texte = saisi.strip().splitlines()[-1].strip() if saisi.strip() else ""
    choix = lire_signature(pk, texte)
    if choix is None:
        return _page(request, "recu", scrutin, erreur=RECU_FAUX, saisi=saisi, statut=400)
    return _page(request, "recu", scrutin, lu=lire_recu(resultats, choix), saisi=saisi)
