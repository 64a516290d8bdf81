"""Saisines, the legal calendar, avis and their transmission."""

from django.urls import URLPattern, path

from ccspl.models import Avis, ReunionDuConseil
from ccspl.views import actes, saisines
from participation.socle.views.pages import routes

urlpatterns: list[URLPattern] = [
    path("dossiers/", saisines.tableau, name="tableau"),
    *routes("dossiers/", Avis, actes.nouvelle_saisine, {"saisir": actes.SAISIR}),
    path("dossiers/<int:pk>/", saisines.dossier, name="dossier"),
    *routes("dossiers/<int:pk>/", Avis, actes.trouver, actes.DU_DOSSIER),
    path("accuser/<jeton:jeton>/", saisines.accuser, name="accuser"),
    path("calendrier/", saisines.calendrier, name="calendrier"),
    path("conseils/", saisines.reunions, name="reunions"),
    *routes("conseils/<int:pk>/", ReunionDuConseil, actes.reunion_du_conseil, actes.DES_REUNIONS),
]
