"""Answers of members to a convocation, their effect on pouvoirs and substitutes, and their reminders."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.seances.convocation import lettres
from participation.seances.models import Convie, Envoi, Membre, Profil, Seance
from participation.socle.actions import consigner, exiger
from participation.socle.courriels.ecriture import ecrire
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_cases, champ_choix, champ_ligne, champ_texte
from participation.socle.francais import accorder, de
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte

R = Convie.Reponse


def dire_relance(seance: Seance) -> str:
    muets = list(seance.convies.filter(retire_le=None, reponse="").select_related("membre__compte"))
    noms = ", ".join(str(convie.membre) for convie in muets[:NOMS_MONTRES])
    suite = "…" if len(muets) > NOMS_MONTRES else "."
    return f"{accorder(len(muets), 'personne')} : {noms}{suite}" if muets else ""


NOMS_MONTRES = 12


class RepondreForm(ActeForm):
    """A member's answer, without the choices that the séance or the règlement excludes."""

    LIBELLES = {
        R.SALLE: "Je viens en salle",
        R.DISTANCE: "Je participe à distance",
        R.EXCUSE: "Je ne peux pas venir",
        R.POUVOIR: "Je ne peux pas venir et je donne pouvoir",
    }

    reponse = champ_choix("Votre réponse", (), boutons=True)
    # Not a ChoiceField: for a person who is no longer in the list, the error says their name and the reason.
    pouvoir_a = champ_ligne("À qui donnez-vous pouvoir ?", requis=False, widget=forms.Select)
    besoins = champ_cases(
        "De quoi avez-vous besoin ?",
        Profil.Besoin.choices,
        "Seul le service participation le voit, pour organiser la séance.",
        requis=False,
    )
    precisions = champ_texte(
        "Précisions",
        "Heure d’arrivée, langue de l’interprète, âge des enfants…",
        maximum=600,
        requis=False,
        lignes=3,
        attributs={"maxlength": 600},
    )

    def preparer(self) -> None:
        convie, seance = self.objet, self.objet.seance
        self.mandataires = {str(autre.pk): autre for autre in mandataires_possibles(convie)}
        possibles = [R.EXCUSE]
        if seance.tenue != Seance.Tenue.SALLE:
            possibles.insert(0, R.DISTANCE)
        if seance.tenue != Seance.Tenue.DISTANCE:
            possibles.insert(0, R.SALLE)
        if self.mandataires:
            possibles.append(R.POUVOIR)
        reponse, pouvoir = self.fields["reponse"], self.fields["pouvoir_a"]
        assert isinstance(reponse, forms.ChoiceField)  # noqa: S101 says to the type checker what it is
        assert isinstance(pouvoir.widget, forms.Select)  # noqa: S101
        reponse.choices = [(valeur, self.LIBELLES[valeur]) for valeur in possibles]
        if self.mandataires:
            pouvoir.widget.choices = [
                ("", "Choisissez une personne"),
                *(
                    (cle, f"{autre.membre}, {autre.membre.college}")
                    for cle, autre in self.mandataires.items()
                ),
            ]
        else:
            del self.fields["pouvoir_a"]

    def initiales(self) -> Mapping[str, Any]:
        convie = self.objet
        if convie.repondu_le is None:
            profil = Profil.objects.filter(compte=convie.membre.compte_id).first()
            besoins = convie.besoins or (profil.besoins if profil else [])
        else:
            besoins = convie.besoins
        return {
            "reponse": convie.reponse,
            "pouvoir_a": str(convie.pouvoir_a_id or ""),
            "besoins": besoins,
            "precisions": convie.precisions,
        }

    def clean_pouvoir_a(self) -> Convie | None:
        cle = str(self.cleaned_data["pouvoir_a"])
        if not cle or self.cleaned_data.get("reponse") != R.POUVOIR:
            return None
        if cle in self.mandataires:
            return self.mandataires[cle]
        autre = (
            Convie.objects.filter(pk=int(cle)).select_related("membre__compte", "membre__college").first()
            if cle.isascii() and cle.isdecimal() and len(cle) < 19
            else None
        )
        raise forms.ValidationError(
            (refus_du_pouvoir(self.objet, autre) if autre else "")
            or "Cette personne n’est pas convoquée à cette séance : choisissez-en une dans la liste."
        )

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        if donnees.get("reponse") != R.POUVOIR:
            donnees["pouvoir_a"] = None
        elif donnees.get("pouvoir_a") is None and "pouvoir_a" not in self.errors:
            self.add_error("pouvoir_a", "Dites à qui vous donnez pouvoir.")
        return donnees


ABSENCES = frozenset({R.EXCUSE, R.POUVOIR})


def mandataires_possibles(convie: Convie) -> list[Convie]:
    """Return the people to whom this member may give a pouvoir today, under the règlement; [] if none."""
    seance = convie.seance
    if not seance.reglement.pouvoirs_par_personne or not _vote(convie):
        return []
    autres = (
        seance.convies.filter(retire_le=None)
        .exclude(pk=convie.pk)
        .select_related("membre__compte", "membre__college")
        .prefetch_related("pouvoirs_recus")
    )
    return [autre for autre in autres if not refus_du_pouvoir(convie, autre)]


def refus_du_pouvoir(convie: Convie, mandataire: Convie) -> str:
    """Return why this pouvoir cannot be given, with the person's name; "" when it can."""
    reglement = convie.seance.reglement
    if not reglement.pouvoirs_par_personne:
        return "Le règlement ne permet pas de donner pouvoir."
    if not _vote(convie):
        return "Votre collège n’a pas le droit de vote : il n’y a pas de pouvoir à donner."
    if mandataire.pk == convie.pk:
        return "Un pouvoir se donne à une autre personne."
    if mandataire.seance_id != convie.seance_id or mandataire.retire_le is not None:
        return f"{mandataire.membre} n’est pas convoqué à cette séance : choisissez une autre personne."
    if not _vote(mandataire):
        return f"{mandataire.membre} n’a pas le droit de vote : choisissez une autre personne."
    if not reglement.pouvoir_entre_colleges and mandataire.membre.college_id != convie.membre.college_id:
        return (
            f"Le règlement veut que le pouvoir reste dans votre collège : {mandataire.membre} est d’un autre."
        )
    if mandataire.est_absent:
        return f"{mandataire.membre} est excusé : choisissez une autre personne."
    recus = sum(
        autre.pk != convie.pk and autre.retire_le is None for autre in mandataire.pouvoirs_recus.all()
    )
    if recus >= reglement.pouvoirs_par_personne:
        combien = "un pouvoir" if reglement.pouvoirs_par_personne == 1 else "tous les pouvoirs permis"
        return f"{mandataire.membre} a déjà {combien} : choisissez une autre personne."
    return ""


def _mandataire(convie: Convie, pouvoir_a: Convie | None) -> Convie:
    if pouvoir_a is None:
        raise ValidationError({"pouvoir_a": "Dites à qui vous donnez pouvoir."})
    mandataire = (
        Convie.objects.filter(pk=pouvoir_a.pk)
        .select_related("membre__compte", "membre__college")
        .prefetch_related("pouvoirs_recus")
        .get()
    )
    if refus := refus_du_pouvoir(convie, mandataire):
        raise ValidationError({"pouvoir_a": refus})
    return mandataire


@transaction.atomic
def repondre(
    convie: Convie,
    *,
    reponse: str,
    pouvoir_a: Convie | None = None,
    besoins: Sequence[str] = (),
    precisions: str = "",
    par: Compte | None = None,
) -> None:
    """Save the answer, replacing the former one, until the séance opens.

    Substitutes and holders of pouvoirs get a letter at once. `par`: the agent who notes the answer, None when
    the person answers. Raises ActeInterdit (too late), ValidationError on the field.
    """
    exiger(convie, "repondre" if par is None else "noter_reponse", par=par)
    seance = _relire(convie)
    _exiger_possible(seance, reponse)
    inconnus = set(besoins) - set(Profil.Besoin.values)
    if inconnus:
        raise ValidationError({"besoins": "Choisissez vos besoins dans la liste."})
    avant, mandataire_avant = convie.reponse, convie.pouvoir_a
    mandataire = _mandataire(convie, pouvoir_a) if reponse == R.POUVOIR else None
    convie.reponse, convie.pouvoir_a = reponse, mandataire
    convie.besoins, convie.precisions = sorted(set(besoins)), precisions.strip()
    convie.repondu_le = timezone.now()
    convie.full_clean(exclude=["seance", "membre", "remplace"])
    convie.save()
    consigner(
        seance,
        "repondre",
        par=par or convie.membre.compte,
        # The needs are personal, and a journal line cannot be erased: leave them out.
        fait=f"{convie.membre} : {convie.get_reponse_display()}",
        details={"convie": convie.pk, "reponse": reponse, "note_par_agent": par is not None},
        nomme=[convie.membre.compte],
    )
    if mandataire_avant is not None and mandataire_avant != mandataire:
        mandataire_avant.seance = seance
        lettres.perdre_pouvoir(mandataire_avant, de=convie)
    if mandataire is not None and mandataire != mandataire_avant:
        mandataire.seance = seance
        lettres.recevoir_pouvoir(mandataire, de=convie)
    if reponse in ABSENCES and avant not in ABSENCES:
        _signaler_pouvoirs_recus(convie)
    suppleant = None
    if reponse == R.EXCUSE:
        suppleant = (
            convoquer_suppleant(convie)
            if avant != R.EXCUSE
            else convie.remplacants.filter(retire_le=None).select_related("membre__compte").first()
        )
    elif avant == R.EXCUSE and reponse != R.EXCUSE:
        liberer_suppleants(convie)
    # Confirm an answer: what was noted, the substitute called, how to change it.
    ecrire(
        "seances/repondre",
        a=[convie.membre.compte.courriel],
        contexte={**lettres.contexte(convie), "suppleant": suppleant},
    )


def convoquer_suppleant(convie: Convie) -> Convie | None:
    """Convene a substitute for an excused member, or the next one if a substitute is excused too.

    Return None when nobody is left.
    """
    seance = convie.seance
    if not seance.reglement.avec_suppleants:
        return None
    titulaire = convie.remplace or convie
    jour = seance.jour.date()
    candidats = (
        Membre.objects.qui_suppleent(titulaire.membre, jour)
        .select_related("compte", "college")
        .order_by("pk")
    )
    pris = set(seance.convies.filter(retire_le=None).values_list("membre", flat=True)) | set(
        seance.convies.filter(reponse__in=ABSENCES).values_list("membre", flat=True)
    )
    libres = [membre for membre in candidats if membre.pk not in pris]
    # First the substitutes of this titulaire, then those of the collège who are nobody's in particular.
    siens = [m for m in libres if m.suppleant_de_id == titulaire.membre_id]
    choisi = next(iter(siens or [m for m in libres if m.suppleant_de_id is None]), None)
    if choisi is None:
        return None
    suppleant, _ = Convie.objects.update_or_create(
        seance=seance,
        membre=choisi,
        defaults={
            "remplace": titulaire,
            "convoque_le": timezone.now(),
            "retire_le": None,
            "reponse": "",
            "repondu_le": None,
            "pouvoir_a": None,
        },
    )
    suppleant.seance, suppleant.membre = seance, choisi
    consigner(
        seance,
        "convoquer_suppleant",
        par=None,
        fait=f"{choisi} convoqué à la place {de(titulaire.membre)}",
        details={"convie": suppleant.pk, "titulaire": titulaire.pk},
        nomme=[choisi.compte, titulaire.membre.compte],
    )
    lettres.convoquer_suppleant(suppleant, remplace=titulaire)
    return suppleant


def liberer_suppleants(convie: Convie, *, cause: str = "", deplacee_du: datetime | None = None) -> None:
    """Take the substitutes of this member off the list, and write to each the reason.

    The reason: the titulaire comes after all; the séance moved (`deplacee_du`: its former day) and the
    titulaire answers again; or the titulaire's mandate ends before it (`cause` « mandat »).
    """
    if deplacee_du is not None:
        pourquoi = "la séance est déplacée"
    elif cause == "mandat":
        pourquoi = f"le mandat {de(convie.membre)} prend fin avant la séance"
    else:
        pourquoi = f"{convie.membre} siège"
    for suppleant in convie.remplacants.filter(retire_le=None).select_related(
        "membre__compte", "membre__college"
    ):
        suppleant.seance = convie.seance
        absent = suppleant.est_absent
        oublier_reponse(suppleant, avec_suppleants=False)
        suppleant.retire_le = timezone.now()
        suppleant.save(update_fields=["retire_le"])
        consigner(
            convie.seance,
            "liberer_suppleant",
            par=None,
            fait=f"{suppleant.membre} n’est plus convoqué : {pourquoi}",
            details={"convie": suppleant.pk, "titulaire": convie.pk},
            nomme=[suppleant.membre.compte, convie.membre.compte],
        )
        _signaler_pouvoirs_recus(suppleant)
        if not absent:
            lettres.liberer_suppleant(suppleant, remplace=convie, cause=cause, deplacee_du=deplacee_du)


def oublier_reponse(
    convie: Convie, *, avec_suppleants: bool = True, deplacee_du: datetime | None = None
) -> None:
    """Erase an answer that no longer holds after a move. The needs stay."""
    if not convie.reponse:
        return
    excusee = convie.reponse == R.EXCUSE
    convie.reponse, convie.repondu_le, convie.pouvoir_a = "", None, None
    convie.save(update_fields=["reponse", "repondu_le", "pouvoir_a"])
    if excusee and avec_suppleants:
        liberer_suppleants(convie, deplacee_du=deplacee_du)


@acte(
    Page[Seance](
        form=None,
        consequence=dire_relance,
        bouton="Envoyer la relance",
        succes=lambda _, combien: f"{accorder(combien, 'relance')} : c’est parti.",
        retour="#reponses",
    )
)
@transaction.atomic
def relancer_reponses(seance: Seance, *, par: Compte) -> int:
    """Write to those who have not answered, at most once a day. Return the number of letters.

    Raises ErreurMetier when there is nobody to write to.
    """
    pas = exiger(seance, "relancer_reponses", par=par)
    muets = seance.convies.filter(retire_le=None, reponse="").select_related(
        "membre__compte", "membre__college"
    )
    combien = 0
    for convie in muets:
        convie.seance = seance
        combien += lettres.relancer_reponse(convie)
    if not combien:
        raise ErreurMetier("La relance du jour est déjà partie.")
    pas.avancer(fait=accorder(combien, "personne relancée"))
    return combien


def noter_ouverture(convie: Convie) -> None:
    """Note that the link of the last sending was followed, by the person or by the scanner of their mailbox."""
    dernier = convie.envois.order_by("-le", "-pk").values("pk")[:1]
    Envoi.objects.filter(pk__in=dernier, ouvert_le=None).update(ouvert_le=timezone.now())


def _exiger_possible(seance: Seance, reponse: str) -> None:
    if reponse not in R.values:
        raise ValidationError({"reponse": "Choisissez une réponse dans la liste."})
    if reponse == R.DISTANCE and seance.tenue == Seance.Tenue.SALLE:
        raise ValidationError(
            {"reponse": "Cette séance se tient en salle : elle n’a pas de visioconférence."}
        )
    if reponse == R.SALLE and seance.tenue == Seance.Tenue.DISTANCE:
        raise ValidationError({"reponse": "Cette séance se tient à distance : il n’y a pas de salle."})


def _signaler_pouvoirs_recus(convie: Convie) -> None:
    """Write to those who gave this absent member a pouvoir, and to the member: the pouvoir has lapsed."""
    for mandant in convie.pouvoirs_recus.filter(retire_le=None).select_related(
        "membre__compte", "membre__college"
    ):
        mandant.seance = convie.seance
        # Write to both that the pouvoir has lapsed; the giver may choose somebody else.
        ecrire(
            "seances/pouvoir_caduc",
            a=[mandant.membre.compte.courriel],
            contexte={**lettres.contexte(mandant), "mandataire": convie},
        )
        ecrire(
            "seances/pouvoir_caduc_mandataire",
            a=[convie.membre.compte.courriel],
            contexte={**lettres.contexte(convie), "de": mandant},
        )


def _vote(convie: Convie) -> bool:
    return convie.membre.college.a_le_vote(convie.seance.jour.date())


def _relire(convie: Convie) -> Seance:
    """Read the row again with its relations: the pouvoir may have changed before the séance was locked."""
    seance = convie.seance
    convie.refresh_from_db(
        from_queryset=Convie.objects.select_related(
            "membre__compte", "membre__college", "pouvoir_a__membre__compte", "pouvoir_a__membre__college"
        )
    )
    convie.seance = seance
    return seance
