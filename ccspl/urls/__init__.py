"""The doors of the CCSPL."""

from ccspl.urls import publiques, redaction, renouvellement, saisines, tableau, vie

app_name = "ccspl"
urlpatterns = [
    *saisines.urlpatterns,
    *redaction.urlpatterns,
    *renouvellement.urlpatterns,
    *tableau.urlpatterns,
    *vie.urlpatterns,
    *publiques.urlpatterns,
]
