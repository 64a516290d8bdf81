"""Acts of selection: readings and marks by the comité, ranking, decisions of agents."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from participation.renouvellement import notifications
from participation.renouvellement.actions.campagne import conserver
from participation.renouvellement.actions.candidatures import resserrer_attente
from participation.renouvellement.lectures.classement import classement, rang_de
from participation.renouvellement.models import (
    Campagne,
    Candidature,
    CollegeCampagne,
    Lecture,
    Note,
    Relecteur,
)
from participation.renouvellement.regles.selection import moyenne, quitte_le_classement, repartir
from participation.renouvellement.workflow import Choix
from participation.socle.actions.avancer import avancer, consigner, exiger
from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Compte

# Comité de sélection


@transaction.atomic
def composer_comite(
    campagne: Campagne, *, par: Compte, courriel: str, prenom: str = "", nom: str = ""
) -> Relecteur:
    """Add a reader by address, with a new account if needed. A reader who left is active again."""
    pas = exiger(campagne, "composer_comite", par=par)
    compte = ouvrir_compte(courriel, est_prouve=False, prenom=prenom, nom=nom)
    relecteur, est_neuf = Relecteur.objects.get_or_create(campagne=campagne, compte=compte)
    if not est_neuf and relecteur.est_actif:
        raise ValidationError({"courriel": "Cette personne est déjà au comité."})
    if not relecteur.est_actif:
        relecteur.est_actif = True
        relecteur.save()
    pas.avancer(fait=f"{compte} entre au comité de sélection")
    return relecteur


@transaction.atomic
def retirer_relecteur(relecteur: Relecteur, *, par: Compte) -> Relecteur:
    """Remove a reader. Marks stay; unread lectures are deleted, to be given to others."""
    avancer(
        relecteur,
        "retirer_relecteur",
        par=par,
        champs={"est_actif": False},
        fait=f"{relecteur.compte} quitte le comité de sélection",
    )
    relecteur.lectures.filter(rendue_le__isnull=True, deportee_le__isnull=True).delete()
    return relecteur


@transaction.atomic
def ouvrir_selection(campagne: Campagne, *, par: Compte) -> None:
    avancer(campagne, "ouvrir_selection", par=par)


@transaction.atomic
def repartir_lectures(campagne: Campagne, *, par: Compte) -> int:
    """Assign readers to each candidature, evenly and at random, up to the number of the campaign.

    Only adds missing lectures. Return how many.
    """
    pas = exiger(campagne, "repartir_lectures", par=par)
    donnees = _completer(campagne)
    nombre = sum(map(len, donnees.values()))
    pas.avancer(details={"lectures": nombre})
    for relecteur, lectures in donnees.items():
        notifications.repartir_lectures(relecteur, len(lectures))
    return nombre


def _completer(campagne: Campagne, seulement: Candidature | None = None) -> dict[Relecteur, list[Lecture]]:
    relecteurs = list(campagne.relecteurs.filter(est_actif=True).select_related("compte"))
    candidatures = campagne.candidatures.eligibles().filter(college__mode=CollegeCampagne.Mode.SELECTION)
    if seulement is not None:
        candidatures = candidatures.filter(pk=seulement.pk)
    dejas: dict[int, set[int]] = defaultdict(set)  # readers who have the candidature, or who stepped aside
    actives: dict[int, int] = defaultdict(int)
    charge: dict[int, int] = defaultdict(int)
    for candidature_id, relecteur_id, deporte in Lecture.objects.filter(
        candidature__campagne=campagne
    ).values_list("candidature", "relecteur", "deportee_le"):
        dejas[candidature_id].add(relecteur_id)
        if deporte is None:
            actives[candidature_id] += 1
            charge[relecteur_id] += 1
    par_numero = {r.pk: r for r in relecteurs}
    neuves: dict[Relecteur, list[Lecture]] = defaultdict(list)
    for candidature_id, relecteur_id in repartir(
        list(candidatures.order_by("numero").values_list("pk", flat=True)),
        list(par_numero),
        dejas=dejas,
        actives=actives,
        charge=charge,
        chacune=campagne.lectures_par_candidature,
        hasard=random.SystemRandom().random,
    ):
        relecteur = par_numero[relecteur_id]
        neuves[relecteur].append(Lecture(candidature_id=candidature_id, relecteur=relecteur))
    Lecture.objects.bulk_create(
        [lecture for lectures in neuves.values() for lecture in lectures], batch_size=1000
    )
    return neuves


# Readers


@transaction.atomic
def rendre_lecture(lecture: Lecture, *, par: Compte, notes: Mapping[int, int], commentaire: str = "") -> None:
    """Mark all criteria; can be repeated during the selection. `notes`: primary key of a criterion → mark.

    Raises ValidationError for a missing mark or one out of range, ErreurMetier for a grid without weight.
    """
    exiger(lecture, "rendre_lecture", par=par)
    campagne = lecture.suivi
    criteres = list(campagne.criteres.all())
    absents = [c.libelle for c in criteres if c.pk not in notes]
    if absents:
        raise ValidationError(f"Il manque une note : {absents[0]}.")
    if any(not 0 <= notes[c.pk] <= campagne.note_max for c in criteres):
        raise ValidationError(f"Une note va de 0 à {campagne.note_max}.")
    if not any(c.poids for c in criteres):
        raise ErreurMetier("La grille n’a aucun critère qui compte : demandez au service de la compléter.")
    lecture.notes.all().delete()
    Note.objects.bulk_create(Note(lecture=lecture, critere=c, valeur=notes[c.pk]) for c in criteres)
    lecture.moyenne = moyenne([(notes[c.pk], c.poids) for c in criteres])
    lecture.commentaire = commentaire
    lecture.rendue_le = timezone.now()
    lecture.full_clean()
    lecture.save()


@transaction.atomic
def se_deporter_candidature(lecture: Lecture, *, par: Compte, motif: str) -> None:
    """Step aside from a candidature: the marks are deleted and another reader is assigned if possible."""
    exiger(lecture, "se_deporter_candidature", par=par)
    if lecture.deportee_le is not None:
        return
    lecture.notes.all().delete()
    lecture.moyenne, lecture.rendue_le, lecture.commentaire = None, None, ""
    lecture.deportee_le, lecture.motif_deport = timezone.now(), motif
    lecture.full_clean()
    lecture.save()
    fait = f"Déport sur la candidature n° {lecture.candidature.numero}"
    consigner(lecture.candidature, "se_deporter_candidature", par=par, fait=fait)
    for relecteur, lectures in _completer(lecture.suivi, seulement=lecture.candidature).items():
        notifications.repartir_lectures(relecteur, len(lectures))


# Decisions


@transaction.atomic
def proposer_selection(college: CollegeCampagne, *, par: Compte, places_attente: int) -> None:
    """Fill seats then waiting list by the ranking. Decisions made by hand are kept."""
    pas = exiger(college, "proposer_selection", par=par)
    ordre = list(classement(college))
    a_la_main = [c for c in ordre if c.est_ajustee]
    places = max(college.sieges - sum(c.choix == Choix.RETENUE for c in a_la_main), 0)
    attente = [c for c in a_la_main if c.choix == Choix.ATTENTE]
    libres = [c for c in ordre if not c.est_ajustee]
    suivantes = libres[places : places + max(places_attente - len(attente), 0)]
    for rang, candidature in enumerate(libres):
        candidature.rang_attente = None
        if rang < places:
            candidature.choix = Choix.RETENUE
        else:
            candidature.choix = Choix.ATTENTE if candidature in suivantes else Choix.NON_RETENUE
    # The waiting list follows the ranking, also for people put there by hand.
    for rang, candidature in enumerate((c for c in ordre if c.choix == Choix.ATTENTE), start=1):
        candidature.rang_attente = rang
    Candidature.objects.bulk_update(ordre, ["choix", "rang_attente"], batch_size=500)
    pas.avancer(fait=f"{college} : sélection proposée selon le classement")


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
    par_numero = {c.numero: c for c in college.candidatures.eligibles().select_for_update(of=("self",))}
    inconnus = [str(n) for n in numeros if n not in par_numero]
    if inconnus:
        raise ValidationError(
            {
                "numeros": f"Ces numéros ne sont pas ceux de candidatures recevables du collège : {', '.join(inconnus)}."
            }
        )
    ordre = {numero: rang for rang, numero in enumerate(numeros)}
    for numero, candidature in par_numero.items():
        rang = ordre.get(numero or 0)
        candidature.est_ajustee, candidature.choix_motif, candidature.rang_attente = False, "", None
        if rang is None:
            candidature.choix = Choix.NON_RETENUE
        elif rang < college.sieges:
            candidature.choix = Choix.RETENUE
        else:
            candidature.choix, candidature.rang_attente = Choix.ATTENTE, rang - college.sieges + 1
    Candidature.objects.bulk_update(
        par_numero.values(), ["choix", "choix_motif", "rang_attente", "est_ajustee"], batch_size=500
    )
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


# Settled list


@transaction.atomic
def arreter(campagne: Campagne, *, par: Compte) -> int:
    """Freeze the decisions and write to everyone, once; return the number of letters.

    Raises ActeInterdit the second time.
    """
    pas = exiger(campagne, "arreter", par=par)
    candidatures = list(campagne.candidatures.deposees().select_related("college", "campagne"))
    conserver(candidatures)
    pas.avancer(
        details={str(choix): sum(c.choix == choix for c in candidatures) for choix in Choix},
        champs={"arretee_le": timezone.now()},
    )
    return notifications.arreter(campagne, candidatures)
