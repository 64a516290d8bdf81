"""Acts of selection: ranking taken, decisions of agents, draw noted, list settled; their forms."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from participation.renouvellement import classement as classements
from participation.renouvellement.campagne.actes import conserver
from participation.renouvellement.candidatures.actes import exiger_adresse_libre, resserrer_attente
from participation.renouvellement.candidatures.lettres import contexte_de
from participation.renouvellement.classement import (
    a_departager,
    classement,
    ex_aequo_a_la_barre,
    quitte_le_classement,
    rang_de,
)
from participation.renouvellement.equilibre import dimensions
from participation.renouvellement.models import Campagne, Candidature, CollegeCampagne
from participation.renouvellement.selection import lettres
from participation.renouvellement.selection.lettres import lettre_d_arret
from participation.renouvellement.workflow import Choix
from participation.socle.actions.avancer import avancer, exiger
from participation.socle.actions.tournees import a_chacun
from participation.socle.courriels.ecriture import composer
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    champ_choix,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_nombre,
    champ_texte,
)
from participation.socle.francais import accorder, enumerer, majuscule
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.pages import Page, Reserve, acte


def _retenues(college: CollegeCampagne) -> Any:
    return college.candidatures.eligibles().filter(choix=Choix.RETENUE)


LIBELLES = {Choix.RETENUE: "retenues", Choix.ATTENTE: "en liste d’attente", Choix.NON_RETENUE: "non retenues"}


def lettres_d_arret(request: RequeteConnectee, campagne: Campagne, form: Any) -> dict[str, Any]:
    """Return, for each decision, the number of letters and one of them as a preview."""
    eligibles = campagne.candidatures.eligibles().select_related("college", "campagne__instance")
    lettres = []
    for choix in Choix:
        siennes = eligibles.filter(choix=choix)
        exemple = siennes.exclude(courriel="").order_by("rang_attente", "numero").first()
        texte: tuple[str, str] | None = None
        if exemple is not None:
            exemple.conserver()
            texte = composer(lettre_d_arret(exemple), contexte_de(exemple))
        lettres.append(
            {
                "libelle": LIBELLES[choix],
                "nombre": siennes.count(),
                "par_courriel": siennes.exclude(courriel="").count(),
                "texte": texte,
            }
        )
    return {
        "campagne": campagne,
        "lettres": lettres,
        "places": [
            (college, _retenues(college).count()) for college in campagne.colleges.all() if college.est_ouvert
        ],
        "sans_courriel": eligibles.filter(courriel="").count(),
    }


def le_classement(college: CollegeCampagne) -> str:
    return reverse("renouvellement:classement", args=[college.pk])


def dire_les_ex_aequo(college: CollegeCampagne, a_departager: list[Candidature]) -> str:
    if not a_departager:
        return "La sélection suit le classement."
    numeros = enumerer(f"n° {candidature.numero}" for candidature in a_departager)
    return Reserve(
        f"La sélection suit le classement, sauf pour les candidatures {numeros} : elles ont la même note pour la "
        "dernière place. Décidez pour chacune, en disant comment vous les départagez."
    )


def reperes_de_decision(request: RequeteConnectee, candidature: Candidature, form: Any) -> dict[str, Any]:
    retenues = _retenues(candidature.college)
    return {
        "candidature": candidature,
        "college": candidature.college,
        "sujet": f"{candidature.designation}, {candidature.commune or 'commune non dite'}",
        "rang": classements.rang_de(candidature),
        "retenues": retenues.exists(),
        "dimensions": dimensions(candidature.campagne, retenues, "Personnes retenues"),
    }


def dire_places(candidature: Candidature) -> str:
    college = candidature.college
    return (
        f"{accorder(_retenues(college).count(), 'place prise', 'places prises')} sur {college.sieges} dans le collège « {college} ». "
        "Aucune lettre ne part."
    )


@acte(
    Page[Campagne](
        consequence="Les candidatures recevables peuvent être réparties au comité. Plus aucune candidature n’est saisie."
    )
)
@transaction.atomic
def ouvrir_selection(campagne: Campagne, *, par: Compte) -> None:
    avancer(campagne, "ouvrir_selection", par=par)


class ProposerForm(ActeForm):
    places_attente = champ_nombre(
        "Personnes en liste d’attente",
        minimum=0,
        maximum=1000,
        initial=10,
        erreur="Dites combien de personnes vont en liste d’attente.",
    )


@acte(
    Page[CollegeCampagne](
        form=ProposerForm,
        consequence="Les premières candidatures du classement prennent les places, les suivantes la liste d’attente. "
        "Ce que vous avez décidé à la main ne change pas. Aucune lettre ne part.",
        succes=dire_les_ex_aequo,
        retour=lambda college, _: le_classement(college),
    )
)
@transaction.atomic
def proposer_selection(college: CollegeCampagne, *, par: Compte, places_attente: int) -> list[Candidature]:
    """Fill seats then waiting list by the ranking. Decisions made by hand are kept.

    Candidatures with equal marks on both sides of the last seat are left without decision, and returned: the
    order of arrival decides nothing.
    """
    pas = exiger(college, "proposer_selection", par=par)
    ordre = list(classement(college))
    a_la_main = [c for c in ordre if c.est_ajustee]
    places = max(college.sieges - sum(c.choix == Choix.RETENUE for c in a_la_main), 0)
    attente = [c for c in a_la_main if c.choix == Choix.ATTENTE]
    libres = [c for c in ordre if not c.est_ajustee]
    egal = ex_aequo_a_la_barre([c.rang for c in libres], places)
    a_departager = [c for c in libres if egal is not None and c.rang == egal]
    suivantes = libres[places : places + max(places_attente - len(attente), 0)]
    for rang, candidature in enumerate(libres):
        candidature.rang_attente = None
        if candidature in a_departager:
            candidature.choix = ""
        elif rang < places:
            candidature.choix = Choix.RETENUE
        else:
            candidature.choix = Choix.ATTENTE if candidature in suivantes else Choix.NON_RETENUE
    # The waiting list follows the ranking, also for people put there by hand.
    for rang, candidature in enumerate((c for c in ordre if c.choix == Choix.ATTENTE), start=1):
        candidature.rang_attente = rang
    Candidature.objects.bulk_update(ordre, ["choix", "rang_attente"], batch_size=500)
    pas.avancer(
        fait=f"{college} : sélection proposée selon le classement",
        details={"a_departager": [c.numero for c in a_departager]},
    )
    return a_departager


class DeciderForm(ActeForm):
    choix = champ_choix(
        "Décision",
        [(c.value, majuscule(c.label)) for c in Choix],
        erreur="Choisissez une décision.",
        boutons=True,
    )
    rang_attente = champ_nombre(
        "Rang en liste d’attente",
        "Vide : à la place que donnent ses notes, ou à la fin si elle n’est pas notée.",
        minimum=1,
        maximum=5000,
        requis=False,
    )
    # Same name as the field that it changes, so that `montres` detects concurrent edits.
    choix_motif = champ_texte(
        "Raison de l’écart au classement",
        "Demandée quand la décision ne suit pas le rang : équilibre, complémentarité… N’écrivez pas de nom.",
        lignes=3,
        requis=False,
        maximum=300,
    )

    def initiales(self) -> Mapping[str, Any]:
        c = self.objet
        return {"choix": c.choix, "rang_attente": c.rang_attente, "choix_motif": c.choix_motif}


@acte(
    Page[Candidature](
        form=DeciderForm,
        consequence=dire_places,
        gabarit="renouvellement/selection/decider.html",
        contexte=reperes_de_decision,
        succes=lambda candidature, _: f"Décision notée pour la candidature n° {candidature.numero}.",
        retour=lambda candidature, _: le_classement(candidature.college),
    )
)
@transaction.atomic
def decider_candidature(
    candidature: Candidature,
    *,
    par: Compte,
    choix: str,
    choix_motif: str = "",
    rang_attente: int | None = None,
) -> None:
    """Decide by hand. A reason is required when the decision departs from the ranking.

    That is a seat for somebody ranked below the last seat, or no seat for somebody above. Raises ErreurMetier
    when all seats of the collège are taken, ValidationError without the reason.
    """
    pas = exiger(candidature, "decider_candidature", par=par)
    college = candidature.college
    autres = college.candidatures.exclude(pk=candidature.pk)
    if choix == Choix.RETENUE and autres.filter(choix=Choix.RETENUE).count() >= college.sieges:
        raise ErreurMetier(f"Les {college.sieges} places de ce collège sont prises. Libérez-en une d’abord.")
    rang = rang_de(candidature)
    if not choix_motif.strip() and candidature.pk in a_departager(college):
        raise ValidationError(
            {
                "choix_motif": "Des candidatures ont la même note pour la dernière place : dites comment vous les départagez."
            }
        )
    if not choix_motif.strip() and quitte_le_classement(rang, college.sieges, retenue=choix == Choix.RETENUE):
        raise ValidationError(
            {
                "choix_motif": "Cette décision s’écarte du classement : dites pourquoi (équilibre, complémentarité…)."
            }
        )
    avant = candidature.get_choix_display()
    place: int | None = None
    if choix == Choix.ATTENTE:
        place = rang_attente or _place_par_la_note(candidature, autres)
        # Make room: shift the ranks from this one on.
        autres.filter(rang_attente__gte=place).update(rang_attente=F("rang_attente") + 1)
    pas.avancer(
        champs={"choix": choix, "choix_motif": choix_motif, "est_ajustee": True, "rang_attente": place},
        fait=f"Candidature n° {candidature.numero} {Choix(choix).label}",
        motif=choix_motif,
        details={"avant": avant},
    )
    resserrer_attente(college)
    candidature.refresh_from_db(fields=["rang_attente"])


def _place_par_la_note(candidature: Candidature, autres: Any) -> int:
    """Return the rank in the waiting list by the marks: before the first with a lower mark, else last."""
    attente = list(
        autres.filter(choix=Choix.ATTENTE).order_by("rang_attente").values_list("pk", "rang_attente")
    )
    notees = classement(candidature.college).filter(note__isnull=False).values_list("pk", flat=True)
    ordre = {pk: place for place, pk in enumerate(notees)}
    sienne = ordre.get(candidature.pk)
    if sienne is not None:
        for pk, rang in attente:
            if ordre.get(pk, len(ordre)) > sienne:
                return int(rang)
    return 1 + max((rang or 0 for _, rang in attente), default=0)


class TirageForm(ActeForm):
    reference = champ_ligne(
        "Référence du procès-verbal", maximum=160, erreur="Donnez la référence du procès-verbal du tirage."
    )
    empreinte = champ_ligne(
        "Empreinte SHA-256 du fichier de tirage",
        "64 signes, écrits dans le procès-verbal : ils prouvent le fichier.",
        maximum=128,
        erreur="Recopiez l’empreinte du fichier de tirage.",
    )
    le = champ_jour("Date du tirage", erreur="Donnez la date du tirage.", court=True)
    numeros = champ_texte(
        "Numéros tirés, dans l’ordre",
        "Les numéros des candidatures, séparés par des espaces ou des virgules. "
        "Les premiers prennent les places, les suivants la liste d’attente.",
        erreur="Écrivez les numéros tirés.",
        maximum=None,
        lignes=5,
        attributs={"inputmode": "numeric"},
        se_relit=False,
    )

    def clean_empreinte(self) -> str:
        empreinte: str = self.cleaned_data["empreinte"].strip().lower()
        if not re.fullmatch(r"[0-9a-f]{64}", empreinte):
            raise ValidationError("Une empreinte SHA-256 compte 64 chiffres ou lettres de a à f.")
        return empreinte

    def clean_le(self) -> Any:
        if self.cleaned_data["le"] > timezone.localdate():
            raise ValidationError("Cette date est à venir.")
        return self.cleaned_data["le"]

    def clean_numeros(self) -> list[int]:
        mots = re.split(r"[\s,;]+", self.cleaned_data["numeros"].strip())
        faux = [mot for mot in mots if not re.fullmatch(rf"[0-9]{{1,{NUMERO_MAX}}}", mot)]
        if faux:
            raise ValidationError(f"« {faux[0][:20]} » n’est pas un numéro de candidature.")
        return [int(mot) for mot in mots]


@acte(
    Page[CollegeCampagne](
        form=TirageForm,
        consequence="Ce tirage s’est fait hors de ce site, devant témoins. Recopiez son résultat et la référence de son procès-verbal. "
        "Aucune lettre ne part.",
        retour=lambda college, _: le_classement(college),
    )
)
@transaction.atomic
def saisir_tirage(
    college: CollegeCampagne, *, par: Compte, numeros: Sequence[int], reference: str, empreinte: str, le: date
) -> None:
    """Save the result of a draw made elsewhere, with the reference and hash of its record.

    `numeros`, in the order drawn: first the seats, then the waiting list. Other eligible candidatures are not
    retained. Raises ValidationError for a number repeated or unknown.
    """
    pas = exiger(college, "saisir_tirage", par=par)
    if len(set(numeros)) != len(numeros):
        raise ValidationError({"numeros": "Un numéro est écrit deux fois."})
    par_numero = {c.numero: c for c in college.candidatures.eligibles()}
    inconnus = [str(n) for n in numeros if n not in par_numero]
    if inconnus:
        raise ValidationError(
            {
                "numeros": f"Ces numéros ne sont pas ceux de candidatures recevables du collège : {', '.join(inconnus)}."
            }
        )
    designer(college, [par_numero[numero].pk for numero in numeros])
    pas.avancer(
        champs={"tirage_reference": reference, "tirage_empreinte": empreinte, "tirage_le": le},
        fait=f"{college} : résultat du tirage saisi",
        details={
            "reference": reference,
            "empreinte": empreinte,
            "le": le.isoformat(),
            "numeros": list(numeros),
        },
    )


def designer(college: CollegeCampagne, ordre: Sequence[int]) -> list[Candidature]:
    """Write the decisions of a draw: the first of `ordre` (keys) take the seats, the next wait, the others are not retained.

    Who is no longer eligible is passed over. Return who has a seat. The caller holds the lock of the campaign.
    """
    eligibles = {c.pk: c for c in college.candidatures.eligibles().select_for_update(of=("self",))}
    rangs = {pk: rang for rang, pk in enumerate(pk for pk in ordre if pk in eligibles)}
    for pk, candidature in eligibles.items():
        rang = rangs.get(pk)
        candidature.est_ajustee, candidature.choix_motif, candidature.rang_attente = False, "", None
        if rang is None:
            candidature.choix = Choix.NON_RETENUE
        elif rang < college.sieges:
            candidature.choix = Choix.RETENUE
        else:
            candidature.choix, candidature.rang_attente = Choix.ATTENTE, rang - college.sieges + 1
    Candidature.objects.bulk_update(
        eligibles.values(), ["choix", "choix_motif", "rang_attente", "est_ajustee"], batch_size=500
    )
    return [c for c in eligibles.values() if c.choix == Choix.RETENUE]


@acte(
    Page[Campagne](
        consequence="Les décisions ne changent plus, et chaque personne reçoit la sienne par courriel, une seule fois.",
        gabarit="renouvellement/selection/arreter.html",
        contexte=lettres_d_arret,
    )
)
@transaction.atomic
def arreter(campagne: Campagne, *, par: Compte) -> int:
    """Freeze the decisions and write to everyone, once; return to how many.

    Raises ActeInterdit the second time.
    """
    pas = exiger(campagne, "arreter", par=par)
    candidatures = list(campagne.candidatures.deposees().select_related("college", "campagne"))
    conserver(candidatures)
    pas.avancer(
        details={str(choix): sum(c.choix == choix for c in candidatures) for choix in Choix},
        champs={"arretee_le": timezone.now()},
    )
    return a_chacun(lettres.etape, campagne, cle="arreter", campagne=campagne)


class CoordonneesForm(ActeForm):
    courriel = champ_courriel(
        "Adresse de courriel", "La sienne, ou celle d’un proche qui lui remet ce qui arrive.", requis=False
    )
    telephone = champ_ligne(
        "Téléphone",
        maximum=20,
        requis=False,
        court=True,
        attributs={"autocomplete": "off", "inputmode": "tel"},
    )
    adresse = champ_ligne("Adresse postale", maximum=240, requis=False)
    suppleant_courriel = champ_courriel("Adresse de courriel du suppléant ou de la suppléante", requis=False)
    suppleant_adresse = champ_ligne(
        "Adresse postale du suppléant ou de la suppléante", maximum=240, requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        return {nom: getattr(self.objet, nom) for nom in self.base_fields}

    def preparer(self) -> None:
        if not self.objet.college.avec_suppleants:
            del self.fields["suppleant_courriel"], self.fields["suppleant_adresse"]


@acte(
    Page[Candidature](
        form=CoordonneesForm,
        consequence="Le reste de la candidature ne change pas. Si la liste est arrêtée et qu’aucune lettre n’a pu partir, "
        "la décision part à la nouvelle adresse.",
        succes=lambda candidature, lettres: (
            "Les coordonnées sont corrigées. La lettre de décision part."
            if lettres
            else "Les coordonnées sont corrigées."
        ),
        retour=lambda candidature, _: candidature.get_absolute_url(),
    )
)
@transaction.atomic
def corriger_coordonnees(candidature: Candidature, *, par: Compte, **coordonnees: str) -> int:
    """Correct the addresses and the phone, also once the list is settled.

    A decision that could not be written for want of an address is written now. Return the number of letters.
    """
    pas = exiger(candidature, "corriger_coordonnees", par=par)
    exiger_adresse_libre(candidature, coordonnees.get("courriel", candidature.courriel))
    etait_sans_adresse = not candidature.courriel
    pas.avancer(champs=coordonnees, fait=f"Candidature n° {candidature.numero} : coordonnées corrigées")
    campagne = candidature.campagne
    if not etait_sans_adresse or campagne.arretee_le is None or not lettres.est_a_ecrire(candidature):
        return 0
    return lettres.ecrire_la_decision(campagne, [candidature])


NUMERO_MAX = 9  # digits
