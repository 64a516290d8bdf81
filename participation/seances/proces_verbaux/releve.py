"""Data of a séance as JSON, from the rows of the database: presence, points, votes, dissent.

This is the shape of `seance.json`, attached to the PDF of each procès-verbal. Instants are ISO 8601 with
their offset, in local time. People are names: no address, no account, no need, no reason of absence.

    format, version
    seance       titre, nature, debut, fin_prevue, ouverte_le, levee_le, tenue, lieu, est_publique, etat,
                 rang_convocation
    instance     cle, nom, sigle, fondement
    mandature    intitulé
    reglement    version, en_vigueur_du, source, quorum (in words)
    convocations [nature, envoyee_le, numero, est_tardive, est_urgente, personnes]
    presidee_par, secretaire
    interruptions [de, a]
    quorum       at the opening, {} if it never opened: requis, atteint, base, est_atteint, est_exige,
                 phrase, par_college
    carence      quorum found missing, in the same shape, {} if the séance was not put off for it
    presence     [collège: nom, a_le_vote, personnes: [numero, nom, qualite, rang, statut,
                 intervalles: [mode, de, a], supplee, supplee_par, pouvoir_a, pouvoirs_de, retire_le]]
                 statut: present, supplee, represente, excuse, absent
    invites      [name and quality of people heard without a seat]
    totaux       presents, a_distance, supplees, representes, excuses, absents
    points       [cle, numero, nature, titre, rapporteur, direction, etat, motif, est_confidentiel,
                 est_tardif, commence_le, secondes, pv_de, pieces: [titre, est_tardive, sha256],
                 dossiers: [reference, titre, decision, motif, vote, sommes: [[who, euros]], ecart (why not as voted),
                 texte: {sens, paragraphes, preconisations} or {}],
                 deports: [nom, motif], votes, elections, desaccords: [nom, texte]]
    votes        [numero, objet, forme, majorite, base, regle, lectures, raison (of a rejection), papier, scrutateurs,
                 par_college, quorum, ouvert_le, clos_le, resultat, a_l_egalite,
                 colleges: [nom, pour, contre, abstention, nppv], total, nominatif: [nom, sens],
                 sans_vote: [nom]]
                 sans_vote: people who might vote and gave no ballot (unknown by show of hands)
    elections    without candidates: [objet, college, tours, propositions, raison, designes: [nom, how many],
                 objections: [nom, texte, est_levee], elus: [nom]]
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch
from django.utils import timezone

from participation.seances.instances.regles import phrase_quorum
from participation.seances.models import (
    Bulletin,
    Convie,
    Deport,
    Desaccord,
    Membre,
    PieceSeance,
    Point,
    PointDossier,
    Presence,
    Seance,
    VoixCollege,
    Vote,
)
from participation.seances.votes.elections.lectures import pour_le_pv
from participation.seances.workflow import EtatPoint, EtatVote, Mode, Sens
from participation.socle.models import Dossier

FORMAT = "participation/seance"


VERSION = 1


def donnees(seance: Seance) -> dict[str, Any]:
    """Return the data, in about a dozen queries for any number of people, points and votes."""
    seance = Seance.objects.select_related("instance", "mandature", "reglement", "presidee_par__compte").get(
        pk=seance.pk
    )
    journal = list(
        seance.journal.filter(acte__in=["ouvrir", "suspendre", "reprendre", "lever", "reporter"])
        .order_by("le", "pk")
        .values_list("acte", "le", "details")
    )
    presence = presence_a(seance)
    return {
        "format": FORMAT,
        "version": VERSION,
        "seance": {
            "titre": seance.titre,
            "nature": seance.get_nature_display(),
            "debut": instant(seance.debut),
            "fin_prevue": instant(seance.fin),
            "ouverte_le": instant(seance.ouverte_le),
            "levee_le": instant(seance.levee_le),
            "tenue": seance.get_tenue_display(),
            "lieu": seance.lieu,
            "est_publique": seance.est_publique,
            "etat": seance.get_etat_display(),
            "rang_convocation": seance.rang_convocation,
        },
        "instance": {
            "cle": seance.instance.cle,
            "nom": seance.instance.nom,
            "sigle": seance.instance.sigle,
            "fondement": seance.instance.fondement,
        },
        "mandature": seance.mandature.intitule,
        "reglement": {
            "version": seance.reglement.version,
            "en_vigueur_du": seance.reglement.en_vigueur_du.isoformat(),
            "source": seance.reglement.source,
            "quorum": phrase_quorum(seance.reglement),
        },
        "convocations": _convocations(seance),
        "presidee_par": nommer(seance.presidee_par) if seance.presidee_par else "",
        "secretaire": seance.secretaire,
        "interruptions": _interruptions(journal),
        "quorum": next((details.get("quorum", {}) for acte, _, details in journal if acte == "ouvrir"), {}),
        "carence": next(
            (details.get("quorum", {}) for acte, _, details in journal if acte == "reporter"), {}
        ),
        "presence": presence,
        "totaux": totaux(presence),
        "invites": [invite.dite for invite in seance.invites.filter(est_venu=True)],
        "points": _points(seance),
    }


def _convocations(seance: Seance) -> list[dict[str, Any]]:
    return [
        {
            "nature": convocation.get_nature_display(),
            "numero": convocation.sequence,
            "envoyee_le": instant(convocation.envoyee_le),
            "est_tardive": convocation.est_tardive,
            "est_urgente": convocation.est_urgente,
            "personnes": convocation.personnes,
        }
        for convocation in seance.convocations.annotate(personnes=Count("envois")).order_by("sequence", "pk")
    ]


def pour_le_public(releve: dict[str, Any]) -> dict[str, Any]:
    """Return the same data without closed-door points and without the reasons of déports."""
    points = [
        {**point, "deports": [{**deport, "motif": ""} for deport in point["deports"]]}
        for point in releve["points"]
        if not point["est_confidentiel"]
    ]
    return {**releve, "points": points}


def _interruptions(journal: Iterable[tuple[str, datetime, Any]]) -> list[dict[str, str | None]]:
    trouvees: list[dict[str, str | None]] = []
    for acte, le, _ in journal:
        if acte == "suspendre":
            trouvees.append({"de": instant(le), "a": None})
        elif trouvees and trouvees[-1]["a"] is None:
            trouvees[-1]["a"] = instant(le)
    return trouvees


# Points and votes
def _points(seance: Seance) -> list[dict[str, Any]]:
    votes = (
        Vote.objects.filter(etat=EtatVote.CLOS)
        .order_by("ouvert_le", "pk")
        .prefetch_related(
            Prefetch("voix", VoixCollege.objects.select_related("college")),
            Prefetch(
                "bulletins",
                Bulletin.objects.filter(vote__forme=Vote.Forme.NOMINATIF, convie__isnull=False)
                .select_related("convie__membre__compte")
                .order_by("convie__membre__compte__nom", "convie__membre__compte__prenom"),
            ),
            "emargements",
        )
    )
    points = (
        seance.points.exclude(etat=EtatPoint.RETIRE)
        .select_related("direction", "pv_de")
        .order_by("ordre", "pk")
        .prefetch_related(
            Prefetch("liens_dossiers", PointDossier.objects.select_related("dossier", "vote")),
            Prefetch("pieces", PieceSeance.objects.filter(retiree_le=None)),
            Prefetch("deports", Deport.objects.select_related("convie__membre__compte")),
            Prefetch("desaccords", Desaccord.objects.select_related("convie__membre__compte")),
            Prefetch("votes", votes),
        )
    )
    noms = {
        convie.pk: nom(convie)
        for convie in Convie.objects.filter(seance=seance).select_related("membre__compte")
    }
    decides = [lien.dossier_id for point in points for lien in point.liens_dossiers.all() if lien.decision]
    enfants = [dossier.enfant for dossier in Dossier.objects.enfants_de(decides).values()]
    textes = {enfant.pk: enfant.pour_le_pv() for enfant in enfants}
    sommes: dict[int, list[tuple[str, Decimal]]] = {}
    for nature in {type(enfant) for enfant in enfants}:
        siens = [enfant.pk for enfant in enfants if type(enfant) is nature]
        sommes |= nature.sommes_decidees(siens, seance.pk)
    elections = pour_le_pv(seance)
    return [_point(numero, point, textes, sommes, noms, elections) for numero, point in enumerate(points, 1)]


def _point(
    numero: int,
    point: Point,
    textes: Mapping[int, dict[str, Any]],
    sommes: Mapping[int, list[tuple[str, Decimal]]],
    noms: Mapping[int, str],
    elections: Mapping[int, list[dict[str, Any]]],
) -> dict[str, Any]:
    return {
        "cle": str(point.pk),
        "numero": numero,
        "nature": point.get_nature_display(),
        "titre": point.titre,
        "rapporteur": point.rapporteur,
        "direction": str(point.direction or ""),
        "etat": point.get_etat_display(),
        "motif": point.motif,
        "est_confidentiel": point.est_confidentiel,
        "est_tardif": point.est_tardif,
        "commence_le": instant(point.commence_le),
        "secondes": point.secondes,
        "pv_de": str(point.pv_de or ""),
        "pieces": [
            {"titre": piece.titre, "est_tardive": piece.est_tardive, "sha256": piece.sha256}
            for piece in point.pieces.all()
        ],
        "dossiers": [
            {
                "reference": lien.dossier.reference or "",
                "titre": lien.dossier.titre,
                "decision": lien.libelle_decision or lien.decision,
                "motif": lien.motif,
                "ecart": lien.ecart,
                "vote": lien.vote.objet if lien.vote else "",
                "sommes": [[qui, f"{somme:.2f}"] for qui, somme in sommes.get(lien.dossier_id, ())],
                "texte": textes.get(lien.dossier_id, {}),
            }
            for lien in point.liens_dossiers.all()
        ],
        "deports": [{"nom": nom(deport.convie), "motif": deport.motif} for deport in point.deports.all()],
        "votes": [_vote(rang, vote, noms) for rang, vote in enumerate(point.votes.all(), 1)],
        "elections": elections.get(point.pk, []),
        "desaccords": [
            {"nom": nom(desaccord.convie), "texte": desaccord.texte} for desaccord in point.desaccords.all()
        ],
    }


def _sans_vote(vote: Vote, noms: Mapping[int, str]) -> list[str]:
    """Return the names of those who might vote and gave no ballot; [] for a show of hands."""
    if vote.forme == Vote.Forme.MAIN_LEVEE:
        return []
    voix = {numero for siens in vote.inscrits.values() for numero in siens}
    donnees = {emargement.convie_id for emargement in vote.emargements.all()}
    return sorted(noms[numero] for numero in voix - donnees if numero in noms)


def _vote(numero: int, vote: Vote, noms: Mapping[int, str]) -> dict[str, Any]:
    sens = [str(valeur) for valeur in Sens.values]
    colleges = [
        {
            "nom": str(voix.college) if voix.college else "Ensemble",
            **{valeur: getattr(voix, valeur) for valeur in sens},
        }
        for voix in vote.voix.all()
    ]
    return {
        "numero": numero,
        "objet": vote.objet,
        "forme": vote.get_forme_display(),
        "majorite": vote.get_majorite_display(),
        "base": vote.get_base_majorite_display(),
        "regle": vote.regle,
        "lectures": vote.lectures(vote.voix.all()),
        "raison": vote.raison_du_rejet(vote.voix.all()),
        "papier": vote.papier,
        "scrutateurs": vote.scrutateurs,
        "par_college": vote.par_college,
        "quorum": vote.quorum,
        "ouvert_le": instant(vote.ouvert_le),
        "clos_le": instant(vote.clos_le),
        "resultat": vote.resultat,
        "a_l_egalite": vote.a_l_egalite,
        "colleges": colleges,
        "total": {valeur: sum(int(college[valeur]) for college in colleges) for valeur in sens},
        "nominatif": [
            {"nom": nom(bulletin.convie), "sens": bulletin.sens}
            for bulletin in vote.bulletins.all()
            if bulletin.convie
        ],
        "sans_vote": _sans_vote(vote, noms),
    }


PRESENT, SUPPLEE, REPRESENTE, EXCUSE, ABSENT = "present", "supplee", "represente", "excuse", "absent"


def instant(valeur: datetime | None) -> str | None:
    return timezone.localtime(valeur).isoformat(timespec="seconds") if valeur else None


def nommer(membre: Membre) -> str:
    """Return the name, never the email address, which an account without a name would show."""
    return membre.compte.get_full_name() or "Membre sans nom"


def nom(convie: Convie) -> str:
    return nommer(convie.membre)


def presence_a(seance: Seance) -> list[dict[str, Any]]:
    convies = list(
        Convie.objects.filter(seance=seance).select_related(
            "membre__compte__profil", "membre__college", "membre__commune"
        )
    )
    intervalles: dict[int, list[Presence]] = defaultdict(list)
    for presence in Presence.objects.filter(seance=seance).order_by("arrivee", "pk"):
        intervalles[presence.convie_id].append(presence)
    par_numero = {convie.pk: convie for convie in convies}
    suppleants = _suppleants(convies, intervalles)
    donnes: dict[int, list[Convie]] = defaultdict(list)
    attendus = [convie for convie in convies if intervalles[convie.pk] or not _parti_avant(convie, seance)]
    for convie in attendus:
        if _est_represente(convie, intervalles, suppleants) and convie.pouvoir_a_id:
            donnes[convie.pouvoir_a_id].append(convie)
    colleges: dict[int, dict[str, Any]] = {}
    for convie in attendus:
        venus = intervalles[convie.pk]
        if convie.membre.rang == Membre.Rang.SUPPLEANT and not venus and convie.remplace_id is None:
            continue  # shown on the line of the titulaire
        supplee_par = suppleants.get(convie.pk)
        statut = _statut(convie, intervalles, suppleants)
        titulaire = _titulaire(convie, convies) if convie.membre.rang == Membre.Rang.SUPPLEANT else None
        college = convie.membre.college
        groupe = colleges.setdefault(
            college.pk,
            {"nom": college.nom, "a_le_vote": college.a_le_vote(seance.jour.date()), "personnes": []},
        )
        groupe["personnes"].append(
            {
                "numero": convie.pk,
                "nom": nom(convie),
                "qualite": convie.membre.qualite_publique,  # the document is published
                "rang": convie.membre.get_rang_display(),
                "statut": statut,
                "intervalles": [
                    {
                        "mode": presence.get_mode_display(),
                        "de": instant(presence.arrivee),
                        "a": instant(presence.depart or seance.levee_le),
                    }
                    for presence in venus
                ],
                "supplee": nom(titulaire) if titulaire else "",
                "supplee_par": nom(supplee_par) if supplee_par and statut == SUPPLEE else "",
                "pouvoir_a": nom(par_numero[convie.pouvoir_a_id])
                if statut == REPRESENTE and convie.pouvoir_a_id
                else "",
                "pouvoirs_de": [nom(mandant) for mandant in donnes[convie.pk]],
                "retire_le": instant(convie.retire_le),
            }
        )
    return list(colleges.values())


def _statut(convie: Convie, intervalles: dict[int, list[Presence]], suppleants: dict[int, Convie]) -> str:
    if intervalles[convie.pk]:
        return PRESENT
    if convie.pk in suppleants:
        return SUPPLEE
    if _est_represente(convie, intervalles, suppleants):
        return REPRESENTE
    return EXCUSE if convie.est_absent else ABSENT


def _parti_avant(convie: Convie, seance: Seance) -> bool:
    """Whether the person left the list before the opening.

    Reasons: mandate over, titulaire back, or convened again in another capacity.
    """
    return convie.retire_le is not None and (
        seance.ouverte_le is None or convie.retire_le <= seance.ouverte_le
    )


def _titulaire(suppleant: Convie, convies: list[Convie]) -> Convie | None:
    for convie in convies:
        if convie.pk == suppleant.remplace_id:
            return convie
    return next((c for c in convies if c.membre_id == suppleant.membre.suppleant_de_id), None)


def _suppleants(convies: list[Convie], intervalles: dict[int, list[Presence]]) -> dict[int, Convie]:
    """Return the substitutes who came, by the Convie number of the seat they held."""
    trouves: dict[int, Convie] = {}
    par_membre = {convie.membre_id: convie.pk for convie in convies}
    for convie in convies:
        if convie.membre.rang == Membre.Rang.SUPPLEANT and intervalles[convie.pk]:
            numero = convie.remplace_id or par_membre.get(convie.membre.suppleant_de_id or 0)
            if numero is not None:
                trouves.setdefault(numero, convie)
    return trouves


def _est_represente(
    convie: Convie, intervalles: dict[int, list[Presence]], suppleants: dict[int, Convie]
) -> bool:
    """Whether the pouvoir holds: the giver and the giver's substitute are away, and the bearer came."""
    return (
        convie.pouvoir_a_id is not None
        and not intervalles[convie.pk]
        and convie.pk not in suppleants
        and bool(intervalles[convie.pouvoir_a_id])
    )


def totaux(presence: list[dict[str, Any]]) -> dict[str, int]:
    personnes = [personne for college in presence for personne in college["personnes"]]
    distance = str(Mode.DISTANCE.label)

    def combien(statut: str) -> int:
        return sum(personne["statut"] == statut for personne in personnes)

    return {
        "presents": combien(PRESENT),
        "a_distance": sum(
            personne["statut"] == PRESENT and all(i["mode"] == distance for i in personne["intervalles"])
            for personne in personnes
        ),
        "supplees": combien(SUPPLEE),
        "representes": combien(REPRESENTE),
        "excuses": combien(EXCUSE),
        "absents": combien(ABSENT),
    }
