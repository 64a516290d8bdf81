"""The doors of the pétitions, by who pushes them."""

from petitions.urls import depot, publiques, recevabilite, signatures, suivi

app_name = "petitions"
urlpatterns = [
    *depot.urlpatterns,
    *signatures.urlpatterns,
    *recevabilite.urlpatterns,
    *suivi.urlpatterns,
    *publiques.urlpatterns,
]
