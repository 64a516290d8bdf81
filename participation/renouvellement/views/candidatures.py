"""Candidatures, for the service: their list, their page, what is checked, what was received on paper, what is forgotten."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from participation.renouvellement.actions import candidatures as actions
from participation.renouvellement.actions import effacement
from participation.renouvellement.filters import CandidatureFilter
from participation.renouvellement.forms.campagne import EffacerForm
from participation.renouvellement.forms.candidature import CandidatureForm
from participation.renouvellement.forms.selection import NonEligibleForm, RetirerForm
from participation.renouvellement.lectures.classement import rang_de
from participation.renouvellement.models import Bordereau, Campagne, Candidature
from participation.renouvellement.notifications import contexte_de
from participation.renouvellement.views.communs import campagne_ou_404, page_acte
from participation.renouvellement.views.publiques import reponses_aux_questions
from participation.renouvellement.workflow import Eligibilite
from participation.seances.models import Profil
from participation.socle.francais import accorder
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.models import Courriel
from participation.socle.views.listes import Cellule, Colonne, Liste, page_liste
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
@require_safe
def candidatures(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    campagne = campagne_ou_404(pk)
    return page_liste(
        request,
        Liste(
            cle="renouvellement:candidatures",
            titre=f"Candidatures, {campagne}",
            objets=campagne.candidatures.select_related("college", "commune", "quartier__commune"),
            filtres=CandidatureFilter,
            colonnes=[
                Colonne(
                    "personne",
                    "Candidature",
                    lambda c: Cellule(
                        c.nom_affiche or "Sans nom",
                        sous=f"n° {c.numero}" if c.numero else "pas encore confirmée",
                    ),
                    export=lambda c: c.nom_affiche,
                    tri=("nom", "prenom"),
                ),
                Colonne("numero", "Numéro", lambda c: c.numero, tri="numero", nombre=True, a_l_ecran=False),
                Colonne(
                    "suite",
                    "État",
                    lambda c: Cellule(capfirst(c.libelle_suite), couleur=c.couleur_suite),
                    export=lambda c: c.libelle_suite,
                    tri=("etat", "eligibilite", "choix"),
                ),
                Colonne("college", "Collège", lambda c: str(c.college), tri="college__ordre"),
                Colonne("commune", "Commune", lambda c: str(c.commune or ""), tri="commune__cle_tri"),
                Colonne("source", "Reçue", lambda c: c.get_source_display(), tri="source"),
                Colonne("deposee_le", "Déposée le", lambda c: c.deposee_le, tri="deposee_le"),
                *(
                    Colonne(cle, libelle, valeur, a_l_ecran=False)
                    for cle, libelle, valeur in (
                        ("prenom", "Prénom", lambda c: c.prenom),
                        ("nom", "Nom", lambda c: c.nom),
                        ("courriel", "Courriel", lambda c: c.courriel),
                        ("telephone", "Téléphone", lambda c: c.telephone),
                        ("quartier", "Quartier prioritaire", lambda c: str(c.quartier or "")),
                        ("age", "Âge", lambda c: c.get_age_display()),
                        ("genre", "Genre", lambda c: c.get_genre_display()),
                        ("choix", "Décision", lambda c: c.get_choix_display()),
                        ("rang", "Rang d’attente", lambda c: c.rang_attente),
                    )
                ),
            ],
            tri="-deposee_le",
            singulier="candidature",
            pluriel="candidatures",
            app=campagne.instance.app,
            vide="Les candidatures s’affichent ici dès qu’elles sont envoyées.",
        ),
        "renouvellement/candidatures.html",
        {"campagne": campagne, "colleges": [c for c in campagne.colleges.all() if c.est_ouvert]},
    )


def _trouver(pk: int) -> Candidature:
    return get_object_or_404(
        Candidature.objects.select_related(
            "campagne__instance",
            "college__college__mandature",
            "commune",
            "quartier__commune",
            "saisie_par",
            "membre",
        ),
        pk=pk,
    )


@reserve_a(Role.AGENT)
@require_safe
def candidature(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = _trouver(pk)
    campagne = trouvee.campagne
    semblables = campagne.candidatures.none()
    if trouvee.nom and not trouvee.effacee_le:
        meme_nom = Q(nom__iexact=trouvee.nom, prenom__iexact=trouvee.prenom)
        if trouvee.organisme:
            meme_nom |= Q(organisme__iexact=trouvee.organisme)
        semblables = campagne.candidatures.deposees().filter(meme_nom).exclude(pk=pk)[:5]
    return render(
        request,
        "renouvellement/candidature.html",
        {
            "candidature": trouvee,
            "campagne": campagne,
            "college": trouvee.college,
            "reponses_aux_questions": reponses_aux_questions(trouvee),
            "disponibilites": [Candidature.Disponibilite(d).label for d in trouvee.disponibilites],
            "besoins": [Profil.Besoin(b).label for b in trouvee.besoins],
            "semblables": semblables,
            "lectures": trouvee.lectures.select_related("relecteur__compte").prefetch_related(
                "notes__critere"
            ),
            "rang": rang_de(trouvee) if trouvee.eligibilite == Eligibilite.ELIGIBLE else None,
            "courriels": Courriel.objects.filter(cle__startswith=f"candidature:{pk}:").order_by("-pk"),
            "journal": trouvee.journal.select_related("par"),
            "permis": {acte for acte in campagne.TRANSITIONS if campagne.permet(acte, request.user)},
        },
    )


@reserve_a(Role.AGENT)
def saisir_candidature(request: RequeteConnectee, pk: int, college: int) -> HttpResponse:
    """The same questions as online; what the paper leaves out stays empty. One after the other."""
    campagne = campagne_ou_404(pk)
    trouve = get_object_or_404(campagne.colleges.select_related("campagne__instance"), pk=college)
    form = CandidatureForm(request.POST or None, college=trouve, papier=True)
    saisie: list[Candidature] = []

    def saisir(_: dict[str, Any]) -> None:
        saisie.append(actions.saisir_candidature(trouve, par=request.user, **form.reponses))

    reponse = page_acte(
        request,
        campagne,
        "saisir_candidature",
        form,
        saisir,
        titre="Saisir une candidature papier",
        sujet=f"Collège « {trouve} »",
        consequence="La candidature compte aussitôt. Avec une adresse de courriel, la personne reçoit un accusé.",
        gabarit="renouvellement/saisir_candidature.html",
        contexte={"college": trouve},
        succes="La candidature est enregistrée.",
        retour=reverse("renouvellement:candidatures", args=[pk]),
    )
    if saisie and "encore" in request.POST:
        return redirect(request.path)
    return reponse


@reserve_a(Role.AGENT)
def corriger_candidature_agent(request: RequeteConnectee, pk: int) -> HttpResponse:
    """An agent corrects what is wrong, the address included."""
    trouvee = _trouver(pk)
    form = CandidatureForm(
        request.POST or None, college=trouvee.college, papier=True, initial=CandidatureForm.initiales(trouvee)
    )
    return page_acte(
        request,
        trouvee.campagne,
        "verifier_eligibilite",
        form,
        lambda _: actions.corriger_candidature(trouvee, par=request.user, **form.reponses),
        titre="Corriger la candidature",
        sujet=f"n° {trouvee.numero or '–'}, {trouvee.nom_affiche}",
        succes="La candidature est corrigée.",
        retour=trouvee.get_absolute_url(),
    )


@reserve_a(Role.AGENT)
def declarer_eligible(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = _trouver(pk)
    return page_acte(
        request,
        trouvee.campagne,
        "verifier_eligibilite",
        None,
        lambda _: actions.declarer_eligible(trouvee, par=request.user),
        titre="Déclarer recevable",
        sujet=f"n° {trouvee.numero}, {trouvee.nom_affiche}",
        consequence="La candidature va au tirage au sort."
        if trouvee.college.est_tire
        else "La candidature va au comité de sélection.",
        succes=f"La candidature n° {trouvee.numero} est recevable.",
        retour=_suivante(request, trouvee),
    )


def _suivante(request: RequeteConnectee, candidature: Candidature) -> str:
    """After a check, the next one to check; else back to the page."""
    if request.method != "POST":
        return candidature.get_absolute_url()
    autre = (
        candidature.campagne.candidatures.deposees()
        .filter(eligibilite=Eligibilite.A_VERIFIER)
        .exclude(pk=candidature.pk)
        .order_by("numero")
        .first()
    )
    return autre.get_absolute_url() if autre else candidature.get_absolute_url()


@reserve_a(Role.AGENT)
def declarer_non_eligible(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = _trouver(pk)

    def apercu(reponses: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        essai = _trouver(pk)
        essai.motif, essai.motif_precision = reponses["motif"], reponses["precision"]
        return "renouvellement/declarer_non_eligible", contexte_de(essai)

    return page_acte(
        request,
        trouvee.campagne,
        "verifier_eligibilite",
        NonEligibleForm,
        lambda reponses: actions.declarer_non_eligible(trouvee, par=request.user, **reponses),
        titre="Déclarer non recevable",
        sujet=f"n° {trouvee.numero}, {trouvee.nom_affiche}",
        consequence="La personne reçoit cette décision et sa raison."
        if trouvee.courriel
        else "Cette personne n’a pas d’adresse de courriel : écrivez-lui par la poste.",
        succes=f"La candidature n° {trouvee.numero} n’est pas recevable.",
        apercu=apercu,
        retour=_suivante(request, trouvee),
    )


@reserve_a(Role.AGENT)
def retirer_candidature_agent(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = _trouver(pk)
    return page_acte(
        request,
        trouvee.campagne,
        "verifier_eligibilite",
        RetirerForm,
        lambda reponses: actions.retirer_candidature(trouvee, par=request.user, **reponses),
        titre="Retirer la candidature",
        sujet=f"n° {trouvee.numero or '–'}, {trouvee.nom_affiche}",
        consequence="À la demande de la personne, reçue hors ligne. Elle en est prévenue par courriel.",
        succes="La candidature est retirée.",
        retour=reverse("renouvellement:candidatures", args=[trouvee.campagne_id]),
    )


# Oblivion


@reserve_a(Role.AGENT)
@require_safe
def candidatures_a_effacer(request: RequeteConnectee) -> HttpResponse:
    """What may be forgotten: proposed here, done with a visa, never by the clock."""
    lignes = []
    for campagne in Campagne.objects.select_related("instance"):
        nombre = campagne.candidatures.a_effacer().count()
        if nombre:
            lignes.append((campagne, nombre))
    return render(
        request,
        "renouvellement/a_effacer.html",
        {"lignes": lignes, "faites": Bordereau.objects.select_related("campagne", "par")},
    )


@reserve_a(Role.AGENT)
def effacer_candidatures(request: RequeteConnectee, pk: int) -> HttpResponse:
    campagne = campagne_ou_404(pk)
    proposees = campagne.candidatures.a_effacer()
    nombre = proposees.count()
    if request.method == "GET" and not nombre and campagne.permet("effacer_candidatures", request.user):
        messages.info(request, "Aucune candidature de cette campagne n’a passé son délai de conservation.")
        return redirect("renouvellement:candidatures_a_effacer")
    return page_acte(
        request,
        campagne,
        "effacer_candidatures",
        EffacerForm,
        lambda reponses: effacement.effacer_candidatures(campagne, par=request.user, visa=reponses["visa"]),
        titre=f"Effacer {accorder(nombre, 'candidature')}",
        consequence="Noms, adresses, textes, besoins et profils sont effacés, sans retour. "
        "Les nombres par collège, décision, commune, âge et genre restent sur le bordereau. "
        "Les membres nommés, et les personnes qui ont accepté d’être recontactées, ne sont pas touchés.",
        gabarit="renouvellement/effacer_candidatures.html",
        contexte={"proposees": proposees.select_related("college")[:50], "nombre": nombre},
        retour=reverse("renouvellement:candidatures_a_effacer"),
    )
