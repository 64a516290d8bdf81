"""The agents' queue, the dossier, the comité's acts, the author's answer."""

from django.urls import path

from participation.socle.views.pages import routes
from petitions.models import Petition
from petitions.views import actes, comite, recevabilite

urlpatterns = [
    path("dossiers/", recevabilite.tableau, name="tableau"),
    path("dossiers/inscrire-au-comite/", comite.inscrire_au_comite, name="inscrire_au_comite"),
    path("dossiers/<int:pk>/", recevabilite.dossier, name="dossier"),
    *routes("dossiers/<int:pk>/", Petition, actes.petition_du_comite, actes.PAGES_DU_COMITE),
    path("mes-petitions/<int:pk>/reformuler/", recevabilite.reformuler, name="reformuler"),
]
