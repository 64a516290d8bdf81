"""Pages of the acts on the rule and the quotas of a draw."""

from typing import Any

from participation.socle.forms.actes import demander_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page
from participation.tirage.models import Tirage
from participation.tirage.quotas import actes
from participation.tirage.selection.controle import TROP_LONG


def a_assouplir(request: RequeteConnectee, tirage: Tirage, form: Any) -> dict[str, Any]:
    proposes = actes.proposer_assouplissements(tirage)
    return {"proposes": proposes, "trop_long": TROP_LONG if proposes is None else ""}


PAGES: dict[str, Page[Tirage]] = {
    "modifier_tirage": Page(
        actes.modifier_tirage, actes.RegleForm, "La règle se fige quand elle est publiée."
    ),
    "regler_quotas": Page(
        actes.regler_quotas,
        actes.QuotasForm,
        "Combien de places, au moins et au plus, pour les personnes qui ont chaque valeur.",
        bouton="Enregistrer",
        retour="#quotas",
    ),
    "assouplir_quotas": Page(
        actes.assouplir_quotas,
        demander_texte("Pourquoi ce changement"),
        "Voici le plus petit changement qui rend un panel possible. Il est dit en public.",
        gabarit="tirage/assouplir.html",
        contexte=a_assouplir,
        retour="#quotas",
    ),
    "abandonner_tirage": Page(
        actes.abandonner_tirage,
        demander_texte("Pourquoi", aide="Cette raison est publique."),
        "Ce tirage n’aura pas lieu. Ce qui est publié reste en ligne, avec la raison.",
    ),
}
