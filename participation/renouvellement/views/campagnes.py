"""The campaigns, for the service: their list, their page, their rules."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from participation.renouvellement.actions import campagne as actions
from participation.renouvellement.actions.nomination import places_libres, suivante
from participation.renouvellement.actions.selection import obstacles
from participation.renouvellement.forms.campagne import (
    AbandonnerForm,
    AmenderForm,
    CollegesFormSet,
    CriteresFormSet,
    PartsForm,
    PreparerForm,
    ProlongerForm,
    QuestionsFormSet,
    ReglesForm,
)
from participation.renouvellement.lectures.equilibre import (
    carte_des_candidatures,
    dimensions,
    lignes_colleges,
)
from participation.renouvellement.models import Campagne, Candidature, Lecture
from participation.renouvellement.views.communs import campagne_ou_404, journal_de, page_acte
from participation.renouvellement.workflow import Eligibilite, EtatCampagne
from participation.seances.models import Instance
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.views.actes import sans_ecraser, tenter
from participation.socle.workflow import Role

LIGNES: dict[str, tuple[str, str, type[Any]]] = {
    "colleges": (
        "Collèges",
        "Un collège par ligne. Laissez vides les lignes dont vous n’avez pas besoin.",
        CollegesFormSet,
    ),
    "questions": ("Questions", "Elles s’ajoutent à la motivation, pour tous les collèges.", QuestionsFormSet),
    "criteres": (
        "Critères de la grille",
        "Le comité note chaque critère. Le poids compte dans la moyenne.",
        CriteresFormSet,
    ),
}


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


@reserve_a(Role.AGENT)
def preparer_campagne(request: RequeteConnectee) -> HttpResponse:
    form = PreparerForm(request.POST or None)
    if form.is_valid():
        regles = {c: v for c, v in form.regles.items() if c != "choisie"}
        creee: list[Campagne] = []
        fait = tenter(
            request,
            form,
            lambda: creee.append(
                actions.preparer_campagne(par=request.user, instance=form.cleaned_data["choisie"], **regles)
            ),
            reverse("renouvellement:campagnes"),
        )
        if fait is not None:
            return fait
        if creee:
            messages.success(request, "La campagne est préparée. Complétez ses collèges et sa grille.")
            return redirect(creee[0].get_absolute_url())
    return render(
        request,
        "renouvellement/preparer_campagne.html",
        {"form": form, "sans_instance": not Instance.objects.filter(est_active=True).exists()},
    )


@reserve_a(Role.AGENT)
@require_safe
def campagne(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Where it stands, what comes next, what may be done, and each step as a section."""
    trouvee = campagne_ou_404(pk)
    apparence, mots = trouvee.apparence, trouvee.mots_de_suite()
    deposees = trouvee.candidatures.deposees()
    est_finie = trouvee.etat in {EtatCampagne.ARRETEE, EtatCampagne.INSTALLEE}
    lectures = Lecture.objects.filter(candidature__campagne=trouvee, deportee_le__isnull=True)
    return render(
        request,
        "renouvellement/campagne.html",
        {
            "campagne": trouvee,
            "ensuite": apparence.ensuite.format_map(mots),
            "pour_vous": apparence.pour.get(Role.AGENT, "").format_map(mots),
            "apparence": apparence,
            "lignes": lignes_colleges(trouvee),
            "manques": actions.manques(trouvee) if trouvee.etat == EtatCampagne.BROUILLON else [],
            "obstacles": obstacles(trouvee) if trouvee.etat == EtatCampagne.SELECTION else [],
            "nombre": deposees.count(),
            "a_verifier": deposees.filter(eligibilite=Eligibilite.A_VERIFIER).count(),
            "sans_courriel": deposees.filter(courriel="", effacee_le__isnull=True).count(),
            "a_confirmer": trouvee.candidatures.filter(etat="a_confirmer").count(),
            "relecteurs": trouvee.relecteurs.filter(est_actif=True).count(),
            "lectures": lectures.count(),
            "lectures_rendues": lectures.filter(rendue_le__isnull=False).count(),
            "criteres": trouvee.criteres.all(),
            "questions": trouvee.questions.all(),
            "attentes": [
                (college, places_libres(college), suivante(college))
                for college in trouvee.colleges.select_related("college__mandature")
                if college.est_ouvert
            ]
            if est_finie
            else [],
            "etapes": trouvee.etapes.select_related("faite_par"),
            "etapes_faites": trouvee.etapes.filter(faite_le__isnull=False).count(),
            "a_effacer": trouvee.candidatures.a_effacer().count(),
            "bordereaux": trouvee.bordereaux.select_related("par"),
            "journal": journal_de(request, trouvee),
            "permis": {acte for acte in trouvee.TRANSITIONS if trouvee.permet(acte, request.user)},
        },
    )


@reserve_a(Role.AGENT)
def modifier_campagne(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = campagne_ou_404(pk)
    form = ReglesForm(request.POST or None, instance=campagne_ou_404(pk))
    return page_acte(
        request,
        trouvee,
        "modifier_campagne",
        form,
        sans_ecraser(
            form,
            trouvee,
            ["presentation", "facile", "temps_demande", "soutien"],
            lambda reponses: actions.modifier_campagne(
                trouvee, par=request.user, vu=form.cleaned_data.get("vu", ""), **form.regles
            ),
        ),
        consequence="Ces règles se figent quand l’appel est publié.",
    )


@reserve_a(Role.AGENT)
def regler(request: RequeteConnectee, pk: int, quoi: str) -> HttpResponse:
    """The lines of a campaign that come by several: collèges, questions, criteria."""
    trouvee = campagne_ou_404(pk)
    titre, consigne, classe = LIGNES[quoi]
    formset = classe(request.POST or None, instance=trouvee, prefix=quoi)
    erreur = ""
    if trouvee.etat != EtatCampagne.BROUILLON:
        return page_acte(request, trouvee, "modifier_campagne", None, lambda _: None)
    if formset.is_valid():
        try:
            actions.regler(trouvee, par=request.user, enregistrer=formset.save, quoi=quoi)
        except ErreurMetier as refus:
            erreur = refus.message
        else:
            messages.success(request, f"{titre} : c’est enregistré.")
            return redirect(request.path if "encore" in request.POST else trouvee.get_absolute_url())
    return render(
        request,
        "renouvellement/regler.html",
        {"campagne": trouvee, "titre": titre, "consigne": consigne, "formset": formset, "erreur": erreur},
    )


@reserve_a(Role.AGENT)
def ouvrir_appel(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = campagne_ou_404(pk)
    return page_acte(
        request,
        trouvee,
        "ouvrir_appel",
        None,
        lambda _: actions.ouvrir_appel(trouvee, par=request.user),
        consequence="La page publique montre l’appel. Les candidatures arrivent aux dates prévues. Les règles ne changent plus.",
    )


@reserve_a(Role.AGENT)
def amender_appel(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = campagne_ou_404(pk)
    form = AmenderForm(request.POST or None, campagne=trouvee)
    return page_acte(
        request,
        trouvee,
        "amender_appel",
        form,
        sans_ecraser(
            form,
            trouvee,
            ["presentation", "facile", "temps_demande", "soutien"],
            lambda reponses: actions.amender_appel(trouvee, par=request.user, **reponses),
        ),
        consequence="Le texte publié change aussitôt. L’ancien reste dans le journal.",
    )


@reserve_a(Role.AGENT)
def prolonger_appel(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = campagne_ou_404(pk)
    return page_acte(
        request,
        trouvee,
        "prolonger_appel",
        ProlongerForm,
        lambda reponses: actions.prolonger_appel(trouvee, par=request.user, **reponses),
        consequence="La date est changée sur la page publique.",
    )


@reserve_a(Role.AGENT)
def clore_appel(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = campagne_ou_404(pk)
    return page_acte(
        request,
        trouvee,
        "clore_appel",
        None,
        lambda _: actions.clore_appel(trouvee, par=request.user),
        consequence="Plus aucune candidature n’arrive en ligne. Les personnes qui ont déjà reçu leur lien peuvent encore "
        f"confirmer jusqu’à la fin de la journée, et {trouvee.grace_heures} heures de plus. L’appel se clôt seul à sa date : "
        "cette page sert à le clore plus tôt.",
    )


@reserve_a(Role.AGENT)
def abandonner_campagne(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = campagne_ou_404(pk)
    nombre = trouvee.candidatures.deposees().count()
    return page_acte(
        request,
        trouvee,
        "abandonner_campagne",
        AbandonnerForm,
        lambda reponses: actions.abandonner_campagne(trouvee, par=request.user, **reponses),
        consequence=f"{accorder(nombre, 'personne reçoit', 'personnes reçoivent')} une lettre. La campagne ne peut pas être rouverte."
        if nombre
        else "La campagne ne peut pas être rouverte.",
    )


@reserve_a(Role.AGENT)
def noter_parts(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = campagne_ou_404(pk)
    form = PartsForm(request.POST or None, campagne=trouvee)
    return page_acte(
        request,
        trouvee,
        "noter_parts",
        form,
        lambda reponses: actions.noter_parts(
            trouvee, par=request.user, parts=form.parts, source=reponses["source_parts"]
        ),
        titre="Noter les parts de référence",
        consequence="La population réelle, par âge et par genre, à laquelle comparer les candidatures. "
        "Laissez vide ce que vous ne savez pas : rien n’est inventé.",
        retour=reverse("renouvellement:equilibre", args=[pk]),
    )


@reserve_a(Role.AGENT)
@require_safe
def equilibre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Pools by collège and by profile, against the real population."""
    trouvee = campagne_ou_404(pk)
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
            "lignes": lignes_colleges(trouvee),
            "total": candidatures.count(),
            "dimensions": dimensions(
                trouvee, candidatures, "Personnes retenues" if quoi == "retenues" else "Candidatures"
            ),
            "carte": carte_des_candidatures(candidatures),
            "parts_connues": trouvee.parts.exists(),
        },
    )
