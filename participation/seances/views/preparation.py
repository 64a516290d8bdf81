"""The pages that prepare a séance: its day, its points, its papers, what members demand."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from participation.seances.actions import demandes as actions_demandes
from participation.seances.actions import preparation as actions
from participation.seances.forms.preparation import (
    CHAMPS_POINT,
    DemanderPointForm,
    InscrireDemandeForm,
    JoindrePieceSeanceForm,
    ModifierConvoqueeForm,
    PointForm,
    ProgrammerForm,
    RetirerPointForm,
    SeanceForm,
)
from participation.seances.models import (
    Convie,
    DemandePoint,
    Instance,
    Membre,
    PieceSeance,
    Point,
    PointDossier,
    Seance,
)
from participation.seances.views.formulaires import page_formulaire
from participation.seances.views.seances import trouver_seance
from participation.seances.workflow import Etat
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.filters import chercher
from participation.socle.francais import accorder
from participation.socle.http import RequeteConnectee, publique, reserve_a
from participation.socle.models import Compte, Dossier
from participation.socle.views.actes import acte_depasse, sans_ecraser
from participation.socle.views.dossier import trouver_dossier
from participation.socle.views.fichiers import servir
from participation.socle.workflow import Role

DOSSIERS_MONTRES = 10


def fil_de(seance: Seance) -> tuple[str, ...]:
    return ("Séances", reverse("seances:seances"), seance.titre, seance.get_absolute_url())


def exiger_acte(request: RequeteConnectee, seance: Seance, acte: str) -> HttpResponse | None:
    """Before the page of an act: RoleInsuffisant (403), or the 409 page when the état has moved."""
    transition = seance.TRANSITIONS[acte]
    if not transition.par & seance.roles_de(request.user):
        raise RoleInsuffisant(f"« {transition.libelle} » ne vous est pas ouvert.")
    if seance.etat not in transition.de:
        return acte_depasse(
            request,
            f"« {transition.libelle} » n’est plus possible : la séance est « {seance.get_etat_display()} ».",
            seance.get_absolute_url(),
        )
    return None


@reserve_a(Role.AGENT)
def programmer(request: RequeteConnectee) -> HttpResponse:
    demandee = request.GET.get("instance", "")
    nature = request.GET.get("nature", "")
    form = ProgrammerForm(
        request.POST or None,
        initial={
            "instance": demandee,
            "tenue": Seance.Tenue.SALLE,
            "nature": nature if nature in Seance.Nature.values else Seance.Nature.PLENIERE,
        },
    )
    faites: list[Seance] = []

    def agir(reponses: dict[str, Any]) -> None:
        faites.append(actions.programmer(reponses.pop("instance"), par=request.user, **reponses))

    reponse = page_formulaire(
        request,
        form,
        agir,
        titre="Programmer une séance",
        retour=reverse("seances:seances"),
        fil=("Séances", reverse("seances:seances")),
        consequence="Elle est régie par le règlement en vigueur ce jour-là. Personne n’est prévenu avant la convocation.",
        succes="La séance est programmée : préparez son ordre du jour.",
        gabarit="seances/programmer.html",
    )
    return redirect(faites[0]) if faites else reponse


@reserve_a(Role.AGENT)
def modifier(request: RequeteConnectee, pk: int) -> HttpResponse:
    seance = trouver_seance(request, pk)
    depasse = exiger_acte(request, seance, "modifier")
    if depasse is not None:
        return depasse
    convoquee = seance.etat == Etat.CONVOQUEE
    form: Any
    if convoquee:
        form = ModifierConvoqueeForm(
            request.POST or None,
            initial={c: getattr(seance, c) for c in ("titre", "acces", "est_publique", "capacite")},
        )
    else:
        form = SeanceForm(request.POST or None, initial=SeanceForm.initial_depuis(seance))
    return page_formulaire(
        request,
        form,
        lambda reponses: actions.modifier(seance, par=request.user, **reponses),
        titre="Modifier la séance",
        retour=seance.get_absolute_url(),
        fil=fil_de(seance),
        sur_quoi=seance.titre,
        consequence="Les membres sont convoqués : pour changer la date, le lieu ou le lien, choisissez « Déplacer »."
        if convoquee
        else "Personne n’est encore convoqué : tout peut changer.",
        succes="La séance est modifiée.",
        app=seance.instance.app,
        gabarit="seances/programmer.html",
    )


# The agenda


@reserve_a(Role.AGENT)
def ajouter_point(request: RequeteConnectee, pk: int) -> HttpResponse:
    seance = trouver_seance(request, pk)
    faits: list[Point] = []

    def agir(reponses: dict[str, Any]) -> None:
        faits.append(
            actions.ajouter_point(
                seance, par=request.user, **{champ: reponses[champ] for champ in CHAMPS_POINT}
            )
        )

    reponse = page_formulaire(
        request,
        PointForm(request.POST or None, seance=seance),
        agir,
        titre="Ajouter un point",
        retour=seance.get_absolute_url(),
        fil=fil_de(seance),
        sur_quoi=seance.titre,
        consequence="Ce point sera montré comme « ajouté après la convocation »."
        if seance.etat != Etat.PROGRAMMEE
        else "Les dossiers et les pièces s’ajoutent à la page suivante.",
        succes="Le point est à l’ordre du jour.",
        app=seance.instance.app,
    )
    return redirect("seances:point", faits[0].pk) if faits else reponse


@reserve_a(Role.AGENT)
def point(request: RequeteConnectee, pk: int) -> HttpResponse:
    """One point: its words, its dossiers (searched by reference or title), its papers."""
    trouve = trouver_point(request, pk)
    seance = trouve.seance
    form = PointForm(request.POST or None, seance=seance, point=trouve)
    mots = request.GET.get("q", "").replace("\0", "").strip()[:200]
    agir = sans_ecraser(
        form,
        trouve,
        ["titre", "note"],
        lambda reponses: actions.modifier_point(
            trouve, par=request.user, vu=reponses["vu"], **{champ: reponses[champ] for champ in CHAMPS_POINT}
        ),
    )
    return page_formulaire(
        request,
        form,
        agir,
        titre=f"Point : {trouve.titre}",
        bouton="Enregistrer",
        retour=request.path,
        fil=fil_de(seance),
        sur_quoi=seance.titre,
        succes="Le point est enregistré.",
        app=seance.instance.app,
        gabarit="seances/point.html",
        contexte={
            "seance": seance,
            "point": trouve,
            "liens": trouve.liens_dossiers.select_related("dossier").order_by("ordre", "pk"),
            "pieces": trouve.pieces.filter(retiree_le=None),
            "mots": mots,
            "trouves": dossiers_proposes(request.user, trouve, mots),
            "peut_changer": not trouve.est_clos
            and (seance.etat in {Etat.PROGRAMMEE, Etat.CONVOQUEE} or seance.est_en_cours),
        },
    )


def dossiers_proposes(compte: Compte, point: Point, mots: str) -> list[Dossier]:
    """Open ones among those she may see, not at this point already."""
    if not mots:
        return []
    ouverts = (
        Dossier.objects.visibles_par(compte)
        .filter(clos_le__isnull=True, ouvert_le__isnull=False)
        .exclude(liens_points__point=point)
    )
    return list(chercher(ouverts, mots).order_by("-rang", "-ouvert_le")[:DOSSIERS_MONTRES])


def trouver_point(request: RequeteConnectee, pk: int) -> Point:
    return get_object_or_404(
        Point.objects.select_related(
            "seance__instance", "seance__mandature", "seance__reglement", "direction", "pv_de"
        ),
        pk=pk,
        seance__in=Seance.objects.visibles_par(request.user),
    )


@require_POST
@reserve_a(Role.AGENT)
def ordonner(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = trouver_point(request, pk)
    actions.ordonner(trouve, par=request.user, sens=request.POST.get("sens", ""))
    return redirect(f"{trouve.seance.get_absolute_url()}#point-{trouve.pk}")


@reserve_a(Role.AGENT)
def retirer_point(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = trouver_point(request, pk)
    seance = trouve.seance
    annonce = seance.etat != Etat.PROGRAMMEE

    def agir(reponses: dict[str, Any]) -> None:
        actions.retirer_point(
            trouve,
            par=request.user,
            motif=reponses.get("motif", ""),
            reporte=reponses.get("suite") == "reporte",
        )

    return page_formulaire(
        request,
        RetirerPointForm if annonce else None,
        agir,
        titre="Retirer le point",
        retour=f"{seance.get_absolute_url()}#ordre-du-jour",
        fil=fil_de(seance),
        sur_quoi=trouve.titre,
        consequence="Ce point a été annoncé : il reste à l’ordre du jour, barré, avec la raison."
        if annonce
        else "Le point disparaît de l’ordre du jour. Ses dossiers ne changent pas.",
        succes="Le point est retiré.",
        app=seance.instance.app,
        est_dangereux=True,
    )


@require_POST
@reserve_a(Role.AGENT)
def ajouter_dossier(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = trouver_point(request, pk)
    numero = request.POST.get("dossier", "")
    if not numero.isdecimal() or len(numero) > 18:
        raise Http404
    dossier = trouver_dossier(request.user, int(numero))
    _dire(
        request,
        lambda: actions.ajouter_dossier(trouve, dossier, par=request.user),
        "Le dossier est à ce point.",
    )
    return redirect(f"{reverse('seances:point', args=[trouve.pk])}#dossiers")


@require_POST
@reserve_a(Role.AGENT)
def retirer_dossier(request: RequeteConnectee, pk: int) -> HttpResponse:
    lien = get_object_or_404(
        PointDossier.objects.select_related("dossier", "point__seance__instance"),
        pk=pk,
        point__seance__in=Seance.objects.visibles_par(request.user),
    )
    numero = lien.point_id
    _dire(
        request, lambda: actions.retirer_dossier(lien, par=request.user), "Le dossier n’est plus à ce point."
    )
    return redirect(f"{reverse('seances:point', args=[numero])}#dossiers")


def _dire(request: RequeteConnectee, agir: Any, succes: str) -> None:
    """A small act of a page: its refusal is a message there."""
    try:
        agir()
    except ActeInterdit:
        raise
    except ErreurMetier as erreur:
        messages.error(request, erreur.message)
    except ValidationError as erreur:
        messages.error(request, " ".join(erreur.messages))
    else:
        messages.success(request, succes)


# Papers


@reserve_a(Role.AGENT)
def joindre_piece(request: RequeteConnectee, pk: int) -> HttpResponse:
    seance = trouver_seance(request, pk)
    form = JoindrePieceSeanceForm(
        request.POST or None,
        request.FILES or None,
        seance=seance,
        initial={"point": request.GET.get("point", "")},
    )

    def agir(reponses: dict[str, Any]) -> PieceSeance:
        return actions.joindre_piece(seance, reponses.pop("point"), par=request.user, **reponses)

    tardive = timezone.localdate() > seance.date_limite
    return page_formulaire(
        request,
        form,
        agir,
        titre="Joindre une pièce",
        retour=f"{seance.get_absolute_url()}#pieces",
        fil=fil_de(seance),
        sur_quoi=seance.titre,
        consequence="Le délai de convocation est passé : cette pièce sera montrée comme « envoyée hors délai »."
        if tardive
        else "Les personnes convoquées la trouvent sur la page de la séance.",
        succes="La pièce est jointe.",
        app=seance.instance.app,
    )


@reserve_a(Role.AGENT)
def retirer_piece(request: RequeteConnectee, pk: int) -> HttpResponse:
    piece = get_object_or_404(
        PieceSeance.objects.select_related("seance__instance"),
        pk=pk,
        retiree_le=None,
        seance__in=Seance.objects.visibles_par(request.user),
    )
    return page_formulaire(
        request,
        None,
        lambda _: actions.retirer_piece(piece, par=request.user),
        titre="Retirer la pièce",
        retour=f"{piece.seance.get_absolute_url()}#pieces",
        fil=fil_de(piece.seance),
        sur_quoi=piece.titre,
        consequence="Elle n’est plus montrée à personne. Le journal garde la trace de son retrait.",
        succes="La pièce est retirée.",
        app=piece.seance.instance.app,
        est_dangereux=True,
    )


@publique
@require_safe
def piece(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A paper: to all when it is public, else to agents, people convened and members of the instance."""
    trouvee = get_object_or_404(
        PieceSeance.objects.select_related("seance__instance", "point"), pk=pk, retiree_le=None
    )
    publique_a_tous = est_publique(trouvee)
    if not publique_a_tous:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not peut_lire(trouvee, request.user):
            raise Http404
    return servir(
        request,
        trouvee.fichier,
        nom=trouvee.nom,
        type_mime=trouvee.type_mime,
        empreinte=trouvee.sha256,
        est_public=publique_a_tous,
    )


def est_publique(piece: PieceSeance) -> bool:
    return (
        piece.est_publique
        and piece.seance.instance.est_publique
        and piece.seance.etat != Etat.PROGRAMMEE
        and not (piece.point is not None and piece.point.est_confidentiel)
    )


def peut_lire(piece: PieceSeance, compte: Compte) -> bool:
    if compte.est_agent:
        return True
    if piece.seance.etat == Etat.PROGRAMMEE:
        return False
    return (
        Convie.objects.filter(seance=piece.seance_id, membre__compte=compte, retire_le=None).exists()
        or Membre.objects.filter(compte=compte).en_fonction().de_l_instance(piece.seance.instance).exists()
    )


# Items demanded by members


def membre_de(compte: Compte, instance: Instance) -> Membre:
    """The seat of this person in the instance today; 404 for who has none."""
    sieges = Membre.objects.filter(compte=compte).en_fonction().de_l_instance(instance).avec_personne()
    siege = sorted(sieges, key=lambda membre: (membre.rang != Membre.Rang.TITULAIRE, membre.pk))
    if not siege:
        raise Http404
    return siege[0]


def demandes_points(request: RequeteConnectee, cle: str) -> HttpResponse:
    """What members of the instance demand, and how many support it."""
    instance = get_object_or_404(Instance, cle=cle)
    membre = membre_de(request.user, instance)
    demandes = (
        DemandePoint.objects.filter(instance=instance, mandature=membre.college.mandature_id)
        .select_related("auteur__compte", "instance", "mandature", "point__seance")
        .prefetch_related("soutiens")
    )
    lignes = []
    requis = 0
    for demande in demandes:
        requis = requis or actions_demandes.requis_pour(demande)
        soutiens = {soutien.membre_id for soutien in demande.soutiens.all()}
        lignes.append(
            {
                "demande": demande,
                "nombre": len(soutiens),
                "proportion": min(len(soutiens) / requis, 1.0),
                "soutenue": membre.pk in soutiens,
                "est_auteur": demande.auteur_id == membre.pk,
            }
        )
    return render(
        request,
        "seances/demandes_points.html",
        {
            "instance": instance,
            "app": instance.app,
            "membre": membre,
            "lignes": lignes,
            "requis": requis,
            "peut_demander": membre.rang == Membre.Rang.TITULAIRE and membre.college.a_le_vote(),
        },
    )


def demander_point(request: RequeteConnectee, cle: str) -> HttpResponse:
    instance = get_object_or_404(Instance, cle=cle)
    membre = membre_de(request.user, instance)
    return page_formulaire(
        request,
        DemanderPointForm,
        lambda reponses: actions.demander_point(instance, auteur=membre, **reponses),
        titre="Demander un point à l’ordre du jour",
        retour=reverse("seances:demandes_points", args=[cle]),
        sur_quoi=instance.nom,
        consequence="Les autres membres lisent votre demande et peuvent la soutenir. Quand ils sont assez nombreux, "
        "le service doit l’inscrire à une séance.",
        succes="Votre demande est écrite. Vous la soutenez déjà.",
        bouton="Écrire la demande",
        app=instance.app,
        est_publique=True,
    )


@require_POST
def soutenir(request: RequeteConnectee, pk: int) -> HttpResponse:
    demande, membre = _demande_et_membre(request, pk)
    _dire(request, lambda: actions.soutenir(demande, membre=membre), "Vous soutenez cette demande.")
    return redirect("seances:demandes_points", demande.instance.cle)


@require_POST
def ne_plus_soutenir(request: RequeteConnectee, pk: int) -> HttpResponse:
    demande, membre = _demande_et_membre(request, pk)
    _dire(request, lambda: actions.ne_plus_soutenir(demande, membre=membre), "Votre soutien est retiré.")
    return redirect("seances:demandes_points", demande.instance.cle)


@require_POST
def retirer_demande(request: RequeteConnectee, pk: int) -> HttpResponse:
    demande, membre = _demande_et_membre(request, pk)
    _dire(request, lambda: actions.retirer_demande(demande, membre=membre), "Votre demande est retirée.")
    return redirect("seances:demandes_points", demande.instance.cle)


def _demande_et_membre(request: RequeteConnectee, pk: int) -> tuple[DemandePoint, Membre]:
    demande = get_object_or_404(DemandePoint.objects.select_related("instance", "mandature"), pk=pk)
    return demande, membre_de(request.user, demande.instance)


@reserve_a(Role.AGENT)
def inscrire_demande(request: RequeteConnectee, pk: int) -> HttpResponse:
    demande = get_object_or_404(
        DemandePoint.objects.select_related("instance", "mandature", "auteur__compte"), pk=pk
    )
    if demande.etat not in {DemandePoint.Etat.OUVERTE, DemandePoint.Etat.DUE}:
        return acte_depasse(
            request,
            f"Cette demande est déjà « {demande.get_etat_display()} ».",
            demande.point.seance.get_absolute_url() if demande.point else reverse("seances:seances"),
        )
    form = InscrireDemandeForm(
        request.POST or None, demande=demande, initial={"seance": request.GET.get("seance", "")}
    )
    nombre, requis = demande.soutiens.count(), actions_demandes.requis_pour(demande)
    return page_formulaire(
        request,
        form,
        lambda reponses: actions.inscrire_demande(demande, reponses["seance"], par=request.user),
        titre="Inscrire la demande à l’ordre du jour",
        retour=reverse("seances:seances"),
        fil=("Séances", reverse("seances:seances")),
        sur_quoi=demande.titre,
        consequence=f"{accorder(nombre, 'membre')} sur {requis} nécessaires la soutiennent. "
        "Son auteur et ses soutiens apprennent à quelle séance elle est inscrite.",
        succes="La demande est inscrite : ses soutiens sont prévenus.",
        app=demande.instance.app,
        gabarit="seances/inscrire_demande.html",
        contexte={"demande": demande},
    )
