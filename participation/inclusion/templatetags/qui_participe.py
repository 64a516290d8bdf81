"""The questions of the profile, asked under an act that is done."""

from typing import Any

from django import template

from participation.inclusion.profils.actes import ProfilForm, jeton

register = template.Library()


@register.inclusion_tag("inclusion/_questions.html", takes_context=True)
def qui_participe(context: template.Context, nature: str, numero: int, participation: str) -> dict[str, Any]:
    """`participation`: who took part, once and for all (« signature:12 »). The page must not be kept by a cache."""
    requete = context["request"]
    return {
        "form": ProfilForm(auto_id="profil_%s"),
        "jeton": jeton(nature, numero, participation),
        "retour": requete.path,
        "csrf_token": context.get("csrf_token"),
    }
