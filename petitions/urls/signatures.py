from django.urls import URLPattern, path

from petitions.views import signatures

urlpatterns: list[URLPattern] = [
    path("<int:pk>/signer/", signatures.signer, name="signer"),
    path("<int:pk>/signer/merci/", signatures.signature_demandee, name="signature_demandee"),
    path("signature/<str:jeton>/", signatures.ma_signature, name="ma_signature"),
    path("signature/<str:jeton>/confirmer/", signatures.confirmer_signature, name="confirmer_signature"),
    path("signature/<str:jeton>/corriger/", signatures.corriger_signature, name="corriger_signature"),
    path("signature/<str:jeton>/retirer/", signatures.retirer_signature, name="retirer_signature"),
    path("signature/<str:jeton>/ce-n-est-pas-moi/", signatures.refuser_signature, name="refuser_signature"),
]
