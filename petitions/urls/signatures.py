"""Signing, and what the service does with signatures: paper, fraud, keeping."""

from django.urls import URLPattern, path

from participation.socle.views.pages import routes
from petitions.models import FeuillePapier, Invalidation, Petition
from petitions.views import actes, fraude, papier, signatures

urlpatterns: list[URLPattern] = [
    path("<int:pk>/signer/", signatures.signer, name="signer"),
    path("<int:pk>/signer/merci/", signatures.signature_demandee, name="signature_demandee"),
    path("signature/<jeton:jeton>/", signatures.ma_signature, name="ma_signature"),
    path("signature/<jeton:jeton>/confirmer/", signatures.confirmer_signature, name="confirmer_signature"),
    path("signature/<jeton:jeton>/corriger/", signatures.corriger_signature, name="corriger_signature"),
    path("signature/<jeton:jeton>/retirer/", signatures.retirer_signature, name="retirer_signature"),
    path("signature/<jeton:jeton>/ce-n-est-pas-moi/", signatures.refuser_signature, name="refuser_signature"),
    # Back office
    path("<int:pk>/seuils/", fraude.simuler_seuils, name="simuler_seuils"),
    *routes("<int:pk>/", Petition, actes.petition_du_bureau, actes.PAGES_DES_SIGNATURES),
    path("<int:pk>/signatures/export.csv", fraude.exporter_signatures, name="exporter_signatures"),
    path("<int:pk>/signatures/ecartees/", fraude.signatures_ecartees, name="signatures_ecartees"),
    path("<int:pk>/signatures/rafales/", fraude.rafales, name="rafales"),
    path("<int:pk>/signatures/invalider/", fraude.invalider_signatures, name="invalider_signatures"),
    path("<int:pk>/signatures/invalidations/", fraude.retablir_signatures, name="retablir_signatures"),
    path("invalidations/<int:pk>/", fraude.invalidation, name="invalidation"),
    *routes(
        "invalidations/<int:pk>/", Invalidation, fraude.invalidation_du_bureau, fraude.PAGES_DES_INVALIDATIONS
    ),
    path("<int:pk>/feuilles/", papier.feuilles, name="feuilles"),
    path("<int:pk>/feuilles/a-valider/", papier.valider_feuille, name="valider_feuille"),
    path("feuilles/<int:pk>/", papier.saisir_feuille, name="saisir_feuille"),
    *routes("feuilles/<int:pk>/", FeuillePapier, papier.feuille_du_bureau, papier.PAGES_DES_FEUILLES),
    path("feuilles/<int:pk>/controler/", papier.controler_feuille, name="controler_feuille"),
    path("conservation/", fraude.conservation, name="conservation"),
]
