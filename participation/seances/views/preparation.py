"""Pages that prepare a séance: date, points, dossiers, documents, participants."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from participation.seances.actions import participants
from participation.seances.actions import preparation as actions
from participation.seances.forms.preparation import (
    CopierOrdreDuJourForm,
    InviterForm,
    JoindrePieceSeanceForm,
    ModifierForm,
    ModifierPointForm,
    NoterInviteForm,
    OrdonnerForm,
    ParticipantsForm,
    PointForm,
    ProgrammerForm,
    RetirerPointForm,
)
from participation.seances.models import Invite, PieceSeance, Point, PointDossier, Seance
from participation.seances.views.deroule.animer import ecran_animateur
from participation.seances.workflow import Etat
from participation.socle.filters import chercher
from participation.socle.forms.actes import ActeForm
from participation.socle.http import RequeteConnectee, est_un_numero, publique, reserve_a
from participation.socle.models import Compte, Dossier
from participation.socle.views.dossier import trouver_dossier
from participation.socle.views.fichiers import servir
from participation.socle.views.pages import Page, page_acte
from participation.socle.views.trouver import par_numero
from participation.socle.workflow import Role

DOSSIERS_MONTRES = 10


def programmer(request: RequeteConnectee) -> HttpResponse:
    nature = request.GET.get("nature", "")
    seance = Seance(nature=nature if nature in Seance.Nature.values else Seance.Nature.PLENIERE)
    seance.cle_demandee = request.GET.get("instance", "")  # type: ignore[attr-defined]  # for the form
    return page_acte(request, seance, "programmer", PROGRAMMER)


def trouver_point(request: RequeteConnectee, pk: int) -> Point:
    return get_object_or_404(
        Point.objects.select_related(
            "seance__instance", "seance__mandature", "seance__reglement", "direction", "pv_de"
        ),
        pk=pk,
        seance__in=Seance.objects.visibles_par(request.user),
    )


def trouver_lien(request: RequeteConnectee, pk: int) -> PointDossier:
    return get_object_or_404(
        PointDossier.objects.select_related("dossier", "point__seance__instance"),
        pk=pk,
        point__seance__in=Seance.objects.visibles_par(request.user),
    )


trouver_invite = par_numero(Invite, "seance__instance")


def trouver_piece(request: RequeteConnectee, pk: int) -> PieceSeance:
    return get_object_or_404(
        PieceSeance.objects.select_related("seance__instance"),
        pk=pk,
        retiree_le=None,
        seance__in=Seance.objects.visibles_par(request.user),
    )


@reserve_a(Role.AGENT)
def point(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Show a point: text, dossiers (searched by reference or title), documents. Read-only once it is closed."""
    trouve = trouver_point(request, pk)
    if request.method == "POST" or trouve.permet("modifier_point", request.user):
        return page_acte(request, trouve, "modifier_point", MODIFIER_POINT)
    return render(
        request,
        "seances/point.html",
        {
            "suivi": trouve.seance,
            "domaine": trouve.seance.domaine,
            "fil": trouve.fil,
            "cadre_page": "bureau.html",
            "est_publique": False,
            "titre": f"Point : {trouve}",
            "sujet": trouve.seance.titre,
            "obstacles": [],
            "form": None,
            "lettre": None,
            **contexte_du_point(request, trouve, None),
        },
    )


def contexte_du_point(request: RequeteConnectee, point: Point, form: object) -> dict[str, Any]:
    mots = request.GET.get("q", "").replace("\0", "").strip()[:200]
    return {
        "seance": point.seance,
        "point": point,
        "sujet": point.seance.titre,
        "liens": point.liens_dossiers.select_related("dossier").order_by("ordre", "pk"),
        "pieces": point.pieces.filter(retiree_le=None),
        "mots": mots,
        "trouves": dossiers_proposes(request.user, point, mots),
        "peut_changer": point.permet("modifier_point", request.user),
    }


def dossiers_proposes(compte: Compte, point: Point, mots: str) -> list[Dossier]:
    """Return the open dossiers found that this person may see and that are not at this point yet."""
    if not mots:
        return []
    ouverts = (
        Dossier.objects.visibles_par(compte)
        # A reserved dossier must not be shown to all the people of a séance.
        .filter(clos_le__isnull=True, ouvert_le__isnull=False, est_reserve=False)
        .exclude(liens_points__point=point)
    )
    return list(chercher(ouverts, mots).order_by("-rang", "-ouvert_le")[:DOSSIERS_MONTRES])


@require_POST
def ajouter_dossier(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = trouver_point(request, pk)
    numero = request.POST.get("dossier", "")
    if not est_un_numero(numero):
        raise Http404
    dossier = trouver_dossier(request.user, int(numero))
    page: Page[Point] = Page(
        lambda point, par: actions.ajouter_dossier(point, dossier, par=par),
        succes="Le dossier est à ce point.",
        retour=f"{trouve.get_absolute_url()}#dossiers",
        en_un_clic=True,
    )
    return page_acte(request, trouve, "ajouter_dossier", page)


@publique
@require_safe
def piece(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a document: to everybody if public, otherwise to agents and to members who may read the séance."""
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
    a_huis_clos = piece.point is not None and piece.point.est_confidentiel
    lues = Seance.objects.lues_en_entier_par(compte) if a_huis_clos else Seance.objects.lues_par(compte)
    return lues.filter(pk=piece.seance_id).exists()


def aller_a_l_ordre_du_jour(point: Point, _: object) -> str:
    return f"{point.seance.get_absolute_url()}#ordre-du-jour"


def dire_modification(seance: Seance) -> str:
    if seance.etat == Etat.CONVOQUEE:
        return (
            "Les membres sont convoqués : pour changer la date, le lieu ou le lien, choisissez « Déplacer »."
        )
    return "Personne n’est encore convoqué : tout peut changer."


def dire_ajout(seance: Seance) -> str:
    if seance.etat != Etat.PROGRAMMEE:
        return "Ce point sera montré comme « ajouté après la convocation »."
    return "Les dossiers et les pièces s’ajoutent à la page suivante."


def dire_retrait(point: Point) -> str:
    if point.seance.etat != Etat.PROGRAMMEE:
        return "Ce point a été annoncé : il reste à l’ordre du jour, barré, avec la raison."
    return "Le point disparaît de l’ordre du jour. Ses dossiers ne changent pas."


def dire_piece(seance: Seance) -> str:
    if timezone.localdate() > seance.date_limite:
        return "Le délai de convocation est passé : cette pièce sera montrée comme « envoyée hors délai »."
    return "Les personnes convoquées la trouvent sur la page de la séance."


def demander_le_point(request: RequeteConnectee, seance: Seance, form: ActeForm) -> dict[str, Any]:
    form.initial["point"] = request.GET.get("point", "")
    return {}


PROGRAMMER: Page[Seance] = Page(
    lambda _, par, instance, **reponses: actions.programmer(instance, par=par, **reponses),
    ProgrammerForm,
    "Elle est régie par le règlement en vigueur ce jour-là. Personne n’est prévenu avant la convocation.",
    succes="La séance est programmée : préparez son ordre du jour.",
    retour=lambda _, faite: faite.get_absolute_url() if faite else reverse("seances:seances"),
    gabarit="seances/programmer.html",
)
MODIFIER_POINT: Page[Point] = Page(
    actions.modifier_point,
    ModifierPointForm,
    titre=lambda point: f"Point : {point}",
    bouton="Enregistrer",
    succes="Le point est enregistré.",
    retour=lambda point, _: point.get_absolute_url(),
    gabarit="seances/point.html",
    contexte=contexte_du_point,
)
PAGES: dict[str, Page[Seance]] = {
    "modifier": Page(
        actions.modifier,
        ModifierForm,
        dire_modification,
        succes="La séance est modifiée.",
        gabarit="seances/programmer.html",
    ),
    "ajouter_point": Page(
        actions.ajouter_point,
        PointForm,
        dire_ajout,
        succes="Le point est à l’ordre du jour.",
        retour=lambda seance, point: (point or seance).get_absolute_url(),
    ),
    "choisir_participants": Page(
        participants.choisir_participants,
        ParticipantsForm,
        "Seules ces personnes seront convoquées. Tant que personne ne l’est, le choix peut changer.",
        succes="Les participants sont choisis.",
    ),
    "copier_ordre_du_jour": Page(
        participants.copier_ordre_du_jour,
        CopierOrdreDuJourForm,
        "Les points s’ajoutent à la suite de ceux qui y sont déjà.",
        succes="L’ordre du jour est repris : complétez-le.",
        retour="#ordre-du-jour",
    ),
    "inviter": Page(
        participants.inviter,
        InviterForm,
        "La personne reçoit l’invitation avec les membres, ou aussitôt s’ils sont déjà convoqués. Elle est entendue, sans voix.",
        succes="La personne est invitée.",
        retour="#invites",
    ),
    "joindre_piece": Page(
        lambda seance, par, point, fichier, **reponses: actions.joindre_piece(
            seance, point, fichier, par=par, **reponses
        ),
        JoindrePieceSeanceForm,
        dire_piece,
        succes="La pièce est jointe.",
        retour="#pieces",
        contexte=demander_le_point,
    ),
}
PAGES_INVITES: dict[str, Page[Invite]] = {
    "desinviter": Page(
        participants.desinviter,
        consequence="Si elle avait été invitée par courriel, la personne est prévenue et son agenda efface le rendez-vous.",
        succes="La personne n’est plus invitée.",
        retour="#invites",
    ),
    "noter_invite": Page(
        participants.noter_invite,
        NoterInviteForm,
        retour="#invites",
        en_un_clic=True,
        # The same button is on the facilitator's screen, in the list of arrivals.
        ecran=lambda request, invite: ecran_animateur(request, invite.seance_id, partiel=True),
    ),
}
PAGES_POINTS: dict[str, Page[Point]] = {
    "ordonner": Page(
        actions.ordonner,
        OrdonnerForm,
        retour=lambda point, _: f"{point.seance.get_absolute_url()}#point-{point.pk}",
        en_un_clic=True,
    ),
    "retirer_point": Page(
        actions.retirer_point,
        RetirerPointForm,
        dire_retrait,
        succes="Le point est retiré.",
        retour=aller_a_l_ordre_du_jour,
    ),
}
PAGES_LIENS: dict[str, Page[PointDossier]] = {
    "retirer_dossier": Page(
        actions.retirer_dossier,
        succes="Le dossier n’est plus à ce point.",
        retour=lambda lien, _: f"{lien.point.get_absolute_url()}#dossiers",
        en_un_clic=True,
    )
}
PAGES_PIECES: dict[str, Page[PieceSeance]] = {
    "retirer_piece": Page(
        actions.retirer_piece,
        consequence="Elle n’est plus montrée à personne. Le journal garde la trace de son retrait.",
        succes="La pièce est retirée.",
        retour="#pieces",
    )
}
