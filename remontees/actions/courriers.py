"""What becomes of a letter on paper: printed with others, posted, or given up since the person was told otherwise."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from participation.socle.actions import exiger
from participation.socle.actions.documents import demander_document, effacer_documents
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder, jour_texte
from participation.socle.models import Compte, Document
from remontees.models import Courrier, Impression

ENSEMBLE_IMPRIME = "remontees/courriers"
ENSEMBLE = 100  # letters of one file: more would be long to make, and to fold


@transaction.atomic
def imprimer_courriers(courriers: Iterable[Courrier], *, par: Compte) -> Document:
    """One file of these letters, each on its own sheets, made by the worker. Raises ErreurMetier when there is none."""
    impression = Impression(par=par)
    lettres: list[dict[str, Any]] = []
    for courrier in list(courriers)[:ENSEMBLE]:
        pas = exiger(courrier, "imprimer_courriers", par=par)
        document = courrier.document
        if courrier.impression_id is not None or document is None:  # another agent has just done it
            continue
        if not lettres:
            impression.save()
        lettres.append({**document.donnees, "le": jour_texte(document.cree_le)})
        pas.avancer(champs={"impression": impression}, details={"courrier": courrier.pk})
    if not lettres:
        raise ErreurMetier("Ces courriers sont déjà imprimés.")
    impression.document = demander_document(
        nature=ENSEMBLE_IMPRIME,
        titre=f"{accorder(len(lettres), 'courrier')} à poster",
        donnees={"lettres": lettres},
        par=par,
        est_interne=True,
    )
    impression.save()
    return impression.document


def poster_impression(impression: Impression, *, par: Compte, date_postee: date) -> int:
    """Post at once what was printed together and still waits. Returns how many. Raises as `poster_courrier`."""
    with transaction.atomic():
        attente = list(impression.courriers.a_poster().select_related("remontee"))
        for courrier in attente:
            poster_courrier(courrier, par=par, date_postee=date_postee)
    return len(attente)


@transaction.atomic
def poster_courrier(courrier: Courrier, *, par: Compte, date_postee: date) -> None:
    """Said by who put it in the post. Raises ValidationError for a day that cannot be."""
    pas = exiger(courrier, "poster_courrier", par=par)
    if date_postee > timezone.localdate():
        raise ValidationError({"date_postee": "Cette date n’est pas encore arrivée."})
    if date_postee < timezone.localdate(courrier.ecrit_le):
        raise ValidationError(
            {"date_postee": f"Ce courrier n’a été écrit que le {jour_texte(courrier.ecrit_le)}."}
        )
    pas.avancer(
        champs={"date_postee": date_postee, "poste_par": par},
        fait=f"Courrier posté le {jour_texte(date_postee)}",
        details={"courrier": courrier.pk},
    )


@transaction.atomic
def abandonner_courrier(courrier: Courrier, *, par: Compte, motif: str) -> None:
    """Given by hand, told by phone, or not to be sent any more: the reason stays."""
    exiger(courrier, "abandonner_courrier", par=par).avancer(
        champs={"abandonne_le": timezone.now()}, motif=motif, details={"courrier": courrier.pk}
    )


@transaction.atomic
def effacer_courriers(courriers: QuerySet[Courrier]) -> None:
    """Take out the PDFs, which say who spoke; that a letter was posted, and when, stays. One that was not will not be."""
    siens = courriers.exclude(document=None).values("document")
    ensemble = Impression.objects.filter(courriers__in=courriers).values("document")
    documents = list(Document.objects.filter(Q(pk__in=siens) | Q(pk__in=ensemble)))
    courriers.a_poster().update(abandonne_le=timezone.now())  # type: ignore[attr-defined]  # its own queryset
    courriers.update(document=None)
    effacer_documents(documents)
