"""Erasure of candidatures: proposed at the term, done by an agent with a visa; counts are kept."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.droits.eliminations.actes import eliminee
from participation.droits.models import lignes_visees
from participation.renouvellement.models import Bordereau, Campagne, Candidature, Lecture
from participation.renouvellement.models.campagne import CANDIDATURES
from participation.socle.actions.avancer import enregistrer, exiger
from participation.socle.actions.courriers import effacer_courriers
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_case
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Courrier
from participation.socle.views.pages import Page
from participation.socle.workflow import Role


@transaction.atomic
def effacer_candidatures(campagne: Campagne, *, par: Compte) -> Bordereau:
    """Erase the candidatures past their term: names, addresses, texts, needs, profiles. Irreversible.

    Members are never erased. The bordereau keeps counts by collège, decision, commune, age, genre and
    quartier prioritaire; each row keeps its number and its decision.
    """
    pas = exiger(campagne, "effacer_candidatures", par=par)
    visa = lignes_visees(CANDIDATURES, campagne.pk).values_list("bordereau__visa", flat=True)[0]
    candidatures = list(
        campagne.candidatures.a_effacer().select_for_update(of=("self",)).select_related("college", "commune")
    )
    bordereau = enregistrer(
        Bordereau(
            campagne=campagne, visa=visa, par=par, nombre=len(candidatures), comptes=compter(candidatures)
        )
    )
    oublier(candidatures, bordereau)
    eliminee(CANDIDATURES, campagne.pk, len(candidatures))
    pas.avancer(details={"visa": visa, "nombre": len(candidatures)})
    return bordereau


def compter(candidatures: Sequence[Candidature]) -> dict[str, dict[str, int]]:
    return {
        "college": dict(Counter(str(c.college) for c in candidatures)),
        "choix": dict(Counter(c.libelle_etat for c in candidatures)),
        "commune": dict(Counter(str(c.commune or "non dite") for c in candidatures)),
        "age": dict(Counter(c.get_age_display() or "non dit" for c in candidatures)),
        "genre": dict(Counter(c.get_genre_display() or "non dit" for c in candidatures)),
        "quartier prioritaire": dict(Counter("oui" if c.quartier_id else "non" for c in candidatures)),
    }


def oublier(candidatures: Sequence[Candidature], bordereau: Bordereau) -> None:
    numeros = [c.pk for c in candidatures]
    if any(c.bordereau_id for c in candidatures):
        raise ValidationError("Une de ces candidatures est déjà effacée.")
    effacer_lignes(numeros)
    Candidature.objects.filter(pk__in=numeros).update(bordereau=bordereau)


def effacer_lignes(numeros: Sequence[int]) -> None:
    """Clear the personal data of these candidatures and of their lectures; delete the letters about them."""
    Candidature.effacer_lettres(numeros)
    Lecture.objects.filter(candidature__in=numeros).update(commentaire="", motif_deport="")
    effacer_courriers(Courrier.objects.filter(document__donnees__candidature__in=numeros))
    Candidature.objects.filter(pk__in=numeros).update(
        prenom="",
        nom="",
        courriel="",
        courriel_canonique="",
        telephone="",
        adresse="",
        organisme="",
        suppleant_prenom="",
        suppleant_nom="",
        suppleant_courriel="",
        suppleant_adresse="",
        motivation="",
        reponses={},
        disponibilites=[],
        besoins=[],
        precisions="",
        age="",
        genre="",
        commune=None,
        quartier=None,
        motif_precision="",
        choix_motif="",
        accord_vivier=False,
        vivier_jusqu_au=None,
        effacee_le=timezone.now(),
    )


class EffacerForm(ActeForm):
    confirme = champ_case(
        "J’ai compris : ces données ne pourront pas être retrouvées",
        erreur="Cochez cette case pour confirmer l’effacement.",
    )


@reserve_a(Role.AGENT)
@require_safe
def candidatures_a_effacer(request: RequeteConnectee) -> HttpResponse:
    """Candidatures past their term, by campaign. An agent erases them with a visa, never a periodic task."""
    lignes = []
    for campagne in Campagne.objects.select_related("instance"):
        nombre = campagne.candidatures.a_effacer().count()
        if nombre:
            lignes.append((campagne, nombre))
    return render(
        request,
        "renouvellement/effacement/a_effacer.html",
        {"lignes": lignes, "faites": Bordereau.objects.select_related("campagne", "par")},
    )


def a_oublier(request: RequeteConnectee, campagne: Campagne, form: Any) -> dict[str, Any]:
    proposees = campagne.candidatures.a_effacer()
    return {"proposees": proposees.select_related("college")[:50], "nombre": proposees.count()}


PAGES: dict[str, Page[Campagne]] = {
    "effacer_candidatures": Page(
        lambda campagne, *, par, confirme: effacer_candidatures(campagne, par=par),
        EffacerForm,
        "Noms, adresses, textes, besoins et profils sont effacés, sans retour. "
        "Les nombres par collège, décision, commune, âge et genre restent sur le bordereau. "
        "Les membres nommés, et les personnes qui ont accepté d’être recontactées, ne sont pas touchés.",
        titre=lambda campagne: (
            f"Effacer {accorder(campagne.candidatures.a_effacer().count(), 'candidature')}"
        ),
        gabarit="renouvellement/effacement/effacer_candidatures.html",
        contexte=a_oublier,
        retour=lambda *_: reverse("renouvellement:candidatures_a_effacer"),
    )
}
