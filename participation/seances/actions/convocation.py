"""Members are convened, told of changes, and answer."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.seances.actions.envois import envoyer_convocation, envoyer_convocations, mettre_en_route
from participation.seances.actions.preparation import ACTES_ORDRE_DU_JOUR, ANNONCES, _exiger_lien
from participation.seances.actions.reponses import (
    convoquer_suppleant,
    liberer_suppleants,
    noter_ouverture,
    oublier_reponse,
    relancer_reponses,
    repondre,
)
from participation.seances.models import Convie, Convocation, Membre, PieceSeance, Point, PointDossier, Seance
from participation.seances.notifications import convocation as notifications
from participation.seances.regles.delais import en_mots
from participation.seances.workflow import Etat, EtatPoint
from participation.socle.actions import avancer, consigner, exiger, verrouiller
from participation.socle.actions.documents import demander_document
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import heure as en_heures
from participation.socle.francais import jour_texte
from participation.socle.models import Compte, Document

__all__ = [
    "annuler",
    "convoquer",
    "convoquer_suppleant",
    "deplacer",
    "envoyer_convocation",
    "envoyer_convocations",
    "informer",
    "noter_ouverture",
    "relancer_reponses",
    "repondre",
    "seconde_convocation",
]

N = Convocation.Nature
HORS_DELAI = "hors_delai"


# Questions that the preview asks too


def membres_a_convoquer(seance: Seance) -> list[Membre]:
    """Titulaires of its mandature in function on the day of the séance."""
    return list(
        Membre.objects.filter(college__mandature=seance.mandature_id)
        .titulaires()
        .en_fonction(seance.jour.date())
        .select_related("compte", "college")
        .order_by("college__ordre", "compte__nom", "compte__prenom", "pk")
    )


def membres_oubliees(seance: Seance) -> list[Membre]:
    """Named since the convocation, and not on its list."""
    if seance.etat != Etat.CONVOQUEE:
        return []
    deja = set(seance.convies.filter(retire_le=None).values_list("membre", flat=True))
    return [membre for membre in membres_a_convoquer(seance) if membre.pk not in deja]


def ordre_du_jour_a_change(seance: Seance) -> bool:
    """Did the agenda or its papers move since the last sending?"""
    derniere = seance.convocations.first()
    return (
        seance.etat == Etat.CONVOQUEE
        and derniere is not None
        and seance.journal.filter(acte__in=ACTES_ORDRE_DU_JOUR, le__gt=derniere.demandee_le).exists()
    )


def avertissement(seance: Seance, *, est_urgente: bool = False, jour: date | None = None) -> str:
    """Why the delay of the règlement is broken if people are convened today; empty when it is kept."""
    limite = _limite(seance, est_urgente)
    if (jour or timezone.localdate()) <= limite:
        return ""
    reglement = seance.reglement
    if seance.rang_convocation > 1:
        demande = en_mots(reglement.delai_seconde, "calendaires")
    elif est_urgente and seance.date_limite_urgence is not None:
        demande = en_mots(reglement.delai_urgence or 0, reglement.unite_delai) + " en cas d’urgence"
    else:
        demande = en_mots(reglement.delai_convocation, reglement.unite_delai)
    return f"Le règlement demande {demande} : il fallait convoquer au plus tard le {jour_texte(limite)}."


def _limite(seance: Seance, est_urgente: bool) -> date:
    return (seance.date_limite_urgence if est_urgente else None) or seance.date_limite


# Sendings


@transaction.atomic
def convoquer(
    seance: Seance, *, par: Compte | None, motif: str = "", est_urgente: bool = False
) -> Convocation:
    """Convene every titulaire in function on that day: list frozen, PDF asked for, letters gone once it is made.

    Past the day of the règlement, or in urgency, `motif` says why: ValidationError on it when it is missing. ErreurMetier: no point, nobody,
    a day that has passed. Two agents at once: the second gets ActeInterdit.
    """
    exiger(seance, "convoquer", par=par)
    if seance.etat == Etat.CONVOQUEE:
        raise ActeInterdit("Les membres sont déjà convoqués à cette séance.")
    if seance.debut <= timezone.now():
        raise ErreurMetier("Cette séance est passée : changez sa date avant de convoquer.")
    if seance.est_deliberante and not seance.points.exclude(etat=EtatPoint.RETIRE).exists():
        raise ErreurMetier("L’ordre du jour est vide : ajoutez au moins un point avant de convoquer.")
    if seance.tenue != Seance.Tenue.SALLE and not seance.lien_visio:
        raise ErreurMetier(
            "Il manque le lien de la visioconférence : ajoutez-le, il est écrit dans la convocation."
        )
    membres = membres_a_convoquer(seance)
    if not membres:
        raise ErreurMetier(
            "Aucun membre titulaire n’est en fonction ce jour-là : il n’y a personne à convoquer."
        )
    alerte = avertissement(seance, est_urgente=est_urgente)
    if alerte and not motif.strip():
        raise ValidationError(
            {"motif": ValidationError(f"{alerte} Dites pourquoi vous convoquez quand même.", code=HORS_DELAI)}
        )
    if est_urgente and not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi la séance est urgente."})
    maintenant = timezone.now()
    Convie.objects.bulk_create(
        (Convie(seance=seance, membre=membre, convoque_le=maintenant) for membre in membres),
        ignore_conflicts=True,
    )
    avancer(
        seance,
        "convoquer",
        par=par,
        motif=motif.strip(),
        details={"personnes": len(membres), "tardive": bool(alerte), "urgente": est_urgente},
    )
    return _demander_envoi(
        seance, N.PREMIERE, par=par, motif=motif, est_tardive=bool(alerte), est_urgente=est_urgente
    )


@transaction.atomic
def informer(seance: Seance, *, par: Compte, motif: str = "") -> Convocation:
    """Tell those convened that the agenda or its papers changed, in one sending; who was named meanwhile is convened."""
    exiger(seance, "modifier", par=par)
    if seance.etat != Etat.CONVOQUEE:
        raise ActeInterdit("Personne n’est encore convoqué : il n’y a personne à prévenir.")
    if not ordre_du_jour_a_change(seance) and not membres_oubliees(seance):
        raise ErreurMetier("Rien n’a changé depuis le dernier envoi.")
    _completer(seance)
    seance.sequence += 1
    seance.save(update_fields=["sequence"])
    consigner(
        seance, "informer", par=par, fait="Membres prévenus du nouvel ordre du jour", motif=motif.strip()
    )
    return _demander_envoi(
        seance, N.MODIFICATION, par=par, motif=motif, est_tardive=bool(avertissement(seance))
    )


@transaction.atomic
def deplacer(
    seance: Seance, *, par: Compte, motif: str = "", quand_meme: bool = False, **champs: Any
) -> Convocation | None:
    """Change the date, the place or the link. Once convened: with a reason, everybody is told, and answers again if the day or hour moved.

    Returns the sending, None when nobody was convened yet. `quand_meme`: the new day breaks the delay, and one knows it; else
    ValidationError on that name.
    """
    exiger(seance, "deplacer", par=par)
    change = {champ: valeur for champ, valeur in champs.items() if valeur != getattr(seance, champ)}
    if not set(change) <= set(ANNONCES):
        raise ErreurMetier("Déplacer ne change que la date, le lieu, la tenue et le lien.")
    if not change:
        raise ErreurMetier("Rien ne change : la séance est déjà à cette date et à ce lieu.")
    convoquee = seance.etat == Etat.CONVOQUEE
    if convoquee and not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi : les personnes convoquées lisent cette raison."})
    avant = seance.debut
    debut = change.get("debut", seance.debut)
    jour = timezone.localtime(debut).date()
    if debut <= timezone.now():
        raise ValidationError({"debut": "Choisissez une date à venir."})
    if seance.mandature != seance.instance.mandature_du(jour):
        raise ValidationError(
            {
                "debut": f"La mandature {seance.mandature.intitule} ne couvre pas ce jour : annulez et programmez une autre séance."
            }
        )
    for champ, valeur in change.items():
        setattr(seance, champ, valeur)
    alerte = avertissement(seance) if convoquee and "debut" in change else ""
    if alerte and not quand_meme:
        raise ValidationError({"quand_meme": ValidationError(alerte, code=HORS_DELAI)})
    if convoquee and seance.tenue != Seance.Tenue.SALLE and not seance.lien_visio:
        raise ValidationError({"lien_visio": "Donnez le lien de la visioconférence."})
    if convoquee:
        change["sequence"] = seance.sequence + 1
    avancer(
        seance,
        "deplacer",
        par=par,
        motif=motif.strip(),
        details={"avant": avant.isoformat(), "apres": seance.debut.isoformat(), "champs": sorted(change)},
        champs=change,
    )
    _exiger_lien(seance)
    if not convoquee:
        return None
    if "debut" in change or "fin" in change:
        for convie in seance.convies.filter(retire_le=None).select_related(
            "membre__compte", "membre__college"
        ):
            convie.seance = seance
            oublier_reponse(convie)
    elif "tenue" in change:
        for convie in _reponses_impossibles(seance):
            convie.seance = seance
            oublier_reponse(convie)
    _completer(seance)
    return _demander_envoi(
        seance, N.DEPLACEMENT, par=par, motif=motif, est_tardive=bool(avertissement(seance))
    )


@transaction.atomic
def annuler(seance: Seance, *, par: Compte, motif: str) -> Convocation | None:
    """Call the séance off. Those who were told of it are told of that, and their calendars too. None when nobody was."""
    exiger(seance, "annuler", par=par)
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi la séance est annulée."})
    convoquee = seance.etat == Etat.CONVOQUEE
    avancer(
        seance,
        "annuler",
        par=par,
        motif=motif.strip(),
        champs={"sequence": seance.sequence + (1 if convoquee else 0)},
    )
    # Also kept on the séance: its page and the calendars show it.
    seance.motif = motif.strip()
    seance.save(update_fields=["motif"])
    if not convoquee:
        return None
    return _demander_envoi(seance, N.ANNULATION, par=par, motif=motif)


@transaction.atomic
def seconde_convocation(seance: Seance, *, par: Compte, debut: datetime, fin: datetime) -> Seance:
    """After a séance put off for want of quorum: the same agenda, at the delay of the règlement, convened at once.

    Raises ActeInterdit (not put off, or done already), ValidationError on « debut » (too soon).
    """
    verrouiller(seance)
    if seance.etat != Etat.REPORTEE:
        raise ActeInterdit("Une seconde convocation suit une séance reportée faute de quorum.")
    if Seance.objects.filter(premiere=seance).exists():
        raise ActeInterdit("La seconde convocation est déjà partie.")
    au_plus_tot = max(
        seance.jour.date() + timedelta(days=seance.reglement.delai_seconde),
        timezone.localdate() + timedelta(days=seance.reglement.delai_seconde),
    )
    if timezone.localtime(debut).date() < au_plus_tot:
        raise ValidationError(
            {
                "debut": f"Le règlement demande {en_mots(seance.reglement.delai_seconde, 'calendaires')} d’intervalle : "
                f"la séance se tient au plus tôt le {jour_texte(au_plus_tot)}."
            }
        )
    seconde = Seance(
        instance=seance.instance,
        mandature=seance.mandature,
        reglement=seance.reglement,
        nature=seance.nature,
        titre=seance.titre,
        debut=debut,
        fin=fin,
        tenue=seance.tenue,
        lieu=seance.lieu,
        acces=seance.acces,
        lien_visio=seance.lien_visio,
        est_publique=seance.est_publique,
        rang_convocation=seance.rang_convocation + 1,
        premiere=seance,
    )
    seconde.full_clean()
    seconde.save()
    _reprendre_ordre_du_jour(seance, seconde)
    consigner(
        seconde,
        "seconde_convocation",
        par=par,
        fait="Seconde convocation, avec le même ordre du jour",
        details={"premiere": seance.pk},
    )
    convoquer(seconde, par=par)
    return seconde


def _reprendre_ordre_du_jour(de: Seance, a: Seance) -> None:
    """What was not treated, in the same order, with its dossiers and papers: the files are the same on disk."""
    places: dict[int | None, Point | None] = {None: None}
    restants = de.points.exclude(etat__in=[EtatPoint.TRAITE, EtatPoint.RETIRE]).order_by("ordre", "pk")
    for ordre, point in enumerate(restants, start=1):
        repris = Point.objects.create(
            seance=a,
            ordre=ordre,
            nature=point.nature,
            titre=point.titre,
            note=point.note,
            rapporteur=point.rapporteur,
            direction=point.direction,
            duree=point.duree,
            est_confidentiel=point.est_confidentiel,
            pv_de=point.pv_de,
        )
        places[point.pk] = repris
        PointDossier.objects.bulk_create(
            PointDossier(point=repris, dossier_id=lien.dossier_id, ordre=lien.ordre)
            for lien in point.liens_dossiers.filter(decision="", dossier__clos_le=None)
        )
    for piece in de.pieces.filter(retiree_le=None):
        if piece.point_id in places:
            PieceSeance.objects.create(
                seance=a,
                point=places[piece.point_id],
                titre=piece.titre,
                fichier=piece.fichier.name,
                nom=piece.nom,
                type_mime=piece.type_mime,
                taille=piece.taille,
                sha256=piece.sha256,
                est_publique=piece.est_publique,
                par=piece.par,
                deposee_le=piece.deposee_le,
            )


def _completer(seance: Seance) -> None:
    """The list follows the day: who sits then and is not there joins; whose mandate does not reach it leaves, and is told."""
    voulus = {membre.pk: membre for membre in membres_a_convoquer(seance)}
    jour = seance.jour.date()
    for convie in seance.convies.filter(retire_le=None).select_related("membre__compte", "membre__college"):
        voulus.pop(convie.membre_id, None)
        if not convie.membre.est_en_fonction(jour):
            convie.seance = seance
            Convie.objects.filter(pk=convie.pk).update(retire_le=timezone.now())
            liberer_suppleants(convie)
            notifications.retirer_convie(convie)
    for membre in voulus.values():
        Convie.objects.update_or_create(
            seance=seance,
            membre=membre,
            defaults={"convoque_le": timezone.now(), "retire_le": None, "remplace": None},
        )


def _reponses_impossibles(seance: Seance) -> list[Convie]:
    interdites: dict[str, str] = {Seance.Tenue.SALLE: "distance", Seance.Tenue.DISTANCE: "salle"}
    interdite = interdites.get(seance.tenue)
    return list(
        seance.convies.filter(retire_le=None, reponse=interdite).select_related("membre__compte")
        if interdite
        else ()
    )


def _demander_envoi(
    seance: Seance,
    nature: str,
    *,
    par: Compte | None,
    motif: str,
    est_tardive: bool = False,
    est_urgente: bool = False,
) -> Convocation:
    convocation = Convocation(
        seance=seance,
        nature=nature,
        sequence=seance.sequence,
        motif=motif.strip(),
        date_limite=_limite(seance, est_urgente),
        est_tardive=est_tardive,
        est_urgente=est_urgente,
        par=par,
    )
    if nature != N.ANNULATION:
        convocation.document = _document(seance, convocation, par)
    convocation.save()
    mettre_en_route(convocation)
    return convocation


def _document(seance: Seance, convocation: Convocation, par: Compte | None) -> Document:
    return demander_document(
        nature="seances/convocation",
        titre=f"Convocation, {seance.titre}, {jour_texte(seance.jour)}",
        donnees=photographier(seance, convocation),
        par=par,
    )


def photographier(seance: Seance, convocation: Convocation) -> dict[str, Any]:
    """What the PDF says, as JSON values: it does not change when the séance does."""
    jour = seance.jour
    heure = jour
    points = []
    for point in (
        seance.points.exclude(etat=EtatPoint.RETIRE)
        .select_related("direction", "pv_de")
        .prefetch_related("dossiers", "pieces")
        .order_by("ordre", "pk")
    ):
        points.append(
            {
                "nature": point.get_nature_display(),
                "titre": point.titre,
                "note": point.note,
                "rapporteur": point.rapporteur,
                "direction": str(point.direction or ""),
                "duree": point.duree,
                "heure": en_heures(heure),
                "confidentiel": point.est_confidentiel,
                "tardif": point.est_tardif,
                "reporte": point.etat == EtatPoint.REPORTE,
                "pv_de": str(point.pv_de or ""),
                "dossiers": [str(dossier) for dossier in point.dossiers.all()],
                "pieces": [piece.titre for piece in point.pieces.all() if piece.retiree_le is None],
            }
        )
        if point.etat != EtatPoint.REPORTE:
            heure += timedelta(minutes=point.duree)
    reglement = seance.reglement
    return {
        "instance": seance.instance.nom,
        "fondement": seance.instance.fondement,
        "titre": seance.titre,
        "nature": seance.get_nature_display(),
        "jour": jour_texte(jour, "long"),
        "debut": en_heures(jour),
        "fin": en_heures(seance.fin),
        "tenue": seance.get_tenue_display(),
        "lieu": seance.lieu,
        "acces": seance.acces,
        "lien_visio": seance.lien_visio if seance.tenue != Seance.Tenue.SALLE else "",
        "est_publique": seance.est_publique,
        "rencontre": not seance.est_deliberante,
        "points": points,
        "pieces": [
            piece.titre
            for piece in seance.pieces.filter(point=None, retiree_le=None).order_by("deposee_le", "pk")
        ],
        "modification": convocation.nature in {N.MODIFICATION, N.DEPLACEMENT},
        "deplacement": convocation.nature == N.DEPLACEMENT,
        "motif": convocation.motif,
        "urgente": convocation.est_urgente,
        "seconde": seance.rang_convocation > 1,
        "sans_quorum": seance.rang_convocation > 1 and reglement.seconde_sans_quorum,
        "reglement": str(reglement),
        "reglement_source": f"{reglement.source.rstrip('.')}.",
        "pouvoirs": reglement.pouvoirs_par_personne,
        "suppleants": reglement.avec_suppleants,
    }
