"""URLs of the réclamations."""

from participation.socle.views.pages import routes
from tests.appli_essai.models import Reclamation
from tests.appli_essai.views import PAGES, reclamation_du_bureau

app_name = "appli_essai"
urlpatterns = routes("<int:pk>/", Reclamation, reclamation_du_bureau, PAGES)
