"""Data of an avis for pages and PDFs (text, co-authors, vote, answers to the préconisations), and who is told of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from ccspl.models import INSTANCE, Avis, Paragraphe, Preconisation, Proposition, Transmission, VersionAvis
from participation.seances.models import Membre, PointDossier, Seance, Vote
from participation.seances.workflow import EN_COURS
from participation.socle.collectivite import collectivite
from participation.socle.courriels.ecriture import Destinataire, ecrire, ecrire_a_plusieurs
from participation.socle.francais import accorder, jour_texte, pluriel
from participation.socle.models import Compte
from participation.socle.regles.differences import Difference, differences
from participation.suites.models import Suite

LIGNES_D_INTERVENTION = 5  # lines that fit on one page


def membre_de(compte: Compte) -> Membre | None:
    """Return the seat of the account on the commission today, or None."""
    return (
        Membre.objects.filter(compte=compte, college__mandature__instance__cle=INSTANCE)
        .en_fonction()
        .select_related("college", "compte")
        .first()
    )


def paragraphes_de(avis: Avis) -> list[Paragraphe]:
    return list(avis.paragraphes.filter(supprime_le__isnull=True).order_by("ordre", "pk"))


def version_adoptee(avis: Avis) -> VersionAvis | None:
    return avis.versions.filter(est_adoptee=True).first()


@dataclass(frozen=True, slots=True)
class PropositionLue:
    """A proposition with its differences: from the text it was written on and, if that changed, from the
    current text."""

    proposition: Proposition
    changements: list[Difference]
    aujourd_hui: list[Difference] | None

    @property
    def est_depassee(self) -> bool:
        return self.aujourd_hui is not None


@dataclass(frozen=True, slots=True)
class ParagrapheLu:
    paragraphe: Paragraphe | None  # None: top of the text
    propositions: list[PropositionLue]


def lire(proposition: Proposition) -> PropositionLue:
    propose = "" if proposition.nature == Proposition.Nature.SUPPRIMER else proposition.texte
    aujourd_hui = None
    if proposition.est_depassee and proposition.paragraphe is not None:
        actuel = "" if proposition.paragraphe.supprime_le else proposition.paragraphe.texte
        aujourd_hui = differences(actuel, propose)
    return PropositionLue(proposition, differences(proposition.texte_de_depart, propose), aujourd_hui)


def texte_a_plusieurs(avis: Avis) -> tuple[list[ParagrapheLu], list[PropositionLue]]:
    """Return the paragraphs with their pending propositions, then the propositions whose paragraph was
    removed.

    Two queries.
    """
    en_attente = (
        avis.propositions.filter(etat=Proposition.Etat.EN_ATTENTE)
        .select_related("paragraphe", "auteur", "membre__college")
        .order_by("proposee_le", "pk")
    )
    par_paragraphe: dict[int | None, list[PropositionLue]] = {}
    for proposition in en_attente:
        par_paragraphe.setdefault(proposition.paragraphe_id, []).append(lire(proposition))
    lus: list[ParagrapheLu] = []
    if None in par_paragraphe:
        lus.append(ParagrapheLu(None, par_paragraphe.pop(None)))
    lus += [ParagrapheLu(p, par_paragraphe.pop(p.pk, [])) for p in paragraphes_de(avis)]
    return lus, [lue for lues in par_paragraphe.values() for lue in lues]


@dataclass(frozen=True, slots=True)
class ResultatVote:
    vote: Vote
    seance: str
    lignes: list[dict[str, Any]]

    @property
    def phrase(self) -> str:
        fait = "adopté" if self.vote.resultat == Vote.Resultat.ADOPTE else "rejeté"
        fin = ", par la voix prépondérante de la présidence" if self.vote.a_l_egalite else ""
        return f"Texte {fait} à la {self.seance} (vote {self.vote.get_forme_display()}{fin})."


def resultat_du_vote(avis: Avis) -> ResultatVote | None:
    """Return the vote that adopted the avis, by collège; None when it was adopted without a vote, or on
    paper."""
    lien = (
        PointDossier.objects.filter(dossier=avis.pk, decision="adopter")
        .select_related("vote", "point__seance")
        .order_by("-decidee_le")
        .first()
    )
    if lien is None or lien.vote is None:
        return None
    lignes = [
        {
            "college": voix.college.nom if voix.college else "Ensemble",
            "pour": voix.pour,
            "contre": voix.contre,
            "abstention": voix.abstention,
            "nppv": voix.nppv,
        }
        for voix in lien.vote.voix.select_related("college").order_by("college__ordre", "pk")
    ]
    return ResultatVote(
        lien.vote, f"séance du {jour_texte(timezone.localdate(lien.point.seance.debut))}", lignes
    )


def seance_en_cours(avis: Avis) -> Seance | None:
    """Return the séance in progress with this avis on its agenda, or None."""
    return Seance.objects.filter(etat__in=EN_COURS, points__dossiers=avis.pk).first()


def preconisations_de(avis: Avis) -> list[Preconisation]:
    """Return the préconisations with their direction, their suite and its evidence."""
    return list(
        avis.preconisations.select_related("direction", "suite__direction")
        .prefetch_related(Prefetch("suite__preuves"))
        .order_by("numero")
    )


def transmissions_de(avis: Avis) -> list[tuple[Transmission, bool]]:
    """Return each transmission, and whether it must still be handed over."""
    transmissions = list(avis.transmissions.select_related("direction", "courriel"))
    a_remettre = (
        set(avis.transmissions.a_remettre()) if any(t.est_sans_adresse for t in transmissions) else set()
    )
    return [(transmission, transmission in a_remettre) for transmission in transmissions]


def phrase_des_reponses(preconisations: Sequence[Preconisation]) -> str:
    """« 3 préconisations, 2 avec une réponse. »"""
    total = len(preconisations)
    if not total:
        return ""
    repondues = sum(1 for p in preconisations if p.suite is not None and p.suite.est_repondue)
    combien = accorder(total, "préconisation")
    if not repondues:
        return f"{combien}. La réponse de la {collectivite().sorte.mot} est attendue."
    if repondues == total:
        return f"{combien}, {pluriel(total, 'avec,toutes avec')} une réponse."
    return f"{combien}, {repondues} avec une réponse."


def donnees_avis(avis: Avis) -> dict[str, Any]:
    """Return the data of the PDF of the adopted avis, as JSON values, so that it can be made again
    identically."""
    version = version_adoptee(avis)
    resultat = resultat_du_vote(avis)
    return {
        "instance": avis.mandature.instance.nom,
        "mandature": avis.mandature.intitule,
        "service_suivi": avis.services,
        "objet": avis.get_objet_display(),
        "saisine": avis.get_saisine_display(),
        "fondement": avis.fondement,
        "date_saisine": jour_texte(avis.date_saisine),
        "contexte": avis.contexte,
        "conseil": str(avis.conseil.intitule) if avis.conseil else "",
        "date_conseil": jour_texte(avis.conseil.date) if avis.conseil else "",
        "sens": avis.get_sens_display(),
        "adopte_le": jour_texte(timezone.localdate(avis.adopte_le)) if avis.adopte_le else "",
        "synthese": avis.synthese,
        "paragraphes": version.paragraphes if version else [],
        "preconisations": version.preconisations if version else [],
        "coauteurs": version.coauteurs if version else [],
        "numero_version": version.numero if version else 0,
        "empreinte": version.sha256 if version else "",
        "vote": {"phrase": resultat.phrase, "lignes": resultat.lignes} if resultat else None,
        "positions": [
            {"membre": str(p.membre), "qualite": p.membre.qualite_publique, "texte": p.texte}
            for p in avis.positions.select_related("membre__compte__profil", "membre__commune")
        ],
    }


def donnees_fiche(avis: Avis) -> dict[str, Any]:
    """Return the data of the communication sheet: the avis in plain words, and the current état of each
    line."""
    lignes = []
    for preconisation in preconisations_de(avis):
        suite: Suite | None = preconisation.suite
        lignes.append(
            {
                "numero": preconisation.numero,
                "texte": preconisation.texte,
                "etat": suite.get_etat_display() if suite else "pas encore transmise",
                "texte_public": suite.texte_public if suite else "",
                "motif": suite.motif if suite else "",
                "direction": str(suite.direction if suite else preconisation.direction or ""),
                "attendue": jour_texte(suite.date_limite) if suite and suite.est_ouverte else "",
            }
        )
    return {
        **donnees_avis(avis),
        "lignes": lignes,
        "deliberation": avis.deliberation,
        "adresse": settings.SITE_URL + avis.get_public_url(),
        "arrete_le": jour_texte(timezone.localdate()),
    }


def a_un_rang(texte: str, mots: int = 70) -> str:
    """Return the beginning of a text: at most `mots` words."""
    morceaux = texte.split()
    return texte if len(morceaux) <= mots else " ".join(morceaux[:mots]) + " …"


MOTS_DE_LA_REPONSE = 40  # the page of a speaker is one sheet


def _etat_de_la_reponse(suite: Suite | None) -> str:
    """Return where the answer stands, in words that a speaker cannot take for an answer."""
    if suite is None:
        return "pas encore transmise"
    return str(suite.get_etat_display()) if suite.est_repondue else "sans réponse à ce jour"


def donnees_intervention(avis: Avis) -> dict[str, Any]:
    """Return the data of the page for a speaker at the council: the avis in brief, préconisations and
    answers."""
    donnees = donnees_avis(avis)
    lignes = [
        {
            "texte": a_un_rang(ligne.texte, 20),
            "reponse": _etat_de_la_reponse(ligne.suite),
            "pourquoi": a_un_rang(ligne.suite.reponse_dite, MOTS_DE_LA_REPONSE) if ligne.suite else "",
            "direction": str(ligne.suite.direction) if ligne.suite else "",
            "attendue": jour_texte(ligne.suite.date_limite)
            if ligne.suite and not ligne.suite.est_repondue
            else "",
        }
        for ligne in preconisations_de(avis)
    ]
    return {
        **donnees,
        "en_bref": avis.synthese or a_un_rang(" ".join(donnees["paragraphes"]), 80),
        "preconisations": lignes[:LIGNES_D_INTERVENTION],
        "autres_preconisations": max(0, len(lignes) - LIGNES_D_INTERVENTION),
        "arrete_le": jour_texte(timezone.localdate()),
        "nombre_positions": len(donnees["positions"]),
        "deliberation": avis.deliberation,
        "adresse": settings.SITE_URL + avis.get_public_url(),
    }


def membres_de(avis: Avis) -> Iterator[Destinataire]:
    """Yield each person who sits today, once."""
    sieges = Membre.objects.filter(college__mandature__instance__cle=INSTANCE).en_fonction()
    adresses = sieges.filter(compte__is_active=True).order_by("compte__courriel")
    for courriel in adresses.values_list("compte__courriel", flat=True).distinct():
        yield Destinataire(courriel)


def aux_membres(avis: Avis, lettre: str, cle: str = "", **contexte: object) -> int:
    """Write to each member, with a link to the text by default."""
    return ecrire_a_plusieurs(
        f"ccspl/{lettre}",
        membres_de(avis),
        contexte={"avis": avis, "lien": reverse("ccspl:redaction", args=[avis.pk]), **contexte},
        dossier=avis,
        cle=cle or None,
    )


def au_demandeur(avis: Avis, lettre: str, cle: str = "", repondre_a: str = "", **contexte: object) -> None:
    """Write to the requester, if their address is known."""
    if avis.adresse_demandeur:
        ecrire(
            f"ccspl/{lettre}",
            a=[avis.adresse_demandeur],
            dossier=avis,
            repondre_a=repondre_a,
            cle=cle or None,
            contexte={"avis": avis, **contexte},
        )
