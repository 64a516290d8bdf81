"""URLs of the instances and their séances."""

from participation.seances.urls import deroule, espace, instances, preparation, proces_verbaux

app_name = "seances"
urlpatterns = [
    # First, for speed: each screen polls them every three seconds.
    *deroule.urlpatterns,
    *instances.urlpatterns,
    *espace.urlpatterns,
    *preparation.urlpatterns,
    *proces_verbaux.urlpatterns,
]
