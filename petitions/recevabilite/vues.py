"""Queue of the agents, page of the dossier, and reformulation by the author."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.forms import HiddenInput
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from participation.seances.models import Instance
from participation.seances.points.decisions import points_de
from participation.socle.forms.filters import AgentFilter, EcheanceFilter, Filtres, OuvertsFilter, ParmiFilter
from participation.socle.francais import accorder, majuscule
from participation.socle.http.decorateurs import ROLES_BUREAU, reserve_a
from participation.socle.http.protocole import ferme
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Commune, Compte
from participation.socle.views.colonnes import (
    Cellule,
    Colonne,
    colonne_agent,
    colonne_etat,
    colonne_reference,
    colonne_titre,
)
from participation.socle.views.dossier import Boutons, boutons, boutons_de, ou_se_lit, page_dossier
from participation.socle.views.listes import Liste, page_liste
from participation.socle.views.pages import Page, agir, essayer, lier
from participation.socle.workflow import Role
from petitions.conseil.vues import contexte_suivi
from petitions.copetitionnaires.lectures import LIBELLES, comparaisons
from petitions.depot.actes import ReformulerForm
from petitions.fraude.vues import contexte_signatures
from petitions.models import Petition, Rapprochement, SeuilAtteint
from petitions.models.petition import siege_au_comite
from petitions.nouvelles import nouvelles_pour
from petitions.recevabilite import actes, comite
from petitions.recevabilite.comite import InscrireAuComiteForm
from petitions.recevabilite.lectures import debut_carence, dire_jours, petitions_proches, silence
from petitions.trouver import BUREAU, brouillon_de, petition_du_bureau
from petitions.workflow import INSTANCE, Etat


class PetitionFilter(Filtres):
    etat = django_filters.ChoiceFilter(
        label="État",
        choices=[(e.value, majuscule(e.label)) for e in Etat if e != Etat.BROUILLON],
        empty_label="Tous",
    )
    ouverts = OuvertsFilter()
    echeance = EcheanceFilter()
    agent = AgentFilter()
    commune = ParmiFilter(
        label="Commune", queryset=Commune.objects.all(), field_name="communes", empty_label="Toutes"
    )

    # Used by the links of the indicators: hidden fields, kept in the URL.
    du = django_filters.DateFilter(field_name="deposee_le", lookup_expr="date__gte", widget=HiddenInput)
    au = django_filters.DateFilter(field_name="deposee_le", lookup_expr="date__lte", widget=HiddenInput)
    motif = django_filters.CharFilter(field_name="motif_irrecevabilite__code", widget=HiddenInput)
    decision = django_filters.CharFilter(method="par_decision", widget=HiddenInput)

    class Meta:
        model = Petition
        fields: list[str] = []

    def par_decision(self, petitions: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        decidees = petitions.filter(decidee_le__isnull=False)
        if valeur == "recevable":
            return decidees.exclude(etat__in=[Etat.IRRECEVABLE, Etat.TRANSMISE])
        if valeur == "prise":
            return decidees
        if valeur == "seuil":
            return petitions.filter(
                pk__in=SeuilAtteint.objects.filter(perdu_le__isnull=True).values("petition")
            )
        if valeur == "debat":
            return petitions.exclude(issue_debat="")
        return petitions.filter(repondue_le__isnull=False) if valeur == "reponse" else petitions


# The queue
@reserve_a(*BUREAU)
@require_safe
def tableau(request: RequeteConnectee) -> HttpResponseBase:
    """Pétitions in the order of their échéances."""
    petitions = (
        Petition.objects.au_bureau_de(request.user)
        .avec_suite()
        .select_related("agent", "decompte")
        .prefetch_related("communes")
    )
    return page_liste(
        request,
        Liste(
            cle="petitions:tableau",
            titre="Pétitions",
            objets=petitions,
            filtres=PetitionFilter,
            colonnes=[
                colonne_titre("Pétition"),
                colonne_reference(),
                colonne_etat("etat"),
                Colonne(
                    "echeance", "Échéance", echeance_de, export=lambda p: p.date_echeance, tri="date_echeance"
                ),
                Colonne(
                    "jours", "Jours restants", jours_de, nombre=True, tri="date_echeance", a_l_ecran=False
                ),
                colonne_agent(),
                Colonne(
                    "communes",
                    "Communes",
                    lambda p: ", ".join(str(c) for c in p.communes.all()),
                    a_l_ecran=False,
                ),
                Colonne("signatures", "Signatures", signatures_de, nombre=True, tri="decompte__total"),
                Colonne(
                    "deposee_le",
                    "Déposée le",
                    lambda p: timezone.localdate(p.deposee_le),
                    tri="deposee_le",
                    a_l_ecran=False,
                ),
            ],
            tri="date_echeance",
            singulier="pétition",
            pluriel="pétitions",
            app="petitions",
            chapeau="Ce qui est dû d’abord.",
            vide=_ce_qui_s_affiche(request.user),
        ),
        "petitions/recevabilite/tableau.html",
    )


def _ce_qui_s_affiche(compte: Compte) -> str:
    """Say of the empty list what it will hold: all that are filed, or those that wait for this direction or commune."""
    if compte.est_agent or siege_au_comite(compte):
        return "Les pétitions déposées s’affichent ici, celle dont le délai finit le plus tôt en premier."
    return "Les pétitions pour lesquelles votre direction ou votre commune a un avis ou une suite à donner s’affichent ici."


def jours_de(petition: Petition) -> int | None:
    date = petition.__dict__["date_echeance"]
    return (date - timezone.localdate()).days if date else None


def echeance_de(petition: Petition) -> Cellule:
    """Remaining days, as a badge from the first reminder of the règlement on, with the date below."""
    date, jours = petition.__dict__["date_echeance"], jours_de(petition)
    if jours is None:
        return Cellule()
    if petition.__dict__["echeance_suspendue_le"]:
        return Cellule("Délai arrêté", couleur="info", icone="pause")
    rappels = petition.reglement.rappels_recevabilite
    dit = dire_jours(jours)
    if jours > max(rappels, default=0):
        return Cellule(date, sous=dit)
    couleur = "erreur" if jours <= min(rappels, default=0) else "attention"
    return Cellule(majuscule(dit), sous=date, couleur=couleur, icone="horloge")


def signatures_de(petition: Petition) -> int:
    decompte = getattr(petition, "decompte", None)
    return decompte.total if decompte else 0


# The dossier
@reserve_a(*ROLES_BUREAU)
@require_safe
def dossier(request: RequeteConnectee, pk: int) -> HttpResponse:
    try:
        petition = petition_du_bureau(request, pk)
    except Http404:
        return ou_se_lit(get_object_or_404(Petition.objects.visibles_par(request.user), pk=pk))
    versions = list(petition.journal.filter(acte="reformuler").order_by("le"))
    est_en_examen = petition.etat == Etat.DEPOSEE
    return page_dossier(
        request,
        petition,
        "petitions/dossier.html",
        {
            **contexte_suivi(petition, request.user),
            "nouvelles_auteur": nouvelles_pour(petition, request.user) if request.user.est_agent else None,
            **contexte_signatures(petition),
            "petition": petition,
            **({} if request.user.est_agent else {"points": points_de(petition)}),
            "rapprochements": [
                (rapprochement, boutons_de(rapprochement, request.user))
                for rapprochement in Rapprochement.objects.de(petition).select_related("petition", "vers")
            ]
            if request.user.est_agent
            else [],
            "panels": petition.panels.all(),
            "grille": petition.grille(),
            "silence": silence(petition) if est_en_examen else None,
            "proches": petitions_proches(petition) if est_en_examen else [],
            "debut_carence": debut_carence(petition),
            "deports": petition.deports.select_related("compte"),
            "est_deporte": petition.est_deporte(request.user),
            "versions": [(entree, comparaisons(entree.details)) for entree in versions],
            "copetitionnaires": petition.copetitionnaires.confirmes().select_related("commune")
            if request.user.est_agent
            else [],
            "nombre_copetitionnaires": petition.copetitionnaires.confirmes().count(),
            "peut_examiner": petition.permet("examiner", request.user),
            "peut_arreter_avis": petition.permet("arreter_avis", request.user),
            **(acte_du(petition, request.user) if est_en_examen else {}),
        },
    )


def acte_du(petition: Petition, compte: Compte) -> dict[str, Boutons]:
    """Return the buttons while the grid prevents a decision: take in charge, then fill the grid, come
    first."""
    offerts = boutons(petition, compte)
    if not offerts or not petition.manques("declarer_recevable", compte):
        return {}
    tous = [b for b in (offerts.principal, *offerts.seconds, *offerts.autres) if b is not None]
    dus = ["examiner", "demander_reformulation", "demander_avis"]
    if petition.agent_id is None:
        dus.insert(0, "prendre_en_charge")
    montres = [b for acte in dus for b in tous if b.acte == acte][:3]
    if not montres:
        return {}
    autres = sorted((b for b in tous if b not in montres), key=lambda b: b.est_dangereux)
    return {"boutons": Boutons(montres[0], montres[1:], autres)}


# Reformulation by the author
@require_http_methods(["GET", "HEAD", "POST"])
def reformuler(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Current text and demand of the comité side by side, with the form of the new wording below."""
    petition = brouillon_de(request, pk)
    attente = petition.reformulation_ouverte()
    if attente is None or petition.etat != Etat.DEPOSEE:
        dit = "Le comité ne vous demande pas, ou plus, de reformuler ce texte."
        return ferme(request, dit, reverse("petitions:ma_petition", args=[pk]))
    actuel = {champ: getattr(petition, champ) for champ in LIBELLES}
    if "plus_tard" in request.POST:
        textes = {champ: request.POST.get(champ, "") for champ in ReformulerForm.SURVEILLES}
        actes.garder_reformulation(petition, par=request.user, **textes)
        messages.success(request, "Ce que vous avez récrit est gardé. Le comité ne le voit pas encore.")
        return redirect("petitions:ma_petition", pk)
    form = lier(request, ReformulerForm, petition)
    if form.is_valid():
        agir(Page(actes.reformuler), petition, form, request.user)
        if not form.errors:
            messages.success(request, "Votre nouvelle rédaction est envoyée au comité.")
            return redirect("petitions:ma_petition", pk)
    return render(
        request,
        "petitions/recevabilite/reformuler.html",
        {"petition": petition, "attente": attente, "form": form, "actuel": actuel},
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def inscrire_au_comite(request: RequeteConnectee) -> HttpResponse:
    seances, petitions = comite.seances_du_comite(), comite.a_inscrire()
    form = InscrireAuComiteForm(request.POST or None, seances=seances, petitions=petitions)
    if form.is_valid():
        reponses: dict[str, Any] = form.cleaned_data
        seance = reponses["seance"]
        essayer(form, lambda: comite.inscrire_au_comite(seance, reponses["petitions"], par=request.user))
        if not form.errors:
            combien = len(reponses["petitions"])
            messages.success(request, f"{accorder(combien, 'pétition')} à l’ordre du jour de « {seance} ».")
            return redirect(seance)
    return render(
        request,
        "petitions/recevabilite/inscrire_au_comite.html",
        {
            "form": form,
            "seances": seances,
            "petitions": petitions,
            "comite": Instance.objects.filter(cle=INSTANCE).first(),
        },
    )
