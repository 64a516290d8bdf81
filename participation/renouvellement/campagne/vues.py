"""Pages of campaigns for agents: list, page, rules, call."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from participation.renouvellement.campagne import actes
from participation.renouvellement.campagne.actes import PreparerForm
from participation.renouvellement.equilibre import lignes_colleges
from participation.renouvellement.models import Campagne, Candidature, CollegeCampagne, Lecture
from participation.renouvellement.trouver import trouver_campagne
from participation.renouvellement.workflow import APRES_ARRET, Eligibilite, EtatCampagne, EtatCandidature
from participation.seances.models import Instance
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Tournee
from participation.socle.views.dossier import Bouton, Boutons, avec_actes, boutons_de, ligne_courrier
from participation.socle.views.pages import Page, essayer, lier, pages_de
from participation.socle.workflow import Role


def avancement(campagne: Campagne) -> dict[str, Any]:
    """Return counts and rows, with the names used by the template."""
    deposees = campagne.candidatures.deposees()
    lectures = Lecture.objects.actives().filter(candidature__campagne=campagne)
    attentes = []
    if campagne.etat in APRES_ARRET:
        attentes = [
            (college, college.places_libres, college.candidatures.suivante())
            for college in campagne.colleges.select_related("college__mandature")
            if college.est_ouvert
        ]
    return {
        "lignes": lignes_colleges(campagne),
        "nombre": deposees.count(),
        "a_verifier": deposees.filter(eligibilite=Eligibilite.A_VERIFIER).count(),
        "sans_courriel": deposees.filter(courriel="", effacee_le__isnull=True).count(),
        "a_confirmer": campagne.candidatures.filter(etat=EtatCandidature.A_CONFIRMER).count(),
        "relecteurs": campagne.relecteurs.filter(est_actif=True).count(),
        "au_comite": campagne.colleges.exclude(mode=CollegeCampagne.Mode.TIRAGE).exists(),
        "lectures": lectures.count(),
        "lectures_rendues": lectures.filter(rendue_le__isnull=False).count(),
        "criteres": campagne.criteres.all(),
        "questions": campagne.questions.all(),
        "attentes": attentes,
        "etapes": campagne.etapes.select_related("faite_par"),
        "etapes_faites": campagne.etapes.filter(faite_le__isnull=False).count(),
        "a_effacer": campagne.candidatures.a_effacer().count(),
        "bordereaux": campagne.bordereaux.select_related("par"),
    }


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
    lignes = [(campagne, campagne.ensuite()) for campagne in Campagne.objects.select_related("instance")]
    return render(
        request,
        "renouvellement/campagne/campagnes.html",
        {"lignes": lignes, "a_effacer": Candidature.objects.a_effacer().exists()},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def preparer_campagne(request: RequeteConnectee) -> HttpResponse:
    if refus := Campagne().refus("preparer_campagne", request.user):
        raise refus
    form = lier(request, PreparerForm, None)
    if form.is_valid():
        instance = form.cleaned_data.pop("choisie")
        preparee = essayer(
            form, lambda: actes.preparer_campagne(par=request.user, instance=instance, **form.cleaned_data)
        )
        if preparee is not None:
            messages.success(request, "La campagne est préparée. Complétez ses collèges et sa grille.")
            return redirect(preparee)
    return render(
        request,
        "renouvellement/campagne/preparer_campagne.html",
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
        "renouvellement/campagne/campagne.html",
        {
            "campagne": trouvee,
            "ensuite": apparence.ensuite.format_map(mots),
            "pour_vous": avec_actes(trouvee, compte, trouvee.a_faire(Role.AGENT, compte).format_map(mots)),
            "apparence": apparence,
            "actes": actes,
            "tournees": Tournee.objects.lettres_de(trouvee),
            "boutons": boutons(trouvee, compte),
            "courriers": [
                ligne_courrier(c) for c in trouvee.courriers.avec_dossiers().order_by("-ecrit_le", "-pk")
            ],
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


PAGES: dict[str, Page[Campagne]] = pages_de(Campagne, actes)
