"""The text written together."""

from django.urls import URLPattern, path

from ccspl.models import Avis, Paragraphe, Preconisation, Proposition
from ccspl.views import actes, redaction
from participation.socle.views.pages import routes

urlpatterns: list[URLPattern] = [
    path("texte/<int:pk>/", redaction.redaction, name="redaction"),
    path("texte/<int:pk>/change/", redaction.texte_change, name="texte_change"),
    path("texte/<int:pk>/versions/", redaction.versions, name="versions"),
    *routes("texte/<int:pk>/", Avis, actes.lisible, actes.DU_TEXTE),
    *routes("paragraphes/<int:pk>/", Avis, actes.partie(Paragraphe), actes.DES_PARAGRAPHES),
    *routes(
        "propositions/<int:pk>/",
        Avis,
        actes.partie(Proposition, "paragraphe", "auteur", "membre__college"),
        actes.DES_PROPOSITIONS,
    ),
    *routes("propositions/<int:pk>/", Avis, actes.proposition_sienne, actes.DE_L_AUTEUR),
    *routes("preconisations/<int:pk>/", Avis, actes.partie(Preconisation), actes.DES_PRECONISATIONS),
]
