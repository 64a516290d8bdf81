"""URLs of the site with one more app: a single `include`."""

from django.urls import include, path

from participation import urls

urlpatterns = [path("reclamations/", include("tests.appli_essai.urls")), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
