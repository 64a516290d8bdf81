"""Public pages of the rencontres."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.inscriptions.lettres import agenda
from participation.rencontres.deroule.lectures import deroule
from participation.rencontres.public import lectures
from participation.rencontres.recolte.lectures import chiffres_de_l_evaluation, groupes
from participation.rencontres.trouver import rencontre_en_ligne
from participation.rencontres.workflow import EtatRencontre
from participation.seances.calendrier.ics import type_mime
from participation.socle.http.decorateurs import publique, traduite
from participation.socle.lectures.langues import avec_titres_lus

PAR_PAGE = 20


@traduite
@publique
@require_safe
def rencontres_publiques(request: HttpRequest) -> HttpResponse:
    tenues = Paginator(avec_titres_lus(lectures.passees()), PAR_PAGE).get_page(request.GET.get("page"))
    prochaines = avec_titres_lus(lectures.a_venir())
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
            "donnees_liees": lectures.donnees_liees(rencontre),
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
