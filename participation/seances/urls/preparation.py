"""A séance before it opens: agenda, papers, convocation, answers."""

from django.urls import URLPattern, path

from participation.seances.views import convocation, preparation, seances

urlpatterns: list[URLPattern] = [
    path("seances/", seances.seances, name="seances"),
    path("seances/programmer/", preparation.programmer, name="programmer"),
    path("seances/repondre/<jeton:jeton>/", convocation.repondre_par_lien, name="repondre"),
    path("seances/<int:pk>/", seances.seance, name="seance"),
    path("seances/<int:pk>/modifier/", preparation.modifier, name="modifier"),
    path("seances/<int:pk>/points/ajouter/", preparation.ajouter_point, name="ajouter_point"),
    path("seances/points/<int:pk>/", preparation.point, name="point"),
    path("seances/points/<int:pk>/ordonner/", preparation.ordonner, name="ordonner"),
    path("seances/points/<int:pk>/retirer/", preparation.retirer_point, name="retirer_point"),
    path("seances/points/<int:pk>/dossiers/", preparation.ajouter_dossier, name="ajouter_dossier"),
    path("seances/points/dossiers/<int:pk>/retirer/", preparation.retirer_dossier, name="retirer_dossier"),
    path("seances/<int:pk>/pieces/joindre/", preparation.joindre_piece, name="joindre_piece"),
    path("seances/pieces/<int:pk>/", preparation.piece, name="piece"),
    path("seances/pieces/<int:pk>/retirer/", preparation.retirer_piece, name="retirer_piece"),
    path("seances/<int:pk>/convoquer/", convocation.convoquer, name="convoquer"),
    path("seances/<int:pk>/deplacer/", convocation.deplacer, name="deplacer"),
    path("seances/<int:pk>/annuler/", convocation.annuler, name="annuler"),
    path("seances/<int:pk>/informer/", convocation.informer, name="informer"),
    path("seances/<int:pk>/relancer/", convocation.relancer, name="relancer_reponses"),
    path(
        "seances/<int:pk>/seconde-convocation/", convocation.seconde_convocation, name="seconde_convocation"
    ),
    path("seances/convies/<int:pk>/reponse/", convocation.noter_reponse, name="noter_reponse"),
    path("seances/convocations/<int:pk>/", convocation.document, name="convocation"),
    path("seances/demandes/<int:pk>/inscrire/", preparation.inscrire_demande, name="inscrire_demande"),
    path("mes-instances/seances/<int:pk>/", convocation.ma_seance, name="ma_seance"),
    path("mes-instances/<slug:cle>/demandes/", preparation.demandes_points, name="demandes_points"),
    path("mes-instances/<slug:cle>/demandes/nouvelle/", preparation.demander_point, name="demander_point"),
    path("mes-instances/demandes/<int:pk>/soutenir/", preparation.soutenir, name="soutenir"),
    path(
        "mes-instances/demandes/<int:pk>/ne-plus-soutenir/",
        preparation.ne_plus_soutenir,
        name="ne_plus_soutenir",
    ),
    path("mes-instances/demandes/<int:pk>/retirer/", preparation.retirer_demande, name="retirer_demande"),
]
