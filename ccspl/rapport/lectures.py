"""Data of the état des travaux of a year, for its page and its PDF."""

from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from ccspl.models import INSTANCE, Avis, Preconisation
from ccspl.resume.lectures import rencontres
from ccspl.tableau.avis import Mesures, mesurer, rendus
from ccspl.tableau.presence import presence_par_college, seances_tenues, sieges_tenus
from participation.seances.models import Membre
from participation.socle.francais import jour_texte

Rang = Membre.Rang


def donnees_du_rapport(annee: int) -> dict[str, Any]:
    """Return the data of the report, as JSON values: they are kept with the document, which does not
    change."""
    debut, fin = date(annee, 1, 1), date(annee, 12, 31)
    _, colleges = presence_par_college(debut, fin)
    return {
        "annee": annee,
        "cette_annee": _chiffres(annee),
        "annee_passee": _chiffres(annee - 1),
        "composition": _composition(fin),
        "arrivees": _mouvements(Q(du__range=(debut, fin)), "du"),
        "departs": _mouvements(Q(au__range=(debut, fin)), "au"),
        "seances": _seances(debut, fin),
        "presence": [
            {"college": c.nom, "attendus": c.attendus, "presents": c.presents, "part": c.part}
            for c in colleges
        ],
        "saisines": _saisines(debut, fin),
        "avis": [_avis(un) for un in avis_de(annee)],
        "rencontres": [
            {
                "date": jour_texte(r.debut),
                "titre": r.titre,
                "nature": r.get_nature_display(),
                "venus": r.venus,
                "places": r.capacite,
                "moyenne": round(float(r.moyenne), 1) if r.moyenne is not None else None,
            }
            for r in _tenues(annee)
        ],
    }


def _tenues(annee: int) -> Any:
    """Return the visits and trainings already held."""
    return rencontres(annee).filter(debut__lte=timezone.now())


def avis_de(annee: int) -> list[Avis]:
    """Return the avis adopted in the year, oldest first, with their préconisations and suites."""
    tous: Any = Avis.objects.all()
    return list(
        rendus(tous, date(annee, 1, 1), date(annee, 12, 31))
        .select_related("service", "conseil")
        .prefetch_related(
            Prefetch("preconisations", Preconisation.objects.select_related("suite__direction"))
        )
        .order_by("adopte_le", "pk")
    )


def _avis(avis: Avis) -> dict[str, Any]:
    return {
        "reference": avis.reference or "",
        "titre": avis.titre,
        "service": str(avis.service),
        "objet": avis.get_objet_display(),
        "saisine": avis.get_saisine_display(),
        "sens": avis.get_sens_display(),
        "adopte_le": jour_texte(avis.adopte_le),
        "conseil": jour_texte(avis.conseil.date) if avis.conseil else "",
        "deliberation": avis.deliberation,
        "synthese": avis.synthese,
        "preconisations": [
            {
                "numero": p.numero,
                "texte": p.texte,
                "etat": str(p.suite.get_etat_display()) if p.suite else "pas encore transmise",
                "raison": p.suite.reponse_dite if p.suite else "",
                "direction": str(p.suite.direction) if p.suite else "",
            }
            for p in avis.preconisations.all()
        ],
    }


def _chiffres(annee: int) -> dict[str, Any]:
    debut, fin = date(annee, 1, 1), date(annee, 12, 31)
    tous: Any = Avis.objects.all()
    mesures: Mesures = mesurer(tous, debut, fin)
    seances, colleges = presence_par_college(debut, fin)
    attendus = sum(c.attendus for c in colleges)
    faites = list(_tenues(annee))
    return {
        "seances": seances,
        "presence": round(100 * sum(c.presents for c in colleges) / attendus) if attendus else None,
        "saisines": Avis.objects.filter(date_saisine__range=(debut, fin)).count(),
        "avis": mesures.rendus,
        "auto_saisines": mesures.auto_saisines,
        "preconisations": mesures.preconisations,
        "suivies": mesures.total.suivies,
        "en_partie": mesures.total.en_partie,
        "non_suivies": mesures.total.non_suivies + mesures.total.hors_competence,
        "en_attente": mesures.total.en_attente,
        "rencontres": len(faites),
        "venus": sum(r.venus for r in faites),
    }


def _composition(jour: date) -> list[dict[str, Any]]:
    """Return the members on the last day of the year, by collège."""
    colleges: dict[int, dict[str, Any]] = {}
    membres = (
        Membre.objects.filter(college__mandature__instance__cle=INSTANCE)
        .en_fonction(jour)
        .select_related("compte", "college", "commune")
        .order_by("college__ordre", "college", "rang", "compte__nom", "compte__prenom", "pk")
    )
    for membre in membres:
        college = colleges.setdefault(
            membre.college_id,
            {
                "nom": membre.college.nom,
                "sieges": membre.college.sieges,
                "a_le_vote": membre.college.a_le_vote(jour),
                "titulaires": [],
                "suppleants": [],
            },
        )
        est_titulaire = membre.rang == Rang.TITULAIRE
        college["titulaires" if est_titulaire else "suppleants"].append(_nommer(membre))
    return list(colleges.values())


def _nommer(membre: Membre) -> str:
    """Return name, function and organisation, which the deliberation of nomination publishes.

    The commune is left out: each member decides whether it is published.
    """
    dits = [] if membre.fonction == Membre.Fonction.MEMBRE else [membre.get_fonction_display()]
    dits += [membre.organisme] if membre.organisme else []
    return f"{membre} ({', '.join(dits)})" if dits else str(membre)


def _mouvements(quand: Q, champ: str) -> list[dict[str, str]]:
    return [
        {"nom": _nommer(m), "college": str(m.college), "date": jour_texte(getattr(m, champ))}
        for m in Membre.objects.filter(quand, college__mandature__instance__cle=INSTANCE)
        .select_related("compte", "college")
        .order_by(champ, "compte__nom", "pk")
    ]


def _seances(debut: date, fin: date) -> list[dict[str, Any]]:
    tenues = seances_tenues(debut, fin)
    seances = list(tenues.order_by("debut", "pk").prefetch_related("points"))
    sieges = {ligne["seance"]: ligne for ligne in sieges_tenus(tenues, "seance")}
    return [
        {
            "date": jour_texte(s.debut),
            "titre": s.titre,
            "nature": s.get_nature_display(),
            "tenue": s.get_tenue_display(),
            "presents": sieges[s.pk]["presents"] if s.pk in sieges else 0,
            "attendus": sieges[s.pk]["attendus"] if s.pk in sieges else 0,
            "points": [p.titre for p in s.points.all() if not p.est_confidentiel],
        }
        for s in seances
    ]


def _saisines(debut: date, fin: date) -> list[dict[str, Any]]:
    """Return the number of saisines by objet, and how many were auto-saisines."""
    lignes = (
        Avis.objects.filter(date_saisine__range=(debut, fin))
        .order_by()
        .values("objet")
        .annotate(n=Count("pk"), auto=Count("pk", filter=Q(saisine=Avis.Saisine.AUTO)))
    )
    comptes = {ligne["objet"]: ligne for ligne in lignes}
    return [
        {"objet": str(o.label), "nombre": comptes[o.value]["n"], "auto": comptes[o.value]["auto"]}
        for o in Avis.Objet
        if o.value in comptes
    ]
