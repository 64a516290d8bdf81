"""Table of the délibération, as a PDF made by the worker from the decisions of the day."""

from django.db import transaction
from django.urls import reverse

from contrat_ville.comites.deliberation.lectures import deliberation_de, en_mots
from contrat_ville.models import Programmation
from participation.socle.actions import exiger
from participation.socle.actions.documents import demander_document, redemander_document
from participation.socle.models import Compte, Document
from participation.socle.views.pages import Page, acte

NATURE = "contrat_ville/deliberation"


@acte(
    Page[Programmation](
        consequence="Le PDF se prépare avec les décisions d’aujourd’hui, notifiées ou non : les agents du service le lisent, et eux seuls. Refait, il garde la même adresse.",
        retour=lambda p, fait: (
            reverse("socle:document_etat", args=[fait.cle_publique]) if fait else p.get_absolute_url()
        ),
        succes="Le tableau de la délibération se prépare.",
    )
)
@transaction.atomic
def preparer_deliberation(programmation: Programmation, *, par: Compte) -> Document:
    """Ask for the PDF, or make it again under the same address.

    For agents only: decisions may not be notified.
    """
    pas = exiger(programmation, "preparer_deliberation", par=par)
    donnees = en_mots(deliberation_de(programmation))
    document: Document | None = programmation.deliberation
    if document is None:
        document = demander_document(
            nature=NATURE,
            titre=f"Tableau de la délibération, {programmation.titre}",
            donnees=donnees,
            par=par,
            est_interne=True,
        )
    else:
        Document.objects.filter(pk=document.pk, fige_le=None).update(donnees=donnees)
        redemander_document(document, par=par)
    pas.avancer(champs={"deliberation": document}, details={"document": document.pk})
    return document
