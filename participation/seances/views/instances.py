"""The back office of the instances: their rules, their mandatures, who sits there."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.seances.actions import instances as actions
from participation.seances.forms.instances import (
    CollegeForm,
    InstallerForm,
    InstanceForm,
    MandatureForm,
    MettreFinForm,
    ModifierMembreForm,
    NommerForm,
    ReglementForm,
    RemplacerForm,
)
from participation.seances.lectures.composition import avec_places, colleges_de
from participation.seances.models import College, Convie, Instance, Mandature, Membre, Profil
from participation.seances.regles.en_mots import regles
from participation.seances.views.formulaires import page_formulaire
from participation.seances.workflow import A_VENIR, EN_COURS
from participation.socle.francais import de, jour_texte
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.workflow import Role

PAR_PAGE = 25
ENTREES_MONTREES = 15
SEANCES_MONTREES = 6


def fil_de(instance: Instance) -> tuple[str, ...]:
    return ("Instances", reverse("seances:instances"), instance.sigle, instance.get_absolute_url())


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
    """Rules in words, mandature, collèges and members, séances to come, journal."""
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
            "colleges": colleges_de(mandature) if mandature else [],
            "reglement": reglement,
            "regles": regles(reglement) if reglement else [],
            "reglements": list(instance.reglements.all()),
            "seances": instance.seances.a_venir().filter(debut__gte=timezone.now())[:SEANCES_MONTREES],
            "entrees": Paginator(instance.journal.select_related("par"), ENTREES_MONTREES).get_page(
                request.GET.get("lignes")
            ),
            "annee": timezone.localdate().year,
            "jour": timezone.localdate(),
        },
    )


@reserve_a(Role.AGENT)
def creer_instance(request: RequeteConnectee) -> HttpResponse:
    return page_formulaire(
        request,
        InstanceForm,
        lambda reponses: actions.creer_instance(par=request.user, **reponses),
        titre="Ajouter une instance",
        succes="L’instance est créée. Écrivez son règlement, puis ouvrez une mandature.",
        fil=("Instances", reverse("seances:instances")),
        retour=reverse("seances:instances"),
    )


@reserve_a(Role.AGENT)
def modifier_instance(request: RequeteConnectee, cle: str) -> HttpResponse:
    instance = get_object_or_404(Instance, cle=cle)
    return page_formulaire(
        request,
        InstanceForm(request.POST if request.method == "POST" else None, instance=instance),
        lambda reponses: actions.modifier_instance(instance, par=request.user, **reponses),
        titre="Modifier l’instance",
        sur_quoi=instance.nom,
        bouton="Enregistrer",
        succes="L’instance est modifiée.",
        fil=fil_de(instance),
        retour=instance.get_absolute_url(),
        app=instance.app,
    )


@reserve_a(Role.AGENT)
def ecrire_reglement(request: RequeteConnectee, cle: str) -> HttpResponse:
    instance = get_object_or_404(Instance, cle=cle)
    form = ReglementForm(
        request.POST if request.method == "POST" else None,
        initial=ReglementForm.initial_de(instance.reglement_du() or instance.reglements.first()),
    )
    return page_formulaire(
        request,
        form,
        lambda reponses: actions.ecrire_reglement(instance, par=request.user, **reponses),
        titre="Écrire une version du règlement",
        sur_quoi=instance.nom,
        consequence="Elle s’applique aux séances programmées à partir de son premier jour ; celles qui le sont déjà gardent leur version. La version précédente finit la veille.",
        succes=lambda reglement: f"La version {reglement.version} est écrite.",
        bouton="Enregistrer cette version",
        fil=fil_de(instance),
        retour=f"{instance.get_absolute_url()}#reglement",
        app=instance.app,
    )


# Mandatures and collèges


@reserve_a(Role.AGENT)
def ouvrir_mandature(request: RequeteConnectee, cle: str) -> HttpResponse:
    instance = get_object_or_404(Instance, cle=cle)
    return page_formulaire(
        request,
        MandatureForm,
        lambda reponses: actions.ouvrir_mandature(instance, par=request.user, **reponses),
        titre="Ouvrir une mandature",
        sur_quoi=instance.nom,
        succes=lambda mandature: f"La mandature {mandature.intitule} est ouverte. Créez ses collèges.",
        fil=fil_de(instance),
        retour=instance.get_absolute_url(),
        app=instance.app,
    )


@reserve_a(Role.AGENT)
def modifier_mandature(request: RequeteConnectee, pk: int) -> HttpResponse:
    mandature = _mandature(pk)
    return page_formulaire(
        request,
        MandatureForm(request.POST if request.method == "POST" else None, instance=mandature),
        lambda reponses: actions.modifier_mandature(mandature, par=request.user, **reponses),
        titre="Modifier la mandature",
        sur_quoi=str(mandature),
        consequence="Si le dernier jour change, les mandats qui devaient finir avec elle suivent.",
        bouton="Enregistrer",
        succes="La mandature est modifiée.",
        fil=fil_de(mandature.instance),
        retour=retour_de(mandature),
        app=mandature.instance.app,
    )


@reserve_a(Role.AGENT)
def installer(request: RequeteConnectee, pk: int) -> HttpResponse:
    mandature = _mandature(pk)
    return page_formulaire(
        request,
        InstallerForm,
        lambda reponses: actions.installer(mandature, par=request.user, **reponses),
        titre="Dire la mandature installée",
        sur_quoi=str(mandature),
        consequence="L’installation est la première séance de la mandature, où les membres prennent place.",
        succes="La mandature est installée.",
        fil=fil_de(mandature.instance),
        retour=retour_de(mandature),
        app=mandature.instance.app,
    )


@reserve_a(Role.AGENT)
def creer_college(request: RequeteConnectee, pk: int) -> HttpResponse:
    mandature = _mandature(pk)
    return page_formulaire(
        request,
        CollegeForm(
            request.POST if request.method == "POST" else None,
            initial={"ordre": mandature.colleges.count() + 1, "vote_depuis": mandature.debut},
        ),
        lambda reponses: actions.creer_college(mandature, par=request.user, **reponses),
        titre="Créer un collège",
        sur_quoi=str(mandature),
        succes=lambda college: f"Le collège « {college.nom} » est créé.",
        fil=fil_de(mandature.instance),
        retour=retour_de(mandature),
        app=mandature.instance.app,
    )


@reserve_a(Role.AGENT)
def modifier_college(request: RequeteConnectee, pk: int) -> HttpResponse:
    college = _college(pk)
    return page_formulaire(
        request,
        CollegeForm(request.POST if request.method == "POST" else None, instance=college),
        lambda reponses: actions.modifier_college(college, par=request.user, **reponses),
        titre="Modifier le collège",
        sur_quoi=f"{college}, {college.mandature}",
        bouton="Enregistrer",
        succes="Le collège est modifié.",
        fil=fil_de(college.mandature.instance),
        retour=retour_de(college.mandature),
        app=college.mandature.instance.app,
    )


# Members


@reserve_a(Role.AGENT)
def nommer(request: RequeteConnectee, pk: int) -> HttpResponse:
    college = _college(pk)
    return page_formulaire(
        request,
        NommerForm(request.POST if request.method == "POST" else None, college=college),
        lambda reponses: actions.nommer(college, par=request.user, **reponses),
        titre="Nommer un membre",
        sur_quoi=f"Collège {college}, {college.mandature}",
        consequence="La personne reçoit une lettre, avec le lien de son espace de membre.",
        succes=lambda membre: f"{membre} siège. La lettre part à {membre.compte.courriel}.",
        fil=fil_de(college.mandature.instance),
        retour=retour_de(college.mandature),
        app=college.mandature.instance.app,
    )


@reserve_a(Role.AGENT)
@require_safe
def membre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """One mandate: what it is, the séances it was convened to, its journal; the other seats of the person."""
    membre = _membre(pk)
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
            "suppleants": [s for s in membre.suppleants.select_related("compte") if s.est_en_fonction()],
            "remplacant": membre.remplacants.select_related("compte").first(),
            "autres": Membre.objects.filter(compte=membre.compte)
            .exclude(pk=membre.pk)
            .avec_personne()
            .order_by("-du"),
            "convocations": Convie.objects.filter(membre=membre)
            .select_related("seance")
            .prefetch_related("presences")
            .order_by("-seance__debut")[:12],
            "entrees": membre.journal.select_related("par"),
        },
    )


@reserve_a(Role.AGENT)
def modifier_membre(request: RequeteConnectee, pk: int) -> HttpResponse:
    membre = _membre(pk)
    return page_formulaire(
        request,
        ModifierMembreForm(request.POST if request.method == "POST" else None, membre=membre),
        lambda reponses: actions.modifier_membre(membre, par=request.user, **reponses),
        titre="Modifier le mandat",
        sur_quoi=f"{membre}, collège {membre.college}",
        bouton="Enregistrer",
        succes="Le mandat est modifié.",
        fil=(*fil_de(membre.college.mandature.instance), str(membre), adresse_de(membre)),
        retour=adresse_de(membre),
        app=membre.college.mandature.instance.app,
    )


@reserve_a(Role.AGENT)
def mettre_fin(request: RequeteConnectee, pk: int) -> HttpResponse:
    membre = _membre(pk)
    convies = Convie.objects.filter(
        membre=membre, retire_le__isnull=True, seance__etat__in=A_VENIR | EN_COURS
    ).select_related("seance")
    return page_formulaire(
        request,
        MettreFinForm,
        lambda reponses: actions.mettre_fin(membre, par=request.user, **reponses),
        titre="Mettre fin au mandat",
        sur_quoi=f"{membre}, collège {membre.college}",
        succes=f"Le mandat {de(membre)} prend fin. La lettre part à {membre.compte.courriel}.",
        fil=(*fil_de(membre.college.mandature.instance), str(membre), adresse_de(membre)),
        retour=adresse_de(membre),
        app=membre.college.mandature.instance.app,
        est_dangereux=True,
        gabarit="seances/mettre_fin.html",
        contexte={"convies": convies.order_by("seance__debut"), "membre": membre},
    )


@reserve_a(Role.AGENT)
def remplacer(request: RequeteConnectee, pk: int) -> HttpResponse:
    membre = _membre(pk)
    consequence = "La personne nommée siège pour la durée qui restait."
    if membre.terme:
        consequence = (
            f"La personne nommée siège pour la durée qui restait, jusqu’au {jour_texte(membre.terme)}."
        )
    return page_formulaire(
        request,
        RemplacerForm(request.POST if request.method == "POST" else None, membre=membre),
        lambda reponses: actions.remplacer(membre, par=request.user, **reponses),
        titre="Nommer un remplaçant",
        sur_quoi=f"Siège {de(membre)}, collège {membre.college}",
        consequence=consequence,
        succes=lambda nouveau: f"{nouveau} siège à la place {de(membre)}.",
        fil=(*fil_de(membre.college.mandature.instance), str(membre), adresse_de(membre)),
        retour=retour_de(membre.college.mandature),
        app=membre.college.mandature.instance.app,
    )


def _mandature(pk: int) -> Mandature:
    return get_object_or_404(Mandature.objects.select_related("instance"), pk=pk)


def _college(pk: int) -> College:
    return get_object_or_404(College.objects.select_related("mandature__instance"), pk=pk)


def _membre(pk: int) -> Membre:
    return get_object_or_404(
        Membre.objects.avec_personne().select_related("compte__profil", "quartier", "remplace__compte"), pk=pk
    )


def adresse_de(membre: Membre) -> str:
    return reverse("seances:membre", args=[membre.pk])


def retour_de(mandature: Mandature) -> str:
    return f"{mandature.instance.get_absolute_url()}?mandature={mandature.pk}#membres"
