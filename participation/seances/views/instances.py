"""Back office pages of the instances: règlement, mandatures, collèges, members."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.seances.actions import instances as actions
from participation.seances.forms.instances import (
    CollegeForm,
    InstallerForm,
    InstanceForm,
    MandatureForm,
    ReglementForm,
)
from participation.seances.forms.membres import MettreFinForm, ModifierMembreForm, NommerForm, RemplacerForm
from participation.seances.lectures.composition import avec_places, colleges_de
from participation.seances.models import College, Convie, Instance, Mandature, Membre, Profil
from participation.seances.regles.en_mots import regles
from participation.seances.workflow import A_VENIR, EN_COURS
from participation.socle.francais import de, jour_texte
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.views.dossier import boutons_de, pages_du_journal
from participation.socle.views.pages import Page, page_acte
from participation.socle.views.trouver import par_numero
from participation.socle.workflow import Role

PAR_PAGE = 25
ENTREES_MONTREES = 15
SEANCES_MONTREES = 6


@reserve_a(Role.AGENT)
@require_safe
def instances(request: RequeteConnectee) -> HttpResponse:
    page = Paginator(avec_places(Instance.objects.order_by("-est_active", "nom")), PAR_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "seances/instances.html", {"page": page, "annee": timezone.localdate().year})


@reserve_a(Role.AGENT)
@require_safe
def instance(request: RequeteConnectee, cle: str) -> HttpResponse:
    """Show an instance: rules, mandature, collèges and members, coming séances, journal."""
    instance = get_object_or_404(Instance, cle=cle)
    mandatures = list(instance.mandatures.all())
    courante = instance.mandature_du()
    demandee = request.GET.get("mandature", "")
    mandature = next((m for m in mandatures if str(m.pk) == demandee), None) or courante
    mandature = mandature or (mandatures[0] if mandatures else None)
    if mandature is not None:
        mandature.instance = instance
    reglement = instance.reglement_du()
    return render(
        request,
        "seances/instance.html",
        {
            "instance": instance,
            "app": instance.app,
            "mandatures": mandatures,
            "mandature": mandature,
            "est_courante": mandature == courante,
            "actes_mandature": mandature.actes_permis_a(request.user) if mandature else [],
            "colleges": colleges_de(mandature) if mandature else [],
            "reglement": reglement,
            "regles": regles(reglement) if reglement else [],
            "reglements": list(instance.reglements.all()),
            "seances": instance.seances.a_venir().filter(debut__gte=timezone.now())[:SEANCES_MONTREES],
            "journal": pages_du_journal(request, instance, ENTREES_MONTREES),
            "annee": timezone.localdate().year,
            "jour": timezone.localdate(),
        },
    )


def creer_instance(request: RequeteConnectee) -> HttpResponse:
    return page_acte(request, Instance(), "creer_instance", CREER)


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


def instance_du_bureau(request: RequeteConnectee, cle: str) -> Instance:
    return get_object_or_404(Instance, cle=cle)


mandature_du_bureau = par_numero(Mandature, "instance")
college_du_bureau = par_numero(College, "mandature__instance")


def membre_du_bureau(request: RequeteConnectee, pk: int) -> Membre:
    return get_object_or_404(
        Membre.objects.avec_personne().select_related("compte__profil", "quartier", "remplace__compte"), pk=pk
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


CREER: Page[Instance] = Page(
    lambda _, par, **reponses: actions.creer_instance(par=par, **reponses),
    InstanceForm,
    succes="L’instance est créée. Écrivez son règlement, puis ouvrez une mandature.",
)
PAGES: dict[str, Page[Instance]] = {
    "modifier_instance": Page(
        actions.modifier_instance, InstanceForm, bouton="Enregistrer", succes="L’instance est modifiée."
    ),
    "ecrire_reglement": Page(
        actions.ecrire_reglement,
        ReglementForm,
        "Elle s’applique aux séances programmées à partir de son premier jour ; celles qui le sont déjà gardent leur version. La version précédente finit la veille.",
        bouton="Enregistrer cette version",
        succes=lambda _, reglement: f"La version {reglement.version} est écrite.",
        retour="#reglement",
    ),
    "ouvrir_mandature": Page(
        actions.ouvrir_mandature,
        MandatureForm,
        succes=lambda _, mandature: f"La mandature {mandature.intitule} est ouverte. Créez ses collèges.",
    ),
}
PAGES_MANDATURES: dict[str, Page[Mandature]] = {
    "modifier_mandature": Page(
        actions.modifier_mandature,
        MandatureForm,
        "Si le dernier jour change, les mandats qui devaient finir avec elle suivent.",
        bouton="Enregistrer",
        succes="La mandature est modifiée.",
        retour=lambda mandature, _: mandature.adresse,
    ),
    "installer": Page(
        actions.installer,
        InstallerForm,
        "L’installation est la première séance de la mandature, où les membres prennent place.",
        succes="La mandature est installée.",
        retour=lambda mandature, _: mandature.adresse,
    ),
    "creer_college": Page(
        actions.creer_college,
        CollegeForm,
        succes=lambda _, college: f"Le collège « {college.nom} » est créé.",
        retour=lambda mandature, _: mandature.adresse,
    ),
}
PAGES_COLLEGES: dict[str, Page[College]] = {
    "modifier_college": Page(
        actions.modifier_college,
        CollegeForm,
        bouton="Enregistrer",
        succes="Le collège est modifié.",
        retour=lambda college, _: college.mandature.adresse,
    ),
    "nommer": Page(
        actions.nommer,
        NommerForm,
        "La personne reçoit une lettre, avec le lien de son espace de membre.",
        succes=lambda _, membre: f"{membre} siège. La lettre part à {membre.compte.courriel}.",
        retour=lambda college, _: college.mandature.adresse,
    ),
}
PAGES_MEMBRES: dict[str, Page[Membre]] = {
    "modifier_membre": Page(
        actions.modifier_membre,
        ModifierMembreForm,
        bouton="Enregistrer",
        succes="Le mandat est modifié.",
        retour=lambda membre, _: membre.get_absolute_url(),
    ),
    "mettre_fin": Page(
        actions.mettre_fin,
        MettreFinForm,
        succes=lambda membre, _: (
            f"Le mandat {de(membre)} prend fin. La lettre part à {membre.compte.courriel}."
        ),
        retour=lambda membre, _: membre.get_absolute_url(),
        gabarit="seances/mettre_fin.html",
        contexte=seances_attendues,
    ),
    "remplacer": Page(
        actions.remplacer,
        RemplacerForm,
        dire_remplacement,
        succes=lambda membre, nouveau: f"{nouveau} siège à la place {de(membre)}.",
        retour=lambda membre, nouveau: (
            membre.college.mandature.adresse if nouveau else membre.get_absolute_url()
        ),
    ),
}
