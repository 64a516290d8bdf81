"""Registration for an event, proof of the address, waiting list, presence at the door, erasure; the event moved or called off."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from participation.droits.eliminations.actes import eliminee
from participation.inclusion.profils.actes import oublier_reponses
from participation.inscriptions import lettres
from participation.inscriptions.lectures import a_effacer, dire_la_place, dire_les_places
from participation.inscriptions.models import Evenement, InscriptionAEvenement, evenements
from participation.inscriptions.signals import evenement_change
from participation.inscriptions.workflow import VIVANTES, Besoin, Canal, EtatInscription
from participation.seances.preparation import QuandForm
from participation.socle.actions import avancer, enregistrer, exiger, verrouiller
from participation.socle.calendrier import debut_du_jour
from participation.socle.erreurs import ActeInterdit
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    champ_cases,
    champ_choix,
    champ_courriel,
    champ_jour,
    champ_langue,
    champ_ligne,
    champ_nombre,
    champ_piege,
    champ_texte,
)
from participation.socle.forms.envois import EnvoiUnique
from participation.socle.francais import accorder, enumerer, majuscule
from participation.socle.langues import FRANCAIS, langue
from participation.socle.langues import plus_tard as _
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte

E = EtatInscription
ANNONCES = ("debut", "fin", "lieu", "adresse")


class EvenementForm(QuandForm):
    """When, where, how many: what the form of each kind of event asks, with `CHAMPS` of its own."""

    CHAMPS: tuple[str, ...] = ("titre", "lieu", "adresse", "acces", "places", "date_limite")

    titre = champ_ligne("Titre", maximum=120)
    lieu = champ_ligne("Lieu", "Une salle, un équipement.", maximum=160)
    adresse = champ_ligne("Adresse", maximum=200)
    acces = champ_texte(
        "Comment venir et entrer",
        "Arrêt de transport, entrée sans marche, boucle magnétique, toilettes adaptées, garde d’enfants.",
        maximum=1500,
        lignes=3,
    )
    places = champ_nombre("Places", minimum=1, maximum=5000)
    date_limite = champ_jour("Dernier jour pour s’inscrire")

    def initiales(self) -> dict[str, Any]:
        if not self.objet.pk:
            return {}
        return {**{nom: getattr(self.objet, nom) for nom in self.CHAMPS}, **self.quand(self.objet)}


class AvecBesoins(forms.Form):
    nom = champ_ligne(
        _("Votre nom"), maximum=120, erreur=_("Dites votre nom."), attributs={"autocomplete": "name"}
    )
    courriel = champ_courriel(
        _("Adresse de courriel"),
        _("Vous y recevez un lien pour confirmer votre place, puis un rappel."),
        requis=False,
        attributs={"autocomplete": "email", "spellcheck": "false"},
        erreur=_("Donnez une adresse : le lien pour confirmer y est envoyé. Sans adresse, appelez-nous."),
    )
    telephone = champ_ligne(
        _("Téléphone"),
        _("Pour vous prévenir si quelque chose change."),
        maximum=30,
        requis=False,
        attributs={"autocomplete": "tel", "inputmode": "tel"},
    )
    besoins = champ_cases(
        _("De quoi avez-vous besoin pour venir ?"),
        lambda: [(b.value, majuscule(gettext(b.label))) for b in Besoin],
        requis=False,
    )
    langue = champ_ligne(
        _("Langue de l’interprète"), _("Si vous demandez un interprète."), maximum=60, requis=False
    )
    enfants = champ_nombre(
        _("Combien d’enfants à garder ?"),
        _("Si vous demandez une garde d’enfants."),
        minimum=0,
        maximum=12,
        requis=False,
    )
    precisions = champ_texte(
        _("Précisions"), _("Lues par qui organise, jamais publiées."), maximum=600, lignes=2, requis=False
    )

    def demander_a_cote(self, evenement: Evenement, *, est_publique: bool) -> None:
        """Ask the questions that this kind of event adds, before the needs."""
        modele = evenement.inscription()
        for nom, libelle in modele.A_COTE.items():
            champ: Any = modele._meta.get_field(nom)
            self.fields[nom] = champ.formfield(
                label=gettext(libelle) if est_publique else majuscule(str(champ.verbose_name)),
                empty_label=_("Un autre, ou non précisé"),
                queryset=champ.related_model.objects.select_related("commune"),
            )
        self.order_fields(["canal", "nom", "courriel", "telephone", *modele.A_COTE])

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        besoins = dit.get("besoins", [])
        if Besoin.INTERPRETE in besoins and not dit.get("langue") and "langue" not in self.errors:
            self.add_error("langue", gettext("Dites quelle langue l’interprète doit parler."))
        if Besoin.GARDE in besoins and not dit.get("enfants") and "enfants" not in self.errors:
            self.add_error("enfants", gettext("Dites combien d’enfants sont à garder."))
        return dit


class SInscrireForm(AvecBesoins, EnvoiUnique):
    """Public registration, without an account. `est_piege`: filled in by a program."""

    ORIGINE = "inscriptions.inscription"

    site = champ_piege()

    def __init__(self, donnees: Any = None, *, evenement: Evenement) -> None:
        super().__init__(donnees)
        self.evenement = evenement
        self.demander_a_cote(evenement, est_publique=True)
        if evenement.admet_sans_courriel:
            self.fields["telephone"].help_text = _(
                "Pour vous prévenir si quelque chose change. Vous pouvez ne laisser ni adresse ni téléphone."
            )
        else:
            self.fields["courriel"].required = True

    @property
    def a_cote(self) -> list[forms.BoundField]:
        return [self[nom] for nom in self.evenement.inscription().A_COTE]

    @property
    def est_piege(self) -> bool:
        return bool(self.cleaned_data.get("site"))

    def reponses(self) -> dict[str, Any]:
        dites = {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "site"}
        return {**dites, "langue_lettres": langue(), "cle": self.cle_d_envoi({"evenement": self.evenement})}


class InscrireForm(AvecBesoins, ActeForm):
    """What an agent hears by phone, reads on paper, or meets at the door."""

    canal = champ_choix(
        "Reçue",
        [(c.value, majuscule(c.label)) for c in (Canal.TELEPHONE, Canal.PAPIER, Canal.PORTE)],
        "« À l’entrée » note aussi sa présence.",
        boutons=True,
        initial=Canal.TELEPHONE,
    )
    langue_lettres = champ_langue()

    def preparer(self) -> None:
        self.demander_a_cote(self.objet, est_publique=False)
        for champ, libelle, aide in (
            ("nom", "Nom", ""),
            ("courriel", "Adresse de courriel", "Si la personne en a une : elle y reçoit sa place."),
            ("telephone", "Téléphone", "Pour la prévenir si quelque chose change."),
            ("besoins", "Ce qu’il lui faut pour venir", ""),
            ("langue", "Langue de l’interprète", "Si un interprète est demandé."),
            ("enfants", "Combien d’enfants à garder ?", "Si une garde d’enfants est demandée."),
        ):
            self.fields[champ].label, self.fields[champ].help_text = libelle, aide
        self.fields["nom"].error_messages["required"] = "Écrivez le nom de la personne."


@acte(
    Page[Any](
        form=InscrireForm,
        consequence=dire_les_places,
        bouton="Inscrire",
        succes=dire_la_place,
        retour=lambda evenement, _: evenement.adresse_de("accueil"),
    )
)
@transaction.atomic
def inscrire(
    evenement: Evenement,
    *,
    par: Compte | None,
    nom: str,
    courriel: str = "",
    telephone: str = "",
    besoins: Sequence[str] = (),
    langue: str = "",
    enfants: int | None = None,
    precisions: str = "",
    canal: str = Canal.WEB,
    langue_lettres: str = "",
    cle: uuid.UUID | None = None,
    est_prouve: bool = False,
    **a_cote: Any,
) -> Any:
    """Give a seat, or a rank on the waiting list. The same `cle` twice makes one registration.

    Online (`par` None) with an address, nothing is given before the link of its letter proves it, unless the
    person has signed in with it (`est_prouve`). At the door (`canal`), the presence is noted, even without a
    free seat. The event is locked: two requests never get the last seat. Raises ActeInterdit, ValidationError.
    """
    pas = exiger(evenement, "inscrire", par=par)
    modele = evenement.inscription()
    if cle is not None and (deja := modele.objects.filter(cle=cle).first()) is not None:
        return deja
    if par is None and not evenement.recoit():
        raise ActeInterdit(gettext("Les inscriptions sont closes."))
    inscription = modele(
        evenement=evenement,
        canal=canal,
        nom=nom.strip(),
        courriel=courriel.strip().lower(),
        telephone=telephone.strip(),
        besoins=list(besoins),
        langue=langue if Besoin.INTERPRETE in besoins else "",
        enfants=(enfants or 0) if Besoin.GARDE in besoins else 0,
        precisions=precisions,
        langue_lettres=langue_lettres or FRANCAIS,
        cle=cle,
        **a_cote,
    )
    _recevoir(inscription, par, est_prouve=est_prouve)
    enregistrer(inscription)
    pas.avancer(fait=f"Inscription n° {inscription.pk} : {inscription.get_etat_display()}")
    if inscription.etat == E.A_CONFIRMER:
        lettres.confirmer_inscription(inscription)
    elif inscription.presente_le is None:
        lettres.inscrire(inscription)
    return inscription


def _recevoir(inscription: InscriptionAEvenement, par: Compte | None, *, est_prouve: bool) -> None:
    """Give its état to what is asked: at the door, to be proved, or placed."""
    evenement: Evenement = inscription.evenement
    maintenant = timezone.now()
    if inscription.canal == Canal.PORTE:
        if trop_tot := evenement.pas_encore_le_jour():
            raise ValidationError({"canal": f"{trop_tot} Inscrivez la personne par téléphone."})
        inscription.confirmee_le = inscription.presente_le = maintenant
        return
    if par is None and inscription.courriel:
        if not est_prouve:
            inscription.etat = E.A_CONFIRMER
            return
        if trop := inscription.trop_de_la_meme_boite():
            raise ValidationError({"courriel": trop})
    inscription.etat, inscription.confirmee_le = _place(evenement, inscription, par), maintenant


def _place(evenement: Evenement, inscription: InscriptionAEvenement, par: Compte | None) -> str:
    """Return the état of who is new: a seat, or a rank when all are taken or somebody waits before her."""
    if not evenement.places_libres or evenement.attend():
        return E.ATTENTE
    if par is None and not inscription.courriel and not evenement.admet_sans_courriel:
        return E.ATTENTE  # who took the last one meanwhile; her form asked for no address
    return E.INSCRITE


@transaction.atomic
def confirmer_inscription(inscription: InscriptionAEvenement) -> None:
    """Prove the address by the link of the letter, and give a free seat, or the last rank. Safe to call twice."""
    verrouiller(inscription)
    if inscription.est_prouvee:
        return
    pas = exiger(inscription, "confirmer_inscription", par=None)
    maintenant = timezone.now()
    pas.avancer(
        champs={
            "etat": _place(inscription.evenement, inscription, None),
            "confirmee_le": maintenant,
            "inscrite_le": maintenant,
        },
        fait=f"Inscription n° {inscription.pk} : adresse confirmée",
    )
    lettres.inscrire(inscription)


@acte(Page[Any](retour="#inscriptions"))
@transaction.atomic
def accepter_place(inscription: InscriptionAEvenement, *, par: Compte | None) -> None:
    pas = exiger(inscription, "accepter_place", par=par)
    pas.avancer(
        champs={"etat": E.INSCRITE, "offerte_jusqu_a": None},
        fait=f"Inscription n° {inscription.pk} : place acceptée",
    )
    lettres.inscrire(inscription)


@acte(Page[Any](consequence="Sa place va à la première personne qui attend.", retour="#inscriptions"))
@transaction.atomic
def annuler_inscription(inscription: InscriptionAEvenement, *, par: Compte | None) -> None:
    pas = exiger(inscription, "annuler_inscription", par=par)
    pas.avancer(
        champs={"etat": E.ANNULEE, "offerte_jusqu_a": None}, fait=f"Inscription n° {inscription.pk} annulée"
    )
    evenement: Evenement = inscription.evenement
    oublier_reponses(evenement.NATURE, evenement.pk, f"inscription:{inscription.pk}")
    lettres.annuler_inscription(inscription)
    proposer_les_places(evenement)


@acte(
    Page[Any](
        consequence="Son nom, ses coordonnées, ses précisions et ses lettres sont effacés. Une place à venir est rendue.",
        retour="#inscriptions",
    )
)
@transaction.atomic
def effacer_inscription(inscription: InscriptionAEvenement, *, par: Compte) -> None:
    """Erase one person who asks for it, also without a mailbox to find her by; a seat to come goes to who waits."""
    pas = exiger(inscription, "effacer_inscription", par=par)
    evenement: Evenement = inscription.evenement
    rendue = inscription.etat in VIVANTES and inscription.presente_le is None
    pas.avancer(
        champs={"etat": E.ANNULEE, "offerte_jusqu_a": None} if rendue else {},
        fait=f"Inscription n° {inscription.pk} effacée",
    )
    oublier_reponses(evenement.NATURE, evenement.pk, f"inscription:{inscription.pk}")
    inscription.effacer([inscription.pk])
    proposer_les_places(evenement)


def proposer_les_places(evenement: Evenement) -> None:
    """Offer the free seats, in order, to who waits, until the instant that the règlement gives; or give them, if it
    asks for no answer. The caller locks.
    """
    if not evenement.est_a_venir:
        return
    jours = evenement.regle.offre_jours
    fin = min(timezone.localtime() + timedelta(days=jours), evenement.debut) if jours else None
    attente = evenement.inscriptions.filter(etat=E.ATTENTE, efface_le=None).order_by("inscrite_le", "pk")
    for inscription in list(attente[: evenement.places_libres]):
        inscription.evenement = evenement
        avancer(
            inscription,
            "proposer_place",
            par=None,
            champs={"etat": E.OFFERTE if fin else E.INSCRITE, "offerte_jusqu_a": fin},
            fait=f"Inscription n° {inscription.pk} : place {'proposée' if fin else 'donnée'}",
        )
        (lettres.proposer_place if fin else lettres.obtenir_place)(inscription)


def tenir_les_places() -> None:
    """Take back the offers that lapsed, then offer the free seats. Periodic task."""
    maintenant = timezone.now()
    for modele in evenements():
        passees = modele.inscription().objects.filter(etat=E.OFFERTE, offerte_jusqu_a__lte=maintenant)
        attendues = modele.inscription().objects.filter(Q(pk__in=passees.values("pk")) | Q(etat=E.ATTENTE))
        for evenement in list(modele.ouverts().filter(pk__in=attendues.values("evenement"))):
            with transaction.atomic():
                verrouiller(evenement)
                for inscription in list(passees.filter(evenement=evenement).order_by("pk")):
                    inscription.evenement = evenement
                    inscription.etat, inscription.offerte_jusqu_a = E.ANNULEE, None
                    inscription.save(update_fields=["etat", "offerte_jusqu_a"])
                    lettres.laisser_passer(inscription)
                proposer_les_places(evenement)


def rappeler() -> None:
    """Remind who has a seat, at each step of the règlement, once for each day of the event. Periodic task."""
    aujourd_hui = timezone.localdate()
    for modele in evenements():
        for evenement in modele.ouverts().filter(debut__gt=timezone.now()):
            jours = (evenement.jour - aujourd_hui).days
            if jours not in evenement.regle.rappels_jours:
                continue
            for inscription in evenement.inscriptions.filter(etat=E.INSCRITE, efface_le=None).order_by("pk"):
                inscription.evenement = evenement
                lettres.rappeler(inscription, jours)


@acte(Page[Any](en_un_clic=True))
def noter_presence(
    inscription: InscriptionAEvenement,
    *,
    par: Compte,
    il_y_a: Annotated[int | None, forms.IntegerField(required=False, min_value=0, max_value=366 * 24 * 3600)] = None,
) -> None:  # fmt: skip
    """Note a presence, with or without a seat. When two desks note it, the second is told; what a device kept and
    somebody noted meanwhile stands. It is never of before the day of the event.

    `il_y_a`: seconds since the click, counted by the device that kept it without network, whatever its clock says.
    """
    if il_y_a is not None and inscription.presente_le is not None:
        return
    venue = timezone.now() - timedelta(seconds=il_y_a or 0)
    avancer(
        inscription,
        "noter_presence",
        par=par,
        champs={
            "presente_le": max(venue, debut_du_jour(inscription.evenement.jour)),
            "etat": E.INSCRITE,
            "offerte_jusqu_a": None,
        },
        fait=f"Inscription n° {inscription.pk} : présence notée",
    )


@acte(Page[Any](en_un_clic=True))
def effacer_presence(inscription: InscriptionAEvenement, *, par: Compte) -> None:
    avancer(
        inscription,
        "effacer_presence",
        par=par,
        champs={"presente_le": None},
        fait=f"Inscription n° {inscription.pk} : présence effacée",
    )


@acte(
    Page[Any](
        consequence=lambda evenement: (
            f"{accorder(a_effacer(evenement).count(), 'inscription est effacée', 'inscriptions sont effacées')} : nom, "
            f"coordonnées, langue, précisions et lettres. Restent, sans nom, {enumerer(evenement.inscription().RESTE)}."
        ),
        retour="#inscriptions",
    )
)
@transaction.atomic
def effacer_inscrits(evenement: Evenement, *, par: Compte) -> int:
    """Erase who was registered, and what else the event keeps of people. Return the number of registrations."""
    pas = exiger(evenement, "effacer_inscrits", par=par)
    numeros = list(a_effacer(evenement).values_list("pk", flat=True))
    evenement.inscription().effacer(numeros)
    evenement.oublier_autour()
    eliminee(evenement.lot(), evenement.pk, len(numeros))
    pas.avancer(
        fait=f"Coordonnées effacées : {accorder(len(numeros), 'inscription')}",
        details={"nombre": len(numeros)},
    )
    return len(numeros)


# The event itself
@transaction.atomic
def modifier(
    evenement: Evenement, acte: str, *, par: Compte, champs: dict[str, Any], motif: str = ""
) -> None:
    """Change it, by the act of this name. Who is registered is told another day or place; new seats go to who waits.

    Raises ValidationError.
    """
    pas = exiger(evenement, acte, par=par)
    avant = {nom: getattr(evenement, nom) for nom in ANNONCES}
    prises = evenement.places_prises
    if champs.get("places", evenement.places) < prises:
        raise ValidationError({"places": f"{accorder(prises, 'personne a', 'personnes ont')} déjà une place."})  # fmt: skip
    differe = any(champs.get(nom, valeur) != valeur for nom, valeur in avant.items())
    change = differe and evenement.est_ouvert
    if change:
        champs = {**champs, "sequence": evenement.sequence + 1}
    pas.avancer(champs=champs, fait="Jour, heure ou lieu changé" if change else "", motif=motif)
    if differe:
        evenement_change.send(type(evenement), evenement=evenement, avant=avant, par=par, motif=motif)
    if change:
        lettres.deplacer(
            evenement,
            ancien_debut=avant["debut"],
            ancien_lieu=f"{avant['lieu']}, {avant['adresse']}",
            motif=motif,
        )
    proposer_les_places(evenement)


@transaction.atomic
def annuler(evenement: Evenement, acte: str, *, par: Compte, motif: str, **champs: Any) -> None:
    """Call it off, by the act of this name. Everybody registered is told why, with the cancellation of the calendar event."""
    sequence = evenement.sequence + 1
    avancer(evenement, acte, par=par, champs={"motif": motif, "sequence": sequence, **champs}, motif=motif)
    evenement_change.send(type(evenement), evenement=evenement, avant={}, par=par, motif=motif)
    lettres.annuler(evenement)
