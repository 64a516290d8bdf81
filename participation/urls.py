"""Every door of the site. `petitions` and the other apps are named as strings: the project knows none of them."""

from django.contrib import admin
from django.urls import include, path

admin.site.site_header = "Tables de référence"
admin.site.site_title = "Participation"
admin.site.index_title = "Tables de référence"

urlpatterns = [
    path("", include("participation.socle.urls")),
    path("petitions/", include("petitions.urls")),
    path("comptes/", include("allauth.urls")),
    path("reference/", admin.site.urls),
]

handler400 = "participation.socle.views.erreurs.requete_incorrecte"
handler403 = "participation.socle.views.erreurs.acces_refuse"
handler404 = "participation.socle.views.erreurs.introuvable"
handler500 = "participation.socle.views.erreurs.panne"
