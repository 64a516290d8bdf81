"""Pages to convene, move, cancel, tell and remind; and the answer of each member."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.seances.convocation.lectures import numero_de_demarche, qui_est_supplee
from participation.seances.convocation.reponses import RepondreForm, noter_ouverture, repondre
from participation.seances.models import Convie, Convocation, PointDossier, ProcesVerbal, Seance
from participation.seances.ordre_du_jour.lectures import LignePoint, lignes_points
from participation.seances.ordre_du_jour.pieces import pieces_de
from participation.seances.trouver import avec_personne
from participation.seances.workflow import Etat, EtatPV
from participation.socle.actions.pieces import nommer
from participation.socle.erreurs import ActeInterdit
from participation.socle.francais import de
from participation.socle.http.decorateurs import publique
from participation.socle.http.protocole import acte_depasse
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Document
from participation.socle.views.dossier import lisibles_par
from participation.socle.views.fichiers import servir
from participation.socle.views.pages import Page, agir, lier
from participation.socle.vitrine import recueillir


@require_safe
def document(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    """Send the frozen PDF of a sending, to agents and to people convened who may still read the séance."""
    convocation = get_object_or_404(Convocation.objects.select_related("document", "seance"), pk=pk)
    if not request.user.est_agent and not (
        convocation.envoyee_le is not None
        and Convie.objects.filter(seance=convocation.seance_id, membre__compte=request.user).exists()
        and Seance.objects.lues_par(request.user).filter(pk=convocation.seance_id).exists()
    ):
        raise Http404
    fichier = convocation.document
    if fichier is None:
        raise Http404
    if fichier.etat != Document.Etat.PRET:
        if request.user.est_agent:
            return redirect("socle:document_etat", fichier.cle_publique)
        raise Http404
    return servir(
        request,
        fichier.fichier,
        nom=nommer(fichier.titre, ".pdf"),
        type_mime="application/pdf",
        empreinte=fichier.sha256,
        est_public=False,
        est_du_service=True,
    )


PAGES_CONVIES: dict[str, Page[Convie]] = {
    "noter_reponse": Page(
        repondre,
        RepondreForm,
        "Par téléphone ou de vive voix. La personne reçoit la confirmation de ce qui est noté.",
        titre=lambda convie: f"Noter la réponse {de(convie.membre)}",
        bouton="Noter la réponse",
        succes=lambda convie, _: f"La réponse {de(convie.membre)} est notée.",
        retour="#reponses",
        contexte=lambda _, convie, form: {"sujet": convie.seance.titre},
    )
}


REPONDRE: Page[Convie] = Page(lambda convie, par, **reponses: repondre(convie, **reponses))


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repondre_par_lien(request: HttpRequest, jeton: str) -> HttpResponse:
    """Answer by the signed link of the letter, without an account. A GET only shows; a POST answers."""
    convie = convie_du_jeton(jeton)
    if convie is None:
        return render(request, "seances/convocation/lien_inconnu.html", status=404)
    if request.method == "GET":
        noter_ouverture(convie)
    return page_reponse(
        request, convie, "seances/convocation/repondre.html", retour=reverse("seances:repondre", args=[jeton])
    )


def convie_du_jeton(jeton: str) -> Convie | None:
    return Convie.LIEN.trouver(jeton, avec_personne())


def est_du_jour(seance: Seance) -> bool:
    """Whether presence can be noted now: the séance is under way, or convened for today.

    A séance that runs past midnight still counts on its last day.
    """
    return seance.est_en_cours or (
        seance.etat == Etat.CONVOQUEE
        and timezone.localdate(seance.debut) <= timezone.localdate() <= timezone.localdate(seance.fin)
    )


def _lien_presence(convie: Convie) -> str:
    """Return the link to note one's presence on the day, without an account, with the code of the room."""
    seance = convie.seance
    if not seance.est_deliberante or convie.retire_le is not None:
        return ""
    return reverse("seances:presence_par_lien", args=[convie.jeton()]) if est_du_jour(seance) else ""


def page_reponse(
    request: HttpRequest, convie: Convie, gabarit: str, *, retour: str, connecte: bool = False
) -> HttpResponse:
    """Show and save the answer, or say why it can no longer change, by the link or on the member's page."""
    seance = convie.seance
    ouverte = seance.est_deliberante and seance.etat == Etat.CONVOQUEE and convie.retire_le is None
    form = None
    if ouverte or request.method == "POST":
        form = lier(request, RepondreForm, convie)
        if form.is_valid():
            try:
                agir(REPONDRE, convie, form, None)
            except ActeInterdit as erreur:
                return acte_depasse(request, erreur.message, retour)
            if not form.errors:
                return redirect(f"{retour}?merci")
            # The transaction was rolled back: show the saved values, not the rejected ones.
            convie.refresh_from_db(fields=["reponse", "pouvoir_a", "besoins", "precisions", "repondu_le"])
    return render(
        request,
        gabarit,
        {
            **contexte_membre(seance, convie),
            "form": form if ouverte else None,
            "lien_presence": "" if connecte else _lien_presence(convie),
            "merci": "merci" in request.GET and bool(convie.reponse),
            # Members come all year: they say who they are once, for all the séances of the year.
            "demarche": numero_de_demarche(seance.instance_id, timezone.localdate(seance.debut).year),
            "qui": f"compte:{convie.membre.compte_id}" if not convie.est_absent else "",
            "connecte": connecte,
            "pv_a_lire": connecte and _pv_a_lire(request, seance),
            "retour": retour,
            # Without an account, show only the titles: the pages of the dossiers ask to sign in.
            "dossiers_lisibles": _dossiers_lisibles(request.user, seance)
            if isinstance(request.user, Compte) and connecte
            else set(),
            "portes": list(recueillir("dossiers_de_la_seance", request.user, seance))
            if isinstance(request.user, Compte) and connecte
            else [],
        },
    )


def _dossiers_lisibles(compte: Compte, seance: Seance) -> set[int]:
    return lisibles_par(
        compte, PointDossier.objects.filter(point__seance=seance).values_list("dossier", flat=True)
    )


def _pv_a_lire(request: HttpRequest, seance: Seance) -> bool:
    """Whether there is a procès-verbal that this person may read. No query before the end of the séance."""
    if seance.etat != Etat.LEVEE:
        return False
    lus = ProcesVerbal.objects.visibles_par(request.user).filter(seance=seance.pk)
    return bool(lus.filter(etat__in=[EtatPV.SOUMIS, EtatPV.APPROUVE]).exists())


def _a_lire(seance: Seance, convie: Convie | None) -> list[LignePoint]:
    """Return the agenda. A member who has left reads only what they attended."""
    if convie is not None and convie.est_partie:
        compte = convie.membre.compte
        if not Seance.objects.lues_par(compte).filter(pk=seance.pk).exists():
            return []
        if not Seance.objects.lues_en_entier_par(compte).filter(pk=seance.pk).exists():
            return [
                ligne
                for ligne in lignes_points(seance, pieces_de(seance))
                if not ligne.point.est_confidentiel
            ]
    return lignes_points(seance, pieces_de(seance))


def contexte_membre(seance: Seance, convie: Convie | None) -> dict[str, Any]:
    """Return what a member's page shows: hours, place, agenda, documents, pouvoirs."""
    a_lire = _a_lire(seance, convie)
    pieces = pieces_de(seance) if a_lire else []
    derniere = (
        seance.convocations.exclude(envoyee_le=None).exclude(document=None).select_related("document").first()
    )
    return {
        "seance": seance,
        "instance": seance.instance,
        "app": seance.instance.app,
        "convie": convie,
        "peut_venir": convie is None or not convie.est_partie,
        "points": a_lire,
        "pieces": [piece for piece in pieces if piece.point_id is None],
        "convocation": derniere if a_lire else None,
        "pouvoirs_recus": list(convie.pouvoirs_recus.filter(retire_le=None).select_related("membre__compte"))
        if convie is not None and convie.pk
        else [],
        "pouvoir_caduc": convie is not None
        and convie.pouvoir_a is not None
        and (convie.pouvoir_a.est_absent or convie.pouvoir_a.retire_le is not None),
        # A remote member has no code: their page of the séance offers both ways.
        "url_presence": (
            reverse("seances:ma_seance_en_cours", args=[seance.pk])
            if "distance" in seance.modes
            else reverse("seances:saisir_code")
        )
        if convie is not None
        and seance.est_deliberante
        and seance.etat == Etat.CONVOQUEE
        and est_du_jour(seance)
        else "",
        "url_ecran": reverse("seances:ma_seance_en_cours", args=[seance.pk]) if seance.est_en_cours else "",
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ma_seance(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Show a member the page of a séance: answer, agenda, documents. 404 for people outside the instance."""
    seance = get_object_or_404(Seance.objects.visibles_par(request.user).avec_instance(), pk=pk)
    convie = (
        avec_personne().filter(seance=seance, membre__compte=request.user).order_by("retire_le", "pk").first()
    )
    if convie is None and not Seance.objects.lues_par(request.user).filter(pk=seance.pk).exists():
        raise Http404
    if seance.etat == Etat.PROGRAMMEE:
        # Before the convocation, only the day is announced.
        vide: dict[str, Any] = {
            "convie": None,
            "points": [],
            "pieces": [],
            "form": None,
            "connecte": True,
            "peut_venir": True,
            "pv_a_lire": False,
            "est_entre_autres": Seance.objects.entre_autres_que(request.user).filter(pk=seance.pk).exists(),
        }
        apparence = {"seance": seance, "instance": seance.instance, "app": seance.instance.app}
        return render(request, "seances/convocation/ma_seance.html", {**apparence, **vide})
    if convie is None:
        lisibles = _dossiers_lisibles(request.user, seance)
        contexte = {
            "form": None,
            "connecte": True,
            "dossiers_lisibles": lisibles,
            "pv_a_lire": _pv_a_lire(request, seance),
            "supplee": qui_est_supplee(request.user, seance),
        }
        return render(
            request, "seances/convocation/ma_seance.html", {**contexte_membre(seance, None), **contexte}
        )
    return page_reponse(
        request,
        convie,
        "seances/convocation/ma_seance.html",
        retour=reverse("seances:ma_seance", args=[seance.pk]),
        connecte=True,
    )
