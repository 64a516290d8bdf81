"""Changes to the text of an avis, for the acts: paragraphs, versions, PDF. The caller has locked the avis."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.utils import timezone

from ccspl.lectures import presentation
from ccspl.models import Avis, Paragraphe, VersionAvis
from ccspl.regles.textes import empreinte
from participation.socle.actions.documents import redemander_document
from participation.socle.models import Compte


def changer(paragraphe: Paragraphe, texte: str) -> None:
    if paragraphe.texte == texte and paragraphe.supprime_le is None:
        return
    paragraphe.texte, paragraphe.supprime_le = texte, None
    paragraphe.rang_version += 1
    paragraphe.save()


def supprimer(paragraphe: Paragraphe) -> None:
    paragraphe.supprime_le = timezone.now()
    paragraphe.rang_version += 1
    paragraphe.save()


def dernier(avis: Avis) -> Paragraphe | None:
    return avis.paragraphes.order_by("-ordre", "-pk").first()


def inserer(avis: Avis, morceaux: Sequence[str], apres: Paragraphe | None) -> None:
    """Insert paragraphs after `apres`, or at the top when it is None.

    The paragraphs below move down, deleted ones too, so that an addition after one of them keeps its place.
    """
    if not morceaux:
        return
    debut = apres.ordre if apres is not None else 0
    avis.paragraphes.filter(ordre__gt=debut).update(ordre=F("ordre") + len(morceaux))
    Paragraphe.objects.bulk_create(
        Paragraphe(avis=avis, ordre=debut + rang, texte=texte) for rang, texte in enumerate(morceaux, start=1)
    )


def versionner(
    avis: Avis, *, par: Compte | None, origine: str, coauteur: str = "", est_adoptee: bool = False
) -> VersionAvis:
    """Save the whole current text as a version. Co-authors of the former version are kept."""
    derniere = avis.versions.order_by("-numero").first()
    noms = list(derniere.coauteurs) if derniere else []
    if coauteur and coauteur not in noms:
        noms.append(coauteur)
    paragraphes = [p.texte for p in presentation.paragraphes_de(avis)]
    preconisations = list(avis.preconisations.order_by("numero").values_list("texte", flat=True))
    return VersionAvis.objects.create(
        avis=avis,
        numero=derniere.numero + 1 if derniere else 1,
        paragraphes=paragraphes,
        preconisations=preconisations,
        coauteurs=noms,
        origine=origine[:160],
        sha256=empreinte(paragraphes, preconisations),
        est_adoptee=est_adoptee,
        par=par,
    )


def refaire_le_pdf(avis: Avis, *, par: Compte) -> None:
    """Make the PDF again until it is frozen, to include a position noted after the adoption."""
    document: Any = avis.document
    if document is not None and document.fige_le is None:
        document.donnees = presentation.donnees_avis(avis)
        document.save(update_fields=["donnees"])
        redemander_document(document, par=par)
