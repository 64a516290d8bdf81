"""An election without candidates: each names somebody and says why, then one proposal is put to the consent of all."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.seances.animation import d_un_clic, en_animant
from participation.seances.membres.actes import nommer
from participation.seances.membres.lectures import a_partir_du
from participation.seances.models import College, Convie, Designation, Election, Membre, Point, Position
from participation.seances.models.elections import PLACES_MAX
from participation.seances.points.actes import exiger_sans_vote, relire_point
from participation.seances.presence.actes import ConvieField, convies_de, signaler
from participation.seances.presence.lectures import Situation
from participation.seances.votes.elections.lectures import derniere, eligibles, votants
from participation.seances.workflow import EtatElection
from participation.socle.actions import Pas, enregistrer, exiger
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_choix,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
    propose,
)
from participation.socle.francais import accorder, enumerer, jour_texte, minuscule
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte

Choix = Sequence[tuple[Membre, str]]  # who is named, and why


class OuvrirElectionForm(ActeForm):
    objet = champ_ligne("Ce qui est confié", "Par exemple « Délégué au comité de suivi ».", maximum=160)
    attendu = champ_texte(
        "Ce qui est attendu", "La tâche, sa durée, ce qu’elle demande. Dit à tous avant de désigner.", maximum=1000, lignes=3,
        requis=False,
    )  # fmt: skip
    places = forms.IntegerField(
        label="Personnes à choisir", min_value=1, max_value=PLACES_MAX, initial=1,
        widget=forms.NumberInput(attrs={"class": "champ-court"}),
    )  # fmt: skip
    college = champ_parmi(
        "Collège qui choisit ses délégués", College.objects.none(), requis=False, vide="Toute l’instance"
    )

    def preparer(self) -> None:
        point = cast(Point, self.objet)
        self.choisir(
            "college", College.objects.filter(mandature=point.seance.mandature_id).order_by("ordre", "pk")
        )


@acte(
    en_animant(
        form=OuvrirElectionForm,
        consequence="Personne n’est candidat : chacun désigne quelqu’un et dit pourquoi, sur son téléphone ou sur papier. Les "
        "désignations sont lues ensemble, puis une proposition cherche le consentement de tous.",
        succes="L’élection est ouverte : chacun désigne.",
    )
)
@transaction.atomic
def ouvrir_election(
    point: Point, *, par: Compte, objet: str, places: int, attendu: str = "", college: College | None = None
) -> Election:
    """Open the first round. Raises ErreurMetier without quorum, when nobody may take part, or when a vote is open."""
    pas = exiger(point, "ouvrir_election", par=par)
    exiger_sans_vote(point.seance)
    if point.seance.point_courant_id != point.pk:
        raise ActeInterdit(f"Le point « {point} » n’est pas en cours.")
    situation = Situation.de(point.seance)
    quorum = situation.quorum(point)
    if not quorum.est_atteint:
        raise ErreurMetier(
            f"Le quorum n’est pas atteint : {minuscule(quorum.phrase)} Aucune élection ne peut s’ouvrir."
        )
    election = Election(point=point, objet=objet, attendu=attendu, places=places, college=college, par=par)
    if not votants(election, situation):
        raise ErreurMetier("Personne ne peut désigner : aucun membre ayant le droit de vote n’est présent.")
    if places > (possibles := eligibles(election).count()):
        raise ValidationError(
            {
                "places": f"{accorder(possibles, 'membre peut', 'membres peuvent')} être désigné{'s' * (possibles > 1)}."
            }
        )
    enregistrer(election)
    pas.avancer(fait=f"Élection sans candidat ouverte : {objet}", details={"election": election.pk})
    return election


def _relire(election: Election, acte: str) -> None:
    """Read the election again, under the lock of the séance. Raises ActeInterdit when it has moved on."""
    election.refresh_from_db()
    if (refus := election.refus(acte, None)) is not None:
        raise refus
    relire_point(election.point)


def _exiger(election: Election, acte: str, *, par: Compte) -> Pas:
    pas = exiger(election, acte, par=par)
    _relire(election, acte)
    return pas


def _exiger_votant(election: Election, convie: Convie) -> None:
    if convie.pk not in {votant.pk for votant in votants(election, Situation.de(election.point.seance))}:
        raise ErreurMetier(
            f"{convie} ne prend pas part à cette élection : il faut être présent, avec le droit de vote, et ne pas se déporter."
        )


def election_de(convie: Convie) -> Election | None:
    """Return the election of the point that the séance is at."""
    courant = convie.seance.point_courant_id
    point = Point.objects.select_related("seance").get(pk=courant) if courant is not None else None
    return derniere(point) if point is not None else None


class ElectionForm(ActeForm):
    """Of a member on her phone, or of an agent for somebody: the election is that of the current point, or `objet`."""

    election: Election

    def preparer(self) -> None:
        trouvee = self.objet if isinstance(self.objet, Election) else election_de(self.objet)
        if trouvee is None:
            raise ActeInterdit("Aucune élection n’est en cours.")
        self.election = trouvee


class PourForm(ElectionForm):
    """What an agent notes for somebody present."""

    convie = ConvieField(label="Personne", queryset=Convie.objects.none())

    def preparer(self) -> None:
        super().preparer()
        presents = votants(self.election, Situation.de(self.election.point.seance))
        self.choisir("convie", convies_de(self.election.point.seance).filter(pk__in=[c.pk for c in presents]))


class DesignerForm(ElectionForm):
    """One row for each seat: whom, and why. The first is asked for; the others may stay empty."""

    def preparer(self) -> None:
        super().preparer()
        deja = self._deja()
        for rang in range(self.election.places):
            requis, suite = rang == 0, f" {rang + 1}" if self.election.places > 1 else ""
            nomme = champ_parmi(
                f"Personne{suite}", Membre.objects.none(), requis=requis, vide="Choisissez une personne"
            )
            self.fields[f"membre_{rang}"] = nomme
            self.choisir(f"membre_{rang}", eligibles(self.election))
            self.fields[f"raison_{rang}"] = champ_ligne(
                f"Pourquoi cette personne{suite}",
                "Lu à voix haute, devant tous." if requis else "",
                maximum=300,
                erreur="Dites pourquoi cette personne.",
                requis=requis,
            )
            if rang < len(deja):
                self.initial[f"membre_{rang}"], self.initial[f"raison_{rang}"] = (
                    deja[rang].designe_id,
                    deja[rang].raison,
                )

    def _deja(self) -> list[Designation]:
        if not isinstance(self.objet, Convie):
            return []
        siennes = self.election.designations.filter(tour=self.election.tour, convie=self.objet)
        return list(siennes.order_by("pk"))

    def clean(self) -> dict[str, Any]:
        dit: dict[str, Any] = super().clean() or {}
        choix: list[tuple[Membre, str]] = []
        for rang in range(self.election.places):
            membre, raison = dit.pop(f"membre_{rang}", None), dit.pop(f"raison_{rang}", "")
            if membre is not None and not raison and f"raison_{rang}" not in self.errors:
                self.add_error(f"raison_{rang}", "Dites pourquoi cette personne.")
            if membre is not None and membre in [nomme for nomme, _ in choix]:
                self.add_error(f"membre_{rang}", "Vous désignez deux fois la même personne.")
            choix += [(membre, raison)] if membre is not None else []
        return {**dit, "choix": choix}


class DesignerPourForm(DesignerForm, PourForm):
    """The same, read on the paper of somebody in the room."""


@transaction.atomic
def designer(convie: Convie, election: Election, *, par: Compte, choix: Choix) -> None:
    """Say whom this person names in this round: what she named before in it is replaced."""
    exiger(convie, "designer", par=par)
    _designer(election, convie, choix)


@acte(
    en_animant(
        form=DesignerPourForm,
        consequence="Recopiez le bulletin de papier. Ce qu’il disait avant dans ce tour est remplacé.",
        succes="La désignation est notée.",
    )
)
@transaction.atomic
def designer_pour(election: Election, *, par: Compte, convie: Convie, choix: Choix) -> None:
    """Note what is read on the paper of somebody in the room."""
    exiger(election, "designer_pour", par=par)
    _designer(election, convie, choix)


def _designer(election: Election, convie: Convie, choix: Choix) -> None:
    _relire(election, "designer")
    _exiger_votant(election, convie)
    if not 0 < len(choix) <= election.places:
        raise ValidationError({"membre_0": f"Désignez {accorder(election.places, 'personne')} au plus."})
    election.designations.filter(tour=election.tour, convie=convie).delete()
    for membre, raison in choix:
        enregistrer(
            Designation(election=election, tour=election.tour, convie=convie, designe=membre, raison=raison)
        )
    signaler(election.point.seance)


@d_un_clic
@transaction.atomic
def lire_designations(election: Election, *, par: Compte) -> None:
    """Close the round: names and reasons are shown to all at once. Raises ErreurMetier when nobody named anybody."""
    pas = _exiger(election, "lire_designations", par=par)
    combien = election.designations.filter(tour=election.tour).values("convie").distinct().count()
    if not combien:
        raise ErreurMetier("Personne n’a encore désigné.")
    enregistrer(election, etat=EtatElection.LUE)
    pas.avancer(fait=f"Tour {election.tour} lu, {accorder(combien, 'bulletin')} : {election}")


@d_un_clic
@transaction.atomic
def ouvrir_tour(election: Election, *, par: Compte) -> None:
    """Open another round, where each may change her mind: what she named stays hers until she does."""
    pas = _exiger(election, "ouvrir_tour", par=par)
    avant = election.designations.filter(tour=election.tour).order_by("pk")
    Designation.objects.bulk_create(
        Designation(
            election=election,
            tour=election.tour + 1,
            convie_id=d.convie_id,
            designe_id=d.designe_id,
            raison=d.raison,
        )
        for d in list(avant)
    )
    enregistrer(election, etat=EtatElection.DESIGNE, tour=election.tour + 1, proposes=[], raison="")
    pas.avancer(fait=f"Tour {election.tour} ouvert : {election}")


class ProposerForm(ActeForm):
    membres = forms.ModelMultipleChoiceField(
        label="Personnes proposées", queryset=Membre.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez qui est proposé."},
    )  # fmt: skip
    raison = champ_texte(
        "Pourquoi", "Les raisons entendues qui ont pesé, pas le nombre de voix.", maximum=1000, lignes=3
    )

    objet: Election

    def preparer(self) -> None:
        self.choisir("membres", eligibles(self.objet))

    def initiales(self) -> Mapping[str, Any]:
        return {"membres": self.objet.proposes}

    def clean_membres(self) -> list[Membre]:
        membres = list(self.cleaned_data["membres"])
        if len(membres) != self.objet.places:
            raise ValidationError(f"Proposez {accorder(self.objet.places, 'personne')}.")
        return membres


@acte(
    en_animant(
        form=ProposerForm,
        consequence="Chacun dit ensuite s’il a une objection, la personne proposée en dernier.",
        succes="La proposition est soumise au consentement.",
    )
)
@transaction.atomic
def proposer_election(election: Election, *, par: Compte, membres: Sequence[Membre], raison: str) -> None:
    """Put a proposal to the consent of all. Another proposal may follow: each is spoken of anew."""
    pas = _exiger(election, "proposer_election", par=par)
    enregistrer(
        election,
        etat=EtatElection.PROPOSE,
        proposition=election.proposition + 1,
        proposes=[membre.pk for membre in membres],
        raison=raison,
    )
    pas.avancer(
        fait=f"Proposition {election.proposition} : {enumerer(str(membre) for membre in membres)}, {election}",
        nomme=[membre.compte for membre in membres],
    )


ACCORD, OBJECTION = "accord", "objection"


class SePrononcerForm(ElectionForm):
    dit = champ_choix(
        "Votre position",
        [(ACCORD, "Je n’ai pas d’objection"), (OBJECTION, "J’ai une objection")],
        erreur="Dites si vous avez une objection.",
        boutons=True,
    )
    objection = champ_ligne(
        "Votre objection",
        "Ce qui empêcherait cette personne de remplir la tâche. Lue devant tous.",
        maximum=300,
        requis=False,
    )

    def clean(self) -> dict[str, Any]:
        reponse: dict[str, Any] = super().clean() or {}
        dit = reponse.pop("dit", ACCORD)
        if dit == OBJECTION and not reponse.get("objection"):
            self.add_error("objection", "Écrivez votre objection : sans raison, elle ne peut pas être levée.")
        if dit == ACCORD:
            reponse["objection"] = ""
        return reponse


class SePrononcerPourForm(SePrononcerForm, PourForm):
    pass


@transaction.atomic
def se_prononcer(convie: Convie, election: Election, *, par: Compte, objection: str = "") -> None:
    """Consent, or object with a reason. Who consents after an objection lifts it: it stays written, as lifted."""
    exiger(convie, "se_prononcer", par=par)
    _se_prononcer(election, convie, objection)


@acte(en_animant(form=SePrononcerPourForm, succes="C’est noté."))
@transaction.atomic
def se_prononcer_pour(election: Election, *, par: Compte, convie: Convie, objection: str = "") -> None:
    """Note what somebody says in the room."""
    exiger(election, "se_prononcer_pour", par=par)
    _se_prononcer(election, convie, objection)


def _se_prononcer(election: Election, convie: Convie, objection: str) -> None:
    _relire(election, "se_prononcer")
    _exiger_votant(election, convie)
    position = election.positions.filter(proposition=election.proposition, convie=convie).first() or Position(
        election=election, proposition=election.proposition, convie=convie
    )
    if objection:
        position.objection, position.levee_le = objection, None
    elif position.objection and position.levee_le is None:
        position.levee_le = timezone.now()
    enregistrer(position)
    signaler(election.point.seance)


@d_un_clic
@transaction.atomic
def constater_consentement(election: Election, *, par: Compte) -> None:
    """Close the election. Raises ErreurMetier while somebody objects, or has not spoken: silence is no consent."""
    pas = _exiger(election, "constater_consentement", par=par)
    positions = list(
        election.positions.filter(proposition=election.proposition).select_related("convie__membre__compte")
    )
    tenues = [str(position.convie) for position in positions if position.objecte]
    if tenues:
        raise ErreurMetier(
            f"Une objection reste : {enumerer(tenues)}. Levez-la, ou proposez quelqu’un d’autre."
        )
    dits = {position.convie_id for position in positions}
    muets = [str(c) for c in votants(election, Situation.de(election.point.seance)) if c.pk not in dits]
    if muets:
        raise ErreurMetier(f"Il reste à entendre {enumerer(muets[:8])}. Se taire n’est pas consentir.")
    if not dits:
        raise ErreurMetier("Personne ne s’est prononcé.")
    enregistrer(election, etat=EtatElection.ELUE, close_le=timezone.now())
    elus = election.membres_proposes()
    pas.avancer(
        fait=f"Élection sans candidat, {election} : {enumerer(str(membre) for membre in elus)}",
        details={"election": election.pk, "tours": election.tour, "propositions": election.proposition},
        nomme=[membre.compte for membre in elus],
    )


MotifForm = demander_texte("Pourquoi", aide="Repris au journal.", maximum=200, lignes=1)


@acte(en_animant(form=MotifForm))
@transaction.atomic
def annuler_election(election: Election, *, par: Compte, motif: str) -> None:
    pas = _exiger(election, "annuler_election", par=par)
    enregistrer(election, etat=EtatElection.ANNULEE, motif=motif, close_le=timezone.now())
    pas.avancer(fait=f"Élection annulée : {election}", motif=motif)


def a_nommer(college: College) -> Any:
    """Return the elections whose elected may sit in this collège: of any instance, the last first."""
    return (
        Election.objects.filter(etat=EtatElection.ELUE)
        .select_related("point__seance__instance")
        .order_by("-close_le", "-pk")
    )


class NommerElusForm(ActeForm):
    election = champ_parmi("Élection", Election.objects.none(), vide=None)
    du = champ_jour("Siègent à partir du")

    def preparer(self) -> None:
        self.choisir("election", a_nommer(self.objet))
        self.fields["du"].initial = propose(timezone.localdate())
        champ: Any = self.fields["election"]
        champ.label_from_instance = lambda e: (
            f"{e.objet}, {e.point.seance.instance}, {jour_texte(timezone.localdate(e.close_le))}"
        )


@acte(
    Page[College](
        form=NommerElusForm,
        consequence="Chaque personne élue reçoit un siège de ce collège, et une lettre. L’élection est citée dans son mandat.",
        succes=lambda _, membres: (
            f"{accorder(len(membres), 'personne élue siège', 'personnes élues siègent')}{a_partir_du(membres[0].du)}."
        ),
        retour=lambda college, _: college.mandature.adresse,
    )
)
@transaction.atomic
def nommer_elus(college: College, *, par: Compte, election: Election, du: date) -> list[Membre]:
    """Give seats of this collège to who was elected. Who sits in it already is not named twice."""
    exiger(college, "nommer_elus", par=par)
    if election.etat != EtatElection.ELUE or election.close_le is None:
        raise ValidationError({"election": "Cette élection n’est pas faite."})
    deja = set(Membre.objects.filter(college=college).encore_la().values_list("compte", flat=True))
    elus = [membre for membre in election.membres_proposes() if membre.compte_id not in deja]
    if not elus:
        raise ValidationError({"election": "Ces personnes siègent déjà dans ce collège."})
    quand = jour_texte(timezone.localdate(election.close_le))
    return [
        nommer(
            college,
            elu.compte,
            par=par,
            du=du,
            adresse_postale=elu.adresse_postale,
            nomme_par=f"Élection sans candidat du {quand}, {election.point.seance.instance}"[:160],
        )
        for elu in elus
    ]
