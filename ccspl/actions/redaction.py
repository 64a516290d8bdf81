"""An avis is written together, voted, adopted. The avis is locked first, then what hangs on it: one act at a time."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from ccspl.lectures import presentation
from ccspl.lectures.presentation import seance_en_cours
from ccspl.models import (
    INSTANCE,
    Avis,
    Paragraphe,
    PositionMinoritaire,
    Preconisation,
    Proposition,
    VersionAvis,
)
from ccspl.notifications import redaction as notifications
from ccspl.textes import empreinte, en_paragraphes
from ccspl.workflow import Sens
from participation.seances.models import Membre
from participation.socle.actions import avancer, exiger, faire_echeance
from participation.socle.actions.documents import demander_document, redemander_document
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import accorder
from participation.socle.models import Compte, Direction
from participation.socle.versions import exiger_version
from participation.socle.workflow import Role

Nature, EtatProposition = Proposition.Nature, Proposition.Etat
PAS_DANS_LE_TEXTE = "Ce paragraphe n’est plus dans le texte : quelqu’un l’a supprimé."


def membre_de(compte: Compte) -> Membre | None:
    """The seat that the person holds today in the commission."""
    return (
        Membre.objects.filter(compte=compte, college__mandature__instance__cle=INSTANCE)
        .en_fonction()
        .select_related("college", "compte")
        .first()
    )


# The text, by the service


@transaction.atomic
def rediger(
    avis: Avis,
    *,
    par: Compte,
    texte: str,
    paragraphe: Paragraphe | None = None,
    apres: Paragraphe | None = None,
    vu: str = "",
) -> None:
    """Write a paragraph again, or add some after another (at the end when `apres` is None). An empty line parts paragraphs.

    `vu`: what the page had been made from; raises TexteDepasse when somebody wrote meanwhile.
    """
    exiger(avis, "rediger", par=par)
    morceaux = en_paragraphes(texte)
    if not morceaux:
        raise ValidationError({"texte": "Écrivez le texte, ou supprimez le paragraphe."})
    _exiger_longueur(morceaux)
    if paragraphe is not None:
        _relire(paragraphe, avis)
        exiger_version(paragraphe, {"texte": texte}, vu)
        _changer(paragraphe, morceaux[0])
        _inserer(avis, morceaux[1:], paragraphe)
        origine = "Paragraphe réécrit par le service"
    else:
        if apres is not None:
            _relire(apres, avis)
        _inserer(avis, morceaux, apres or _dernier(avis))
        origine = "Texte ajouté par le service"
    _versionner(avis, par=par, origine=origine)
    avancer(avis, "rediger", par=par, details={"origine": origine})


@transaction.atomic
def supprimer_paragraphe(paragraphe: Paragraphe, *, par: Compte) -> None:
    """Take it out of the text; it stays in the versions, and its pending wordings stay to be answered."""
    avis = paragraphe.avis
    exiger(avis, "rediger", par=par)
    _relire(paragraphe, avis)
    _supprimer(paragraphe)
    origine = "Paragraphe supprimé par le service"
    _versionner(avis, par=par, origine=origine)
    avancer(avis, "rediger", par=par, motif=paragraphe.texte, details={"origine": origine})


@transaction.atomic
def deplacer_paragraphe(paragraphe: Paragraphe, *, par: Compte, sens: str) -> None:
    """One place up (« monter ») or down (« descendre »). At the end of the text, nothing happens."""
    avis = paragraphe.avis
    exiger(avis, "rediger", par=par)
    _relire(paragraphe, avis)
    rangs = presentation.paragraphes_de(avis)
    place = next(rang for rang, p in enumerate(rangs) if p.pk == paragraphe.pk)
    voisine = place + (-1 if sens == "monter" else 1)
    if not 0 <= voisine < len(rangs):
        return
    rangs[place], rangs[voisine] = rangs[voisine], rangs[place]
    for ordre, autre in enumerate(rangs, start=1):
        autre.ordre = ordre
    Paragraphe.objects.bulk_update(rangs, ["ordre"])
    origine = "Paragraphes remis en ordre par le service"
    _versionner(avis, par=par, origine=origine)
    avancer(avis, "rediger", par=par, details={"origine": origine})


def _relire(paragraphe: Paragraphe, avis: Avis) -> None:
    paragraphe.refresh_from_db()
    if paragraphe.avis_id != avis.pk:
        raise ErreurMetier("Ce paragraphe est d’un autre avis.")
    if paragraphe.supprime_le is not None:
        raise ActeInterdit(PAS_DANS_LE_TEXTE)


def _changer(paragraphe: Paragraphe, texte: str) -> None:
    if paragraphe.texte == texte and paragraphe.supprime_le is None:
        return
    paragraphe.texte, paragraphe.supprime_le = texte, None
    paragraphe.rang_version += 1
    paragraphe.save()


def _supprimer(paragraphe: Paragraphe) -> None:
    paragraphe.supprime_le = timezone.now()
    paragraphe.rang_version += 1
    paragraphe.save()


def _dernier(avis: Avis) -> Paragraphe | None:
    return avis.paragraphes.order_by("-ordre", "-pk").first()


def _inserer(avis: Avis, morceaux: Sequence[str], apres: Paragraphe | None) -> None:
    """At the top when `apres` is None. Paragraphs below go down, deleted ones too: an addition after one of them keeps its place."""
    if not morceaux:
        return
    debut = apres.ordre if apres is not None else 0
    avis.paragraphes.filter(ordre__gt=debut).update(ordre=F("ordre") + len(morceaux))
    Paragraphe.objects.bulk_create(
        Paragraphe(avis=avis, ordre=debut + rang, texte=texte) for rang, texte in enumerate(morceaux, start=1)
    )


def _exiger_longueur(morceaux: Sequence[str]) -> None:
    longueur = Paragraphe._meta.get_field("texte").max_length or 0
    if any(len(texte) > longueur for texte in morceaux):
        raise ValidationError({"texte": f"Un paragraphe fait {longueur} signes au plus : coupez-le."})


def _versionner(
    avis: Avis, *, par: Compte | None, origine: str, coauteur: str = "", est_adoptee: bool = False
) -> VersionAvis:
    """Keep the whole text as it now is. Names of co-authors add up from one version to the next."""
    derniere = avis.versions.order_by("-numero").first()
    noms = list(derniere.coauteurs) if derniere else []
    if coauteur and coauteur not in noms:
        noms.append(coauteur)
    paragraphes = [p.texte for p in presentation.paragraphes_de(avis)]
    preconisations = list(avis.preconisations.order_by("numero").values_list("texte", flat=True))
    return VersionAvis.objects.create(
        avis=avis,
        numero=derniere.numero + 1 if derniere else 1,
        paragraphes=paragraphes,
        preconisations=preconisations,
        coauteurs=noms,
        origine=origine[:160],
        sha256=empreinte(paragraphes, preconisations),
        est_adoptee=est_adoptee,
        par=par,
    )


# Wordings proposed


@transaction.atomic
def proposer(
    avis: Avis,
    *,
    par: Compte,
    nature: str = Nature.MODIFIER,
    paragraphe: Paragraphe | None = None,
    texte: str = "",
    raison: str = "",
    rang_vu: int | None = None,
) -> Proposition:
    """Propose to change, remove or add. `rang_vu`: the version of the paragraph that the person was reading.

    Raises ValidationError when nothing would change, or without a text; the same wording twice is one proposition.
    """
    exiger(avis, "proposer", par=par)
    if nature == Nature.AJOUTER:
        depart, rang = "", 0
        if paragraphe is not None and paragraphe.avis_id != avis.pk:
            raise ErreurMetier("Ce paragraphe est d’un autre avis.")
    else:
        if paragraphe is None:
            raise ValidationError("Choisissez le paragraphe.")
        _relire(paragraphe, avis)
        depart, rang = paragraphe.texte, paragraphe.rang_version
        if rang_vu is not None and rang_vu != rang:
            raise ValidationError(
                "Ce paragraphe a changé pendant que vous écriviez. Rien n’est perdu : relisez le texte d’aujourd’hui, "
                "puis envoyez de nouveau votre rédaction."
            )
    texte = "" if nature == Nature.SUPPRIMER else "\n\n".join(en_paragraphes(texte))
    if nature != Nature.SUPPRIMER and not texte:
        raise ValidationError({"texte": "Écrivez la rédaction que vous proposez."})
    if nature == Nature.MODIFIER and texte == depart:
        raise ValidationError(
            {"texte": "Ce texte est celui d’aujourd’hui : changez ce que vous voulez voir changer."}
        )
    _exiger_longueur([texte])
    deja = avis.propositions.filter(
        auteur=par, etat=EtatProposition.EN_ATTENTE, nature=nature, paragraphe=paragraphe, texte=texte
    ).first()
    if deja is not None:
        return deja
    proposition = Proposition(
        avis=avis,
        paragraphe=paragraphe,
        nature=nature,
        texte=texte,
        texte_de_depart=depart,
        rang_version=rang,
        raison=raison,
        auteur=par,
        membre=membre_de(par),
        seance=seance_en_cours(avis),
    )
    proposition.full_clean()
    proposition.save()
    avancer(
        avis, "proposer", par=par, motif=raison, details={"proposition": proposition.pk, "nature": nature}
    )
    notifications.proposer(proposition)
    return proposition


@transaction.atomic
def retirer_proposition(proposition: Proposition, *, par: Compte) -> None:
    """Its author takes it back while it awaits a decision."""
    if proposition.auteur_id != par.pk:
        raise ErreurMetier("Seule la personne qui a proposé cette rédaction peut la retirer.")
    avis = proposition.avis
    exiger(avis, "proposer", par=par)
    _exiger_en_attente(proposition)
    _decider(proposition, EtatProposition.RETIREE, par=par)
    avancer(avis, "proposer", par=par, details={"proposition": proposition.pk, "retiree": True})


@transaction.atomic
def accepter(
    proposition: Proposition, *, par: Compte, texte: str | None = None, rang_vu: int | None = None
) -> None:
    """Take it into the text, as it is or reworded (`texte`). Its author becomes a co-author.

    `rang_vu`: the version of the paragraph that the person saw when she decided. When the paragraph has changed since, nothing
    is done (ValidationError): she sees both differences and decides again.
    """
    avis = proposition.avis
    exiger(avis, "accepter", par=par)
    _exiger_en_attente(proposition)
    paragraphe = proposition.paragraphe
    if paragraphe is not None and proposition.nature != Nature.AJOUTER:
        paragraphe.refresh_from_db()
        lu = proposition.rang_version if rang_vu is None else rang_vu
        if lu != paragraphe.rang_version:
            raise ValidationError(
                "Ce paragraphe a changé depuis que cette page est ouverte. Rien n’est enregistré : relisez les différences, puis décidez."
            )
    retenu = proposition.texte if texte is None else "\n\n".join(en_paragraphes(texte))
    est_reprise = proposition.nature != Nature.SUPPRIMER and retenu != proposition.texte
    if proposition.nature == Nature.SUPPRIMER:
        if paragraphe is not None and paragraphe.supprime_le is None:
            _supprimer(paragraphe)
    else:
        morceaux = en_paragraphes(retenu)
        if not morceaux:
            raise ValidationError(
                {"texte": "Le texte retenu est vide : refusez la proposition, ou écrivez-le."}
            )
        _exiger_longueur(morceaux)
        if proposition.nature == Nature.AJOUTER or paragraphe is None:
            _inserer(avis, morceaux, _ancre(proposition))
        else:
            _changer(paragraphe, morceaux[0])
            _inserer(avis, morceaux[1:], paragraphe)
    _decider(proposition, EtatProposition.ACCEPTEE, par=par)
    # Published with the avis: her name as a member, never the address of an account without name.
    nom = str(proposition.membre) if proposition.membre else ""
    _versionner(avis, par=par, origine=f"Rédaction proposée par {nom or proposition.auteur}", coauteur=nom)
    avancer(
        avis,
        "accepter",
        par=par,
        details={"proposition": proposition.pk, "reprise": est_reprise},
        motif=retenu,
    )
    notifications.accepter(proposition, texte=retenu, est_reprise=est_reprise)


def _ancre(proposition: Proposition) -> Paragraphe | None:
    if proposition.paragraphe is not None:
        proposition.paragraphe.refresh_from_db()
    return proposition.paragraphe


@transaction.atomic
def refuser(proposition: Proposition, *, par: Compte, reponse: str) -> None:
    """Its author is told why."""
    avis = proposition.avis
    exiger(avis, "refuser", par=par)
    _exiger_en_attente(proposition)
    if not reponse.strip():
        raise ValidationError({"reponse": "Dites pourquoi : l’auteur de la proposition le lira."})
    _decider(proposition, EtatProposition.REFUSEE, par=par, reponse=reponse.strip())
    avancer(avis, "refuser", par=par, motif=reponse, details={"proposition": proposition.pk})
    notifications.refuser(proposition)


def _exiger_en_attente(proposition: Proposition) -> None:
    """The avis is locked: what is read here holds until the end of the act."""
    proposition.refresh_from_db(fields=["etat", "reponse", "decidee_le", "decidee_par"])
    if not proposition.est_en_attente:
        raise ActeInterdit(f"Cette proposition est déjà {proposition.get_etat_display()}.")


def _decider(proposition: Proposition, etat: str, *, par: Compte, reponse: str = "") -> None:
    proposition.etat, proposition.reponse = etat, reponse
    proposition.decidee_le, proposition.decidee_par = timezone.now(), par
    proposition.full_clean()
    proposition.save()


# What is asked of the Métropole, line by line


@transaction.atomic
def preconiser(
    avis: Avis,
    *,
    par: Compte,
    texte: str,
    direction: Direction | None = None,
    preconisation: Preconisation | None = None,
    vu: str = "",
) -> Preconisation:
    """Add a line, or write one again. `vu` as in `rediger`."""
    exiger(avis, "preconiser", par=par)
    if preconisation is None:
        dernier = avis.preconisations.aggregate(n=Max("numero"))["n"] or 0
        preconisation = Preconisation(avis=avis, numero=dernier + 1)
    else:
        try:
            preconisation.refresh_from_db()
        except Preconisation.DoesNotExist:
            raise ActeInterdit("Cette préconisation a été retirée.") from None
        exiger_version(preconisation, {"texte": texte}, vu)
    preconisation.texte, preconisation.direction = texte.strip(), direction or avis.service.direction
    preconisation.full_clean()
    preconisation.save()
    _versionner(avis, par=par, origine=f"Préconisation {preconisation.numero} écrite par le service")
    avancer(avis, "preconiser", par=par, motif=texte, details={"preconisation": preconisation.numero})
    return preconisation


@transaction.atomic
def retirer_preconisation(preconisation: Preconisation, *, par: Compte) -> None:
    """The lines below move up: numbers have no gap."""
    avis = preconisation.avis
    exiger(avis, "preconiser", par=par)
    if not Preconisation.objects.filter(pk=preconisation.pk).exists():
        raise ActeInterdit("Cette préconisation est déjà retirée.")
    texte = preconisation.texte
    preconisation.delete()
    for numero, autre in enumerate(avis.preconisations.order_by("numero"), start=1):
        if autre.numero != numero:
            Preconisation.objects.filter(pk=autre.pk).update(numero=numero)
    _versionner(avis, par=par, origine="Préconisation retirée par le service")
    avancer(avis, "preconiser", par=par, motif=texte, details={"retiree": True})


@transaction.atomic
def noter_position(
    avis: Avis, *, par: Compte, texte: str, membre: Membre | None = None
) -> PositionMinoritaire:
    """A member writes hers; the service may note it for somebody. Written again, it replaces the former one."""
    exiger(avis, "noter_position", par=par)
    sienne = membre_de(par)
    if membre is None:
        membre = sienne
    if membre is None:
        raise ValidationError({"membre": "Dites de quel membre est cette position."})
    if Role.AGENT not in par.roles and membre != sienne:
        raise ErreurMetier("Vous ne pouvez noter que votre position.")
    if not texte.strip():
        raise ValidationError({"texte": "Écrivez la position."})
    position = avis.positions.filter(membre=membre).first() or PositionMinoritaire(avis=avis, membre=membre)
    position.texte, position.le = texte.strip(), timezone.now()
    position.full_clean()
    position.save()
    avancer(avis, "noter_position", par=par, motif=texte, details={"membre": str(membre)})
    _refaire_le_pdf(avis, par=par)
    return position


# The vote


@transaction.atomic
def soumettre(avis: Avis, *, par: Compte) -> None:
    """Lock the text for the vote. Every wording must have had its answer."""
    exiger(avis, "soumettre", par=par)
    reste = avis.propositions.filter(etat=EtatProposition.EN_ATTENTE).count()
    if reste:
        raise ErreurMetier(
            f"{accorder(reste, 'proposition attend', 'propositions attendent')} une décision : acceptez ou refusez avant de soumettre."
        )
    if not presentation.paragraphes_de(avis):
        raise ErreurMetier("Le texte est vide : écrivez au moins un paragraphe.")
    avancer(avis, "soumettre", par=par)
    notifications.soumettre(avis)


@transaction.atomic
def rouvrir_redaction(avis: Avis, *, par: Compte, motif: str) -> None:
    avancer(avis, "rouvrir_redaction", par=par, motif=motif)
    notifications.rouvrir_redaction(avis, motif=motif)


@transaction.atomic
def adopter(
    avis: Avis, *, par: Compte, sens: str, synthese: str = "", le: date | None = None, motif: str = ""
) -> None:
    """The text is the commission's from now on: frozen, hashed, published; its PDF is asked for.

    `le`: the day, when it was adopted on paper; now by default. Raises ValidationError: « avec préconisations » without a line.
    """
    exiger(avis, "adopter", par=par)
    if sens == Sens.PRECONISATIONS and not avis.preconisations.exists():
        raise ValidationError(
            {"sens": "Cet avis n’a aucune préconisation : écrivez-en une, ou choisissez un autre sens."}
        )
    maintenant = timezone.now()
    if le is not None and le > timezone.localdate():
        raise ValidationError({"le": "Cette date n’est pas encore arrivée."})
    if le is not None and le < avis.date_saisine:
        raise ValidationError({"le": "Cette date précède la saisine."})
    adopte_le = maintenant
    if le is not None and le != timezone.localdate():
        adopte_le = timezone.make_aware(datetime.combine(le, time(12)))
    version = _versionner(avis, par=par, origine="Texte adopté", est_adoptee=True)
    avancer(
        avis,
        "adopter",
        par=par,
        motif=motif,
        details={"sens": sens, "version": version.numero, "sha256": version.sha256},
        champs={
            "sens": sens,
            "synthese": synthese or avis.synthese,
            "resume": " ".join(version.paragraphes)[:5000],
            "adopte_le": adopte_le,
            "est_publie": True,
        },
    )
    faire_echeance(avis, "avis")
    _demander_le_pdf(avis, par=par)
    notifications.adopter(avis)


def _demander_le_pdf(avis: Avis, *, par: Compte | None) -> None:
    """The séance writes its decision before it sends it: the vote stands on the PDF."""
    document = demander_document(
        nature="ccspl/avis",
        titre=f"Avis {avis.reference}",
        dossier=avis,
        donnees=presentation.donnees_avis(avis),
        par=par,
        est_public=True,
    )
    avis.document = document
    Avis.objects.filter(pk=avis.pk).update(document=document)


def _refaire_le_pdf(avis: Avis, *, par: Compte) -> None:
    """A position noted after the adoption stands on the PDF, until the avis is sent."""
    document: Any = avis.document
    if document is not None and document.fige_le is None:
        document.donnees = presentation.donnees_avis(avis)
        document.save(update_fields=["donnees"])
        redemander_document(document, par=par)


@transaction.atomic
def rejeter(avis: Avis, *, par: Compte, motif: str = "") -> None:
    """The commission did not adopt the text: it is written again."""
    avancer(avis, "rejeter", par=par, motif=motif)
    notifications.rejeter(avis, motif=motif)
