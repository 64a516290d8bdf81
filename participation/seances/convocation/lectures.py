"""Content of the PDF of a convocation, its sendings and its answers, and other séances of the same day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from participation.seances.models import Convie, Convocation, Inscription, Membre, Profil, Seance
from participation.seances.workflow import A_VENIR, EN_COURS, Etat, EtatPoint
from participation.socle.francais import accorder, enumerer, heure, jour_texte
from participation.socle.francais import heure as en_heures
from participation.socle.models import Compte, Courriel, Document


def presidents(seance: Seance) -> list[str]:
    """Return the names of the people who convene: the president in office that day, or else the copresidents."""
    qui = list(
        Membre.objects.filter(college__mandature=seance.mandature_id)
        .filter(fonction__in=[Membre.Fonction.PRESIDENT, Membre.Fonction.COPRESIDENT])
        .en_fonction(seance.jour.date())
        .select_related("compte")
        .order_by("fonction", "compte__nom", "pk")
    )
    seuls = [membre for membre in qui if membre.fonction == Membre.Fonction.PRESIDENT] or qui
    return [nom for membre in seuls if (nom := membre.compte.get_full_name())]


def photographier(seance: Seance, convocation: Convocation) -> dict[str, Any]:
    """Return the content of the PDF as JSON values, which do not change when the séance does."""
    jour, reglement = seance.jour, seance.reglement
    return {
        "instance": seance.instance.nom,
        "fondement": seance.instance.fondement,
        "titre": seance.titre,
        "nature": seance.get_nature_display(),
        "nature_en_phrase": seance.nature_en_phrase,
        "jour": jour_texte(jour, "long"),
        "debut": en_heures(jour),
        "fin": en_heures(seance.fin),
        "tenue": seance.get_tenue_display(),
        "lieu": seance.lieu,
        "acces": seance.acces,
        "lien_visio": seance.lien_visio if seance.tenue != Seance.Tenue.SALLE else "",
        "est_publique": seance.est_publique,
        "rencontre": not seance.est_deliberante,
        "points": _points(seance),
        "pieces": [
            piece.titre
            for piece in seance.pieces.filter(point=None, retiree_le=None).order_by("deposee_le", "pk")
        ],
        "modification": convocation.nature
        in {convocation.Nature.MODIFICATION, convocation.Nature.DEPLACEMENT},
        "deplacement": convocation.nature == convocation.Nature.DEPLACEMENT,
        "motif": convocation.motif,
        "mot": convocation.mot,
        "presidence": enumerer(presidents(seance)),
        "urgente": convocation.est_urgente,
        "seconde": seance.rang_convocation > 1,
        "sans_quorum": seance.rang_convocation > 1 and reglement.seconde_sans_quorum,
        "reglement": reglement.en_mots,
        "pouvoirs": reglement.pouvoirs_par_personne,
        "suppleants": reglement.avec_suppleants
        and seance.mandature.colleges.filter(a_des_suppleants=True).exists(),
    }


def _points(seance: Seance) -> list[dict[str, Any]]:
    """Return the agenda with the planned hour of each point."""
    heure = seance.jour
    points = []
    for point in (
        seance.points.exclude(etat=EtatPoint.RETIRE)
        .select_related("direction", "pv_de")
        .prefetch_related("dossiers", "pieces")
        .order_by("ordre", "pk")
    ):
        points.append(
            {
                "nature": point.nature_a_dire,
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
    return points


def conflits(seance: Seance) -> list[str]:
    """Return one sentence for each other séance of that day with a member in common or of the same instance."""
    jour: date = seance.jour.date()
    siens = {membre.compte_id for membre in seance.membres_a_convoquer()}
    trouves = []
    autres = Seance.objects.avec_instance().filter(debut__date=jour, etat__in=A_VENIR | EN_COURS)
    for autre in autres.exclude(pk=seance.pk).order_by("debut", "pk"):
        communs = len(siens & {membre.compte_id for membre in autre.membres_a_convoquer()})
        if communs or autre.instance_id == seance.instance_id:
            combien = accorder(communs, "membre attendu aux deux", "membres attendus aux deux")
            instance = "" if autre.titre == autre.instance.sigle else f" ({autre.instance.sigle})"
            commun = combien if communs else "la même instance"
            trouves.append(f"{autre.titre}{instance}, à {heure(autre.debut)} : {commun}.")
    return trouves


R = Convie.Reponse


@dataclass(frozen=True, slots=True)
class LigneEnvoi:
    convocation: Convocation
    en_cours: bool
    en_echec: bool
    envoyes: int = 0
    en_attente: int = 0
    en_panne: int = 0
    ouverts: int = 0


@dataclass
class Comptes:
    """Numbers of answers, and the people who have each need."""

    salle: int = 0
    distance: int = 0
    excuses: int = 0
    pouvoirs: int = 0
    sans_reponse: int = 0
    besoins: dict[str, list[str]] = field(default_factory=dict)


def convies_de(seance: Seance) -> list[Convie]:
    """Return the people convened. Each has the extra attribute `dernier`: the Envoi of their last letter."""
    convies = list(
        seance.convies.select_related(
            "membre__compte",
            "membre__college",
            "membre__commune",
            "pouvoir_a__membre__compte",
            "remplace__membre__compte",
        ).prefetch_related("envois__courriel", "pouvoirs_recus__membre__compte")
    )
    for convie in convies:
        convie.seance = seance
        # Extra attributes for the template.
        vars(convie).update(
            dernier=max(convie.envois.all(), key=lambda envoi: (envoi.le, envoi.pk), default=None),
            besoins_dits=besoins_en_mots(convie),
            pouvoir_caduc=convie.pouvoir_a is not None
            and (convie.pouvoir_a.est_absent or convie.pouvoir_a.retire_le is not None),
        )
    return convies


def numero_de_demarche(instance: int, annee: int) -> int:
    """Return the number of the démarche « the séances of this instance in this year », of which members say who they are."""
    return annee * 100_000 + instance


def besoins_en_mots(qui: Convie | Inscription) -> list[str]:
    return [str(Profil.Besoin(code).label) for code in qui.besoins if code in Profil.Besoin.values]


def compter(convies: Sequence[Convie]) -> Comptes:
    comptes = Comptes()
    for convie in convies:
        if convie.retire_le is not None:
            continue
        comptes.salle += convie.reponse == R.SALLE
        comptes.distance += convie.reponse == R.DISTANCE
        comptes.excuses += convie.est_absent
        comptes.pouvoirs += convie.reponse == R.POUVOIR
        comptes.sans_reponse += convie.reponse == ""
        if not convie.est_absent:
            for besoin in besoins_en_mots(convie):
                comptes.besoins.setdefault(besoin, []).append(str(convie.membre))
    return comptes


def lignes_envois(seance: Seance) -> list[LigneEnvoi]:
    etats = Courriel.Etat
    convocations = seance.convocations.select_related("document", "par").annotate(
        envoyes=Count("envois", filter=Q(envois__courriel__etat=etats.ENVOYE)),
        en_attente=Count("envois", filter=Q(envois__courriel__etat__in=[etats.A_ENVOYER, etats.EN_COURS])),
        en_panne=Count("envois", filter=Q(envois__courriel__etat__in=[etats.ECHEC, etats.REJETE])),
        ouverts=Count("envois", filter=Q(envois__ouvert_le__isnull=False)),
    )
    return [
        LigneEnvoi(
            convocation=convocation,
            en_cours=convocation.envoyee_le is None,
            en_echec=convocation.document is not None
            and convocation.document.etat == Document.Etat.ECHEC
            and convocation.envoyee_le is None,
            **_nombres(convocation),
        )
        for convocation in convocations
    ]


def _nombres(convocation: Any) -> dict[str, int]:
    return {nom: getattr(convocation, nom) for nom in ("envoyes", "en_attente", "en_panne", "ouverts")}


def qui_est_supplee(compte: Compte, seance: Seance) -> str:
    """Return what a substitute who is not convened is told before the séance; "" for others."""
    if seance.etat != Etat.CONVOQUEE or not seance.reglement.avec_suppleants:
        return ""
    sieges = Membre.objects.filter(compte=compte, rang=Membre.Rang.SUPPLEANT).avec_personne()
    siege = sieges.en_fonction(seance.jour.date()).de_l_instance(seance.instance).order_by("pk").first()
    if siege is None:
        return ""
    qui = siege.suppleant_de or "un titulaire de votre collège"
    return (
        f"Vous suppléez {qui}. La convocation vous parvient dès que cette personne dit qu’elle ne vient pas."
    )
