"""What the élus read."""

from django.urls import URLPattern, path

from ccspl.views import tableau

urlpatterns: list[URLPattern] = [
    path("tableau-de-bord/", tableau.tableau_de_bord, name="tableau_de_bord"),
    path("tableau-de-bord/avis/", tableau.avis_rendus, name="avis_rendus"),
    path("tableau-de-bord/recommandations/", tableau.recommandations, name="recommandations"),
    path("tableau-de-bord/avis/<int:pk>/fiche/", tableau.demander_intervention, name="demander_intervention"),
    path("tableau-de-bord/resume/", tableau.s_abonner_au_resume, name="s_abonner_au_resume"),
    path("tableau-de-bord/resume/arreter/", tableau.arreter_le_resume, name="arreter_le_resume"),
    path("resume/<cle_secrete:cle>/", tableau.ne_plus_recevoir_resume, name="ne_plus_recevoir_resume"),
]
