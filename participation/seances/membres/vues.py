"""Back office pages of a member: mandate, replacement, end."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.seances.membres import actes
from participation.seances.membres.actes import MettreFinForm, ModifierMembreForm, NommerForm, RemplacerForm
from participation.seances.models import College, Convie, Membre, Profil
from participation.seances.trouver import membre_du_bureau
from participation.seances.workflow import A_VENIR, EN_COURS
from participation.socle.francais import de, jour_texte
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import boutons_de
from participation.socle.views.pages import Page
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
@require_safe
def membre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Show a mandate: its séances, its journal, and the other seats of the person."""
    membre = membre_du_bureau(request, pk)
    profil = getattr(membre.compte, "profil", None)
    return render(
        request,
        "seances/membre.html",
        {
            "membre": membre,
            "instance": membre.college.mandature.instance,
            "app": membre.college.mandature.instance.app,
            "profil": profil,
            "besoins": [Profil.Besoin(besoin).label for besoin in profil.besoins] if profil else [],
            "suppleants": suppleants_de(membre),
            "remplacant": membre.remplacants.select_related("compte").first(),
            "autres": Membre.objects.filter(compte=membre.compte)
            .exclude(pk=membre.pk)
            .avec_personne()
            .order_by("-du"),
            "convocations": Convie.objects.filter(membre=membre)
            .select_related("seance")
            .prefetch_related("presences")
            .order_by("-seance__debut")[:12],
            "journal": membre.journal.select_related("par"),
            "boutons": boutons_de(membre, request.user),
        },
    )


def seances_attendues(request: RequeteConnectee, membre: Membre, form: object) -> dict[str, Any]:
    convies = Convie.objects.filter(
        Q(seance__etat__in=EN_COURS) | Q(seance__etat__in=A_VENIR, seance__fin__gte=timezone.now()),
        membre=membre,
        retire_le__isnull=True,
    ).select_related("seance")
    return {"convies": convies.order_by("seance__debut"), "suppleants": suppleants_de(membre)}


def suppleants_de(membre: Membre) -> list[Membre]:
    return [s for s in membre.suppleants.select_related("compte") if s.est_en_fonction()]


def dire_remplacement(membre: Membre) -> str:
    jusque = f", jusqu’au {jour_texte(membre.terme)}" if membre.terme else ""
    siens = " ".join(
        f"{suppleant}, qui suppléait ce siège, peut le prendre : écrivez son adresse, {suppleant.compte.courriel}. "
        "Sa suppléance prend alors fin."
        for suppleant in suppleants_de(membre)
    )
    return f"La personne nommée siège pour la durée qui restait{jusque}. {siens}".strip()


def dire_la_lettre(membre: Membre) -> str:
    boite = membre.compte.boite
    return f"La lettre part à {boite}." if boite else "Cette personne n’a pas de courriel : prévenez-la."


PAGES_NOMMER: dict[str, Page[College]] = {
    "nommer": Page(
        actes.nommer,
        NommerForm,
        "La personne reçoit une lettre, avec le lien de son espace de membre.",
        succes=lambda _, membre: f"{membre} siège. {dire_la_lettre(membre)}",
        retour=lambda college, _: college.mandature.adresse,
    )
}


PAGES_MEMBRES: dict[str, Page[Membre]] = {
    "modifier_membre": Page(
        actes.modifier_membre,
        ModifierMembreForm,
        bouton="Enregistrer",
        succes="Le mandat est modifié.",
        retour=lambda membre, _: membre.get_absolute_url(),
    ),
    "mettre_fin": Page(
        actes.mettre_fin,
        MettreFinForm,
        succes=lambda membre, _: f"Le mandat {de(membre)} prend fin. {dire_la_lettre(membre)}",
        retour=lambda membre, _: membre.get_absolute_url(),
        gabarit="seances/mettre_fin.html",
        contexte=seances_attendues,
    ),
    "remplacer": Page(
        actes.remplacer,
        RemplacerForm,
        dire_remplacement,
        succes=lambda membre, nouveau: f"{nouveau} siège à la place {de(membre)}.",
        retour=lambda membre, nouveau: (
            membre.college.mandature.adresse if nouveau else membre.get_absolute_url()
        ),
    ),
}
