"""The procès-verbal of a draw: a PDF made by the worker, to be signed in the room."""

from django.db import transaction

from participation.socle.actions.avancer import exiger
from participation.socle.actions.documents import demander_document, redemander_document
from participation.socle.models import Compte, Document
from participation.socle.views.pages import Page, acte
from participation.tirage.models import Tirage
from participation.tirage.salle.lectures import mise_en_pv

NATURE = "tirage/proces_verbal"


@acte(
    Page[Tirage](
        en_un_clic=True, succes="Le procès-verbal est demandé. Il sera prêt dans un instant.", retour="#panel"
    )
)
@transaction.atomic
def preparer_pv(tirage: Tirage, *, par: Compte) -> Document:
    """Ask for the PDF, or make it again under the same address. Public as the draw is."""
    pas = exiger(tirage, "preparer_pv", par=par)
    donnees = mise_en_pv(tirage)
    document: Document | None = tirage.proces_verbal
    if document is None:
        document = demander_document(
            nature=NATURE,
            titre=f"Procès-verbal du tirage au sort, {tirage.titre}",
            donnees=donnees,
            par=par,
            est_public=tirage.est_public,
        )
    else:
        Document.objects.filter(pk=document.pk, fige_le=None).update(donnees=donnees)
        redemander_document(document, par=par)
    pas.avancer(champs={"proces_verbal": document}, details={"document": document.pk})
    return document
