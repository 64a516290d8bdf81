"""The doors of the CCSPL."""

from ccspl.urls import publiques, redaction, saisines, tableau, vie

app_name = "ccspl"
urlpatterns = [
    *saisines.urlpatterns,
    *redaction.urlpatterns,
    *tableau.urlpatterns,
    *vie.urlpatterns,
    *publiques.urlpatterns,
]
