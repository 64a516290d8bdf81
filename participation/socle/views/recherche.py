"""Search of the back office.

An exact reference redirects to its dossier. Otherwise: dossiers, persons and communes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from participation.socle.forms.filters import chercher, les_plus_proches
from participation.socle.http.decorateurs import ROLES_BUREAU, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Combien, Commune, Compte, Dossier
from participation.socle.models.dossiers import hors_reserve
from participation.socle.regles.mots import SANS_ACCENTS
from participation.socle.vitrine import recueillir
from participation.socle.workflow import Role

PERSONNES_MONTREES, DEPOSES_MONTRES = 20, 5


@reserve_a(*ROLES_BUREAU)
@require_safe
def recherche(request: RequeteConnectee) -> HttpResponse:
    mots = request.GET.get("q", "").replace("\0", "").strip()[:200]
    visibles = Dossier.objects.a_montrer_a(request.user, mots=mots)
    exact = visibles.filter(reference__iexact=mots).first() if mots else None
    if exact is not None:
        return redirect("socle:dossier", exact.pk)
    trouves, est_au_dela = (
        les_plus_proches(chercher(visibles, mots), mots) if mots else (visibles.none(), False)
    )
    page = Paginator(list(trouves.values_list("pk", flat=True)), 25).get_page(request.GET.get("page"))
    lus = Dossier.objects.enfants_de(page)
    return render(
        request,
        "socle/journee/recherche.html",
        {
            "mots": mots,
            "page": page,
            "est_au_dela": est_au_dela,
            "dossiers": [lus[pk] for pk in page if pk in lus],
            "personnes": personnes(mots, request.user) if mots and request.user.est_agent else [],
            "autres_personnes": list(recueillir("personnes_trouvees", mots))
            if mots and request.user.est_agent
            else [],
            "communes": communes(mots) if mots else [],
            "voit_les_communes": bool(request.user.roles & {Role.AGENT, Role.ELU}),
        },
    )


@dataclass(frozen=True, slots=True)
class CompteTrouve:
    """An account, the last dossiers that it filed, and how many it follows. `a_plus`: it filed others."""

    compte: Compte
    deposes: Sequence[Dossier]
    suivis: int
    a_plus: bool


def personnes(mots: str, par: Compte) -> list[CompteTrouve]:
    """Accounts by name or email address, with the dossiers they filed or follow. For agents of the service only.

    A desk may have filed, and an agent follow, half of all there is: each is found by its index.
    """
    chaque = Q()
    for mot in mots.split()[:5]:
        chaque &= Q(nom__icontains=mot) | Q(prenom__icontains=mot) | Q(courriel__icontains=mot.lower())
    siens = Dossier.objects.filter(hors_reserve(par), auteur=OuterRef("pk"), ouvert_le__isnull=False)
    derniers = siens.order_by("-ouvert_le", "-pk").values("pk")
    trouves: Any = (
        Compte.objects.filter(chaque)
        .annotate(
            cles=ArraySubquery(derniers[: DEPOSES_MONTRES + 1]),
            suivis=Combien(Dossier.objects.filter(agent=OuterRef("pk"), clos_le__isnull=True)),
        )
        .order_by("nom", "prenom", "pk")[:PERSONNES_MONTREES]
    )
    lus = Dossier.objects.in_bulk([pk for compte in trouves for pk in compte.cles[:DEPOSES_MONTRES]])
    return [
        CompteTrouve(
            compte,
            [lus[pk] for pk in compte.cles[:DEPOSES_MONTRES] if pk in lus],
            compte.suivis,
            len(compte.cles) > DEPOSES_MONTRES,
        )
        for compte in trouves
    ]


def communes(mots: str) -> QuerySet[Commune]:
    simple = mots.lower().translate(SANS_ACCENTS)
    return Commune.objects.filter(
        Q(cle_tri__contains=simple)
        | Q(cle_tri__contains=simple.replace(" ", "-"))
        | Q(codes_postaux__contains=[mots])
    )
