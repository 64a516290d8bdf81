"""Votes: open under the rule of the règlement, vote, count, close.

A secret ballot is stored in two tables, who has voted (`Emargement`) and what was voted (`Bulletin`), with
nothing to join them: no person, no hour, and no collège unless the rule counts by collège. At closing, the
ballots are written again in a random order, so that the order of arrival is lost. A worker then removes the
copies that the database keeps of the deleted rows (`urne`).
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.db import transaction

from participation.seances.animation import ecran_apres, en_animant
from participation.seances.models import Bulletin, Convie, DemandeSecret, Emargement, Point, Vote
from participation.seances.points.actes import (
    _exiger_d_ici,
    exiger_sans_vote,
    relire_point,
    reporter_les_deports,
    vote_ouvert,
)
from participation.seances.presence.actes import ConvieField, MotifForm, exiger_siegeant, signaler
from participation.seances.presence.lectures import Situation
from participation.seances.votes.lectures import (
    SECRET_AU_MOINS,
    deja_votes,
    demandes_de_secret,
    pourquoi_sans_secret,
    trop_peu_hors_papier,
    voix_ouvertes,
)
from participation.seances.workflow import EtatPoint, EtatVote, Part, Sens
from participation.socle.actions import Pas, enregistrer, exiger
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_ligne
from participation.socle.francais import accorder, de, majuscule, minuscule, pluriel
from participation.socle.models import Compte, Dossier
from participation.socle.travaux.differes import confier
from participation.socle.views.pages import Reserve, acte


@transaction.atomic
def demander_le_secret(convie: Convie, point: Point, *, par: Compte) -> None:
    """Ask for a secret ballot on the current point, before its vote opens. A second request changes nothing.

    Raises ErreurMetier for who will not vote on it: the request would be noted and never counted.
    """
    pas = exiger(convie, "demander_le_secret", par=par)
    point.refresh_from_db()
    _exiger_d_ici(point, convie)
    if point.etat != EtatPoint.EN_COURS:
        raise ActeInterdit(f"Le point « {point} » n’est pas en cours.")
    exiger_sans_vote(convie.seance)
    _exiger_le_vote(convie, point, Situation.de(convie.seance, avec_noms=False))
    _, est_nouvelle = DemandeSecret.objects.get_or_create(point=point, convie=convie)
    if est_nouvelle:
        pas.avancer(
            fait=f"{convie} demande un vote à bulletin secret : {point}", nomme=[convie.membre.compte]
        )


NETTOYER = "seances.nettoyer_urnes"


class OuvrirVoteForm(ActeForm):
    decision = champ_choix("Décision mise au vote", [], requis=False)
    objet = champ_ligne("Question mise au vote", maximum=200, erreur="Écrivez la question mise au vote.")
    forme = champ_choix(
        "Forme",
        Vote.Forme.choices,
        "Secret : à la clôture, plus rien sur le site ne relie un bulletin à une personne. Les journaux de la base et les sauvegardes "
        "faites pendant le vote le pourraient encore, pour qui administre le serveur.",
        erreur="Choisissez la forme du vote.",
        boutons=True,
        initial=Vote.Forme.NOMINATIF,
    )
    majorite = champ_choix("Majorité demandée", Part.choices, requis=False)

    def preparer(self) -> None:
        """Offer what is possible: a secret, the decisions of the dossiers, the majorities of the règlement."""
        if self.sans_secret and not self.is_bound:  # a page made before is refused by the act, which says why
            forme = cast(Any, self.fields["forme"])
            forme.choices = [choix for choix in Vote.Forme.choices if choix[0] != Vote.Forme.SECRET]
            forme.help_text = f"Pas de vote à bulletin secret. {self.sans_secret}"
        decisions = decisions_ouvertes(cast(Point, self.objet))
        if decisions:
            cast(Any, self.fields["decision"]).choices = [("", "Une autre question"), *decisions.items()]
            self.fields["objet"].required = False
            self.fields["objet"].help_text = "Vide : la décision mise au vote, sur le dossier du point."
        else:
            del self.fields["decision"]
        admises = cast(Any, self.objet).seance.reglement.majorites
        if len(admises) < 2:
            del self.fields["majorite"]
            return
        champ = cast(Any, self.fields["majorite"])
        champ.choices = [(part, majuscule(Part(part).label)) for part in admises]
        champ.initial = admises[0]

    def initiales(self) -> Mapping[str, Any]:
        point = cast(Point, self.objet)
        situation = Situation.de(point.seance)
        self.sans_secret = pourquoi_sans_secret(point, situation)
        demandent, requis = demandes_de_secret(point, situation)
        est_impose = bool(requis) and demandent >= requis and not self.sans_secret
        debuts = {
            Point.Nature.APPROBATION: "Approuver le procès-verbal",
            Point.Nature.AVIS: "Adopter l’avis",
            Point.Nature.PRISE_ACTE: "Prendre acte",
        }
        return {
            "objet": debuts.get(Point.Nature(point.nature), ""),
            "forme": Vote.Forme.SECRET if est_impose else Vote.Forme.NOMINATIF,
        }

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        if "decision" not in self.fields or "objet" in self.errors or donnees.get("objet"):
            return donnees
        if not donnees.get("decision"):
            self.add_error("objet", "Écrivez la question mise au vote, ou choisissez une décision.")
            return donnees
        point = cast(Point, self.objet)
        libelle = decisions_ouvertes(point)[donnees["decision"]]
        titres = [lien.dossier.titre for lien in point.liens_dossiers.select_related("dossier")]
        return {**donnees, "objet": (f"{libelle} : {titres[0]}" if len(titres) == 1 else libelle)[:200]}


@acte(
    en_animant(
        form=OuvrirVoteForm,
        consequence="La règle de majorité et la liste des votants sont fixées à l’ouverture.",
        succes="Le vote est ouvert.",
        # The form is also on the facilitator's screen: sent from there, the answer is that screen.
        ecran=ecran_apres,
    )
)
@transaction.atomic
def ouvrir_vote(
    point: Point, *, par: Compte, objet: str, forme: str, majorite: str = "", decision: str = ""
) -> Vote:
    """Put a question to the vote on the current point. Raises ErreurMetier without quorum.

    `majorite`: one of those that the règlement admits; by default, the règlement's own. `decision`: what is put
    to the vote, when it is one of the decisions open on the dossiers of the point.
    """
    pas = exiger(point, "ouvrir_vote", par=par)
    autre = vote_ouvert(point.seance)
    if autre is not None:
        raise ActeInterdit(f"Un vote est déjà ouvert : « {autre} ».")
    reporter_les_deports(point, par=par)
    situation = Situation.de(point.seance)
    quorum = situation.quorum(point)
    if not situation.colleges:
        raise ErreurMetier(quorum.phrase)
    if not quorum.est_atteint:
        manque = minuscule(quorum.phrase)
        raise ErreurMetier(
            f"Le quorum n’est pas atteint : {manque} Aucun vote ne peut s’ouvrir sur ce point."
        )
    inscrits = situation.votants(point)
    if not inscrits:
        raise ErreurMetier("Personne ne peut voter : aucun membre ayant le droit de vote n’est présent.")
    reglement = point.seance.reglement
    if majorite and majorite not in reglement.majorites:
        raise ErreurMetier("Le règlement de l’instance n’admet pas cette majorité.")
    if decision and decision not in decisions_ouvertes(point):
        raise ErreurMetier(
            "Cette décision ne se prend pas, ou ne se prend plus, sur les dossiers de ce point."
        )
    _exiger_forme(point, situation, forme)
    vote = enregistrer(
        Vote(
            point=point,
            objet=objet,
            decision=decision,
            forme=forme,
            majorite=majorite or reglement.majorite,
            base_majorite=reglement.base_majorite,
            par_college=reglement.vote_par_college,
            voix_preponderante=reglement.voix_preponderante,
            quorum=quorum.figer(),
            inscrits={str(cle): voix for cle, voix in inscrits.items()},
            par=par,
        )
    )
    pas.avancer(
        fait=f"Vote ouvert {vote.get_forme_display()} : {objet}",
        details={"vote": vote.pk, "quorum": vote.quorum},
    )
    return vote


def _exiger_forme(point: Point, situation: Situation, forme: str) -> None:
    """Raise ErreurMetier if a secret ballot is impossible, or imposed. Where it is impossible, none is imposed."""
    sans_secret = pourquoi_sans_secret(point, situation)
    if forme == Vote.Forme.SECRET:
        if sans_secret:
            raise ErreurMetier(f"{sans_secret} Choisissez un vote nominatif ou à main levée.")
        return
    demandent, requis = demandes_de_secret(point, situation)
    if requis and demandent >= requis and not sans_secret:
        raise ErreurMetier(
            f"{accorder(demandent, 'membre')} {pluriel(demandent, 'demande,demandent')} un vote à bulletin secret : "
            "le règlement l’impose sur ce point."
        )


def _exiger_urne(vote: Vote) -> None:
    """Raise ErreurMetier if so few people voted, on paper or on a phone, that the count would reveal their votes.

    Who counts the paper ballots knows what they say, and so what the others say.
    """
    votants: dict[tuple[str, bool], set[int]] = defaultdict(set)
    for numero, college, par in vote.emargements.values_list("convie", "convie__membre__college__nom", "par"):
        votants[college if vote.par_college else "", numero in vote.par_papier].add(par)
    for (nom, est_papier), personnes in votants.items():
        if len(personnes) < SECRET_AU_MOINS:
            ou = f" dans le collège « {nom} »" if nom else ""
            comment = (" sur papier" if est_papier else " sur un téléphone") if vote.par_papier else ""
            qui = (
                "Une seule personne a" if len(personnes) == 1 else f"{len(personnes)} personnes seulement ont"
            )
            raise ErreurMetier(
                f"{qui} voté{comment}{ou} : compter les bulletins dirait ce que chacune a voté. "
                "Attendez d’autres bulletins, ou annulez ce vote."
            )


def exiger_vote(vote: Vote, acte: str, *, par: Compte | None) -> Pas:
    """Same as `exiger`, and read the point of the vote again."""
    pas = exiger(vote, acte, par=par)
    relire_point(vote.point)
    return pas


@transaction.atomic
def voter(
    vote: Vote,
    convie: Convie,
    *,
    sens: str,
    au_nom_de: Convie | None = None,
    par: Compte | None = None,
    change: bool = False,
) -> None:
    """Give one voice: the member's own, or that of somebody whose pouvoir they hold (`au_nom_de`).

    `change`: replace a named vote already given. `par`: the agent who votes for a member in the room (named
    vote only). A voice counts once, from any number of devices. Raises ActeInterdit (closed, already given),
    ErreurMetier (may not vote; the message says why).
    """
    exiger_vote(vote, "voter" if par is None else "voter_pour", par=par)
    if sens not in Sens.values:
        raise ErreurMetier("Choisissez pour, contre, abstention ou ne prend pas part.")
    voix = au_nom_de or convie
    situation = Situation.de(vote.point.seance, avec_noms=False)
    exiger_voix(vote, convie, voix, situation)
    papier = {*vote.par_papier, *vote.sur_papier}
    if papier and any(voix.pk in voix_rares for voix_rares in trop_peu_hors_papier(vote, situation, papier)):
        raise ErreurMetier(
            f"Moins de {SECRET_AU_MOINS} personnes votent sur un téléphone : le compte du papier dirait votre vote. "
            "Votez sur papier."
        )
    nouveau = Bulletin(
        vote=vote,
        sens=sens,
        college=voix.membre.college if vote.forme == Vote.Forme.NOMINATIF or vote.par_college else None,
        convie=voix if vote.forme == Vote.Forme.NOMINATIF else None,
    )
    _, est_nouvelle = Emargement.objects.get_or_create(vote=vote, convie=voix, defaults={"par": convie})
    if est_nouvelle:
        # No `signaler`: the screens that show ballots poll their number.
        nouveau.save()
        return
    if vote.forme == Vote.Forme.SECRET:
        raise ActeInterdit("Ce bulletin est déjà dans l’urne : un vote secret ne se change pas.")
    ancien = Bulletin.objects.get(vote=vote, convie=voix)
    if ancien.sens == sens:
        return
    if not change:
        raise ActeInterdit(
            f"Cette voix est déjà donnée, « {ancien.get_sens_display()} », peut-être depuis un autre appareil. "
            "Elle ne compte qu’une fois ; choisissez « Changer » pour la modifier."
        )
    ancien.sens = sens
    ancien.save(update_fields=["sens"])
    Emargement.objects.filter(vote=vote, convie=voix).update(par=convie)
    signaler(vote.point.seance)


@transaction.atomic
def noter_voix_tardive(vote: Vote, voix: Convie) -> None:
    """Note once that a voice came after the vote was closed, so that the facilitator is told too."""
    pas = exiger_vote(vote, "noter_voix_tardive", par=None)
    attendues = {numero for numeros in vote.inscrits.values() for numero in numeros} - deja_votes(vote)
    deja = vote.point.seance.journal.filter(
        acte="noter_voix_tardive", details__contains={"vote": vote.pk, "voix": voix.pk}
    )
    if vote.etat == EtatVote.CLOS and voix.pk in attendues and not deja.exists():
        pas.avancer(
            fait=f"Voix arrivée après la clôture, non comptée : {voix}",
            details={"vote": vote.pk, "voix": voix.pk},
            nomme=[voix.membre.compte],
        )


class VoterPourForm(ActeForm):
    """A named vote noted by an agent, for a member in the room who has no phone."""

    voix = ConvieField(label="Voix de", queryset=Convie.objects.none())
    sens = champ_choix("Vote", Sens.choices, boutons=True)

    objet: Vote

    def preparer(self) -> None:
        """Offer the voices that may be given now."""
        ouvertes = voix_ouvertes(self.objet, Situation.de(self.objet.point.seance))
        self.choisir(
            "voix",
            Convie.objects.filter(
                pk__in={voix for liste in ouvertes.values() for voix in liste}
            ).select_related("membre__compte", "membre__college"),
        )


@acte(
    en_animant(
        form=VoterPourForm,
        consequence="Pour une personne qui le dit à voix haute. Noter une seconde fois remplace.",
        succes="Le vote est noté.",
    )
)
@transaction.atomic
def voter_pour(vote: Vote, *, voix: Convie, sens: str, par: Compte) -> None:
    """Give a named vote said aloud by a member in the room who has no phone."""
    situation = Situation.de(vote.point.seance)
    porteurs = {v: p for p, liste in voix_ouvertes(vote, situation).items() for v in liste}
    porteur = situation.par_numero(porteurs.get(voix.pk, voix.pk)) or voix
    voter(vote, porteur, au_nom_de=voix, sens=sens, par=par, change=True)


class FaireLAppelForm(ActeForm):
    """One row for each voice, in the order of the collèges.

    A voice left as the page showed it is not sent again: it may have been changed from a phone since.
    """

    vu = forms.CharField(required=False, widget=forms.HiddenInput)

    objet: Vote

    def preparer(self) -> None:
        situation = Situation.de(self.objet.point.seance)
        ouvertes = {voix for liste in voix_ouvertes(self.objet, situation).values() for voix in liste}
        self.voix = [convie for convie in situation.convies if convie.pk in ouvertes]
        donnees = dict(self.objet.bulletins.values_list("convie", "sens"))
        for convie in self.voix:
            self.fields[f"voix_{convie.pk}"] = forms.ChoiceField(
                label=str(convie),
                choices=Sens.choices,
                widget=forms.RadioSelect,
                required=False,
                initial=donnees.get(convie.pk, ""),
            )
        self.fields["vu"].initial = ",".join(f"{numero}:{sens}" for numero, sens in donnees.items())

    def lignes(self) -> list[tuple[Convie, forms.BoundField]]:
        return [(convie, self[f"voix_{convie.pk}"]) for convie in self.voix]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        vu = dict(morceau.split(":", 1) for morceau in donnees.get("vu", "").split(",") if ":" in morceau)
        dites = {convie.pk: donnees.get(f"voix_{convie.pk}", "") for convie in self.voix}
        return {
            "voix": {numero: sens for numero, sens in dites.items() if sens and vu.get(str(numero)) != sens}
        }


@acte(
    en_animant(
        form=FaireLAppelForm,
        consequence="Notez chaque voix comme elle est dite. Ce qui reste vide est encore attendu ; une voix déjà donnée se remplace.",
        succes=lambda vote, nombre: (
            f"{accorder(nombre, 'voix notée')}." if nombre else Reserve("Rien n’a changé.")
        ),
        gabarit="seances/presence/appel.html",
    )
)
@transaction.atomic
def faire_l_appel(vote: Vote, *, voix: Mapping[int, str], par: Compte) -> int:
    """Note a whole named vote said aloud. `voix`: {Convie number: sens}. Return how many were noted.

    A voice already given is replaced.
    """
    pas = exiger_vote(vote, "faire_l_appel", par=par)
    situation = Situation.de(vote.point.seance)
    porteurs = {v: p for p, liste in voix_ouvertes(vote, situation).items() for v in liste}
    for numero, sens in voix.items():
        sienne = situation.par_numero(numero)
        if sienne is None or sens not in Sens.values:
            raise ErreurMetier("Cette voix ne se donne pas sur ce vote.")
        porteur = situation.par_numero(porteurs.get(numero, numero)) or sienne
        exiger_voix(vote, porteur, sienne, situation)
        Emargement.objects.update_or_create(vote=vote, convie=sienne, defaults={"par": porteur})
        Bulletin.objects.update_or_create(
            vote=vote, convie=sienne, defaults={"sens": sens, "college": sienne.membre.college}
        )
    if voix:
        pas.avancer(fait=f"Appel : {accorder(len(voix), 'voix notée')}", details={"vote": vote.pk})
    return len(voix)


def exiger_voix(vote: Vote, convie: Convie, voix: Convie, situation: Situation) -> None:
    """Raise ErreurMetier, with the reason, if `convie` may not give this voice on this vote."""
    if voix.pk in voix_ouvertes(vote, situation).get(convie.pk, []):
        return
    exiger_siegeant(convie)
    if not situation.est_present(convie):
        raise ErreurMetier(
            f"La présence {de(convie)} n’est pas notée : seules les personnes présentes votent."
        )
    _exiger_le_vote(convie, vote.point, situation)
    if voix.pk != convie.pk:
        if situation.est_present(voix):
            raise ErreurMetier(f"{voix} est là : son pouvoir est tombé, c’est à cette personne de voter.")
        raise ErreurMetier(f"{convie} ne porte pas le pouvoir {de(voix)} sur ce vote.")
    sieges = {s.titulaire.pk: s for s in situation.sieges(vote.point)}
    if convie.pk not in sieges:
        raise ErreurMetier(f"{convie} supplée quelqu’un : la personne titulaire siège, c’est elle qui vote.")
    raise ErreurMetier("Le vote était déjà ouvert à votre arrivée : vous pourrez voter au prochain.")


def _exiger_le_vote(convie: Convie, point: Point, situation: Situation) -> None:
    if situation.est_deporte(convie, point):
        raise ErreurMetier(f"{convie} se déporte sur ce point : cette personne ne vote pas.")
    if not situation.a_le_vote(convie):
        raise ErreurMetier(f"{convie} siège avec voix consultative : son collège ne vote pas.")


def attendus_par_college(vote: Vote, situation: Situation) -> dict[int, tuple[str, int]]:
    """Return {collège number: (name, voices given or still possible)}, in the order of the collèges."""
    numeros = {voix for liste in voix_ouvertes(vote, situation).values() for voix in liste} | deja_votes(vote)
    nombres: dict[int, int] = defaultdict(int)
    for convie in situation.convies:
        if convie.pk in numeros:
            nombres[convie.membre.college_id] += 1
    return {c.pk: (c.nom, nombres[c.pk]) for c in situation.colleges if nombres[c.pk]}


@acte(
    en_animant(
        form=MotifForm,
        consequence="Les voix données ne comptent plus. Un autre vote peut s’ouvrir sur le même point.",
        succes="Le vote est annulé.",
    )
)
@transaction.atomic
def annuler_vote(vote: Vote, *, par: Compte, motif: str) -> None:
    """Cancel a vote, open or closed; another may be opened. Refused when a decision rests on it."""
    pas = exiger(vote, "annuler_vote", par=par)
    enregistrer(vote, etat=EtatVote.ANNULE, motif=motif, urne_nettoyee_le=None, sur_papier=[])
    if vote.forme == Vote.Forme.SECRET:
        # Delete the ballots: they do not count, and their order of arrival could identify voters.
        vote.bulletins.all().delete()
        vote.comptes_papier.all().delete()
        confier(NETTOYER)
    pas.avancer(fait=f"Vote annulé : {vote.objet}", motif=motif, details={"vote": vote.pk})


def decisions_ouvertes(point: Point) -> dict[str, str]:
    """Return {name: label} of what may still be decided on the dossiers of the point."""
    liens = point.liens_dossiers.filter(decision="").values_list("dossier", flat=True)
    return {
        nom: option.libelle
        for _, dossier in sorted(Dossier.objects.enfants_de(liens).items())
        for nom, option in dossier.enfant.decisions_en(point.seance.instance.cle).items()
    }
