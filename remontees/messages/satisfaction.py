"""Satisfaction: asked once, some days after the answer; the page where the person says whether it suits her, by signed link."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.socle.actions import enregistrer
from participation.socle.courriels.retenue import due_le
from participation.socle.http.decorateurs import publique
from participation.socle.views.liens import du_lien_ou_404
from remontees.messages.actes import SatisfactionForm
from remontees.models import Rapporteur, ReglementRemontees, Remontee, Satisfaction
from remontees.personne import prevenir_la_personne, titre_pour_elle
from remontees.workflow import Etat


def demander_les_satisfactions(limite: int = 1000) -> int:
    """Send the question, at most `limite` letters; return how many.

    For remontées answered at least `satisfaction_jours` ago, and less than `cloture_jours` before that.
    """
    reglement = ReglementRemontees.actuel()
    attente = timedelta(days=reglement.satisfaction_jours)
    jour = timezone.localdate() - attente
    dues: Any = (
        Remontee.objects.filter(
            etat__in=[Etat.REPONDUE, Etat.CLOSE],
            repondue_le__date__lte=jour,
            repondue_le__date__gt=jour - timedelta(days=reglement.cloture_jours),
            satisfaction=None,
            rapporteur__prefere__in=[Rapporteur.Prefere.COURRIEL, Rapporteur.Prefere.SMS],
            rapporteur__efface_le=None,
        )
        .exclude(reponse="")
        .exclude(rapporteur__courriel="", rapporteur__telephone="")
        .select_related("rapporteur")
        .order_by("pk")
    )
    combien = 0
    for remontee in dues.iterator():
        # No paper letter for one click: only people reached by mail or SMS are asked.
        if not remontee.rapporteur.se_previent:
            continue
        if combien == limite:
            break
        with transaction.atomic():
            demande, est_neuve = Satisfaction.objects.get_or_create(remontee=remontee)
            if est_neuve:
                with due_le(timezone.localdate(remontee.repondue_le) + attente):
                    demander_satisfaction(demande)
                combien += 1
    return combien


def demander_satisfaction(demande: Satisfaction) -> None:
    prevenir_la_personne(
        demande.remontee,
        "demander_satisfaction",
        cle=f"satisfaction:{demande.pk}",
        question=reverse("remontees:satisfaction", args=[demande.jeton()]),
        question_courte=Satisfaction.LIEN.adresse_courte(demande),
    )


def dire_satisfaction(demande: Satisfaction, *, avis: str, mot: str = "") -> None:
    """Save the last choice of the person. A comment is replaced only by another."""
    with transaction.atomic():
        demande = Satisfaction.objects.select_for_update().get(pk=demande.pk)
        demande.avis, demande.mot = avis, mot or demande.mot
        enregistrer(demande, repondue_le=demande.repondue_le or timezone.now())


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def satisfaction(request: HttpRequest, jeton: str) -> HttpResponse:
    """A GET saves nothing, since mail scanners open links.

    A button saves the choice; a comment may follow.
    """
    demande = du_lien_ou_404(Satisfaction.LIEN, jeton, Satisfaction.objects.select_related("remontee"))
    form = SatisfactionForm(request.POST or None, objet=demande)
    if request.method == "POST" and form.is_valid():
        dire_satisfaction(demande, **form.cleaned_data)
        return redirect("remontees:satisfaction", jeton)
    return render(
        request,
        "remontees/publiques/satisfaction.html",
        {
            "demande": demande,
            "remontee": demande.remontee,
            "titre": titre_pour_elle(demande.remontee),
            "form": form,
            "choix": Satisfaction.Avis.choices,
        },
    )
