"""Content of Open311: services, published sujets, and for a client its own requests.

Never a verbatim, never a person.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from participation.socle.collectivite import collectivite
from participation.socle.francais import majuscule
from participation.socle.models import Commune, Entree, ReglageService
from participation.socle.regles.textes import sans_controle
from remontees.models import Categorie, ClientOpen311, DepotOpen311, Reception, Remontee, Sujet
from remontees.open311.regles import DESCRIPTION_MAX, Recherche, tranche
from remontees.sujets.lectures import ou_en_est, publies
from remontees.workflow import FINIS, SUJETS_EN_COURS, Etat, EtatSujet

CHANGEMENT = "2026-11-26T00:00:00Z"


ETATS_FINIS = {*FINIS, EtatSujet.REPONDU, EtatSujet.CLOS}


def w3c(le: datetime | None) -> str | None:
    return timezone.localtime(le).isoformat(timespec="seconds") if le else None


def decouverte() -> dict[str, Any]:
    contact = ReglageService.actuel().contact
    return {
        "changeset": CHANGEMENT,
        "contact": f"Service participation citoyenne, {collectivite().nom}"
        + (f", {contact}" if contact else ""),
        "key_service": "Une clé par application, donnée par le service participation : écrivez-lui.",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": f"{settings.SITE_URL}/open311/v2",
                "changeset": CHANGEMENT,
                "type": "production",
                "formats": ["application/json", "text/xml"],
            }
        ],
    }


def proposes() -> Any:
    """Return the categories of the metropolis, with the themes that have no sub-category."""
    return (
        Categorie.objects.filter(est_active=True, est_metropolitaine=True)
        .exclude(pk__in=Categorie.objects.filter(est_active=True, parent__isnull=False).values("parent"))
        .select_related("parent")
    )


def services() -> list[dict[str, Any]]:
    return [
        {
            "service_code": categorie.code,
            "service_name": categorie.nom,
            "description": " ".join(filter(None, [categorie.description, categorie.conseil])),
            "metadata": True,
            # Asynchronous: the client receives a token, then the number once the remontée exists.
            "type": "batch",
            "keywords": "",
            "group": categorie.parent.nom if categorie.parent else categorie.nom,
        }
        for categorie in proposes()
    ]


def definition(categorie: Categorie) -> dict[str, Any]:
    communes = Commune.objects.values_list("code_insee", "nom")
    return {
        "service_code": categorie.code,
        "attributes": [
            {
                "variable": True,
                "code": "commune",
                "datatype": "singlevaluelist",
                "required": False,
                "datatype_description": "Code Insee de la commune.",
                "order": 1,
                "description": "Dans quelle commune ? Inutile avec un point dont la commune est connue.",
                "values": [{"key": code, "name": nom} for code, nom in communes],
            },
            {
                "variable": True,
                "code": "lieu",
                "datatype": "string",
                "required": False,
                "datatype_description": "Une ligne, 200 signes au plus.",
                "order": 2,
                "description": "Le lieu exact : arrêt, équipement, étage.",
            },
        ],
    }


def demandes(recherche: Recherche, client: ClientOpen311 | None) -> list[dict[str, Any]]:
    """Return published sujets and requests of the client, last received first. At most five queries."""
    fiches = [_du_sujet(sujet) for sujet in _sujets(recherche)]
    if client is not None:
        fiches += [_du_depot(remontee) for remontee in _depots(recherche, client)]
    fiches.sort(key=lambda paire: (paire[0], paire[1]["service_request_id"]), reverse=True)
    return [fiche for _, fiche in tranche(fiches, recherche)]


def _choisir(objets: Any, recherche: Recherche, ouverts: frozenset[str]) -> Any:
    if recherche.numeros:
        objets = objets.filter(reference__in=recherche.numeros)
    else:
        objets = objets.filter(ouvert_le__gte=recherche.debut, ouvert_le__lte=recherche.fin)
        if recherche.services:
            objets = objets.filter(categorie__code__in=recherche.services)
        if recherche.statuts == {"open"}:
            objets = objets.filter(etat__in=sorted(ouverts))
        elif recherche.statuts == {"closed"}:
            objets = objets.exclude(etat__in=sorted(ouverts))
    finie = Entree.objects.filter(dossier=OuterRef("pk"), etat_apres__in=ETATS_FINIS).exclude(
        etat_avant__in=ETATS_FINIS
    )
    choisis: Any = (
        objets.annotate(finie_le=Subquery(finie.order_by("-le", "-pk").values("le")[:1]))
        .select_related("categorie", "commune", "quartier")
        .order_by("-ouvert_le", "-pk")
    )
    return choisis[: recherche.page * recherche.par_page]


def _sujets(recherche: Recherche) -> Any:
    return _choisir(publies(), recherche, SUJETS_EN_COURS)


def _depots(recherche: Recherche, client: ClientOpen311) -> Any:
    siennes = Remontee.objects.filter(pk__in=remontees_de(client)).select_related("sujet_commun")
    return _choisir(siennes, recherche, frozenset(Etat.values) - FINIS)


def remontees_de(client: ClientOpen311) -> Any:
    cles = DepotOpen311.objects.filter(client=client).values("cle")
    return Reception.objects.filter(cle__in=cles, remontee__isnull=False).values("remontee")


def _commun(objet: Sujet | Remontee, **autres: Any) -> tuple[datetime, dict[str, Any]]:
    commune: Commune | None = objet.commune
    quartier = objet.quartier.nom if objet.quartier else ""
    recue_le = objet.ouvert_le or objet.cree_le
    est_fini = objet.etat in ETATS_FINIS
    prevue = objet.date_prevue if est_fini else None
    # For a closed request, the specification wants the date of closing, not of the last change.
    changee_le = (getattr(objet, "finie_le", None) if est_fini else None) or objet.modifie_le
    fiche = {
        "service_request_id": objet.reference,
        "status": "closed" if est_fini else "open",
        "status_notes": "",
        "service_name": objet.categorie.nom if objet.categorie else "",
        "service_code": objet.categorie.code if objet.categorie else "",
        "description": "",
        "agency_responsible": collectivite().nom,
        "service_notice": "",
        "requested_datetime": w3c(recue_le),
        "updated_datetime": w3c(changee_le),
        "expected_datetime": f"{prevue.isoformat()}T00:00:00Z" if prevue else None,
        "address": ", ".join(mot for mot in (quartier, str(commune or "")) if mot),
        "address_id": commune.code_insee if commune else None,
        "zipcode": next(iter(commune.codes_postaux), None) if commune else None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
    return recue_le, {
        cle: sans_controle(valeur) if isinstance(valeur, str) else valeur
        for cle, valeur in {**fiche, **autres}.items()
    }


def _court(texte: str) -> str:
    """Cut a text to the length of the specification; the full text is at the URL of `service_notice`."""
    return texte if len(texte) <= DESCRIPTION_MAX else texte[: DESCRIPTION_MAX - 1] + "…"


def _du_sujet(sujet: Sujet) -> tuple[datetime, dict[str, Any]]:
    dit, est_fini = ou_en_est(sujet), sujet.etat in ETATS_FINIS
    return _commun(
        sujet,
        status_notes=f"{dit.mot}. {sujet.reponse}" if est_fini else f"{dit.mot}. {dit.phrase}",
        description=_court(sujet.texte_public),
        service_notice=f"Plusieurs remontées, une réponse : {settings.SITE_URL}{sujet.get_public_url()}",
    )


def _du_depot(remontee: Remontee) -> tuple[datetime, dict[str, Any]]:
    """Return a request of the client, without its words: the holder of the key is not the person who spoke.

    Of a discrimination, only that it was received.
    """
    if remontee.est_discrimination:
        return _commun(remontee, status="open", expected_datetime=None)
    mots = majuscule(remontee.get_etat_display())
    issue = str(remontee.get_issue_display() or "")
    sujet = remontee.sujet_commun
    avis = ""
    if sujet is not None and sujet.est_publie:
        avis = f"Suivie avec d’autres : {settings.SITE_URL}{sujet.get_public_url()}"
    return _commun(
        remontee,
        status_notes=f"{mots} : {issue}." if issue else f"{mots}.",
        service_notice=avis,
        lat=remontee.latitude,
        long=remontee.longitude,
    )


def numero_du_jeton(cle: Any) -> str | None:
    """Return the number behind a token: "" before the remontée exists, None for an unknown token."""
    if not DepotOpen311.objects.filter(cle=cle).exists():
        return None
    lu = Reception.objects.filter(cle=cle).values_list("remontee__reference", flat=True).first()
    return lu or ""


def nouvelles(recherche: Recherche, client: ClientOpen311 | None) -> list[dict[str, Any]]:
    """Return the updates of published sujets and of the client's requests.

    A public journal line of a sujet, or a change of état of a request.
    """
    lignes = Entree.objects.filter(dossier__est_publie=True, dossier__nature="sujet", est_publique=True)
    if client is not None:
        changees = Q(dossier__in=remontees_de(client), dossier__est_reserve=False) & ~Q(etat_avant="")
        lignes = Entree.objects.filter(
            Q(pk__in=lignes.values("pk")) | (changees & ~Q(etat_avant=F("etat_apres")))
        )
    if recherche.numeros:
        lignes = lignes.filter(dossier__reference__in=recherche.numeros)
    else:
        lignes = lignes.filter(le__gte=recherche.debut, le__lte=recherche.fin)
    choisies = lignes.select_related("dossier").order_by("-le", "-pk")
    debut = (recherche.page - 1) * recherche.par_page
    mots = dict(Etat.choices)
    return [
        {
            "update_id": str(ligne.pk),
            "service_request_id": ligne.dossier.reference,
            "status": "closed" if ligne.etat_apres in ETATS_FINIS else "open",
            "updated_datetime": w3c(ligne.le),
            "description": sans_controle(
                ligne.fait_en_clair
                if ligne.dossier.nature == "sujet"
                else majuscule(mots.get(ligne.etat_apres, ""))
            ),
            "media_url": None,
        }
        for ligne in choisies[debut : debut + recherche.par_page]
    ]
