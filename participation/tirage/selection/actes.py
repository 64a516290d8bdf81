"""Acts of a draw once its seed is known: chances, published panels, the draw, replacements."""

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from participation.socle.actions.avancer import exiger
from participation.socle.bd.verrous import verrou_de_session
from participation.socle.calendrier import est_loin
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_ligne, champ_texte
from participation.socle.francais import accorder, enumerer, instant_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.travaux.differes import confier
from participation.socle.views.pages import Page, Reserve, acte
from participation.tirage import pertes
from participation.tirage import regles as verification
from participation.tirage.models import Tirage, Volontaire, ecrire_en_nombre
from participation.tirage.regles import choisir_la_reserve
from participation.tirage.selection import portefeuille
from participation.tirage.selection.comptes import compter
from participation.tirage.selection.regles import Loterie, tirer_au_plus_juste
from participation.tirage.selection.remplacement import remplacer
from participation.tirage.selection.solveur import Delai, Impossible, TempsEcoule
from participation.tirage.workflow import EtatCalcul, EtatTirage, Place

TACHE = "tirage.calculer"
ESSAIS_MAX = 3
SUIVI_SECONDES = 1.0  # between two writings of the progress
SECONDES = (
    settings.TACHE_LONGUE_DUREE * 0.5
)  # of search: beyond, the best that was found, and what nothing exceeds
REPRISE = timedelta(minutes=2)  # a worker that was killed leaves its work for so long


def dire_publication(tirage: Tirage) -> str:
    return (
        "Les mille panels sont publiés avec leur empreinte. Ensuite, seules les boules décident : "
        f"elles sont tirées le {instant_texte(tirage.tirage_le)}, {tirage.lieu}."
    )


def ecran(request: RequeteConnectee, tirage: Tirage, form: Any) -> dict[str, Any]:
    return {"tirage": tirage}


def dire_remplacement(tirage: Tirage, fait: Any) -> str:
    entres, ecarts = fait
    qui = (
        f"{'Entre' if len(entres) == 1 else 'Entrent'} : {enumerer(entres)}."
        if entres
        else "La réserve est vide : les places restent libres."
    )
    if ecarts:
        return Reserve(f"{qui} Personne ne tenait tous les quotas. {' '.join(ecarts)}")
    return qui if entres else Reserve(qui)


class Arrete(Exception):
    """An agent stopped the work, or the draw moved on."""


@acte(
    Page[Tirage](
        consequence="Le calcul cherche les chances les plus égales que permettent les quotas, puis les écrit en mille panels. "
        "Il se fait à part : vous pouvez quitter la page.",
        succes="Le calcul est demandé. Cette page dit où il en est.",
        retour="#chances",
    )
)
@transaction.atomic
def calculer(tirage: Tirage, *, par: Compte) -> None:
    """Ask a worker for the fairest lottery and its thousand panels."""
    pas = exiger(tirage, "calculer", par=par)
    pas.avancer(
        champs={
            "calcul": EtatCalcul.EN_COURS,
            "calcul_le": timezone.now(),
            "calcul_essais": 0,
            "calcul_etape": "",
            "calcul_part": 0.0,
            "panels": [],
            "mesures": {},
        }
    )
    confier(TACHE, tirage.pk)


@acte(Page[Tirage](en_un_clic=True, succes="Le calcul est arrêté.", retour="#chances"))
@transaction.atomic
def arreter_calcul(tirage: Tirage, *, par: Compte) -> None:
    pas = exiger(tirage, "arreter_calcul", par=par)
    pas.avancer(champs={"calcul": EtatCalcul.ARRETE})


def faire_calcul(numero: int) -> bool:
    """Find the lottery and round it. For a worker; safe to call twice. Return whether it was found."""
    with verrou_de_session(f"tirage:{numero}") as libre:
        demandes = Tirage.objects.filter(pk=numero, etat=EtatTirage.SEME, calcul=EtatCalcul.EN_COURS)
        if not libre or not demandes.update(calcul_essais=F("calcul_essais") + 1):
            return False
        tirage = Tirage.objects.get(pk=numero)
        if tirage.calcul_essais > ESSAIS_MAX:  # each time, its worker was killed
            demandes.update(calcul=EtatCalcul.ECHEC)
            return False
        try:
            ecrits = _calculer(tirage)
        except Arrete:
            return False
        except Impossible:
            demandes.update(calcul=EtatCalcul.IMPOSSIBLE)
            return False
        except TempsEcoule:
            demandes.update(calcul=EtatCalcul.ECHEC)
            return False
        with transaction.atomic():
            faits = demandes.update(
                calcul=EtatCalcul.FAIT, calcul_part=1.0, panels=tirage.panels, mesures=tirage.mesures
            )
            if faits:  # not stopped meanwhile
                Volontaire.objects.filter(tirage=tirage).update(chances=None)
                ecrire_en_nombre(ecrits, ["chances"])
    return bool(faits)


def balayer_calculs() -> int:
    """Give again the work that a killed worker or a lost broker left."""
    laisses = Tirage.objects.filter(
        est_loin("calcul_le", REPRISE), etat=EtatTirage.SEME, calcul=EtatCalcul.EN_COURS
    )
    numeros = list(laisses.values_list("pk", flat=True))
    for numero in numeros:
        confier(TACHE, numero)
    return len(numeros)


def _calculer(tirage: Tirage) -> list[Volontaire]:
    personnes = list(tirage.volontaires.tirables().par_billet())
    bassin = tirage.bassin(personnes)
    dernier = [0.0]

    def suivre(etape: str, part: float) -> None:
        if time.monotonic() - dernier[0] < SUIVI_SECONDES:
            return
        dernier[0] = time.monotonic()
        reste = Tirage.objects.filter(pk=tirage.pk, etat=EtatTirage.SEME, calcul=EtatCalcul.EN_COURS)
        if not reste.update(calcul_etape=etape[:60], calcul_part=part):
            raise Arrete

    loterie = tirer_au_plus_juste(bassin, suivre, Delai(SECONDES))
    profils = {personne.numero: personne.profil_pour(tirage.categories) for personne in personnes}
    ordre: dict[tuple[str, ...], list[str]] = {}
    for numero, profil in profils.items():
        ordre.setdefault(profil, []).append(numero)
    panels = portefeuille.composer(loterie, bassin, ordre)
    if fautes := portefeuille.fautes_du_portefeuille(panels, bassin, profils):
        raise ValueError(f"Un panel ne tient pas les quotas : {fautes[0]}")
    combien = portefeuille.chances(panels)
    for personne in personnes:
        personne.chances = combien[personne.numero]
    tirage.panels = [list(panel) for panel in panels]
    tirage.mesures = mesurer(loterie, bassin.effectifs, combien)
    tirage.mesures["prevision"] = pertes.prevision(tirage, personnes)
    return personnes


def mesurer(loterie: Loterie, effectifs: Sequence[int], chances: Mapping[str, int]) -> dict[str, Any]:
    """Return what the page says of a lottery: how fair, whether it is proved, how many panels behind it."""
    deciles = sorted(chances.values())
    return {
        "au_mieux": loterie.au_mieux,
        "est_achevee": loterie.est_achevee,
        "au_moins": min(loterie.chances),
        "est_prouvee": loterie.est_prouvee,
        "panels_differents": len(loterie.panels),
        "volontaires": sum(effectifs),
        "profils": len(effectifs),
        # Chances on a thousand, of the person at each tenth of the list.
        "deciles": [deciles[min(len(deciles) - 1, rang * len(deciles) // 10)] for rang in range(11)]
        if deciles
        else [],
    }


@acte(Page[Tirage](consequence=dire_publication))
@transaction.atomic
def publier_panels(tirage: Tirage, *, par: Compte) -> None:
    """Publish the thousand panels and their fingerprint: from now on, only the balls decide."""
    pas = exiger(tirage, "publier_panels", par=par)
    empreinte = verification.empreinte(verification.portefeuille_public(tirage.panels))
    tirage.exiger_publie("empreinte_panels", empreinte)
    pas.avancer(champs={"empreinte_panels": empreinte, "publie_le": timezone.now()})


class TirerForm(ActeForm):
    boules = champ_ligne(
        "Les trois boules, dans l’ordre",
        "Trois chiffres, de 000 à 999, comme tous les ont vus.",
        maximum=3,
        erreur="Écrivez les trois chiffres.",
        court=True,
        attributs={"inputmode": "numeric", "autocomplete": "off"},
    )

    def clean_boules(self) -> int:
        dit = str(self.cleaned_data["boules"]).strip()
        if len(dit) != 3 or not (dit.isascii() and dit.isdigit()):
            raise ValidationError("Écrivez trois chiffres, de 000 à 999.")
        return int(dit)


@acte(
    Page[Tirage](
        form=TirerForm,
        consequence="Le panel qui porte ce numéro est tiré. Il n’y a qu’un tirage : ce nombre ne se corrige pas.",
        gabarit="tirage/tirer.html",
        contexte=ecran,
    )
)
@transaction.atomic
def tirer(tirage: Tirage, *, par: Compte, boules: int) -> None:
    """Write the number that was drawn in public: it names one of the published panels. There is no second draw."""
    pas = exiger(tirage, "tirer", par=par)
    tirage.exiger_publie("boules", f"{boules:03}")
    maintenant = timezone.now()
    tirage.volontaires.filter(numero__in=tirage.panels[boules]).update(place=Place.PANEL, place_le=maintenant)
    tirer_la_reserve(tirage)
    champs = {"boules": boules, "tire_le": maintenant, "comptes": compter(tirage)}
    pas.avancer(champs=champs, fait=f"Panel tiré au sort : {boules:03}")


def tirer_la_reserve(tirage: Tirage) -> None:
    """Mark who is called first when somebody leaves: by ticket, so drawn by the same seed, enough for what was foreseen."""
    if not (prevue := tirage.mesures.get("prevision")):
        return
    attente = list(tirage.volontaires.attente())
    profils = {personne.numero: personne.profil_pour(tirage.categories) for personne in attente}
    choisis = choisir_la_reserve(
        list(profils), tirage.bassin(attente), profils, prevue["besoins"], prevue["reserve"]
    )
    tirage.volontaires.filter(numero__in=choisis).update(est_en_reserve=True)


class RenoncementsForm(ActeForm):
    numeros = champ_texte(
        "Numéros des personnes qui renoncent",
        "Un par ligne, ou séparés par des espaces. Notez-en plusieurs ensemble : les quotas sont plus faciles à tenir.",
        maximum=2000,
        lignes=3,
        erreur="Écrivez au moins un numéro.",
        se_relit=False,
    )

    def clean_numeros(self) -> list[Volontaire]:
        dits = dict.fromkeys(
            str(self.cleaned_data["numeros"]).upper().replace(",", " ").replace(";", " ").split()
        )
        assis = {p.numero: p for p in self.objet.volontaires.assis().filter(numero__in=list(dits)[:500])}
        if inconnus := [numero for numero in dits if numero not in assis]:
            raise ValidationError(
                f"{enumerer([f'« {inconnu[:12]} »' for inconnu in inconnus[:5]])} : ce n’est pas le numéro d’une personne du panel."
            )
        return [assis[numero] for numero in dits]


@acte(
    Page[Tirage](
        form=RenoncementsForm,
        consequence="Chaque place libre va à la première personne de la réserve, dans l’ordre des billets, qui garde tous les quotas.",
        succes=dire_remplacement,
        retour="#panel",
    )
)
@transaction.atomic
def noter_renoncements(
    tirage: Tirage, *, par: Compte | None, numeros: list[Volontaire]
) -> tuple[list[str], list[str]]:
    """Take these people out of the panel and fill their seats from the reserve, by ticket, within the quotas.

    `par` is None for the panel that it was drawn for, where somebody noted that they give up.
    Return the numbers that enter, and the quotas that are no longer kept, in sentences.
    """
    pas = exiger(tirage, "noter_renoncements", par=par)
    partants = {personne.pk for personne in numeros}
    assis = list(tirage.volontaires.assis().select_for_update())
    if not partants <= {personne.pk for personne in assis}:
        raise ErreurMetier("Une de ces personnes n’est plus dans le panel : quelqu’un l’a notée avant vous.")
    restants = [personne.numero for personne in assis if personne.pk not in partants]
    reserve = list(tirage.volontaires.attente())
    profils = {p.numero: p.profil_pour(tirage.categories) for p in [*assis, *reserve]}
    bassin = tirage.bassin(reserve)
    entres = remplacer(restants, bassin, profils, [p.numero for p in reserve])
    maintenant = timezone.now()
    tirage.volontaires.filter(pk__in=partants).update(place=Place.PARTIE, place_le=maintenant)
    tirage.volontaires.filter(numero__in=entres).update(place=Place.ENTREE, place_le=maintenant)
    ecarts = portefeuille.hors_quotas([*restants, *entres], bassin, profils)
    partis = sorted(personne.numero for personne in numeros)
    pas.avancer(
        champs={"comptes": compter(tirage)},
        fait=f"{accorder(len(partis), 'personne renonce', 'personnes renoncent')}, "
        f"{accorder(len(entres), 'entre', 'entrent', aucun='aucune n’entre')}",
        details={"partis": partis, "entres": entres, "ecarts": ecarts},
    )
    return entres, ecarts
