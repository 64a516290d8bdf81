"""Pages of a vote: back office, public pages, ballot and receipt."""

import re
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participation.budgets.depouillement.en_mots import bulletin_en_mots
from participation.budgets.models import Depouillement, Scrutin
from participation.budgets.trouver import lot_du_bureau, scrutin_du_bureau
from participation.budgets.vote import codes, regles, urne
from participation.budgets.vote.lectures import (
    LigneBulletin,
    ScrutinFige,
    figer,
    lignes_du_bulletin,
    lots_montres,
    melees,
    oublier,
    papiers_a_voir,
    participation,
    resultats_du_bureau,
    resultats_publies,
    scrutin_fige,
)
from participation.budgets.vote.recu import lire_recu
from participation.budgets.workflow.vote import EtatScrutin
from participation.socle.http import limites
from participation.socle.http.decorateurs import publique, reserve_a, traduite
from participation.socle.http.protocole import Ensuite, envoyer
from participation.socle.http.requete import RequeteConnectee
from participation.socle.langues import langue
from participation.socle.langues import plus_tard as _
from participation.socle.models import Compte
from participation.socle.views.dossier import Boutons, avec_actes, boutons_de, pages_du_journal
from participation.socle.workflow import Role

DUS = ("ouvrir_scrutin", "fermer_scrutin", "depouiller_scrutin", "publier_resultats", "emarger_papier")


# Their buttons are in their section of the page.
EN_SECTION = {
    "declarer_incompatibles",
    "creer_lot",
    "revoquer_code",
    "saisir_papier",
    "retirer_papier",
    "deroger",
    "reprendre_depouillement",
}
APRES = {EtatScrutin.DEPOUILLE, EtatScrutin.PUBLIE}


@reserve_a(Role.AGENT, Role.ACCUEIL)
@require_safe
def scrutin(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve, compte = scrutin_du_bureau(request, pk), request.user
    return render(request, "budgets/vote/scrutin.html", _contexte(request, trouve, compte))


def _contexte(request: RequeteConnectee, scrutin: Scrutin, compte: Compte) -> dict[str, Any]:
    apparence, mots = scrutin.apparence, scrutin.mots_de_suite()
    est_compte = scrutin.etat in APRES
    lots = lots_montres(scrutin, compte)
    return {
        "scrutin": scrutin,
        "budget": scrutin.budget,
        "apparence": apparence,
        "ensuite": apparence.ensuite.format_map(mots),
        "pour_vous": avec_actes(
            scrutin, compte, apparence.pour.get(Role.AGENT, "") if compte.est_agent else ""
        ),
        "boutons": boutons_du_scrutin(scrutin, compte),
        "permis": dict.fromkeys(scrutin.actes_permis_a(compte), True),
        "manques": scrutin.manques("ouvrir_scrutin", compte)
        if scrutin.permet("ouvrir_scrutin", compte)
        else [],
        "regles": scrutin.regles_en_mots(),
        "projets": scrutin.projets.select_related("projet"),
        "incompatibles": scrutin.incompatibilites.select_related("un", "autre"),
        "lots": lots,
        "actes_des_lots": any(montre.actes for montre in lots),
        "codes_faits": scrutin.codes.filter(est_revoque=False).count(),
        "codes_servis": scrutin.codes.filter(est_utilise=True).count(),
        "papiers": papiers_a_voir(scrutin, compte),
        "depouillement": scrutin.depouillements.first() if scrutin.etat != EtatScrutin.OUVERT else None,
        "resultats": resultats_du_bureau(scrutin) if est_compte and compte.est_agent else None,
        "journal": pages_du_journal(request, scrutin),
    }


def boutons_du_scrutin(scrutin: Scrutin, compte: Compte) -> Boutons:
    """Main button: the act that is due. The other acts beside; the dangerous ones folded."""
    offerts = [b for b in boutons_de(scrutin, compte) if b.acte not in EN_SECTION]
    principal = next((b for b in offerts if b.acte in DUS and not b.est_dangereux), None)
    principal = principal or next((b for b in offerts if b.acte in DUS), None)
    reste = [b for b in offerts if b is not principal]
    return Boutons(
        principal, [b for b in reste if not b.est_dangereux], [b for b in reste if b.est_dangereux]
    )


@reserve_a(Role.AGENT)
@require_safe
def suivre_depouillement(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Progress of the count. The page polls until it is done."""
    scrutin = scrutin_du_bureau(request, pk)
    depouillement = scrutin.depouillements.first()
    if depouillement is None:
        raise Http404
    reponse = render(
        request, "budgets/vote/_progres.html", {"scrutin": scrutin, "depouillement": depouillement}
    )
    if depouillement.etat != Depouillement.Etat.EN_COURS:
        reponse["HX-Refresh"] = "true"
    patch_cache_control(reponse, no_store=True)
    return reponse


@reserve_a(Role.AGENT)
@require_POST
def imprimer_codes(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    """PDF of the codes, until it is erased: the only file that contains them. The journal says who took it."""
    lot = lot_du_bureau(request, pk)
    if not lot.fichier:
        raise Http404
    codes.imprimer_codes(lot, par=request.user)
    ouvert = lot.fichier.open("rb").file
    reponse = envoyer(request, ouvert, nom=f"codes-lot-{lot.pk}.pdf", type_mime="application/pdf")
    patch_cache_control(reponse, no_store=True)
    return reponse


SCRIPT = Path(settings.BASE_DIR) / "participation/budgets/donnees/rejouer.py"


@traduite
@publique
@require_safe
def scrutin_public(request: HttpRequest, pk: int) -> HttpResponse:
    scrutin = get_object_or_404(Scrutin.objects.publics().select_related("budget"), pk=pk)
    resultats = resultats_publies(scrutin)
    return render(
        request,
        "budgets/vote/public.html",
        {
            "scrutin": scrutin,
            "budget": scrutin.budget,
            "lignes": lignes_du_bulletin(scrutin),
            "incompatibles": scrutin.incompatibilites.select_related("un", "autre"),
            "regles": scrutin.regles_en_mots(),
            "resultats": resultats,
            "participation": participation(scrutin) if resultats is not None else [],
        },
    )


@publique
@require_safe
def bulletins_pb(request: HttpRequest, pk: int) -> HttpResponse:
    """Anonymous ballots; 404 before the results are published."""
    scrutin = get_object_or_404(Scrutin.objects.publics(), pk=pk)
    depouillement = scrutin.depouillements.filter(etat=Depouillement.Etat.FAIT).first()
    if not scrutin.est_publie or depouillement is None:
        raise Http404
    reponse = HttpResponse(depouillement.pb, content_type="text/plain; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="bulletins-{scrutin.pk}.pb"'
    reponse["ETag"] = quote_etag(depouillement.empreinte)
    return reponse


@publique
@require_safe
def rejouer_py(request: HttpRequest) -> HttpResponse:
    """Stand-alone script that counts the ballots again."""
    reponse = HttpResponse(SCRIPT.read_bytes(), content_type="text/x-python; charset=utf-8")
    reponse["Content-Disposition"] = 'attachment; filename="rejouer.py"'
    return reponse


QUOI = "code_vote"
COOKIE = "recu_de_vote"
DUREE_RECU = 600  # seconds, from the vote to the page of the receipt
SIGNATURE = signing.Signer(salt="recu-de-vote", sep=".")
CHAMP, POINTS = re.compile(r"projet_([1-9][0-9]{0,3})"), re.compile(r"0{0,2}([1-9][0-9]{0,2})")
FAUTE = _(
    "Ce code ne se lit pas : une lettre est fausse, ou il en manque une. Il a douze lettres et chiffres."
)
TROP = _(
    "Ce code n’est pas bon, et beaucoup de codes faux viennent d’être essayés depuis cette connexion. Relisez chaque lettre du "
    "vôtre ; s’il n’est toujours pas bon, venez voter à l’accueil d’une Maison des habitants."
)


@lru_cache(maxsize=1000)
def _a_vote(pk: int, langue: str) -> str:
    return reverse("budgets:a_vote", args=[pk])


@traduite
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
    code = regles.lire_code(request.POST.get("code", ""))
    if not code:
        return _page(request, "code", scrutin, erreur=FAUTE, saisi=request.POST.get("code", "")[:40])
    etapes = {"choisir": _choisir, "relire": _relire, "voter": _voter}
    return etapes.get(request.POST.get("etape", ""), _choisir)(request, scrutin, code)


def _page(
    request: HttpRequest, nom: str, scrutin: Scrutin, *, statut: int = 200, **contexte: Any
) -> HttpResponse:
    return render(
        request,
        f"budgets/vote/{nom}.html",
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
    saisi = regles.ecrire_code(code)
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
        code=regles.ecrire_code(code),
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
    regles.verifier_bulletin(
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
    except regles.BulletinRefuse as refus:
        return _bulletin(request, scrutin, code, str(refus))
    return _page(
        request,
        "relire",
        scrutin,
        code=regles.ecrire_code(code),
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
    fige, code = scrutin_fige(pk), regles.lire_code(request.POST.get("code", ""))
    if fige is None or not code:
        return None
    try:
        choix = regles.ecrire_bulletin(_lu(request, fige))
    except regles.BulletinRefuse:
        return None
    if not urne.donner(fige, code=code, choix=choix):
        oublier(pk)
        return None
    chemin = _a_vote(pk, langue())
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
    except regles.BulletinRefuse as refus:
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


@traduite
@publique
@never_cache
@require_safe
def a_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the receipt, once."""
    scrutin = get_object_or_404(Scrutin.objects.publics().select_related("budget"), pk=pk)
    texte = request.COOKIES.get(COOKIE, "")
    if lire_signature(pk, texte) is None:
        texte = ""
    # Nothing of the ballot says who answers of herself: the receipt is shown once, and so is what a form may carry.
    reponse = _page(request, "a_vote", scrutin, recu=texte, qui=secrets.token_urlsafe(16))
    reponse.delete_cookie(COOKIE, path=reverse("budgets:a_vote", args=[pk]))
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
        regles.lire_bulletin(choix)
    except (signing.BadSignature, regles.BulletinRefuse):
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
