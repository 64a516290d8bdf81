"""What becomes of a letter on paper: posted, or given up since the person was told otherwise."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from participation.socle.actions import exiger
from participation.socle.actions.documents import effacer_documents
from participation.socle.francais import jour_texte
from participation.socle.models import Compte, Document
from remontees.models import Courrier


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
    documents = list(Document.objects.filter(pk__in=courriers.exclude(document=None).values("document")))
    courriers.a_poster().update(abandonne_le=timezone.now())  # type: ignore[attr-defined]  # its own queryset
    courriers.update(document=None)
    effacer_documents(documents)
