"""Arrivals and departures, noted by the facilitator or by the members; their forms."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.forms.utils import from_current_timezone
from django.utils import timezone

from participation.seances.animation import en_animant
from participation.seances.membres.fins import appeler_le_suivant, laisser_le_siege
from participation.seances.models import Convie, Membre, Parole, Presence, Seance, Vote
from participation.seances.presence.lectures import a_accueillir
from participation.seances.regles import jour_de_fin
from participation.seances.workflow import FINIES, EtatVote, Mode
from participation.socle.actions import exiger
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_case, champ_choix, champ_jour, champ_ligne, champ_parmi
from participation.socle.francais import de, enumerer, instant_texte, pluriel
from participation.socle.francais import heure as heure_texte
from participation.socle.models import Compte
from participation.socle.views.pages import acte


@transaction.atomic
def arriver(
    convie: Convie, *, mode: str, par: Compte | None, source: str = Presence.Source.ANIMATEUR
) -> Presence:
    """Note an arrival, or a change of mode. Noting the same mode twice changes nothing.

    `par` is None for a signed link. A member cannot choose « en salle » from their own page: it takes the
    code of the room or the facilitator. Raises ErreurMetier (too early, mandate over, mode not offered).
    """
    exiger(convie, "arriver", par=par)
    seance = convie.seance
    if mode not in seance.modes:
        raise ErreurMetier(
            f"Cette séance se tient {seance.get_tenue_display()} : on ne peut pas y être « {dict(Mode.choices).get(mode, mode)} »."
        )
    en_cours = Presence.objects.filter(convie=convie, depart__isnull=True).first()
    if en_cours is not None and en_cours.mode == mode:
        return en_cours
    if mode == Mode.SALLE and source == Presence.Source.MEMBRE:
        raise ErreurMetier("Pour être noté en salle, tapez le code affiché sur l’écran de la salle.")
    maintenant = timezone.now()
    if en_cours is not None:
        en_cours.depart = max(maintenant, en_cours.arrivee)
        en_cours.save(update_fields=["depart"])
    presence = Presence(
        seance=seance,
        convie=convie,
        mode=mode,
        arrivee=en_cours.depart if en_cours is not None and en_cours.depart else maintenant,
        source=source,
        par=par,
    )
    presence.full_clean(exclude={"par"})  # None for a signed link
    presence.save()
    signaler(seance)
    return presence


class AccueillirForm(ActeForm):
    membre = champ_parmi("Personne qui arrive", Membre.objects.none())
    mode = champ_choix("Comment", Mode.choices, boutons=True)

    objet: Seance

    def preparer(self) -> None:
        membres = a_accueillir(self.objet, Convie.objects.filter(seance=self.objet))
        self.choisir(
            "membre",
            Membre.objects.filter(pk__in=[m.pk for m in membres]).select_related("compte", "college"),
        )
        modes = self.objet.modes
        membre, mode = cast(Any, self.fields["membre"]), cast(Any, self.fields["mode"])
        membre.label_from_instance = lambda m: f"{m} ({m.college}, {m.get_rang_display()})"
        mode.choices = [choix for choix in Mode.choices if choix[0] in modes]
        if len(modes) == 1:
            mode.initial = modes[0]


@acte(
    en_animant(
        form=AccueillirForm,
        consequence="Pour une personne qui n’est pas sur la liste : suppléant ou membre nommé depuis la convocation.",
        succes="L’arrivée est notée.",
    )
)
@transaction.atomic
def accueillir(seance: Seance, membre: Membre, *, mode: str, par: Compte) -> Presence:
    """Note the arrival of a member in office who was not on the list, and add them to it.

    For example a substitute, or a member named since the convocation.
    """
    pas = exiger(seance, "accueillir", par=par)
    if membre.college.mandature_id != seance.mandature_id or not membre.est_en_fonction(seance.jour.date()):
        raise ErreurMetier(f"{membre} n’est pas membre de cette instance ce jour-là.")
    remplace = None
    if membre.suppleant_de_id:
        remplace = Convie.objects.filter(seance=seance, membre=membre.suppleant_de_id).first()
    convie, est_nouveau = Convie.objects.get_or_create(
        seance=seance, membre=membre, defaults={"remplace": remplace}
    )
    if est_nouveau:
        pas.avancer(fait=f"{convie} ajouté à la liste des membres, sans convocation", nomme=[membre.compte])
    convie.seance = seance
    return arriver(convie, mode=mode, par=par)


@transaction.atomic
def partir(convie: Convie, *, par: Compte | None) -> Presence | None:
    """Note the departure; return None if the person had already left."""
    exiger(convie, "partir", par=par)
    presence = Presence.objects.filter(convie=convie, depart__isnull=True).first()
    if presence is None:
        return None
    _sortir(convie, presence)
    signaler(convie.seance)
    return presence


def _sortir(convie: Convie, presence: Presence | None) -> None:
    """End the presence and the speech, and withdraw the request to speak."""
    maintenant = timezone.now()
    if presence is not None:
        presence.depart = max(maintenant, presence.arrivee)
        presence.save(update_fields=["depart"])
    paroles = Parole.objects.filter(convie=convie, fin__isnull=True, retiree_le__isnull=True)
    paroles.filter(debut__isnull=False).update(fin=maintenant)
    paroles.filter(debut__isnull=True).update(retiree_le=maintenant)


MotifForm = demander_texte("Pourquoi", aide="Repris au procès-verbal.", maximum=200, lignes=1)


@acte(
    en_animant(
        form=MotifForm,
        consequence="Cette personne n’est plus comptée et ne vote plus à cette séance. Ce qu’elle a déjà voté reste. Qui la remplace, ou lui a donné pouvoir, en est prévenu.",
        succes=lambda convie, _: f"{convie} ne siège plus.",
    )
)
@transaction.atomic
def retirer_convie(convie: Convie, *, par: Compte, motif: str) -> None:
    """Take off the list a member whose mandate ended. They no longer count or vote; votes already cast stay.

    The substitute convened in their place leaves too; members who gave them a pouvoir get a letter. If they
    were a substitute themselves, the next one is convened.
    """
    pas = exiger(convie, "retirer_convie", par=par)
    mandants = laisser_le_siege(convie)
    pas.avancer(
        fait=f"{convie} ne siège plus",
        motif=motif,
        details={"pouvoirs_tombes": [mandant.pk for mandant in mandants]},
        nomme=[convie.membre.compte],
    )
    appeler_le_suivant(convie)


class CorrigerPresenceForm(ActeForm):
    jour = champ_jour("Jour de l’arrivée")
    de = forms.TimeField(label="Arrivée", widget=forms.TimeInput)
    a = forms.TimeField(
        label="Départ",
        widget=forms.TimeInput,
        required=False,
        help_text="Vide si la personne est toujours là. Une heure après minuit est celle du lendemain.",
    )
    motif = champ_ligne("Pourquoi cette correction", "Écrit au journal de la séance.", maximum=200)
    malgre_les_votes = champ_case(
        "Ces heures sont justes, même si un vote dit le contraire",
        "Demandé seulement dans ce cas.",
        requis=False,
    )

    objet: Presence

    def preparer(self) -> None:
        if not votes_contredits(self.objet, self.objet.arrivee, self.objet.arrivee):
            del self.fields["malgre_les_votes"]

    def initiales(self) -> Mapping[str, Any]:
        arrivee = timezone.localtime(self.objet.arrivee)
        depart = timezone.localtime(self.objet.depart) if self.objet.depart else None
        return {
            "jour": arrivee.date(),
            "de": arrivee.strftime("%H:%M"),
            "a": depart.strftime("%H:%M") if depart else "",
        }

    def clean(self) -> dict[str, Any]:
        """Return `arrivee` and `depart` as instants. An unchanged minute keeps its seconds."""
        donnees: dict[str, Any] = super().clean() or {}
        jour, de, a = (donnees.pop(nom, None) for nom in ("jour", "de", "a"))
        if jour is None or de is None or self.errors:
            return donnees
        for champ, jour_dit, heure, nom, avant in (
            ("de", jour, de, "arrivee", self.objet.arrivee),
            ("a", jour_de_fin(jour, de, a) if a else jour, a, "depart", self.objet.depart),
        ):
            if heure is None:
                donnees[nom] = None
                continue
            voulu = datetime.combine(jour_dit, heure)
            if avant and timezone.localtime(avant).replace(tzinfo=None, second=0, microsecond=0) == voulu:
                donnees[nom] = avant
                continue
            try:
                donnees[nom] = from_current_timezone(voulu)
            except ValidationError:
                self.add_error(
                    champ, "Cette nuit-là, l’heure change : cette heure n’existe pas, ou revient deux fois."
                )
        if donnees.get("depart") and donnees.get("arrivee") and donnees["depart"] < donnees["arrivee"]:
            self.add_error("a", "Le départ précède l’arrivée.")
        return donnees

    def add_error(self, field: str | None, error: Any) -> None:
        """Show the errors of `arrivee` and `depart` on the hours typed."""
        super().add_error({"arrivee": "de", "depart": "a"}.get(field or "", field), error)


@acte(
    en_animant(
        form=CorrigerPresenceForm,
        consequence="Le journal de la séance garde les heures d’avant et celles d’après.",
        succes="Les heures sont corrigées.",
    )
)
@transaction.atomic
def corriger_presence(
    presence: Presence,
    *,
    par: Compte,
    arrivee: datetime,
    depart: datetime | None,
    motif: str,
    malgre_les_votes: bool = False,
) -> None:
    """Correct hours of presence. The journal keeps the former and the new ones.

    Raises ValidationError; on `malgre_les_votes`, when a vote held meanwhile counted this person there.
    """
    pas = exiger(presence, "corriger_presence", par=par)
    avant = _heures(presence.arrivee, presence.depart)
    maintenant = timezone.now()
    for champ, valeur in (("arrivee", arrivee), ("depart", depart)):
        if valeur is not None and valeur > maintenant:
            raise ValidationError({champ: "Cette heure n’est pas encore passée."})
    if depart is not None and depart < arrivee:
        raise ValidationError({"depart": "Le départ précède l’arrivée."})
    if depart is None and presence.seance.etat in FINIES:
        raise ValidationError(
            {"depart": "La séance est finie : dites à quelle heure la personne est partie."}
        )
    contredits = votes_contredits(presence, arrivee, depart)
    if contredits and not malgre_les_votes:
        raise ValidationError({"malgre_les_votes": dire_les_votes(presence.convie, contredits)})
    presence.arrivee, presence.depart = arrivee, depart
    presence.full_clean(exclude={"par"})  # None for a signed link
    presence.save()
    pas.avancer(
        fait=f"Heures de présence {de(presence.convie)} corrigées",
        motif=motif,
        details={
            "avant": avant,
            "apres": _heures(arrivee, depart),
            "votes": [vote.pk for vote in contredits],
        },
        nomme=[presence.convie.membre.compte],
    )


def votes_contredits(presence: Presence, arrivee: datetime, depart: datetime | None) -> list[Vote]:
    """Return the votes of the séance that opened with this person counted there, and not at the new hours."""

    def y_est(le: datetime, debut: datetime, fin: datetime | None) -> bool:
        return debut <= le and (fin is None or le < fin)

    votes = Vote.objects.filter(point__seance=presence.seance_id).exclude(etat=EtatVote.ANNULE)
    return [
        vote
        for vote in votes.order_by("ouvert_le", "pk")
        if y_est(vote.ouvert_le, presence.arrivee, presence.depart)
        and not y_est(vote.ouvert_le, arrivee, depart)
    ]


def dire_les_votes(convie: Convie, votes: Sequence[Vote]) -> str:
    dits = enumerer(
        f"« {vote} », ouvert à {heure_texte(timezone.localtime(vote.ouvert_le))}" for vote in votes
    )
    return (
        f"La présence {de(convie)} a été comptée au quorum {pluriel(len(votes), 'du vote,des votes')} {dits}. Ces heures disent le contraire : "
        "le vote ne se compte pas de nouveau. Cochez si elles sont justes, et dites-le dans le texte du procès-verbal."
    )


def _heures(arrivee: datetime, depart: datetime | None) -> str:
    def dire(instant: datetime) -> str:
        return instant_texte(instant, "chiffres")

    return f"{dire(arrivee)} – {dire(depart) if depart else 'toujours là'}"


def signaler(seance: Seance) -> None:
    """Increment the version that the screens poll.

    Every act that a screen shows and that writes no line in the journal must call it.
    """
    Seance.objects.filter(pk=seance.pk).update(version=F("version") + 1)
    seance.refresh_from_db(fields=["version"])


def exiger_siegeant(convie: Convie) -> None:
    """Read the row again; raise ErreurMetier if the member was taken off the list."""
    convie.refresh_from_db(fields=["retire_le"])
    if convie.retire_le is not None:
        raise ErreurMetier(convie.fin_de_mandat)


class ConvieField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A choice of one person of the séance, shown with name and collège."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"empty_label": "Choisissez une personne", **options})

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.membre} ({obj.membre.college})"


def convies_de(seance: Seance) -> QuerySet[Convie]:
    return Convie.objects.filter(seance=seance, retire_le__isnull=True).select_related(
        "membre__compte", "membre__college"
    )


def presents_de(seance: Seance) -> QuerySet[Convie]:
    return convies_de(seance).filter(
        pk__in=Presence.objects.filter(seance=seance, depart__isnull=True).values("convie")
    )


class CodeForm(forms.Form):
    code = champ_ligne(
        "Code de présence",
        "Six lettres et chiffres, affichés sur l’écran de la salle.",
        maximum=12,
        attributs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split()).upper()
