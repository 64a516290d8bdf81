"""Letters on paper, from the words to the post: written, printed with others, posted, or given up since it was told otherwise."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from participation.socle.actions.avancer import exiger
from participation.socle.actions.documents import demander_document, effacer_documents, redemander_document
from participation.socle.courrier import composer
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder, jour_texte
from participation.socle.models import Compte, Courrier, Document, Dossier, Impression

# How a letter leaves, beside those of `Courriel.Moyen`.
PAPIER = "lettre"
NATURE = "socle/courrier"
ENSEMBLE_IMPRIME = "socle/courriers"
ENSEMBLE = 100  # courriers of one file: more would be long to make, and to fold


def ecrire_courrier(
    dossier: Dossier,
    lettre: str,
    contexte: Mapping[str, object],
    *,
    destinataire: Sequence[str],
    a_une_adresse: bool,
    **donnees: Any,
) -> Courrier:
    """The letter `templates/papier/<lettre>.txt`, to print and post: its PDF is asked for in the act's own transaction.

    `destinataire`: the lines of the envelope. `donnees`: what else the sheet shows (`signataire`, `surtitre`, `lien` with `qr`).
    """
    objet, corps = composer(lettre, contexte, PAPIER)
    return Courrier.objects.create(
        dossier_id=dossier.pk,
        lettre=lettre,
        objet=objet,
        a_une_adresse=a_une_adresse,
        document=demander_document(
            nature=NATURE,
            titre=f"Courrier : {objet}",
            dossier=dossier,
            donnees={"objet": objet, "corps": corps, "destinataire": list(destinataire), **donnees},
            est_interne=True,
        ),
    )


@transaction.atomic
def changer_d_adresse(
    courriers: QuerySet[Courrier], destinataire: Sequence[str], *, a_une_adresse: bool
) -> list[Courrier]:
    """What is not posted yet is made again with this address, and is to be printed again; but for what is signed already."""
    attente = courriers.filter(date_postee=None, abandonne_le=None)
    repris = list(attente.filter(signe_le=None, document__isnull=False))
    attente.update(a_une_adresse=a_une_adresse)
    _retirer_des_ensembles(repris)
    for courrier in repris:
        document: Any = courrier.document
        document.donnees = {**document.donnees, "destinataire": list(destinataire)}
        document.save(update_fields=["donnees"])
        redemander_document(document)
        courrier.a_une_adresse, courrier.impression = a_une_adresse, None
        courrier.save(update_fields=["a_une_adresse", "impression"])
    return repris


def _retirer_des_ensembles(courriers: Sequence[Courrier]) -> None:
    """A file of many holds the courriers of its impression and no other: who opens it, and what forgetting erases, is read from them."""
    partis = {courrier.pk for courrier in courriers}
    impressions = Impression.objects.filter(courriers__in=partis)
    for document in Document.objects.filter(pk__in=impressions.values("document")):
        lettres = [lettre for lettre in document.donnees["lettres"] if lettre.get("courrier") not in partis]
        if not lettres:
            effacer_documents([document])
            continue
        document.titre, document.donnees = _titre_ensemble(len(lettres)), {"lettres": lettres}
        document.save(update_fields=["titre", "donnees"])
        redemander_document(document)


def _titre_ensemble(combien: int) -> str:
    return f"{accorder(combien, 'courrier')} à poster"


@transaction.atomic
def imprimer_courriers(courriers: Iterable[Courrier], *, par: Compte) -> Document:
    """One file of these courriers, each on its own sheets, made by the worker. Raises ErreurMetier when there is none."""
    impression = Impression(par=par)
    lettres: list[dict[str, Any]] = []
    for courrier in list(courriers)[:ENSEMBLE]:
        pas = exiger(courrier, "imprimer_courriers", par=par)
        document = courrier.document
        if courrier.impression_id is not None or document is None:  # another agent has just done it
            continue
        if not lettres:
            impression.save()
        le = jour_texte(document.cree_le)
        reste = {
            "courrier": courrier.pk,
            "est_a_signer": courrier.attend_sa_signature,
            "a_une_adresse": courrier.a_une_adresse,
        }
        lettres.append({"le": le, **document.donnees, **reste})
        pas.avancer(
            champs={"impression": impression},
            fait="Courrier imprimé avec d’autres",
            details={"courrier": courrier.pk},
            en_nombre=True,
        )
    if not lettres:
        raise ErreurMetier("Ces courriers sont déjà imprimés.")
    impression.document = demander_document(
        nature=ENSEMBLE_IMPRIME,
        titre=_titre_ensemble(len(lettres)),
        donnees={"lettres": lettres},
        par=par,
        est_interne=True,
    )
    impression.save()
    return impression.document


@transaction.atomic
def poster_impression(
    impression: Impression, *, par: Compte, date_postee: date
) -> tuple[int, list[Courrier]]:
    """Post at once what was printed together, still waits and is hers to read, each by its own act: how many; those that lack
    something.

    Raises as `poster_courrier`, or as the act of the app.
    """
    postes, restent = 0, []
    for courrier in impression.courriers.a_poster().visibles_par(par).avec_dossiers():
        if courrier.ce_qui_manque:
            restent.append(courrier)
            continue
        poste = courrier.suivi.ACTES_DE_POSTE.get(courrier.lettre)
        if poste is None:
            _poster(courrier, par=par, date_postee=date_postee)
        else:
            import_string(poste.action)(courrier.suivi, par=par, date_postee=date_postee)
        postes += 1
    return postes, restent


def exiger_jour(jour: date, depuis: datetime, trop_tot: str) -> None:
    """A day in the post: past, and not before what was posted. Raises ValidationError on « date_postee »."""
    if jour > timezone.localdate():
        raise ValidationError({"date_postee": "Cette date n’est pas encore arrivée."})
    if jour < timezone.localdate(depuis):
        raise ValidationError({"date_postee": f"{trop_tot} {jour_texte(depuis)}."})


@transaction.atomic
def poster_courrier(courrier: Courrier, *, par: Compte, date_postee: date) -> None:
    """Said by who put it in the post. Raises ValidationError for a day that cannot be."""
    _poster(courrier, par=par, date_postee=date_postee)


def _poster(courrier: Courrier, *, par: Compte, date_postee: date) -> None:
    pas = exiger(courrier, "poster_courrier", par=par)
    exiger_jour(date_postee, courrier.ecrit_le, "Ce courrier n’a été écrit que le")
    pas.avancer(
        champs={"date_postee": date_postee, "poste_par": par},
        fait=f"Courrier posté le {jour_texte(date_postee)} : {courrier.objet}",
        details={"courrier": courrier.pk},
        en_nombre=True,  # a hundred at once, when they were printed together
    )


@transaction.atomic
def abandonner_courrier(courrier: Courrier, *, par: Compte, motif: str) -> None:
    """Given by hand, told by phone, or not to be sent any more: the reason stays."""
    exiger(courrier, "abandonner_courrier", par=par).avancer(
        champs={"abandonne_le": timezone.now()},
        fait=f"Courrier non posté : {courrier.objet}",
        motif=motif,
        details={"courrier": courrier.pk},
    )


@transaction.atomic
def effacer_courriers(courriers: QuerySet[Courrier]) -> None:
    """Take out the PDFs, which say who is written to; that a courrier was posted, and when, stays. One that was not will not be."""
    siens = courriers.exclude(document=None).values("document")
    ensemble = Impression.objects.filter(courriers__in=courriers).values("document")
    documents = list(Document.objects.filter(Q(pk__in=siens) | Q(pk__in=ensemble)))
    courriers.filter(date_postee=None, abandonne_le=None).update(abandonne_le=timezone.now())
    courriers.update(document=None)
    effacer_documents(documents)


def effacer_impressions() -> None:
    """Forget the files of what was printed together, once none of it is to post: each courrier keeps its own."""
    attend = Courrier.objects.a_poster().filter(impression=OuterRef("pk"))
    finies = Impression.objects.exclude(document=None).filter(~Exists(attend))
    effacer_documents(Document.objects.filter(pk__in=finies.values("document")))
