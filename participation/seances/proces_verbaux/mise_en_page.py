"""Layout of a procès-verbal, in French and in reading order, the same for the page and for the PDF.

Everything here is JSON: the document keeps it until a worker makes the PDF.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from participation.seances.models import Convocation
from participation.seances.proces_verbaux.releve import ABSENT, EXCUSE, PRESENT, REPRESENTE, SUPPLEE
from participation.seances.proces_verbaux.texte import FIN, OUVERTURE, nettoyer
from participation.socle.francais import (
    accorder,
    de,
    enumerer,
    heure,
    jour_texte,
    majuscule,
    minuscule,
    montant,
    ponctuer,
)

MINUTE = 60


def presenter(releve: dict[str, Any], texte: Mapping[str, str], *, huis_clos: int = 0) -> dict[str, Any]:
    """Return the procès-verbal laid out. `huis_clos`: number of closed-door points left out."""
    seance = releve["seance"]
    return {
        "titre": seance["titre"],
        "instance": releve["instance"]["nom"],
        "sigle": releve["instance"]["sigle"],
        "mandature": releve["mandature"],
        "quand": _jour(seance["ouverte_le"] or seance["debut"]),
        "reperes": _reperes(releve),
        "colleges": [_college(college, releve) for college in releve["presence"]],
        "totaux": _totaux(releve),
        "phrase_quorum": " ".join(filter(None, [_phrase_quorum(releve["quorum"]), _phrase_carence(releve)])),
        "ouverture": nettoyer(texte.get(OUVERTURE, "")),
        "fin": nettoyer(texte.get(FIN, "")),
        "phrase_ouverture": _phrase_ouverture(releve),
        "phrase_fin": _phrase_fin(releve),
        "points": [_point(point, nettoyer(texte.get(point["cle"], ""))) for point in releve["points"]],
        "huis_clos": huis_clos,
        "presidee_par": releve["presidee_par"],
        "secretaire": releve["secretaire"],
    }


def presenter_feuille(releve: dict[str, Any]) -> dict[str, Any]:
    """Return the attendance sheet: to sign before the séance, proof of presence after it."""
    seance = releve["seance"]
    est_tenue = bool(seance["levee_le"])
    return {
        "titre": seance["titre"],
        "instance": releve["instance"]["nom"],
        "reperes": [
            repere for repere in _reperes(releve) if repere[0] in {"Date", "Horaires", "Lieu", "Présidence"}
        ],
        "colleges": [_college(college, releve) for college in releve["presence"]],
        "totaux": _totaux(releve) if est_tenue else "",
        "phrase_quorum": _phrase_quorum(releve["quorum"]),
        "est_tenue": est_tenue,
    }


def _instant(valeur: str | None) -> datetime | None:
    return timezone.localtime(datetime.fromisoformat(valeur)) if valeur else None


def _jour(valeur: str | None) -> str:
    instant = _instant(valeur)
    return jour_texte(instant, "long") if instant else ""


def _heure(valeur: str | None) -> str:
    return heure(_instant(valeur))


def _reperes(releve: dict[str, Any]) -> list[tuple[str, str]]:
    seance, reglement = releve["seance"], releve["reglement"]
    debut = seance["ouverte_le"] or seance["debut"]
    lieu = seance["lieu"] or "À distance"
    if seance["lieu"] and seance["tenue"] != "en salle":
        lieu += f" ({seance['tenue']})"
    convocations = [
        f"{Convocation.dite_envoyee(convocation['nature'])} le {jour_texte(_instant(convocation['envoyee_le']))}"
        + (", en urgence" if convocation["est_urgente"] else "")
        + (", hors délai" if convocation["est_tardive"] else "")
        for convocation in releve["convocations"]
        if convocation["envoyee_le"]
    ]
    pauses = [
        f"de {_heure(pause['de'])} à {_heure(pause['a'])}" for pause in releve["interruptions"] if pause["a"]
    ]
    reperes = [
        ("Date", majuscule(_jour(debut))),
        ("Horaires", _horaires(seance)),
        ("Suspension", majuscule(enumerer(pauses))),
        ("Lieu", lieu),
        ("Convocation", ". ".join(convocations)),
        ("Présidence", releve["presidee_par"]),
        ("Secrétariat", releve["secretaire"]),
        ("Personnes invitées, sans voix", " ; ".join(releve.get("invites", []))),
        (
            "Règlement",
            f"Version {reglement['version']}. {reglement['quorum'] if releve['presence'] else ''}".strip(),
        ),
    ]
    if seance["rang_convocation"] > 1:
        reperes.insert(5, ("Seconde convocation", "La première séance n’a pas réuni le quorum."))
    return [(titre, phrase) for titre, phrase in reperes if phrase]


def _horaires(seance: dict[str, Any]) -> str:
    fin = seance["levee_le"] or seance["fin_prevue"]
    if seance["levee_le"] and not seance["ouverte_le"]:
        return f"Convoquée à {_heure(seance['debut'])}, absence de quorum constatée à {_heure(fin)}"
    return f"De {_heure(seance['ouverte_le'] or seance['debut'])} à {_heure(fin)}"


def _totaux(releve: dict[str, Any]) -> str:
    if not releve["presence"]:  # nobody has a seat: only invited people met
        invites = len(releve.get("invites", []))
        return f"{accorder(invites, 'personne invitée présente', 'personnes invitées présentes')}."
    totaux = releve["totaux"]
    phrase = accorder(totaux["presents"], "présence")
    if totaux["a_distance"]:
        phrase += f" dont {totaux['a_distance']} à distance"
    suite = [
        accorder(totaux["supplees"], "suppléance") if totaux["supplees"] else "",
        accorder(totaux["representes"], "pouvoir") if totaux["representes"] else "",
        accorder(totaux["excuses"], "absence excusée", "absences excusées") if totaux["excuses"] else "",
        accorder(totaux["absents"], "absence") if totaux["absents"] else "",
    ]
    return ", ".join([phrase, *(morceau for morceau in suite if morceau)]) + "."


def _phrase_quorum(quorum: dict[str, Any]) -> str:
    if not quorum or quorum.get("par_college") == []:  # nobody has a seat
        return ""
    if not quorum.get("est_exige", True):
        return f"Quorum à l’ouverture : {minuscule(quorum['phrase'])}"
    dit = "atteint" if quorum["est_atteint"] else "non atteint"
    return (
        f"Quorum à l’ouverture : {dit}, {accorder(quorum['atteint'], 'siège tenu', 'sièges tenus')} "
        f"sur {accorder(quorum['requis'], 'nécessaire')}."
    )


def _phrase_carence(releve: dict[str, Any]) -> str:
    quorum = releve.get("carence")  # absent from data frozen before it was kept
    if not quorum:
        return ""
    quand = f" à {_heure(releve['seance']['levee_le'])}" if releve["seance"]["levee_le"] else ""
    return (
        f"Quorum constaté manquant{quand} : {accorder(quorum['atteint'], 'siège tenu', 'sièges tenus')} "
        f"sur {accorder(quorum['requis'], 'nécessaire')}. {quorum['phrase']}"
    )


def _phrase_fin(releve: dict[str, Any]) -> str:
    levee = releve["seance"]["levee_le"]
    if not levee:
        return ""
    if releve.get("carence"):
        return f"À {_heure(levee)}, le quorum n’est pas atteint : la séance est reportée."
    return f"La séance est levée à {_heure(levee)}."


def _phrase_ouverture(releve: dict[str, Any]) -> str:
    ouverte = releve["seance"]["ouverte_le"]
    if not ouverte:
        return ""
    par = f" par {releve['presidee_par']}" if releve["presidee_par"] else ""
    return f"La séance est ouverte à {_heure(ouverte)}{par}."


def _college(college: dict[str, Any], releve: dict[str, Any]) -> dict[str, Any]:
    personnes = [_personne(personne, releve) for personne in college["personnes"]]
    venus = sum(personne["est_venu"] for personne in personnes)
    return {
        "nom": college["nom"],
        "mention": "" if college["a_le_vote"] else "voix consultative",
        "personnes": personnes,
        "compte": f"{accorder(venus, 'présence')} sur {accorder(len(personnes), 'personne')}",
    }


def _personne(personne: dict[str, Any], releve: dict[str, Any]) -> dict[str, Any]:
    qualite = personne["qualite"]
    if personne["supplee"]:
        qualite = ", ".join(mot for mot in (qualite, f"siège {de(personne['supplee'])}") if mot)
    presence = {
        PRESENT: " puis ".join(_intervalle(i, releve) for i in personne["intervalles"]),
        SUPPLEE: f"suppléance : {personne['supplee_par']}",
        REPRESENTE: f"pouvoir à {personne['pouvoir_a']}",
        EXCUSE: "absence excusée",
        ABSENT: "absence",
    }[personne["statut"]]
    if personne["pouvoirs_de"]:
        presence += f", porte le pouvoir {enumerer(de(nom) for nom in personne['pouvoirs_de'])}"
    return {
        "nom": personne["nom"],
        "qualite": majuscule(qualite),
        "presence": majuscule(presence),
        "est_venu": personne["statut"] == PRESENT,
        "absence": "" if personne["statut"] == PRESENT else majuscule(presence),
    }


def _intervalle(intervalle: dict[str, Any], releve: dict[str, Any]) -> str:
    """Return mode and hours of an interval; the hours only if they differ from those of the séance."""
    ouverte, levee = releve["seance"]["ouverte_le"], releve["seance"]["levee_le"]
    de, a = _instant(intervalle["de"]), _instant(intervalle["a"])
    debut, fin = _instant(ouverte), _instant(levee)
    tard = bool(de and debut and (de - debut).total_seconds() >= MINUTE)
    tot = bool(a and fin and (fin - a).total_seconds() >= MINUTE)
    mode = str(intervalle["mode"])
    if tard and tot:
        return f"{mode}, de {heure(de)} à {heure(a)}"
    if tard:
        return f"{mode}, à partir de {heure(de)}"
    if tot:
        return f"{mode}, jusqu’à {heure(a)}"
    return mode


def _point(point: dict[str, Any], texte: str) -> dict[str, Any]:
    faits = [majuscule(point["nature"])]
    if point["rapporteur"]:
        faits.append(f"présenté par {point['rapporteur']}")
    if point["direction"]:
        faits.append(point["direction"])
    if point["commence_le"]:
        duree = max(1, round(point["secondes"] / MINUTE)) if point["secondes"] else 0
        faits.append(
            f"à {_heure(point['commence_le'])}" + (f", pendant {accorder(duree, 'minute')}" if duree else "")
        )
    notes = []
    if point["est_tardif"]:
        notes.append("Point ajouté après la convocation.")
    if point["est_confidentiel"]:
        notes.append("Point examiné à huis clos, absent de la version publiée.")
    if point["pv_de"]:
        notes.append(f"Procès-verbal de la séance « {point['pv_de']} ».")
    if point["etat"] in {"reporté", "à traiter"}:
        reste = f" : {point['motif']}" if point["motif"] else ""
        notes.append(ponctuer(f"Point reporté{reste}" if point["etat"] == "reporté" else "Point non traité"))
    votes = [_vote(vote) for vote in point["votes"]]
    return {
        "cle": point["cle"],
        "numero": point["numero"],
        "titre": point["titre"],
        "faits": ", ".join(faits) + ".",
        "notes": notes,
        "pieces": [
            piece["titre"] + (" (remis hors délai)" if piece["est_tardive"] else "")
            for piece in point["pieces"]
        ],
        "dossiers": [
            {
                **dossier,
                "texte": dossier.get("texte") or {},
                "sommes": _sommes_en_mots(dossier.get("sommes", ())),
            }
            for dossier in point["dossiers"]
        ],
        "decisions": any(dossier["decision"] for dossier in point["dossiers"]),
        "deports": [
            deport["nom"] + (f" ({deport['motif']})" if deport["motif"] else "")
            for deport in point["deports"]
        ],
        "texte": texte,
        "votes": votes,
        "elections": [_election(election) for election in point.get("elections", ())],
        "desaccords": point["desaccords"],
        "resultat": _resultat(point, votes),
    }


def _sommes_en_mots(sommes: Iterable[Sequence[str]]) -> str:
    """Return « État : 2 000 €, Département : 500 €, soit 2 500 € »; "" without amounts."""
    lues = [(qui, Decimal(somme)) for qui, somme in sommes]
    total = sum((somme for _, somme in lues), start=Decimal(0))
    phrases = [f"{qui} : {montant(somme)}" for qui, somme in lues]
    return ", ".join(phrases) + (f", soit {montant(total)}" if len(lues) > 1 else "")


def _resultat(point: dict[str, Any], votes: list[dict[str, Any]]) -> str:
    """Return the result in one or two words, for the summary."""
    if point["etat"] == "reporté":
        return "Reporté"
    if votes:
        return " ; ".join(dict.fromkeys(str(vote["mot"]) for vote in votes))
    if point.get("elections"):
        return "Élection faite"
    prises = sum(bool(dossier["decision"]) for dossier in point["dossiers"])
    if prises:
        return accorder(prises, "décision")
    return "Non traité" if point["etat"] == "à traiter" else "–"


def _quorum_du_vote(quorum: dict[str, Any]) -> str:
    """« Quorum atteint : 31 sur 16 nécessaires. »; for a vote without quorum, its sentence."""
    phrase = str(quorum["phrase"])
    suite = minuscule(phrase)
    if not quorum.get("est_exige", True):
        return phrase
    return f"Quorum {suite}" if suite.startswith("atteint") else f"Quorum : {suite}"


def _election(election: dict[str, Any]) -> dict[str, Any]:
    """Return what is said of an election without candidates: who, how, what was objected."""
    college = f" Collège « {election['college']} »." if election["college"] else ""
    objections = [
        f"{nom}, objection : {texte}{' (levée)' if levee else ''}"
        for nom, texte, levee in election["objections"]
    ]
    return {
        "titre": f"Élection sans candidat : {election['objet']}",
        "elus": enumerer(election["elus"]),
        "comment": (
            f"{accorder(election['tours'], 'tour')}, {accorder(election['propositions'], 'proposition')}, consentement de tous.{college}"
        ),
        "raison": election["raison"],
        "objections": objections,
    }


def _vote(vote: dict[str, Any]) -> dict[str, Any]:
    total = vote["total"]
    mot = "Adopté" if vote["resultat"] == "adopte" else "Non adopté"
    # Data frozen before `regle` was kept: the majority was then of the votes cast.
    ancienne = (
        f"{vote['majorite']} des voix exprimées{', dans chaque collège' if vote['par_college'] else ''}."
    )
    demandee = vote.get("regle") or ancienne
    regle = f"Vote {vote['forme']}. Majorité demandée : {minuscule(demandee)}"
    if vote["quorum"].get("phrase"):
        regle += f" {_quorum_du_vote(vote['quorum'])}"
    phrase = (
        f"{mot} : {total['pour']} pour, {total['contre']} contre, "
        f"{accorder(total['abstention'], 'abstention')}, {total['nppv']} ne prenant pas part au vote."
    )
    if vote.get("raison"):
        phrase += f" {vote['raison']}"
    if vote.get("papier"):
        phrase += f" Dont {accorder(vote['papier'], 'bulletin')} papier, comptés par {vote['scrutateurs']}."
    if vote["a_l_egalite"]:
        phrase += " Égalité tranchée par la voix prépondérante de la présidence."
    return {
        "numero": vote["numero"],
        "objet": vote["objet"],
        "mot": mot,
        "regle": regle,
        "phrase": phrase,
        "colleges": vote["colleges"],
        "total": total,
        "avec_total": len(vote["colleges"]) > 1,
        "nominatif": _nominatif(vote["nominatif"], vote.get("sans_vote", [])),
    }


def _nominatif(bulletins: list[dict[str, str]], sans_vote: list[str]) -> list[tuple[str, str]]:
    """Return (label, names) for each choice made, then for those who did not vote."""
    libelles = {
        "pour": "Pour",
        "contre": "Contre",
        "abstention": "Abstention",
        "nppv": "Ne prennent pas part au vote",
    }
    lignes = []
    for sens, libelle in libelles.items():
        noms = [bulletin["nom"] for bulletin in bulletins if bulletin["sens"] == sens]
        if noms:
            lignes.append((libelle, ", ".join(noms)))
    if sans_vote:
        lignes.append(("N’ont pas voté" if len(sans_vote) > 1 else "N’a pas voté", ", ".join(sans_vote)))
    return lignes
