"""Acts on the text of an avis, its préconisations and its minority positions.

The avis is locked before its parts, so that acts on it run one at a time.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ccspl.actions.texte import changer, dernier, inserer, refaire_le_pdf, supprimer, versionner
from ccspl.lectures.presentation import membre_de, paragraphes_de
from ccspl.models import Avis, Paragraphe, PositionMinoritaire, Preconisation
from ccspl.regles.textes import en_paragraphes
from participation.seances.models import Membre
from participation.socle.actions import exiger
from participation.socle.actions.avancer import Pas
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Compte, Direction
from participation.socle.versions import exiger_version
from participation.socle.workflow import Role


def _morceaux(texte: str) -> list[str]:
    """Split the typed text into paragraphs.

    Raises ValidationError if it is empty or if a paragraph is too long.
    """
    morceaux = en_paragraphes(texte)
    if not morceaux:
        raise ValidationError({"texte": "Écrivez le texte, ou supprimez le paragraphe."})
    exiger_longueur(morceaux)
    return morceaux


def exiger_longueur(morceaux: list[str]) -> None:
    longueur = Paragraphe._meta.get_field("texte").max_length or 0
    if any(len(texte) > longueur for texte in morceaux):
        raise ValidationError({"texte": f"Un paragraphe fait {longueur} signes au plus : coupez-le."})


def _garder(pas: Pas, avis: Avis, origine: str, motif: str = "") -> None:
    versionner(avis, par=pas.par, origine=origine)
    pas.avancer(motif=motif, details={"origine": origine})


@transaction.atomic
def rediger(avis: Avis, *, par: Compte, texte: str) -> None:
    """Add paragraphs at the end of the text."""
    pas = exiger(avis, "rediger", par=par)
    inserer(avis, _morceaux(texte), dernier(avis))
    _garder(pas, avis, "Texte ajouté par le service")


@transaction.atomic
def completer_paragraphe(paragraphe: Paragraphe, *, par: Compte, texte: str) -> None:
    """Add paragraphs after this one."""
    pas = exiger(paragraphe, "completer_paragraphe", par=par)
    inserer(paragraphe.avis, _morceaux(texte), paragraphe)
    _garder(pas, paragraphe.avis, "Texte ajouté par le service")


@transaction.atomic
def rediger_paragraphe(paragraphe: Paragraphe, *, par: Compte, texte: str, vu: str = "") -> None:
    """Rewrite a paragraph; an empty line starts another.

    `vu`: text that the page showed; raises TexteDepasse.
    """
    pas = exiger(paragraphe, "rediger_paragraphe", par=par)
    morceaux = _morceaux(texte)
    exiger_version(paragraphe, {"texte": texte}, vu)
    changer(paragraphe, morceaux[0])
    inserer(paragraphe.avis, morceaux[1:], paragraphe)
    _garder(pas, paragraphe.avis, "Paragraphe réécrit par le service")


@transaction.atomic
def supprimer_paragraphe(paragraphe: Paragraphe, *, par: Compte) -> None:
    """Remove a paragraph from the text.

    It stays in the versions, and its propositions are still to be decided.
    """
    pas = exiger(paragraphe, "supprimer_paragraphe", par=par)
    supprimer(paragraphe)
    _garder(pas, paragraphe.avis, "Paragraphe supprimé par le service", paragraphe.texte)


def monter_paragraphe(paragraphe: Paragraphe, *, par: Compte) -> None:
    _deplacer(paragraphe, "monter_paragraphe", -1, par=par)


def descendre_paragraphe(paragraphe: Paragraphe, *, par: Compte) -> None:
    _deplacer(paragraphe, "descendre_paragraphe", 1, par=par)


@transaction.atomic
def _deplacer(paragraphe: Paragraphe, acte: str, de: int, *, par: Compte) -> None:
    """Move a paragraph one place up or down; does nothing at the ends of the text."""
    pas = exiger(paragraphe, acte, par=par)
    rangs = paragraphes_de(paragraphe.avis)
    place = rangs.index(paragraphe)
    voisine = place + de
    if not 0 <= voisine < len(rangs):
        return
    rangs[place], rangs[voisine] = rangs[voisine], rangs[place]
    for ordre, autre in enumerate(rangs, start=1):
        autre.ordre = ordre
    Paragraphe.objects.bulk_update(rangs, ["ordre"])
    _garder(pas, paragraphe.avis, "Paragraphes remis en ordre par le service")


# Préconisations and positions


@transaction.atomic
def preconiser(avis: Avis, *, par: Compte, texte: str, direction: Direction | None = None) -> Preconisation:
    """Add a préconisation."""
    pas = exiger(avis, "preconiser", par=par)
    numero = (avis.preconisations.aggregate(n=Max("numero"))["n"] or 0) + 1
    preconisation = Preconisation(avis=avis, numero=numero)
    _preconiser(pas, preconisation, texte, direction)
    return preconisation


@transaction.atomic
def modifier_preconisation(
    preconisation: Preconisation, *, par: Compte, texte: str, direction: Direction | None = None, vu: str = ""
) -> None:
    """Rewrite a préconisation. `vu`: as in `rediger_paragraphe`."""
    pas = exiger(preconisation, "modifier_preconisation", par=par)
    exiger_version(preconisation, {"texte": texte}, vu)
    _preconiser(pas, preconisation, texte, direction)


def _preconiser(pas: Pas, preconisation: Preconisation, texte: str, direction: Direction | None) -> None:
    avis = preconisation.avis
    preconisation.texte, preconisation.direction = texte.strip(), direction or avis.service.direction
    preconisation.full_clean()
    preconisation.save()
    versionner(avis, par=pas.par, origine=f"Préconisation {preconisation.numero} écrite par le service")
    pas.avancer(motif=texte, details={"preconisation": preconisation.numero})


@transaction.atomic
def retirer_preconisation(preconisation: Preconisation, *, par: Compte) -> None:
    """Delete a préconisation and renumber the next ones."""
    avis = preconisation.avis
    pas = exiger(preconisation, "retirer_preconisation", par=par)
    texte = preconisation.texte
    preconisation.delete()
    for numero, autre in enumerate(avis.preconisations.order_by("numero"), start=1):
        if autre.numero != numero:
            Preconisation.objects.filter(pk=autre.pk).update(numero=numero)
    versionner(avis, par=par, origine="Préconisation retirée par le service")
    pas.avancer(motif=texte, details={"retiree": True})


@transaction.atomic
def noter_position(
    avis: Avis, *, par: Compte, texte: str, membre: Membre | None = None
) -> PositionMinoritaire:
    """Save the minority position of a member, in place of the former one.

    Members write their own; agents may write one for a member.
    """
    pas = exiger(avis, "noter_position", par=par)
    sienne = membre_de(par)
    if membre is None:
        membre = sienne
    if membre is None:
        raise ValidationError({"membre": "Dites de quel membre est cette position."})
    if Role.AGENT not in par.roles and membre != sienne:
        raise ErreurMetier("Vous ne pouvez noter que votre position.")
    if not texte.strip():
        raise ValidationError({"texte": "Écrivez la position."})
    position = avis.positions.filter(membre=membre).first() or PositionMinoritaire(avis=avis, membre=membre)
    position.texte, position.le = texte.strip(), timezone.now()
    position.full_clean()
    position.save()
    pas.avancer(motif=texte, details={"membre": str(membre)})
    refaire_le_pdf(avis, par=par)
    return position
