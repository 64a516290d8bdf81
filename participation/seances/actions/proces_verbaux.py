"""The procès-verbal: written from the séance, edited by several, submitted, approved, frozen, corrected with a reason."""

import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.utils import timezone

from participation.seances.lectures import minutes
from participation.seances.models import Membre, Point, ProcesVerbal, RemarquePV, Seance, VersionPV
from participation.seances.notifications import proces_verbaux as notifications
from participation.seances.workflow import Etat, EtatPV, EtatVote
from participation.socle.actions import consigner, verrouiller
from participation.socle.actions.documents import demander_document, effacer_documents, figer_document
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.francais import jour_texte
from participation.socle.models import Compte, Document
from participation.socle.versions import TexteDepasse, empreinte

NATURE, NATURE_FEUILLE = "seances/proces_verbal", "seances/feuille_presence"


@transaction.atomic
def rediger(seance: Seance, *, par: Compte) -> ProcesVerbal:
    """Write the first text from what was noted in séance. Asked twice, gives the same one back.

    Raises ActeInterdit (the séance is not over, or nothing was deliberated).
    """
    _exiger_agent(par)
    verrouiller(seance)
    if not seance.est_deliberante:
        raise ActeInterdit("Une visite ou une formation n’a pas de procès-verbal.")
    if seance.etat not in {Etat.LEVEE, Etat.REPORTEE}:
        raise ActeInterdit("Le procès-verbal se rédige une fois la séance levée.")
    pv, est_neuf = ProcesVerbal.objects.get_or_create(
        seance=seance, defaults={"texte": minutes.premier_texte(seance)}
    )
    if est_neuf:
        consigner(seance, "rediger_pv", par=par, fait="Procès-verbal commencé")
    return pv


@transaction.atomic
def ecrire(
    pv: ProcesVerbal, *, par: Compte, texte: Mapping[str, str], vus: Mapping[str, str] | None = None
) -> bool:
    """Keep the parts that were changed; the others stay as they are today, whoever wrote them. True if something changed.

    `vus`: the fingerprint of each part when the page was opened. Raises TexteDepasse for a part that two people changed.
    """
    _exiger_agent(par)
    _verrouiller(pv)
    if pv.etat == EtatPV.APPROUVE:
        raise ActeInterdit(
            "Le procès-verbal est approuvé : il ne change plus que par une correction motivée."
        )
    nouveau = _fondre(pv, texte, vus or {})
    if nouveau == pv.texte:
        return False
    pv.texte = nouveau
    pv.save()
    consigner(pv.seance, "ecrire_pv", par=par, fait="Texte du procès-verbal modifié")
    return True


def empreinte_partie(pv: ProcesVerbal, cle: str) -> str:
    """What a page keeps of the text it shows."""
    return empreinte(_Partie(pv.texte.get(cle, "")), ["html"])


@transaction.atomic
def soumettre(pv: ProcesVerbal, *, par: Compte) -> VersionPV:
    """Freeze text and data in a version, ask for its PDF, tell the members. Again after remarks: one more version."""
    _exiger_agent(par)
    _verrouiller(pv)
    if pv.etat == EtatPV.APPROUVE:
        raise ActeInterdit("Le procès-verbal est déjà approuvé.")
    releve, derniere = minutes.donnees(pv.seance), pv.derniere
    if derniere is not None and (derniere.texte, derniere.donnees) == (pv.texte, releve):
        raise ActeInterdit("Cette version est déjà soumise : rien n’a changé depuis.")
    version = _nouvelle_version(pv, releve, par=par)
    pv.etat, pv.soumis_le = EtatPV.SOUMIS, timezone.now()
    pv.save()
    _demander_documents(pv, version, par=par)
    if pv.feuille is None:
        pv.feuille = _demander_feuille(pv.seance, releve, par=par)
        pv.save(update_fields=["feuille"])
    consigner(
        pv.seance,
        "soumettre_pv",
        par=par,
        fait="Procès-verbal soumis à l’approbation"
        if version.numero == 1
        else "Procès-verbal soumis de nouveau",
        details={"version": version.numero},
    )
    notifications.soumettre(version)
    return version


@transaction.atomic
def approuver(
    pv: ProcesVerbal, *, par: Compte, point: Point | None = None, est_publie: bool | None = None
) -> VersionPV:
    """Note that it was approved, at a point of a later séance or otherwise. What was submitted is what is approved.

    `est_publie`: by default, as the instance. Raises ActeInterdit (not submitted, or approved already), ErreurMetier (the
    text changed since it was submitted, or the point is about something else).
    """
    _exiger_agent(par)
    _verrouiller(pv)
    version = pv.derniere
    if pv.etat != EtatPV.SOUMIS or version is None:
        raise ActeInterdit(
            "Le procès-verbal est déjà approuvé."
            if pv.etat == EtatPV.APPROUVE
            else "Soumettez le procès-verbal aux membres avant de noter son approbation."
        )
    if version.texte != pv.texte:
        raise ErreurMetier(
            "Le texte a changé depuis la version soumise. Soumettez-le de nouveau : les membres approuvent ce qu’ils ont lu."
        )
    if point is not None:
        _exiger_point(pv, point)
    pv.etat, pv.approuve_le, pv.approuve_a = EtatPV.APPROUVE, timezone.now(), point
    pv.est_publie = pv.seance.instance.est_publique if est_publie is None else est_publie
    pv.save()
    _demander_documents(pv, version, par=par)
    consigner(
        pv.seance,
        "approuver_pv",
        par=par,
        fait="Procès-verbal approuvé",
        details={"version": version.numero, "point": point.pk if point else None, "publie": pv.est_publie},
    )
    notifications.approuver(version)
    return version


@transaction.atomic
def corriger(
    pv: ProcesVerbal,
    *,
    par: Compte,
    texte: Mapping[str, str],
    motif: str,
    vus: Mapping[str, str] | None = None,
) -> VersionPV:
    """After the approval: one more version, with its reason. The former ones stay, with their PDF."""
    _exiger_agent(par)
    _verrouiller(pv)
    if pv.etat != EtatPV.APPROUVE:
        raise ActeInterdit("Ce procès-verbal n’est pas encore approuvé : modifiez son texte.")
    if not motif.strip():
        raise ErreurMetier("Dites pourquoi le procès-verbal approuvé est corrigé.")
    nouveau, releve, derniere = _fondre(pv, texte, vus or {}), minutes.donnees(pv.seance), pv.derniere
    if derniere is not None and (derniere.texte, derniere.donnees) == (nouveau, releve):
        raise ErreurMetier("Rien n’a changé : il n’y a pas de correction à enregistrer.")
    pv.texte = nouveau
    pv.save()
    version = _nouvelle_version(pv, releve, par=par, motif=motif.strip())
    _demander_documents(pv, version, par=par)
    consigner(
        pv.seance,
        "corriger_pv",
        par=par,
        fait=f"Procès-verbal corrigé, version {version.numero}",
        motif=version.motif,
        details={"version": version.numero},
    )
    notifications.corriger(version)
    return version


@transaction.atomic
def publier(pv: ProcesVerbal, *, par: Compte, est_publie: bool) -> None:
    """Put an approved procès-verbal on the public pages, or take it off them."""
    _exiger_agent(par)
    _verrouiller(pv)
    if pv.etat != EtatPV.APPROUVE:
        raise ActeInterdit("Seul un procès-verbal approuvé est publié.")
    if pv.est_publie == est_publie:
        raise ActeInterdit("C’est déjà fait." if est_publie else "Il n’est déjà plus publié.")
    pv.est_publie = est_publie
    pv.save()
    for version in pv.versions.all():
        if version.document is None:
            continue
        if version.a_huis_clos:
            if est_publie and version.document_public is None:
                version.document_public = _demander(pv, version, par=par, est_public=True)
                version.save(update_fields=["document_public"])
            publique = version.document_public
        else:
            publique = version.document
        if publique is not None:
            Document.objects.filter(pk=publique.pk).update(est_public=est_publie)
    consigner(
        pv.seance,
        "publier_pv",
        par=par,
        fait="Procès-verbal publié" if est_publie else "Procès-verbal retiré de la publication",
    )


@transaction.atomic
def remarquer(pv: ProcesVerbal, *, par: Compte, texte: str) -> RemarquePV:
    """What a member asks to change, while the text is submitted."""
    _verrouiller(pv)
    if pv.etat != EtatPV.SOUMIS:
        raise ActeInterdit("Les remarques se font avant l’approbation, une fois le procès-verbal soumis.")
    membre = membre_de(pv, par)
    if membre is None:
        raise RoleInsuffisant("Seuls les membres de l’instance font une remarque sur son procès-verbal.")
    remarque = RemarquePV(proces_verbal=pv, membre=membre, texte=texte.strip())
    remarque.full_clean()
    remarque.save()
    consigner(pv.seance, "remarquer_pv", par=par, fait="Remarque d’un membre sur le procès-verbal")
    return remarque


@transaction.atomic
def traiter_remarque(remarque: RemarquePV, *, par: Compte, reponse: str) -> None:
    """Say what was done of it. The member reads it on the page of the procès-verbal."""
    _exiger_agent(par)
    remarque.refresh_from_db(from_queryset=RemarquePV.objects.select_for_update(of=("self",)))
    if remarque.traitee_le is not None:
        raise ActeInterdit("Cette remarque est déjà traitée.")
    remarque.traitee_le, remarque.reponse = timezone.now(), reponse.strip()
    remarque.full_clean()
    remarque.save()


@transaction.atomic
def fabriquer_feuille(seance: Seance, *, par: Compte) -> Document:
    """The attendance sheet of today: to be signed before the séance, the proof of presence after it."""
    _exiger_agent(par)
    verrouiller(seance)
    pv = ProcesVerbal.objects.filter(seance=seance).select_related("feuille").first()
    if pv is not None and pv.feuille is not None and pv.feuille.fige_le is not None:
        return pv.feuille
    document = _demander_feuille(seance, minutes.donnees(seance), par=par)
    if pv is not None:
        pv.feuille = document
        pv.save(update_fields=["feuille"])
    return document


def figer_proces_verbaux() -> int:
    """Freeze the PDFs of approved versions and their attendance sheet, once made. Returns how many."""
    versions = VersionPV.objects.filter(proces_verbal__etat=EtatPV.APPROUVE)
    a_figer = Document.objects.filter(etat=Document.Etat.PRET, fige_le=None)
    numeros = {
        *a_figer.filter(version_pv__in=versions).values_list("pk", flat=True),
        *a_figer.filter(version_pv_publique__in=versions).values_list("pk", flat=True),
        *a_figer.filter(
            pk__in=ProcesVerbal.objects.filter(etat=EtatPV.APPROUVE).values("feuille")
        ).values_list("pk", flat=True),
    }
    combien = 0
    for document in Document.objects.filter(pk__in=numeros):
        try:
            figer_document(document, par=None)
        except ErreurMetier:
            continue  # frozen meanwhile, or its file is gone: said on the page of the document
        combien += 1
    return combien


def membre_de(pv: ProcesVerbal, compte: Compte) -> Membre | None:
    """As whom this person reads it: convened to that séance, else a member of the instance today."""
    convie = pv.seance.convies.filter(membre__compte=compte).select_related("membre").first()
    if convie is not None:
        return convie.membre
    return Membre.objects.filter(compte=compte).de_l_instance(pv.seance.instance).en_fonction().first()


def points_d_approbation(pv: ProcesVerbal) -> list[Point]:
    """Points of other séances, opened since, that put this procès-verbal to approval: the last first."""
    return list(
        Point.objects.filter(
            nature=Point.Nature.APPROBATION, pv_de=pv.seance, seance__ouverte_le__isnull=False
        )
        .select_related("seance")
        .order_by("-seance__debut")
    )


def est_adopte(point: Point) -> bool:
    """A closed vote of this point approved the procès-verbal."""
    return point.votes.filter(etat=EtatVote.CLOS, resultat="adopte").exists()


# Within


class _Partie:
    def __init__(self, html: str) -> None:
        self.html = html


def _exiger_agent(par: Compte) -> None:
    if not par.est_agent:
        raise RoleInsuffisant("Le procès-verbal est tenu par les agents du service.")


def _verrouiller(pv: ProcesVerbal) -> None:
    """The séance first, then its procès-verbal, read again."""
    verrouiller(pv.seance)
    seance = pv.seance
    pv.refresh_from_db(from_queryset=ProcesVerbal.objects.select_for_update(of=("self",)))
    pv.seance = seance


def _exiger_point(pv: ProcesVerbal, point: Point) -> None:
    if point.nature != Point.Nature.APPROBATION or point.pv_de_id != pv.seance_id:
        raise ErreurMetier("Ce point n’est pas l’approbation de ce procès-verbal.")
    if point.seance.ouverte_le is None:
        raise ErreurMetier("La séance qui l’approuve n’est pas encore ouverte.")


def _fondre(pv: ProcesVerbal, texte: Mapping[str, str], vus: Mapping[str, str]) -> dict[str, str]:
    """Today's text with the parts that were written over it. Part by part, so that two people may write at once."""
    actuel: dict[str, str] = dict(pv.texte)
    connues = {
        minutes.OUVERTURE,
        minutes.FIN,
        *(str(pk) for pk in pv.seance.points.values_list("pk", flat=True)),
    }
    nouveau, erreurs = dict(actuel), {}
    for cle, html in texte.items():
        if cle not in connues:
            continue
        propre, aujourd_hui = minutes.nettoyer(html), actuel.get(cle, "")
        if propre == aujourd_hui:
            continue
        vu = vus.get(cle, "")
        if vu and vu != empreinte_partie(pv, cle):
            if empreinte(_Partie(propre), ["html"]) == vu:
                continue  # left as it was read: the other's words stay
            erreurs[f"partie_{cle}"] = [
                f"Aujourd’hui, il est écrit : « {minutes.sans_balises(aujourd_hui) or 'rien'} »"
            ]
            continue
        nouveau[cle] = propre
    if erreurs:
        raise TexteDepasse(
            {
                NON_FIELD_ERRORS: [
                    "Quelqu’un a changé les mêmes parties pendant que vous les écriviez. Rien n’est enregistré : votre version "
                    "est gardée ici, avec celle d’aujourd’hui. Reprenez ce qui doit l’être, puis enregistrez de nouveau."
                ],
                **erreurs,
            }
        )
    return nouveau


def _nouvelle_version(pv: ProcesVerbal, releve: dict[str, Any], *, par: Compte, motif: str = "") -> VersionPV:
    derniere = pv.derniere
    return VersionPV.objects.create(
        proces_verbal=pv,
        numero=derniere.numero + 1 if derniere else 1,
        texte=pv.texte,
        donnees=releve,
        motif=motif,
        par=par,
    )


def _demander_documents(pv: ProcesVerbal, version: VersionPV, *, par: Compte) -> None:
    """Fresh rows: a worker still busy with the former PDF cannot write over these."""
    anciens = [document for document in (version.document, version.document_public) if document]
    est_approuve = pv.etat == EtatPV.APPROUVE
    publie = est_approuve and pv.est_publie
    version.document = _demander(pv, version, par=par, est_public=publie and not version.a_huis_clos)
    version.document_public = (
        _demander(pv, version, par=par, est_public=True) if publie and version.a_huis_clos else None
    )
    version.save(update_fields=["document", "document_public"])
    effacer_documents(anciens)


def _demander(pv: ProcesVerbal, version: VersionPV, *, par: Compte, est_public: bool) -> Document:
    releve, huis_clos = version.donnees, 0
    if est_public:
        releve = minutes.pour_le_public(releve)
        huis_clos = len(version.donnees["points"]) - len(releve["points"])
    seance = pv.seance
    return demander_document(
        nature=NATURE,
        titre=f"Procès-verbal, {seance.instance.sigle}, séance du {jour_texte(seance.debut)}",
        par=par,
        est_public=est_public,
        donnees={
            "pv": minutes.presenter(releve, version.texte, huis_clos=huis_clos),
            "mention": mention(pv, version),
            "est_approuve": pv.etat == EtatPV.APPROUVE,
            "numero": version.numero,
            "motif": version.motif,
            "fichier_joint": {
                "nom": "seance.json",
                "description": "Les données de la séance : présences, points, votes, décisions",
                "texte": json.dumps(releve, ensure_ascii=False, indent=1),
            },
        },
    )


def mention(pv: ProcesVerbal, version: VersionPV) -> str:
    """What the first page says of its own standing."""
    if pv.etat != EtatPV.APPROUVE:
        rang = f" (version {version.numero})" if version.numero > 1 else ""
        return (
            f"Texte soumis à l’approbation le {jour_texte(version.le)}{rang}. Il n’est pas encore approuvé."
        )
    ou = ""
    if pv.approuve_a is not None:
        ou = f", à la séance du {jour_texte(pv.approuve_a.seance.debut)}"
    phrase = f"Procès-verbal approuvé le {jour_texte(pv.approuve_le)}{ou}."
    if version.motif:
        phrase += f" Corrigé le {jour_texte(version.le)} (version {version.numero})."
    return phrase


def _demander_feuille(seance: Seance, releve: dict[str, Any], *, par: Compte) -> Document:
    return demander_document(
        nature=NATURE_FEUILLE,
        titre=f"Feuille de présence, {seance.instance.sigle}, séance du {jour_texte(seance.debut)}",
        par=par,
        donnees={"feuille": minutes.presenter_feuille(releve)},
    )
