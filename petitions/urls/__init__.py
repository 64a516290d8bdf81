"""The doors of the pétitions, by who pushes them."""

from petitions.urls import depot, publiques, recevabilite, signatures, suivi

app_name = "petitions"
urlpatterns = [
    # First: addresses are tried in order, and this one is asked thirty times a second.
    *signatures.urlpatterns,
    *depot.urlpatterns,
    *recevabilite.urlpatterns,
    *suivi.urlpatterns,
    *publiques.urlpatterns,
]
