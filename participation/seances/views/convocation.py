"""Convening, moving, calling off; the answer by signed link; the member's own page of a séance."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.seances.actions import convocation as actions
from participation.seances.actions.convocation import avertissement, membres_a_convoquer, membres_oubliees
from participation.seances.actions.reponses import noter_ouverture, relancer_reponses, repondre
from participation.seances.forms.convocation import (
    ConvoquerForm,
    DeplacerForm,
    InformerForm,
    MotifForm,
    RepondreForm,
    SecondeConvocationForm,
)
from participation.seances.models import Convie, Convocation, Membre, PointDossier, Seance
from participation.seances.notifications import convocation as notifications
from participation.seances.regles.delais import en_mots
from participation.seances.views.formulaires import page_formulaire
from participation.seances.views.preparation import exiger_acte, fil_de
from participation.seances.views.seances import lignes_points, pieces_de, trouver_seance
from participation.seances.workflow import Etat, EtatPoint
from participation.socle.actions.pieces import nommer
from participation.socle.courrier import composer
from participation.socle.francais import accorder, de
from participation.socle.http import RequeteConnectee, publique, reserve_a
from participation.socle.liens import LienInvalide
from participation.socle.models import Compte, Document
from participation.socle.views.actes import tenter
from participation.socle.views.dossier import lisibles_par
from participation.socle.views.fichiers import servir
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
def convoquer(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The preview: the legal day, who is convened, what is checked, the letter; one button."""
    seance = trouver_seance(request, pk)
    depasse = exiger_acte(request, seance, "convoquer")
    if depasse is not None:
        return depasse
    if seance.etat == Etat.CONVOQUEE:
        messages.info(request, "Les membres sont déjà convoqués à cette séance.")
        return redirect(seance)
    membres = membres_a_convoquer(seance)
    alerte = avertissement(seance)
    urgence = seance.date_limite_urgence
    form = ConvoquerForm(
        request.POST or None,
        hors_delai=bool(alerte),
        urgence_possible=urgence is not None,
        urgence_suffit=urgence is not None and timezone.localdate() <= urgence,
    )
    points = seance.points.exclude(etat=EtatPoint.RETIRE).order_by("ordre", "pk")
    par_college: dict[str, list[Membre]] = {}
    for membre in membres:
        par_college.setdefault(membre.college.nom, []).append(membre)
    lettre = None
    if membres:
        exemple = Convie(seance=seance, membre=membres[0])
        lettre = composer("seances/convoquer", notifications.contexte(exemple))
    return page_formulaire(
        request,
        form,
        lambda reponses: actions.convoquer(seance, par=request.user, **reponses),
        titre="Convoquer les membres",
        retour=seance.get_absolute_url(),
        fil=fil_de(seance),
        sur_quoi=seance.titre,
        succes="La convocation part : le document se prépare, puis les courriels suivent.",
        app=seance.instance.app,
        gabarit="seances/convoquer.html",
        contexte={
            "seance": seance,
            "membres": membres,
            "par_college": par_college,
            "points": points,
            "avertissement": alerte,
            "delai": en_mots(seance.reglement.delai_convocation, seance.reglement.unite_delai),
            "urgence": urgence,
            "lettre": lettre,
            "empechements": empechements(seance, bool(membres), bool(points)),
        },
    )


def empechements(seance: Seance, a_des_membres: bool, a_des_points: bool) -> list[tuple[str, str, str]]:
    """What must be done before anybody is convened: a sentence, then where to do it."""
    manquent = []
    if seance.est_deliberante and not a_des_points:
        manquent.append(
            (
                "L’ordre du jour est vide.",
                "Ajouter un point",
                reverse("seances:ajouter_point", args=[seance.pk]),
            )
        )
    if seance.tenue != Seance.Tenue.SALLE and not seance.lien_visio:
        manquent.append(
            (
                "Il manque le lien de la visioconférence.",
                "Ajouter le lien",
                reverse("seances:modifier", args=[seance.pk]),
            )
        )
    if not a_des_membres:
        manquent.append(
            (
                "Aucun membre titulaire n’est en fonction ce jour-là.",
                "Voir l’instance",
                _adresse("seances:instance", seance.instance.cle) or seance.get_absolute_url(),
            )
        )
    if seance.debut <= timezone.now():
        manquent.append(
            ("La date est passée.", "Changer la date", reverse("seances:modifier", args=[seance.pk]))
        )
    return manquent


def _adresse(nom: str, *args: Any) -> str:
    try:
        return reverse(nom, args=args)
    except NoReverseMatch:
        return ""


@reserve_a(Role.AGENT)
def deplacer(request: RequeteConnectee, pk: int) -> HttpResponse:
    seance = trouver_seance(request, pk)
    depasse = exiger_acte(request, seance, "deplacer")
    if depasse is not None:
        return depasse
    nombre = seance.convies.filter(retire_le=None).count()
    return page_formulaire(
        request,
        DeplacerForm(request.POST or None, seance=seance),
        lambda reponses: actions.deplacer(seance, par=request.user, **reponses),
        titre="Déplacer la séance",
        retour=seance.get_absolute_url(),
        fil=fil_de(seance),
        sur_quoi=seance.titre,
        consequence=f"Les {nombre} personnes convoquées reçoivent la nouvelle date et leur agenda change. "
        "Si le jour ou l’heure changent, elles répondent de nouveau."
        if nombre
        else "Personne n’est encore convoqué : personne n’est prévenu.",
        succes="La séance est déplacée.",
        app=seance.instance.app,
    )


@reserve_a(Role.AGENT)
def annuler(request: RequeteConnectee, pk: int) -> HttpResponse:
    seance = trouver_seance(request, pk)
    depasse = exiger_acte(request, seance, "annuler")
    if depasse is not None:
        return depasse
    nombre = seance.convies.filter(retire_le=None).count()
    return page_formulaire(
        request,
        MotifForm,
        lambda reponses: actions.annuler(seance, par=request.user, **reponses),
        titre="Annuler la séance",
        retour=seance.get_absolute_url(),
        fil=fil_de(seance),
        sur_quoi=seance.titre,
        consequence=f"Les {nombre} personnes convoquées sont prévenues et la séance sort de leur agenda. "
        "L’annulation ne se défait pas."
        if nombre
        else "Personne n’est encore convoqué. L’annulation ne se défait pas.",
        succes="La séance est annulée.",
        app=seance.instance.app,
        est_dangereux=True,
    )


@reserve_a(Role.AGENT)
def informer(request: RequeteConnectee, pk: int) -> HttpResponse:
    seance = trouver_seance(request, pk)
    depasse = exiger_acte(request, seance, "modifier")
    if depasse is not None:
        return depasse
    nombre = seance.convies.filter(retire_le=None).count()
    oubliees = membres_oubliees(seance)
    return page_formulaire(
        request,
        InformerForm,
        lambda reponses: actions.informer(seance, par=request.user, **reponses),
        titre="Prévenir du nouvel ordre du jour",
        retour=seance.get_absolute_url(),
        fil=fil_de(seance),
        sur_quoi=seance.titre,
        consequence=f"Un seul envoi pour tous les changements : {nombre} personnes le reçoivent, avec la convocation refaite."
        + (f" {len(oubliees)} membres nommés depuis sont convoqués aussi." if oubliees else ""),
        succes="Le nouvel ordre du jour part aux personnes convoquées.",
        bouton="Prévenir les personnes convoquées",
        app=seance.instance.app,
    )


@reserve_a(Role.AGENT)
def relancer(request: RequeteConnectee, pk: int) -> HttpResponse:
    seance = trouver_seance(request, pk)
    depasse = exiger_acte(request, seance, "modifier")
    if depasse is not None:
        return depasse
    muets = list(seance.convies.filter(retire_le=None, reponse="").select_related("membre__compte"))
    return page_formulaire(
        request,
        None,
        lambda _: relancer_reponses(seance, par=request.user),
        titre="Relancer qui n’a pas répondu",
        retour=f"{seance.get_absolute_url()}#reponses",
        fil=fil_de(seance),
        sur_quoi=seance.titre,
        consequence=(
            f"{accorder(len(muets), 'personne')} : "
            + ", ".join(str(convie.membre) for convie in muets[:12])
            + ("…" if len(muets) > 12 else ".")
            if muets
            else "Tout le monde a répondu."
        ),
        succes=lambda combien: f"{accorder(combien, 'relance')} : c’est parti.",
        bouton="Envoyer la relance",
        app=seance.instance.app,
    )


@reserve_a(Role.AGENT)
def seconde_convocation(request: RequeteConnectee, pk: int) -> HttpResponse:
    seance = trouver_seance(request, pk)
    faites: list[Seance] = []
    reponse = page_formulaire(
        request,
        SecondeConvocationForm,
        lambda reponses: faites.append(actions.seconde_convocation(seance, par=request.user, **reponses)),
        titre="Convoquer une seconde fois",
        retour=seance.get_absolute_url(),
        fil=fil_de(seance),
        sur_quoi=seance.titre,
        consequence=f"Même ordre du jour, {en_mots(seance.reglement.delai_seconde, 'calendaires')} plus tard au moins. "
        + (
            "La nouvelle séance pourra délibérer sans condition de quorum. "
            if seance.reglement.seconde_sans_quorum
            else "La même condition de quorum s’appliquera. "
        )
        + "La convocation part aussitôt.",
        succes="La seconde convocation part.",
        app=seance.instance.app,
    )
    return redirect(faites[0]) if faites else reponse


@require_safe
def document(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    """The frozen PDF of a sending, for agents and for those convened."""
    convocation = get_object_or_404(Convocation.objects.select_related("document", "seance"), pk=pk)
    if not request.user.est_agent and not (
        convocation.envoyee_le is not None
        and Convie.objects.filter(seance=convocation.seance_id, membre__compte=request.user).exists()
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
    )


# Answers


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repondre_par_lien(request: HttpRequest, jeton: str) -> HttpResponse:
    """By the signed link of the letter, without an account. A GET shows; only a POST answers."""
    convie = convie_du_jeton(jeton)
    if convie is None:
        return render(request, "seances/lien_inconnu.html", status=404)
    if request.method == "GET":
        noter_ouverture(convie)
    return page_reponse(
        request, convie, "seances/repondre.html", retour=reverse("seances:repondre", args=[jeton])
    )


def convie_du_jeton(jeton: str) -> Convie | None:
    try:
        numero = Convie.LIEN.lire(jeton)
    except LienInvalide:
        return None
    convie: Convie | None = avec_personne().filter(pk=numero).first()
    return convie


def avec_personne() -> Any:
    return Convie.objects.select_related(
        "seance__instance",
        "seance__mandature",
        "seance__reglement",
        "membre__compte",
        "membre__college",
        "pouvoir_a__membre__compte",
        "pouvoir_a__membre__college",
        "remplace__membre__compte",
    )


def _lien_presence(convie: Convie) -> str:
    """On the day, for who comes without an account: the code of the room says the rest."""
    seance = convie.seance
    if not seance.est_deliberante or convie.retire_le is not None:
        return ""
    est_le_jour = seance.est_en_cours or (
        seance.etat == Etat.CONVOQUEE and timezone.localdate(seance.debut) == timezone.localdate()
    )
    return reverse("seances:presence_par_lien", args=[convie.jeton()]) if est_le_jour else ""


def page_reponse(
    request: HttpRequest, convie: Convie, gabarit: str, *, retour: str, connecte: bool = False
) -> HttpResponse:
    """The answer in place: asked for, kept, or no longer possible. Used by the link and by the member's page."""
    seance = convie.seance
    ouverte = seance.etat == Etat.CONVOQUEE and convie.retire_le is None
    form = None
    if ouverte or request.method == "POST":
        form = RepondreForm(request.POST or None, convie=convie)
        if form.is_valid():
            reponses = form.cleaned_data
            depasse = tenter(
                request,  # type: ignore[arg-type]
                form,
                lambda: repondre(convie, **reponses),
                retour,
            )
            if depasse is not None:
                return depasse
            if not form.errors:
                return redirect(f"{retour}?merci")
            # The transaction was undone: the page shows what is kept, not what was tried.
            convie.refresh_from_db(fields=["reponse", "pouvoir_a", "besoins", "precisions", "repondu_le"])
    return render(
        request,
        gabarit,
        {
            **contexte_membre(seance, convie),
            "form": form if ouverte else None,
            "lien_presence": "" if connecte else _lien_presence(convie),
            "merci": "merci" in request.GET and bool(convie.reponse),
            "connecte": connecte,
            "retour": retour,
            # By the link without an account, titles alone: their pages ask to sign in.
            "dossiers_lisibles": _dossiers_lisibles(request.user, seance)
            if isinstance(request.user, Compte) and connecte
            else set(),
        },
    )


def _dossiers_lisibles(compte: Compte, seance: Seance) -> set[int]:
    return lisibles_par(
        compte, PointDossier.objects.filter(point__seance=seance).values_list("dossier", flat=True)
    )


def contexte_membre(seance: Seance, convie: Convie | None) -> dict[str, Any]:
    """When, where, what for, with which papers: what a member needs before and after."""
    pieces = pieces_de(seance)
    derniere = (
        seance.convocations.exclude(envoyee_le=None).exclude(document=None).select_related("document").first()
    )
    return {
        "seance": seance,
        "instance": seance.instance,
        "app": seance.instance.app,
        "convie": convie,
        "points": lignes_points(seance, pieces),
        "pieces": [piece for piece in pieces if piece.point_id is None],
        "convocation": derniere,
        "pouvoirs_recus": list(convie.pouvoirs_recus.filter(retire_le=None).select_related("membre__compte"))
        if convie is not None and convie.pk
        else [],
        "pouvoir_caduc": convie is not None
        and convie.pouvoir_a is not None
        and (convie.pouvoir_a.est_absent or convie.pouvoir_a.retire_le is not None),
        "url_presence": _adresse("seances:saisir_code")
        if convie is not None
        and seance.est_deliberante
        and seance.etat == Etat.CONVOQUEE
        and timezone.localdate(seance.debut) == timezone.localdate()
        else "",
        "url_ecran": _adresse("seances:ma_seance_en_cours", seance.pk) if seance.est_en_cours else "",
    }


@reserve_a(Role.AGENT)
def noter_reponse(request: RequeteConnectee, pk: int) -> HttpResponse:
    """An agent writes down what somebody said by telephone."""
    convie = get_object_or_404(
        avec_personne().filter(seance__in=Seance.objects.visibles_par(request.user)), pk=pk
    )
    seance = convie.seance
    depasse = exiger_acte(request, seance, "modifier")
    if depasse is not None:
        return depasse
    return page_formulaire(
        request,
        RepondreForm(request.POST or None, convie=convie),
        lambda reponses: repondre(convie, par=request.user, **reponses),
        titre=f"Noter la réponse {de(convie.membre)}",
        retour=f"{seance.get_absolute_url()}#reponses",
        fil=fil_de(seance),
        sur_quoi=seance.titre,
        consequence="Par téléphone ou de vive voix. La personne reçoit la confirmation de ce qui est noté.",
        succes=f"La réponse {de(convie.membre)} est notée.",
        bouton="Noter la réponse",
        app=seance.instance.app,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ma_seance(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The member's page of a séance: her answer in place, the agenda and its papers. 404 for who is not of the instance."""
    seance = get_object_or_404(Seance.objects.visibles_par(request.user).avec_instance(), pk=pk)
    convie = (
        avec_personne().filter(seance=seance, membre__compte=request.user).order_by("retire_le", "pk").first()
    )
    est_membre = (
        Membre.objects.filter(compte=request.user).en_fonction().de_l_instance(seance.instance).exists()
    )
    if convie is None and not est_membre:
        raise Http404
    if seance.etat == Etat.PROGRAMMEE:
        # Nothing of it is announced yet but its day.
        return render(
            request,
            "seances/ma_seance.html",
            {
                "seance": seance,
                "instance": seance.instance,
                "app": seance.instance.app,
                "convie": None,
                "points": [],
                "pieces": [],
                "form": None,
                "connecte": True,
            },
        )
    if convie is None:
        return render(
            request,
            "seances/ma_seance.html",
            {
                **contexte_membre(seance, None),
                "form": None,
                "connecte": True,
                "dossiers_lisibles": _dossiers_lisibles(request.user, seance),
            },
        )
    return page_reponse(
        request,
        convie,
        "seances/ma_seance.html",
        retour=reverse("seances:ma_seance", args=[seance.pk]),
        connecte=True,
    )
