"""The agents' queue, the dossier, the comité's acts, the author's answer."""

from django.urls import path

from petitions.views import comite, recevabilite

urlpatterns = [
    path("dossiers/", recevabilite.tableau, name="tableau"),
    path("dossiers/inscrire-au-comite/", comite.inscrire_au_comite, name="inscrire_au_comite"),
    path("dossiers/<int:pk>/", recevabilite.dossier, name="dossier"),
    path("dossiers/<int:pk>/examiner/", recevabilite.examiner, name="examiner"),
    path("dossiers/<int:pk>/se-deporter/", recevabilite.se_deporter, name="se_deporter"),
    path(
        "dossiers/<int:pk>/demander-reformulation/",
        recevabilite.demander_reformulation,
        name="demander_reformulation",
    ),
    path("dossiers/<int:pk>/demander-avis/", recevabilite.demander_avis, name="demander_avis"),
    path("dossiers/<int:pk>/declarer-recevable/", recevabilite.declarer_recevable, name="declarer_recevable"),
    path(
        "dossiers/<int:pk>/declarer-irrecevable/",
        recevabilite.declarer_irrecevable,
        name="declarer_irrecevable",
    ),
    path("dossiers/<int:pk>/transmettre/", recevabilite.transmettre, name="transmettre"),
    path("mes-petitions/<int:pk>/reformuler/", recevabilite.reformuler, name="reformuler"),
]
