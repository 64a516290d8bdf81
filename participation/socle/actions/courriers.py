"""Letters on paper: write, print together, post, give up, erase."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import segno
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template import TemplateDoesNotExist
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from participation.socle.actions.avancer import exiger
from participation.socle.actions.documents import demander_document, effacer_documents, redemander_document
from participation.socle.courriels.ecriture import composer
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder, jour_texte
from participation.socle.liens import Lien
from participation.socle.models import (
    Compte,
    Courrier,
    Document,
    Dossier,
    Impression,
    ReglageService,
    Scelle,
    Suivi,
)
from participation.socle.models.courriers import PORTEURS
from participation.socle.regles.textes import sans_liens

# Channel of a letter on paper, beside the values of `Courriel.Moyen`.
PAPIER = "lettre"
NATURE = "socle/courrier"
ENSEMBLE_IMPRIME = "socle/courriers"
ENSEMBLE = 100  # courriers in one file: more would take long to make, and to fold


def ecrire_courrier(
    suivi: Suivi,
    lettre: str,
    contexte: Mapping[str, object],
    *,
    destinataire: Sequence[str],
    a_une_adresse: bool,
    **donnees: Any,
) -> Courrier:
    """Write the letter `templates/papier/<lettre>.txt`, and ask for its PDF in the transaction of the act.

    `suivi`: what it is about, one of PORTEURS. `destinataire`: lines of the postal address. `donnees`: other values for the sheet (`signataire`,
    `surtitre`, `lien` with `qr`, `annexe`: the template of what follows on other sheets, and its values).
    """
    objet, corps = composer_sur_papier(lettre, contexte)
    dossier = suivi if isinstance(suivi, Dossier) else None
    return Courrier.objects.create(
        **{f"{_porteur(suivi)}_id": suivi.pk},
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


def _porteur(suivi: Suivi) -> str:
    """Return the column of a courrier about this."""
    modele = Dossier if isinstance(suivi, Dossier) else type(suivi)
    return next(nom for nom in PORTEURS if Courrier._meta.get_field(nom).related_model is modele)


def lien_sur_papier(lien: Lien, objet: Scelle, mot: str) -> dict[str, str]:
    """Return what a sheet says of a signed link: its QR code, and the code to type where there is no phone. For `ecrire_courrier`."""
    adresse = settings.SITE_URL + reverse(lien.page, args=[lien.jeton(objet)])
    return {
        "lien": adresse,
        "code": lien.code(objet),
        "ou_l_ecrire": settings.SITE_URL + reverse("socle:mon_code"),
        "qr": segno.make(adresse, error="m", micro=False).svg_data_uri(border=2),
        "mot_du_lien": mot,
    }


def composer_sur_papier(lettre: str, contexte: Mapping[str, object]) -> tuple[str, str]:
    """Return (object, body) of `templates/papier/<lettre>.txt`; without it, the words of the mail without its links."""
    try:
        return composer(lettre, contexte, PAPIER)
    except TemplateDoesNotExist:
        objet, corps = composer(lettre, contexte)
    telephone = ReglageService.actuel().telephone
    ou = f"appelez-nous au {telephone}, ou écrivez-nous" if telephone else "écrivez-nous"
    *dits, fin = sans_liens(corps).strip().split("\n\n")
    return objet, "\n\n".join([*dits, f"Pour nous répondre, {ou} à l’adresse en tête de cette lettre.", fin])


@transaction.atomic
def changer_d_adresse(
    courriers: QuerySet[Courrier], destinataire: Sequence[str], *, a_une_adresse: bool
) -> list[Courrier]:
    """Make the courriers not yet posted again with this address, to be printed again. Return them.

    Courriers already signed by hand are left as they are.
    """
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
    """Take these courriers out of the files printed together; erase a file left empty.

    The file of an impression holds its own courriers and no other: access and erasure depend on it.
    """
    partis = {courrier.pk for courrier in courriers}
    impressions = Impression.objects.filter(courriers__in=partis)
    for document in Document.objects.filter(pk__in=impressions.values("document")):
        lettres = [lettre for lettre in document.donnees["lettres"] if lettre.get("courrier") not in partis]
        if not lettres:
            effacer_documents([document])
            continue
        document.titre = _titre_ensemble(len(lettres), _mettre_sous_enveloppe(lettres))
        document.donnees = {"lettres": lettres}
        document.save(update_fields=["titre", "donnees"])
        redemander_document(document)


def _titre_ensemble(combien: int, enveloppes: int) -> str:
    titre = f"{accorder(combien, 'courrier')} à poster"
    return titre if enveloppes == combien else f"{titre}, {accorder(enveloppes, 'enveloppe')}"


def _mettre_sous_enveloppe(lettres: list[dict[str, Any]]) -> int:
    """Put the letters of one address after one another, and number the envelopes. Return how many they are.

    A letter whose address is not known has its own.
    """
    numeros: dict[tuple[str, ...], int] = {}
    for lettre in lettres:
        adresse = (
            tuple(lettre["destinataire"])
            if lettre.get("a_une_adresse", True)
            else (str(lettre.get("courrier")),)
        )
        lettre["enveloppe"] = numeros.setdefault(adresse, len(numeros) + 1)
    lettres.sort(key=lambda lettre: lettre["enveloppe"])
    return len(numeros)


@transaction.atomic
def imprimer_courriers(courriers: Iterable[Courrier], *, par: Compte) -> Document:
    """Ask for one file with these courriers, each on its own sheets; the worker makes it.

    At most ENSEMBLE courriers. Raises ErreurMetier when none is left to print.
    """
    impression = Impression(par=par)
    lettres: list[dict[str, Any]] = []
    for courrier in list(courriers)[:ENSEMBLE]:
        pas = exiger(courrier, "imprimer_courriers", par=par)
        document = courrier.document
        if courrier.impression_id is not None or document is None:  # another agent has just printed it
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
    enveloppes = _mettre_sous_enveloppe(lettres)
    impression.document = demander_document(
        nature=ENSEMBLE_IMPRIME,
        titre=_titre_ensemble(len(lettres), enveloppes),
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
    """Post the courriers of an impression that still wait and that `par` may read, each by its own act.

    Return how many were posted, and those that still lack something. Raises as `poster_courrier`, or as the
    act of the app.
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
    """Check a day of posting: not in the future, and not before `depuis`.

    Raises ValidationError on « date_postee ».
    """
    if jour > timezone.localdate():
        raise ValidationError({"date_postee": "Cette date n’est pas encore arrivée."})
    if jour < timezone.localdate(depuis):
        raise ValidationError({"date_postee": f"{trop_tot} {jour_texte(depuis)}."})


@transaction.atomic
def poster_courrier(courrier: Courrier, *, par: Compte, date_postee: date) -> None:
    """Record that the agent posted the courrier. Raises ValidationError for an impossible day."""
    _poster(courrier, par=par, date_postee=date_postee)


def _poster(courrier: Courrier, *, par: Compte, date_postee: date) -> None:
    pas = exiger(courrier, "poster_courrier", par=par)
    exiger_jour(date_postee, courrier.ecrit_le, "Ce courrier n’a été écrit que le")
    pas.avancer(
        champs={"date_postee": date_postee, "poste_par": par},
        fait=f"Courrier posté le {jour_texte(date_postee)} : {courrier.objet}",
        details={"courrier": courrier.pk},
        en_nombre=True,  # up to a hundred at once, when they were printed together
    )


@transaction.atomic
def abandonner_courrier(courrier: Courrier, *, par: Compte, motif: str) -> None:
    """Record that a courrier will not be posted (handed over, told by phone, no longer needed), and why."""
    exiger(courrier, "abandonner_courrier", par=par).avancer(
        champs={"abandonne_le": timezone.now()},
        fait=f"Courrier non posté : {courrier.objet}",
        motif=motif,
        details={"courrier": courrier.pk},
    )


@transaction.atomic
def effacer_courriers(courriers: QuerySet[Courrier]) -> None:
    """Erase the PDFs, which name the recipient.

    The fact and day of posting stay; a courrier not posted is given up.
    """
    siens = courriers.exclude(document=None).values("document")
    ensemble = Impression.objects.filter(courriers__in=courriers).values("document")
    documents = list(Document.objects.filter(Q(pk__in=siens) | Q(pk__in=ensemble)))
    courriers.filter(date_postee=None, abandonne_le=None).update(abandonne_le=timezone.now())
    courriers.update(document=None)
    effacer_documents(documents)


def effacer_impressions() -> None:
    """Erase the files of impressions of which nothing is left to post. Each courrier keeps its own file."""
    attend = Courrier.objects.a_poster().filter(impression=OuterRef("pk"))
    finies = Impression.objects.exclude(document=None).filter(~Exists(attend))
    effacer_documents(Document.objects.filter(pk__in=finies.values("document")))
