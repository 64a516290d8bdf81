"""Pages of campaigns for agents: list, page, rules, call."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from participation.renouvellement.actions import campagne as actions
from participation.renouvellement.forms.campagne import (
    AbandonnerForm,
    AmenderForm,
    CollegesForm,
    CriteresForm,
    PartsForm,
    PreparerForm,
    ProlongerForm,
    QuestionsForm,
    ReglesForm,
)
from participation.renouvellement.lectures.campagne import avancement
from participation.renouvellement.lectures.equilibre import carte_des_candidatures, dimensions
from participation.renouvellement.models import Campagne, Candidature
from participation.renouvellement.views.trouver import trouver_campagne
from participation.renouvellement.workflow import Eligibilite, EtatCampagne
from participation.seances.models import Instance
from participation.socle.forms.actes import ActeForm
from participation.socle.francais import accorder
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.models import Compte
from participation.socle.views.dossier import Bouton, Boutons, boutons_de
from participation.socle.views.pages import Page, essayer, lier
from participation.socle.workflow import Role

JOURNAL = 30  # lines per page
# The act due first, in the order of the campaign; then acts shown elsewhere on the page.
PRINCIPAUX = ("ouvrir_appel", "ouvrir_selection", "arreter", "nommer_membres", "installer_mandature")
AILLEURS = {
    "regler_colleges",
    "regler_questions",
    "regler_criteres",
    "noter_parts",
    "repartir_lectures",
    "ajouter_etape",
    "effacer_candidatures",
}
A_REPLIER = {"clore_appel", "abandonner_campagne"}


@reserve_a(Role.AGENT)
@require_safe
def campagnes(request: RequeteConnectee) -> HttpResponse:
    lignes = [
        (campagne, campagne.apparence.ensuite.format_map(campagne.mots_de_suite()))
        for campagne in Campagne.objects.select_related("instance")
    ]
    return render(
        request,
        "renouvellement/campagnes.html",
        {"lignes": lignes, "a_effacer": Candidature.objects.a_effacer().exists()},
    )


def preparer_campagne(request: RequeteConnectee) -> HttpResponse:
    if refus := Campagne().refus("preparer_campagne", request.user):
        raise refus
    form = lier(request, PreparerForm, None)
    if form.is_valid():
        instance = form.cleaned_data.pop("choisie")
        preparee = essayer(
            form, lambda: actions.preparer_campagne(par=request.user, instance=instance, **form.cleaned_data)
        )
        if preparee is not None:
            messages.success(request, "La campagne est préparée. Complétez ses collèges et sa grille.")
            return redirect(preparee)
    return render(
        request,
        "renouvellement/preparer_campagne.html",
        {"form": form, "sans_instance": not Instance.objects.filter(est_active=True).exists()},
    )


@reserve_a(Role.AGENT)
@require_safe
def campagne(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Page of a campaign: état, next step, buttons, one section per step."""
    trouvee, compte = trouver_campagne(request, pk), request.user
    apparence, mots = trouvee.apparence, trouvee.mots_de_suite()
    actes = trouvee.actes_permis_a(compte)
    # Only acts on the campaign: those on a candidature are on its own page.
    journal = trouvee.journal.filter(candidature__isnull=True).select_related("par")
    return render(
        request,
        "renouvellement/campagne.html",
        {
            "campagne": trouvee,
            "ensuite": apparence.ensuite.format_map(mots),
            "pour_vous": apparence.pour.get(Role.AGENT, "").format_map(mots),
            "apparence": apparence,
            "actes": actes,
            "boutons": boutons(trouvee, compte),
            "avant": {
                titre: trouvee.manques(acte, compte)
                for acte, titre in (
                    ("ouvrir_appel", "Avant de publier"),
                    ("arreter", "Avant d’arrêter la liste"),
                )
                if acte in actes
            },
            "journal": Paginator(journal, JOURNAL).get_page(request.GET.get("lignes")),
            **avancement(trouvee),
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def equilibre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Comparison of the candidatures with the population, by collège and profile."""
    trouvee = trouver_campagne(request, pk)
    colleges = [c for c in trouvee.colleges.all() if c.est_ouvert]
    numero = request.GET.get("college", "")
    choisi = next((c for c in colleges if str(c.pk) == numero), None)
    candidatures = trouvee.candidatures.deposees().exclude(eligibilite=Eligibilite.NON_ELIGIBLE)
    if choisi is not None:
        candidatures = candidatures.filter(college=choisi)
    quoi = "retenues" if request.GET.get("quoi") == "retenues" else "candidatures"
    if quoi == "retenues":
        candidatures = candidatures.filter(choix="retenue")
    return render(
        request,
        "renouvellement/equilibre.html",
        {
            "campagne": trouvee,
            "colleges": colleges,
            "choisi": choisi,
            "quoi": quoi,
            "total": candidatures.count(),
            "dimensions": dimensions(
                trouvee, candidatures, "Personnes retenues" if quoi == "retenues" else "Candidatures"
            ),
            "carte": carte_des_candidatures(candidatures),
            "parts_connues": trouvee.parts.exists(),
            "peut_noter_parts": trouvee.permet("noter_parts", request.user),
        },
    )


def boutons(campagne: Campagne, compte: Compte) -> Boutons:
    """Return the buttons: act due first, others, and closing acts folded.

    The list of candidatures after the draft.
    """
    offerts = {b.acte: b for b in boutons_de(campagne, compte) if b.acte not in AILLEURS}
    principal = next((offerts[acte] for acte in PRINCIPAUX if acte in offerts), None)
    seconds = [b for b in offerts.values() if b.acte not in {*PRINCIPAUX, *A_REPLIER}]
    if campagne.etat != EtatCampagne.BROUILLON:
        liste = Bouton(
            "candidatures",
            "Voir les candidatures",
            reverse("renouvellement:candidatures", args=[campagne.pk]),
        )
        principal, seconds = principal or liste, [*([liste] if principal else []), *seconds]
    return Boutons(principal, seconds, [b for b in offerts.values() if b.acte in A_REPLIER])


def dire_cloture(campagne: Campagne) -> str:
    return (
        "Plus aucune candidature n’arrive en ligne. Les personnes qui ont déjà reçu leur lien peuvent encore "
        f"confirmer jusqu’à la fin de la journée, et {campagne.grace_heures} heures de plus. L’appel se clôt seul à sa date : "
        "cette page sert à le clore plus tôt."
    )


def dire_abandon(campagne: Campagne) -> str:
    nombre = campagne.candidatures.deposees().count()
    lettres = f"{accorder(nombre, 'personne reçoit', 'personnes reçoivent')} une lettre. " if nombre else ""
    return f"{lettres}La campagne ne peut pas être rouverte."


def _lignes(action: Callable[..., None], form: type[ActeForm], consigne: str, succes: str) -> Page[Campagne]:
    return Page(
        action, form, consigne, gabarit="renouvellement/regler.html", succes=succes, bouton="Enregistrer"
    )


PAGES: dict[str, Page[Campagne]] = {
    "modifier_campagne": Page(
        actions.modifier_campagne, ReglesForm, "Ces règles se figent quand l’appel est publié."
    ),
    "regler_colleges": _lignes(
        actions.regler_colleges,
        CollegesForm,
        "Un collège par ligne. Laissez vides les lignes dont vous n’avez pas besoin.",
        "Collèges : c’est enregistré.",
    ),
    "regler_questions": _lignes(
        actions.regler_questions,
        QuestionsForm,
        "Elles s’ajoutent à la motivation, pour tous les collèges.",
        "Questions : c’est enregistré.",
    ),
    "regler_criteres": _lignes(
        actions.regler_criteres,
        CriteresForm,
        "Le comité note chaque critère. Le poids compte dans la moyenne.",
        "Critères de la grille : c’est enregistré.",
    ),
    "ouvrir_appel": Page(
        actions.ouvrir_appel,
        consequence="La page publique montre l’appel. Les candidatures arrivent aux dates prévues. Les règles ne changent plus.",
    ),
    "amender_appel": Page(
        actions.amender_appel, AmenderForm, "Le texte publié change aussitôt. L’ancien reste dans le journal."
    ),
    "prolonger_appel": Page(
        actions.prolonger_appel, ProlongerForm, "La date est changée sur la page publique."
    ),
    "clore_appel": Page(actions.clore_appel, consequence=dire_cloture),
    "abandonner_campagne": Page(actions.abandonner_campagne, AbandonnerForm, dire_abandon),
    "noter_parts": Page(
        actions.noter_parts,
        PartsForm,
        "La population réelle, par âge et par genre, à laquelle comparer les candidatures. "
        "Laissez vide ce que vous ne savez pas : rien n’est inventé.",
        retour=lambda campagne, _: reverse("renouvellement:equilibre", args=[campagne.pk]),
    ),
}
