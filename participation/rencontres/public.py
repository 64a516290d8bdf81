"""Public pages of the rencontres."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.inscriptions.lettres import agenda
from participation.rencontres.deroule.lectures import deroule
from participation.rencontres.models import Rencontre
from participation.rencontres.recolte.lectures import chiffres_de_l_evaluation, groupes
from participation.rencontres.trouver import rencontre_en_ligne
from participation.rencontres.workflow import EtatRencontre
from participation.seances.calendrier.ics import type_mime
from participation.socle.http.decorateurs import publique, traduite
from participation.socle.lectures.langues import avec_titres_lus
from participation.socle.regles.donnees_liees import EtatEvenement, LienDeDonnees, evenement


def a_venir() -> Any:
    """Return the public rencontres that are still to come, the next one first."""
    return Rencontre.objects.publiques().filter(fin__gte=timezone.now()).order_by("debut", "pk")


def passees() -> Any:
    return Rencontre.objects.publiques().filter(fin__lt=timezone.now()).order_by("-debut", "-pk")


def donnees_liees(rencontre: Rencontre) -> LienDeDonnees:
    annulee = rencontre.etat == EtatRencontre.ANNULEE
    return evenement(
        titre=rencontre.titre,
        debut=rencontre.debut,
        fin=rencontre.fin,
        page=rencontre.get_public_url(),
        etat=EtatEvenement.ANNULE if annulee else EtatEvenement.PREVU,
        lieu=f"{rencontre.lieu}, {rencontre.adresse}",
        est_en_ligne=False,
    )


PAR_PAGE = 20


@traduite
@publique
@require_safe
def rencontres_publiques(request: HttpRequest) -> HttpResponse:
    tenues = Paginator(avec_titres_lus(passees()), PAR_PAGE).get_page(request.GET.get("page"))
    prochaines = avec_titres_lus(a_venir())
    return render(request, "rencontres/publiques.html", {"a_venir": prochaines, "passees": tenues})


@traduite
@publique
@require_safe
def rencontre_publique(request: HttpRequest, pk: int) -> HttpResponse:
    rencontre = rencontre_en_ligne(pk, "origine")
    return render(
        request,
        "rencontres/publique.html",
        {
            "rencontre": rencontre,
            "dossier": rencontre,
            "recoit": rencontre.recoit(),
            "libres": rencontre.places_libres,
            "animateurs": rencontre.animateurs.order_by("nom", "pk"),
            "programme": deroule(rencontre).publiques,
            "groupes": groupes(rencontre) if rencontre.etat in {"tenue", "close"} else [],
            "evaluation": chiffres_de_l_evaluation(rencontre)
            if rencontre.etat == EtatRencontre.CLOSE
            else [],
            "donnees_liees": donnees_liees(rencontre),
        },
    )


@publique
@require_safe
def rencontre_ics(request: HttpRequest, pk: int) -> HttpResponse:
    rencontre = rencontre_en_ligne(pk)
    methode = "CANCEL" if rencontre.etat == EtatRencontre.ANNULEE else "PUBLISH"
    reponse = HttpResponse(agenda(rencontre, methode), content_type=f"{type_mime(methode)}; charset=utf-8")  # type: ignore[arg-type]
    reponse["Content-Disposition"] = f'attachment; filename="{rencontre.reference}.ics"'
    return reponse
