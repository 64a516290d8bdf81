"""The cadre of a démarche, on the public page of what it is attached to."""

from typing import Any

from django import template
from django.db.models import Model
from django.urls import reverse

from participation.cadres.cahiers import publies
from participation.cadres.models import Cahier
from participation.cadres.models.cahiers import avant_de_recevoir, recoit_des_cahiers
from participation.cadres.niveaux import cadre_de
from participation.socle.models import Compte, Dossier
from participation.socle.views.dossier import Bouton

register = template.Library()


@register.inclusion_tag("cadres/_attentes.html")
def attentes(objet: Model) -> dict[str, Any]:
    """Show the level of the démarche, what may be expected, then what was kept, and its cahiers d’acteurs; nothing without a
    published cadre. Then the cahiers of the object itself, where organisations are asked for them."""
    cadre = cadre_de(objet)
    return {
        "cadre": cadre,
        "de_la_demarche": publies(cadre),
        "ailleurs": True,
        "est_finie": getattr(objet, "clos_le", None) is not None,
        "demarche_recoit": recoit_des_cahiers(cadre),
        **cahiers(objet),
    }


@register.inclusion_tag("cadres/_cahiers.html")
def cahiers(dossier: Any) -> dict[str, Any]:
    """Show the cahiers d’acteurs of a dossier, and where to deposit one; nothing where none was asked for."""
    return {"dossier": dossier, "cahiers": publies(dossier), "recoit": recoit_des_cahiers(dossier)}


@register.inclusion_tag("cadres/_cahiers_du_bureau.html")
def cahiers_du_bureau(dossier: Dossier, agent: Compte) -> dict[str, Any]:
    """Show an agent each cahier of a dossier and what she has to do with it; nothing where none was asked for."""
    return {
        "dossier": dossier,
        "demandes": dossier.cahiers_jusqu_au is not None,
        "recoit": recoit_des_cahiers(dossier),
        "ouvert": not avant_de_recevoir(dossier, "recevoir_cahiers", agent),
        "cahiers": _a_suivre(dossier, agent),
    }


@register.simple_tag
def peut_recevoir_des_cahiers(dossier: Dossier) -> bool:
    return dossier.cahiers_jusqu_au is None and not avant_de_recevoir(dossier, "recevoir_cahiers", None)


def _a_suivre(dossier: Dossier, agent: Compte) -> list[tuple[Cahier, list[Bouton]]]:
    """Return the cahiers of a dossier where some were asked for, each with the buttons of this agent."""
    if dossier.cahiers_jusqu_au is None:
        return []
    siens = Cahier.objects.filter(dossier=dossier.pk).select_related("piece")
    for cahier in siens:
        cahier.dossier = dossier
    return [
        (
            cahier,
            [
                Bouton(acte, ligne.libelle, reverse(f"cadres:{acte}", args=[cahier.pk]), ligne.est_dangereux)
                for acte, ligne in Dossier.ACTES_COMMUNS.items()
                if ligne.sur == "cahier" and dossier.propose(acte, agent, cahier)
            ],
        )
        for cahier in siens
    ]
