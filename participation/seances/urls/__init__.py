"""The doors of the instances and of their séances."""

from participation.seances.urls import deroule, espace, instances, preparation, proces_verbaux

app_name = "seances"
urlpatterns = [
    # First: a screen asks every three seconds.
    *deroule.urlpatterns,
    *instances.urlpatterns,
    *espace.urlpatterns,
    *preparation.urlpatterns,
    *proces_verbaux.urlpatterns,
]
