"""Co-petitioners: invited by mail, told when the text changes; their forms and their letters."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import avancer, exiger
from participation.socle.calendrier import jours_entre
from participation.socle.collectivite import ici_plus_tard
from participation.socle.courriels import porte
from participation.socle.courriels.ecriture import ecrire
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_case, champ_choix, champ_courriel, champ_ligne, champ_texte
from participation.socle.francais import accorder, majuscule
from participation.socle.models import Commune, Compte
from participation.socle.regles.adresses import canoniser
from petitions.models import CoPetitionnaire, Petition
from petitions.models.copetitionnaire import Qualite

# Letters to people without an account, erased with their address.
LETTRES_AUX_COPETITIONNAIRES = [
    f"petitions/{lettre}"
    for lettre in (
        "inviter_copetitionnaires",
        "deja_copetitionnaire",
        "prevenir_du_changement",
        "deposer_copetitionnaires",
    )
]


def inviter_copetitionnaire(
    copetitionnaire: CoPetitionnaire, *, jeton: str, relance: bool, est_venu: bool
) -> porte.Reponse:
    """`est_venu`: the person asked to join by the shared link, nobody gave their address."""
    requis = copetitionnaire.petition.reglement.copetitionnaires_requis
    return _par_la_porte(
        "inviter_copetitionnaires", copetitionnaire, jeton, relance=relance, requis=requis, est_venu=est_venu
    )


def deja_copetitionnaire(copetitionnaire: CoPetitionnaire, *, jeton: str) -> None:
    """Tell a co-pétitionnaire who asks again to join: the page must not reveal it."""
    _par_la_porte("deja_copetitionnaire", copetitionnaire, jeton, confirme_le=copetitionnaire.confirme_le)


def _par_la_porte(
    lettre: str, copetitionnaire: CoPetitionnaire, jeton: str, **mots: porte.Mot
) -> porte.Reponse:
    petition = copetitionnaire.petition
    return porte.ecrire(
        f"petitions/{lettre}",
        a=copetitionnaire.courriel,
        par=petition.auteur,
        sujet=petition,
        dossier=petition,
        au_plus=petition.reglement.courriels_max,
        mots={"lien": reverse("petitions:confirmer_copetitionnaire", args=[jeton]), **mots},
    )


def copetitionnaires_reunis(petition: Petition) -> None:
    if petition.auteur is not None:
        ecrire(
            "petitions/copetitionnaires_reunis",
            a=[petition.auteur.courriel],
            dossier=petition,
            cle=f"copetitionnaires_reunis:{petition.pk}",
            contexte={"petition": petition, "lien": reverse("petitions:deposer", args=[petition.pk])},
        )


# Invitations of a draft for each co-pétitionnaire required: a limit against mail bombing, far above what a
# deposit needs.
INVITATIONS_PAR_REQUIS = 6


# Part of them for the shared link: whoever has it may type any address, and the author must still be able
# to invite.
PAR_LE_LIEN = 3


@dataclass(frozen=True, slots=True)
class Invitation:
    courriel: str
    prenom: str = ""
    nom: str = ""


@dataclass(slots=True)
class BilanInvitations:
    """Result for the addresses given: invited, already in the list, refused by their owner, over the limit of
    today."""

    invites: list[str] = field(default_factory=list)
    deja: list[str] = field(default_factory=list)
    refuses: list[str] = field(default_factory=list)
    demain: list[str] = field(default_factory=list)


@transaction.atomic
def inviter_copetitionnaires(
    petition: Petition, invitations: Iterable[Invitation], *, par: Compte
) -> BilanInvitations:
    """Write to each new address a signed link to the confirmation page.

    Addresses whose owner refused, or over the limit of the day, are left out and returned apart. Raises
    ErreurMetier above the maximum of invitations of a draft.
    """
    pas = exiger(petition, "inviter_copetitionnaires", par=par)
    bilan = BilanInvitations()
    connus = {c.courriel_canonique: c for c in petition.copetitionnaires.all()}
    maximum = INVITATIONS_PAR_REQUIS * petition.reglement.copetitionnaires_requis
    for invitation in invitations:
        canonique = canoniser(invitation.courriel)
        connu = connus.get(canonique)
        if connu is not None:
            (bilan.refuses if connu.retire_le is not None else bilan.deja).append(invitation.courriel)
            continue
        if len(connus) >= maximum:
            raise ErreurMetier(
                f"Une pétition compte {maximum} invitations au plus. Celles-ci n’ont pas été envoyées."
            )
        reponse = _reponse_de_la_porte(petition, invitation.courriel)
        if not reponse:
            refuse = reponse is porte.Reponse.REFUSEE
            (bilan.refuses if refuse else bilan.demain).append(invitation.courriel)
            continue
        connus[canonique] = _inviter(petition, canonique, **asdict(invitation))
        bilan.invites.append(invitation.courriel)
    if bilan.invites:
        nombre = len(bilan.invites)
        pas.avancer(
            fait="Un co-pétitionnaire invité" if nombre == 1 else f"{nombre} co-pétitionnaires invités"
        )
    return bilan


@transaction.atomic
def relancer_copetitionnaires(petition: Petition, *, par: Compte) -> int:
    """Write again to those who have not answered within the delay of the règlement. Returns how many.

    Raises ErreurMetier when there is nobody to write to.
    """
    pas = exiger(petition, "relancer_copetitionnaires", par=par)
    relances = 0
    for copetitionnaire in copetitionnaires_a_relancer(petition):
        if _ecrire_invitation(copetitionnaire, relance=True):
            copetitionnaire.relance_le = timezone.now()
            copetitionnaire.save(update_fields=["relance_le"])
            relances += 1
    if not relances:
        raise ErreurMetier(
            f"Personne à relancer : laissez {petition.reglement.relance_jours} jours entre deux lettres. "
            "Le nombre de lettres par jour est limité aussi."
        )
    pas.avancer(fait=accorder(relances, "co-pétitionnaire relancé"))
    return relances


def copetitionnaires_a_relancer(petition: Petition) -> list[CoPetitionnaire]:
    sans_reponse = petition.copetitionnaires.filter(
        confirme_le__isnull=True, retire_le__isnull=True, feuille__isnull=True
    ).select_related("petition__reglement", "petition__auteur")
    maintenant, repos = timezone.now(), petition.reglement.relance_jours
    return [c for c in sans_reponse if jours_entre(c.relance_le or c.invite_le, maintenant) >= repos]


@transaction.atomic
def retirer_invitation(copetitionnaire: CoPetitionnaire, *, par: Compte) -> None:
    """Delete an invitation without answer.

    The letters already sent still count in the limits of the address.
    """
    avancer(copetitionnaire, "retirer_invitation", par=par)
    copetitionnaire.delete()


@transaction.atomic
def demander_a_rejoindre(
    petition: Petition,
    *,
    prenom: str,
    nom: str,
    courriel: str,
    commune: Commune,
    qualite: str,
    atteste_age: bool = True,
    par: Compte | None = None,
) -> None:
    """Request to become a co-pétitionnaire, from the shared link.

    The caller never learns what is known about the address: the answer is the same, and only a letter says
    more. Raises ErreurMetier above the maximum of invitations.
    """
    exiger(petition, "demander_a_rejoindre", par=par)
    canonique = canoniser(courriel)
    connu = petition.copetitionnaires.filter(courriel_canonique=canonique).first()
    if connu is not None:
        if connu.est_confirme:
            deja_copetitionnaire(connu, jeton=connu.jeton())
        elif connu.retire_le is None:
            _ecrire_invitation(connu, est_venu=True)
        return
    if not _reponse_de_la_porte(petition, courriel):
        return
    if petition.copetitionnaires.count() >= PAR_LE_LIEN * petition.reglement.copetitionnaires_requis:
        raise ErreurMetier("Cette pétition a déjà reçu assez de réponses. Écrivez à ses auteurs.")
    _inviter(
        petition,
        canonique,
        est_venu=True,
        prenom=prenom,
        nom=nom,
        courriel=courriel,
        commune=commune,
        qualite=qualite,
    )


def _inviter(
    petition: Petition, canonique: str, *, est_venu: bool = False, **reponses: Any
) -> CoPetitionnaire:
    copetitionnaire = CoPetitionnaire(petition=petition, courriel_canonique=canonique, **reponses)
    copetitionnaire.full_clean(exclude=["courriel_canonique"])
    copetitionnaire.save()
    _ecrire_invitation(copetitionnaire, est_venu=est_venu)
    return copetitionnaire


@transaction.atomic
def confirmer_copetitionnaire(
    copetitionnaire: CoPetitionnaire,
    *,
    prenom: str,
    nom: str,
    commune: Commune,
    qualite: str,
    atteste_age: bool,
    par: Compte | None = None,
) -> bool:
    """Confirm a co-pétitionnaire from the signed link of their letter. Returns False if already done."""
    if copetitionnaire.est_confirme:
        return False  # without error even after the deposit
    pas = exiger(copetitionnaire, "confirmer_copetitionnaire", par=par)
    if copetitionnaire.est_confirme:
        return False
    petition = copetitionnaire.petition
    copetitionnaire.prenom, copetitionnaire.nom = prenom, nom
    copetitionnaire.commune, copetitionnaire.qualite = commune, qualite
    copetitionnaire.atteste_age, copetitionnaire.retire_le = atteste_age, None
    copetitionnaire.confirme_le = timezone.now()
    copetitionnaire.texte_confirme, copetitionnaire.prevenu_de = None, ""
    copetitionnaire.full_clean(exclude=["courriel_canonique"])
    copetitionnaire.save()
    nombre = petition.copetitionnaires.confirmes().count()
    pas.avancer(
        fait=f"Co-pétitionnaire confirmé ({nombre} sur {petition.reglement.copetitionnaires_requis})",
        details={"copetitionnaire": copetitionnaire.pk},
    )
    if nombre == petition.reglement.copetitionnaires_requis:
        copetitionnaires_reunis(petition)
    return True


@transaction.atomic
def retirer_copetitionnaire(copetitionnaire: CoPetitionnaire) -> bool:
    """Record that the owner of the address refuses, or withdraws their name. Returns False if already done.

    No other letter about this pétition is sent to the address. A deposit already made stays valid: the
    required number was reached on that day.
    """
    pas = exiger(copetitionnaire, "retirer_copetitionnaire", par=None)
    if copetitionnaire.retire_le is not None:
        return False
    etait_confirme = copetitionnaire.est_confirme
    copetitionnaire.retire_le = timezone.now()
    copetitionnaire.save(update_fields=["retire_le"])
    petition = copetitionnaire.petition
    porte.noter_refus(copetitionnaire.courriel, sujet=petition, par=petition.auteur)
    pas.avancer(
        fait="Co-pétitionnaire retiré à sa demande" if etait_confirme else "Invitation refusée",
        details={"copetitionnaire": copetitionnaire.pk},
    )
    return True


def _reponse_de_la_porte(petition: Petition, courriel: str) -> porte.Reponse:
    return porte.laisse_passer(
        courriel, sujet=petition, par=petition.auteur, au_plus=petition.reglement.courriels_max
    )


def _ecrire_invitation(
    copetitionnaire: CoPetitionnaire, *, relance: bool = False, est_venu: bool = False
) -> bool:
    """Write the letter with the signed link, unless the gate is closed. Return whether it was written."""
    jeton = copetitionnaire.jeton()
    return bool(inviter_copetitionnaire(copetitionnaire, jeton=jeton, relance=relance, est_venu=est_venu))


JOUR = timedelta(days=1)


LIGNES_MAX = 200


LISTE_MAX = 40_000  # characters


class ChoixDeCommune(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "queryset": Commune.objects.all(),
                "label": "Commune",
                "empty_label": "Choisir dans la liste",
                "help_text": "Là où vous habitez ou, sinon, là où vous payez un impôt local.",
                "error_messages": {
                    "required": "Choisissez votre commune dans la liste.",
                    "invalid_choice": "Choisissez votre commune dans la liste.",
                },
                "widget": forms.Select(attrs={"autocomplete": "address-level2", "class": "champ-court"}),
                **kwargs,
            }
        )


class PersonneForm(ActeForm):
    """Identity and declarations of a person. The minimum age is that of the règlement."""

    objet: Petition

    prenom = champ_ligne(
        "Prénom", maximum=80, erreur="Écrivez votre prénom.", attributs={"autocomplete": "given-name"}
    )
    nom = champ_ligne(
        "Nom", maximum=80, erreur="Écrivez votre nom.", attributs={"autocomplete": "family-name"}
    )
    commune = ChoixDeCommune()
    qualite = champ_choix(
        ici_plus_tard("Votre lien avec la {metropole}"),
        [
            (Qualite.RESIDENT.value, ici_plus_tard("J’habite la {metropole}")),
            (Qualite.CONTRIBUABLE.value, majuscule(Qualite.CONTRIBUABLE.label)),
        ],
        erreur=ici_plus_tard("Dites si vous habitez la {metropole} ou si vous y payez un impôt local."),
        boutons=True,
    )
    atteste_age = champ_case("J’ai l’âge requis")

    def preparer(self) -> None:
        minimum = self.objet.reglement.age_minimum
        age = self.fields["atteste_age"]
        age.label = f"J’ai {minimum} ans ou plus"
        age.error_messages["required"] = f"Il faut avoir {minimum} ans pour porter une pétition."
        # prenom and nom side by side, other fields below.
        autres = [nom for nom in self.fields if nom not in {"prenom", "nom"}]
        self.helper = FormHelper(self)
        self.helper.form_tag, self.helper.disable_csrf = False, True
        self.helper.layout = Layout(Row("prenom", "nom"), *autres)


class ConfirmerCopetitionnaireForm(PersonneForm):
    def __init__(self, data: Any = None, files: Any = None, *, objet: CoPetitionnaire) -> None:
        self.copetitionnaire = objet
        super().__init__(data, files, objet=objet.petition)

    def initiales(self) -> Mapping[str, Any]:
        return {c: getattr(self.copetitionnaire, c) for c in ("prenom", "nom", "commune", "qualite")}


class CopetitionnaireForm(ActeForm):
    prenom = champ_ligne("Prénom", maximum=80, requis=False, attributs={"autocomplete": "off"})
    nom = champ_ligne("Nom", maximum=80, requis=False, attributs={"autocomplete": "off"})
    courriel = champ_courriel(
        "Adresse de courriel",
        erreur="Écrivez l’adresse de courriel de cette personne.",
        attributs={"spellcheck": "false", "autocomplete": "off"},
    )


class ListeForm(ActeForm):
    liste = champ_texte(
        "Les personnes à inviter",
        "Une par ligne : « Prénom Nom <adresse> », ou l’adresse seule. Vous pouvez coller une liste.",
        erreur="Écrivez au moins une adresse.",
        maximum=None,
        attributs={"spellcheck": "false", "autocomplete": "off"},
    )

    def clean_liste(self) -> "ListeLue":
        if len(self.cleaned_data["liste"]) > LISTE_MAX:
            raise ValidationError("Cette liste est trop longue : collez-la en plusieurs fois.")
        lue = lire_liste(self.cleaned_data["liste"])
        if not lue.personnes:
            raise ValidationError("Aucune adresse n’a été comprise. Écrivez une personne par ligne.")
        if len(lue.personnes) > LIGNES_MAX:
            raise ValidationError(f"Collez au plus {LIGNES_MAX} personnes à la fois.")
        return lue


class RejoindreForm(PersonneForm):
    """Request to become a co-pétitionnaire, from the shared link; a letter then proves the address."""

    courriel = champ_courriel(
        "Adresse de courriel",
        "Nous y envoyons un lien. Votre réponse compte quand vous l’avez confirmée.",
        erreur="Écrivez votre adresse de courriel.",
        attributs={"autocomplete": "email", "spellcheck": "false"},
    )
    field_order = ["prenom", "nom", "courriel", "commune", "qualite", "atteste_age"]


@dataclass(slots=True)
class ListeLue:
    """A pasted list: people understood, duplicates, and lines without an address (number, text)."""

    personnes: list[Invitation] = field(default_factory=list)
    doubles: list[str] = field(default_factory=list)
    incomprises: list[tuple[int, str]] = field(default_factory=list)


# Linear-time pattern: starts only at the start of a word, with possessive quantifiers.
ADRESSE = re.compile(r"(?<![^\s<>,;\"'()@])[^\s<>,;\"'()@]++@[^\s<>,;\"'()]++")


def lire_liste(texte: str) -> ListeLue:
    """Parse « Prénom Nom <mail> », « Prénom;Nom;mail », a mail alone, or several mails on one line."""
    lue = ListeLue()
    vues: set[str] = set()
    for numero, ligne in enumerate(texte.splitlines(), start=1):
        if not ligne.strip():
            continue
        # Mail programs put several people on one line: each part ends with its address.
        bornes = [0, *(m.end() for m in ADRESSE.finditer(ligne))]
        morceaux = [ligne[a:b] for a, b in pairwise(bornes)] if len(bornes) > 2 else [ligne]
        for morceau in morceaux:
            personne = _lire_personne(morceau)
            if personne is None:
                lue.incomprises.append((numero, morceau.strip()))
            elif canoniser(personne.courriel) in vues:
                lue.doubles.append(personne.courriel)
            else:
                vues.add(canoniser(personne.courriel))
                lue.personnes.append(personne)
    return lue


def _lire_personne(morceau: str) -> Invitation | None:
    trouvee = ADRESSE.search(morceau)
    if trouvee is None:
        return None
    courriel = trouvee.group().strip(".").lower()
    try:
        validate_email(courriel)
    except ValidationError:
        return None
    reste = morceau[: trouvee.start()] + " " + morceau[trouvee.end() :]
    mots = re.sub(r"[<>,;\"()\t]+", " ", reste).split()
    prenom, nom = (mots[0], " ".join(mots[1:])) if mots else ("", "")
    return Invitation(courriel, prenom[:80], nom[:80])
