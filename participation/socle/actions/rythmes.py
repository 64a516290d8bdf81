"""One letter a day or a week of all that somebody follows: the choice, and the writing of the summaries."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import chain

from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from participation.socle.bd.lots import par_lots
from participation.socle.courriels.ecriture import TROU, confier, ecrire
from participation.socle.courriels.retenue import due_le
from participation.socle.langues import FRANCAIS
from participation.socle.models import Courriel, RythmeDesLettres
from participation.socle.vitrine import recueillir

E = Courriel.Etat
RESUME = "socle/resume"
LETTRES_MAX = 50  # in one summary: the next ones are in another, the same day


@transaction.atomic
def choisir_rythme(courriel: str, rythme: str) -> None:
    """Keep how often this address wants what it follows. Another word: each letter; those that were waiting leave now."""
    boite = courriel.lower()
    if rythme in RythmeDesLettres.Rythme:
        RythmeDesLettres.objects.update_or_create(courriel=boite, defaults={"rythme": rythme})
        return
    RythmeDesLettres.objects.filter(courriel=boite).delete()
    _laisser_partir(Courriel.objects.filter(etat=E.A_REUNIR, destinataires__overlap=[boite, courriel]))


def rythme_de(courriel: str) -> str:
    dit = RythmeDesLettres.objects.filter(courriel=courriel.lower()).values_list("rythme", flat=True).first()
    return dit or ""


def ecrire_resumes(jour: date | None = None) -> int:
    """Write the summaries due on this day, today by default. Returns how many addresses got theirs.

    Safe to run again, or to be killed: a letter is marked in the transaction that writes its summary.
    """
    jour = jour or timezone.localdate()
    gardees = Courriel.objects.filter(etat=E.A_REUNIR).order_by("pk").values_list("pk", "destinataires")
    boites = defaultdict(list)
    for numero, destinataires in gardees:
        boites[destinataires[0].lower()].append(numero)
    ecrits = sum(_ecrire_resume(boite, numeros, jour) for boite, numeros in boites.items())
    _oublier_qui_ne_suit_rien()
    return ecrits


@transaction.atomic
def _ecrire_resume(boite: str, numeros: Sequence[int], jour: date) -> bool:
    rythme = RythmeDesLettres.objects.select_for_update().filter(courriel=boite).first()
    gardees = Courriel.objects.filter(pk__in=numeros, etat=E.A_REUNIR)
    if rythme is None:  # written while she went back to each letter
        _laisser_partir(gardees)
        return False
    lettres = list(gardees.select_for_update().order_by("pk"))
    if not lettres or rythme.jour_du_resume(timezone.localdate(lettres[0].cree_le)) > jour:
        return False
    for lot in par_lots(lettres, LETTRES_MAX):
        with due_le(lot[0].cree_le):
            ecrire(
                RESUME,
                a=[boite],
                cle=f"resume:{lot[0].pk}",
                contexte={
                    "lettres": [(lettre, _sans_salut(lettre)) for lettre in lot],
                    "rythme": rythme,
                    "lien": reverse("socle:mes_abonnements"),
                },
                langue=_langue_de(boite, lot),
            )
    gardees.update(etat=E.REUNI, envoye_le=timezone.now())
    return True


def _langue_de(boite: str, lettres: Sequence[Courriel]) -> str:
    """Return the language in which she is written to: a letter that nobody translated is in French, whatever she reads."""
    ecrites = (lettre.langue for lettre in reversed(lettres))
    demandees = (suivie.langue for suivie in recueillir("suivies", boite))
    return next((une for une in chain(ecrites, demandees) if une != FRANCAIS), FRANCAIS)


def _sans_salut(lettre: Courriel) -> str:
    """Return the text of a letter without its greeting and its signature, said once for the whole summary."""
    with translation.override(lettre.langue):
        salut, signature = gettext("Bonjour,"), render_to_string("courriels/socle/_signature.txt").strip()
    return TROU.sub("\n\n", lettre.corps.strip().removeprefix(salut).replace(signature, "").strip())


def _laisser_partir(gardees: QuerySet[Courriel]) -> None:
    numeros = list(gardees.select_for_update().order_by("pk").values_list("pk", flat=True))
    Courriel.objects.filter(pk__in=numeros).update(etat=E.A_ENVOYER, prochain_essai_le=timezone.now())
    confier(numeros)


def _oublier_qui_ne_suit_rien() -> None:
    """Erase the addresses that follow nothing any more, once their last summary is written."""
    attendent = Courriel.objects.filter(etat=E.A_REUNIR).values_list("destinataires", flat=True)
    gardees = {adresse.lower() for destinataires in attendent for adresse in destinataires}
    for rythme in RythmeDesLettres.objects.exclude(courriel__in=gardees):
        if next(recueillir("suivies", rythme.courriel), None) is None:
            Courriel.objects.filter(acte=RESUME, destinataires=[rythme.courriel]).delete()
            rythme.delete()
