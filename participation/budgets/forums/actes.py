"""Forums: prepared, opened, held; tables, notes, registrations, presences; their forms."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from participation.budgets.conservation.lectures import INSCRITS, inscrits_a_effacer
from participation.budgets.forums import lettres
from participation.budgets.idees.actes import champ_piege
from participation.budgets.models import Budget, Forum, InscriptionForum, NoteDeTable, TableForum
from participation.budgets.workflow.budget import (
    INSCRIPTIONS_VIVANTES,
    Besoin,
    EtatBudget,
    EtatForum,
    EtatInscription,
)
from participation.droits.eliminations.actes import eliminee
from participation.inclusion.profils.actes import oublier_reponses
from participation.seances.preparation.actes import QuandForm
from participation.socle.actions import avancer, exiger, verrouiller
from participation.socle.bd.verrous import verrou
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    champ_case,
    champ_cases,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
)
from participation.socle.forms.envois import EnvoiUnique
from participation.socle.francais import accorder, majuscule
from participation.socle.models import Compte, Quartier
from participation.socle.regles.placement import Contraintes, placer

E = EtatInscription


def preparer_forum(forum: Forum, *, par: Compte, **champs: Any) -> Forum:
    avancer(forum, "preparer_forum", par=par, champs=champs)
    return forum


@transaction.atomic
def modifier_forum(forum: Forum, *, par: Compte, **champs: Any) -> None:
    """Change the forum. Registered people are told a new date or place; new seats go to the waiting list."""
    pas = exiger(forum, "modifier_forum", par=par)
    debut, lieu = forum.debut, f"{forum.lieu}, {forum.adresse}"
    change = forum.etat != EtatForum.PREPARATION and (
        champs.get("debut", debut) != debut
        or champs.get("fin", forum.fin) != forum.fin
        or f"{champs.get('lieu', forum.lieu)}, {champs.get('adresse', forum.adresse)}" != lieu
    )
    if champs.get("places", forum.places) < forum.places_prises:
        raise ValidationError(
            {"places": f"{accorder(forum.places_prises, 'personne a', 'personnes ont')} déjà une place."}
        )
    if change:
        champs["sequence"] = forum.sequence + 1
    pas.avancer(champs=champs, fait="Date ou lieu changé" if change else "")
    for inscription in _vivantes(forum) if change else []:
        lettres.modifier_forum(inscription, ancien_debut=debut, ancien_lieu=lieu)
    _remplir(forum)


def ouvrir_inscriptions(forum: Forum, *, par: Compte) -> None:
    avancer(forum, "ouvrir_inscriptions", par=par)


def fermer_inscriptions(forum: Forum, *, par: Compte) -> None:
    avancer(forum, "fermer_inscriptions", par=par)


def tenir_forum(forum: Forum, *, par: Compte) -> None:
    avancer(forum, "tenir_forum", par=par)


@transaction.atomic
def annuler_forum(forum: Forum, *, par: Compte, motif: str) -> None:
    """Cancel the forum. Registered people are told why, with a cancellation of the calendar event."""
    avancer(
        forum, "annuler_forum", par=par, champs={"motif": motif, "sequence": forum.sequence + 1}, motif=motif
    )
    for inscription in _vivantes(forum):
        lettres.annuler_forum(inscription)


# Tables
@transaction.atomic
def ajouter_table(
    forum: Forum, *, par: Compte, numero: int, sujet: str, animateur: str = "", courriel: str = ""
) -> TableForum:
    """Add a table. The facilitator gets by email a link to take notes, without an account."""
    pas = exiger(forum, "ajouter_table", par=par)
    table = TableForum(forum=forum, numero=numero, sujet=sujet, animateur=animateur, courriel=courriel)
    table.full_clean()
    table.save()
    pas.avancer(fait=f"Table {numero} ajoutée : {sujet}"[:200])
    if courriel:
        lettres.ajouter_table(table)
    return table


@transaction.atomic
def dresser_tables(forum: Forum, *, par: Compte) -> int:
    """Seat who has a place, quartiers mixed. Done again, everybody is seated anew. Return how many are seated."""
    pas = exiger(forum, "dresser_tables", par=par)
    numeros = list(forum.tables.order_by("numero", "pk").values_list("pk", flat=True))
    quartiers = dict(forum.inscriptions.filter(etat=E.INSCRITE).values_list("pk", "quartier"))
    contraintes = Contraintes(profils={pk: (quartier,) for pk, quartier in quartiers.items()})
    dressees = placer(sorted(quartiers), len(numeros), contraintes, graine=forum.pk)
    forum.inscriptions.update(table=None)
    for table, personnes in zip(numeros, dressees, strict=True):
        forum.inscriptions.filter(pk__in=personnes).update(table=table)
    pas.avancer(
        fait=f"{accorder(len(quartiers), 'personne placée', 'personnes placées')} à {accorder(len(numeros), 'table')}"
    )
    return len(quartiers)


@transaction.atomic
def modifier_table(
    table: TableForum, *, par: Compte, numero: int, sujet: str, animateur: str = "", courriel: str = ""
) -> None:
    """Change a table. A new facilitator gets a new link, and the former link stops working."""
    pas = exiger(table, "modifier_table", par=par)
    est_autre = courriel != table.courriel
    rang = table.rang_du_lien + (1 if est_autre and table.courriel else 0)
    pas.avancer(
        champs={
            "numero": numero,
            "sujet": sujet,
            "animateur": animateur,
            "courriel": courriel,
            "rang_du_lien": rang,
        }
    )
    if est_autre and courriel:
        lettres.ajouter_table(table)


@transaction.atomic
def noter_a_la_table(
    table: TableForum, *, par: Compte | None, texte: str, cle: uuid.UUID | None = None
) -> NoteDeTable:
    """Save a note that is not an idée. The same `cle` twice makes one note."""
    if cle is not None:
        verrou(f"note:{cle}")
        if (deja := NoteDeTable.objects.filter(cle=cle).first()) is not None:
            return deja
    pas = exiger(table, "noter_a_la_table", par=par)
    if not texte.strip():
        raise ErreurMetier("Écrivez ce qui s’est dit.")
    note = NoteDeTable(table=table, texte=texte.strip(), cle=cle)
    note.full_clean()
    note.save()
    pas.avancer(fait=f"Note prise à la table {table.numero}")
    return note


def corriger_note(note: NoteDeTable, *, par: Compte, texte: str) -> None:
    """Correct a note, for instance to remove a name before publication."""
    avancer(note, "corriger_note", par=par, champs={"texte": texte})


@transaction.atomic
def retirer_note(note: NoteDeTable, *, par: Compte) -> None:
    pas = exiger(note, "retirer_note", par=par)
    NoteDeTable.objects.filter(pk=note.pk).delete()
    pas.avancer()


# Registrations and presence
@transaction.atomic
def inscrire_au_forum(
    forum: Forum,
    *,
    par: Compte | None,
    nom: str,
    courriel: str = "",
    telephone: str = "",
    quartier: Quartier | None = None,
    besoins: Sequence[str] = (),
    langue: str = "",
    enfants: int | None = None,
    precisions: str = "",
    est_la: bool = False,
    cle: uuid.UUID | None = None,
    est_prouve: bool = False,
) -> InscriptionForum:
    """Give a seat, or a rank on the waiting list. The same `cle` twice makes one registration.

    Online (`par` None), nothing is given before the link of the letter proves the mailbox, unless the person has
    signed in with it (`est_prouve`). `est_la`: the person came without registering, and is recorded as present,
    even without a free seat.

    The forum is locked: two requests never get the same seat. Raises ActeInterdit when too late,
    ValidationError.
    """
    verrouiller(forum)
    if cle is not None and (deja := InscriptionForum.objects.filter(cle=cle).first()) is not None:
        return deja
    inscription = InscriptionForum(
        forum=forum,
        nom=nom.strip(),
        courriel=courriel.strip().lower(),
        telephone=telephone,
        quartier=quartier,
        besoins=list(besoins),
        langue=langue if Besoin.INTERPRETE in besoins else "",
        enfants=(enfants or 0) if Besoin.GARDE in besoins else 0,
        precisions=precisions,
        cle=cle,
    )
    pas = exiger(inscription, "inscrire_au_forum", par=par)
    if est_la and (trop_tot := forum.avant_le_jour()):
        raise ValidationError({"est_la": trop_tot})
    if par is None and est_prouve and (trop := inscription.trop_de_la_meme_boite()):
        raise ValidationError({"courriel": trop})
    if par is None and not est_prouve:
        inscription.etat, inscription.a_confirmer_avant = E.A_CONFIRMER, forum.debut
    else:
        inscription.etat = E.INSCRITE if est_la or forum.places_libres > 0 else E.ATTENTE
    if est_la:
        inscription.presente_le = timezone.now()
    inscription.full_clean()
    inscription.save()
    pas.avancer(fait=f"Inscription n° {inscription.pk} : {inscription.get_etat_display()}")
    if not est_la:
        lettres.inscrire_au_forum(inscription)
    return inscription


@transaction.atomic
def annuler_inscription(inscription: InscriptionForum, *, par: Compte | None) -> list[InscriptionForum]:
    """Cancel a registration.

    Return the people who got a seat: first on the waiting list, address confirmed.
    """
    pas = exiger(inscription, "annuler_inscription", par=par)
    pas.avancer(champs={"etat": E.ANNULEE}, fait=f"Inscription n° {inscription.pk} annulée")
    oublier_reponses("forum", inscription.forum_id, f"inscription:{inscription.pk}")
    lettres.annuler_inscription(inscription)
    return _remplir(inscription.forum)


def noter_presence(inscription: InscriptionForum, *, par: Compte) -> None:
    """Record a presence, by the code of the letter or on the list, with or without a seat.

    When two desks record it, the second is told.
    """
    avancer(
        inscription,
        "noter_presence",
        par=par,
        champs={"presente_le": timezone.now(), "etat": E.INSCRITE, "a_confirmer_avant": None},
        fait=f"Inscription n° {inscription.pk} : présence notée",
    )


def effacer_presence(inscription: InscriptionForum, *, par: Compte) -> None:
    avancer(
        inscription,
        "effacer_presence",
        par=par,
        champs={"presente_le": None},
        fait=f"Inscription n° {inscription.pk} : présence effacée",
    )


# Confirmation of addresses, waiting list
@transaction.atomic
def confirmer_inscription(inscription: InscriptionForum) -> None:
    """Confirm the address by the link of the letter, and give a free seat, or the last rank.

    Safe to call twice. The forum is locked: two requests never get the same seat. Raises ActeInterdit.
    """
    verrouiller(inscription)
    if inscription.a_confirmer_avant is None and inscription.etat in INSCRIPTIONS_VIVANTES:
        return
    pas = exiger(inscription, "confirmer_inscription", par=None)
    champs: dict[str, Any] = {"a_confirmer_avant": None}
    if inscription.etat == E.A_CONFIRMER:
        etat = E.INSCRITE if inscription.forum.places_libres > 0 else E.ATTENTE
        champs |= {"etat": etat, "inscrite_le": timezone.now()}
    pas.avancer(champs=champs, fait=f"Inscription n° {inscription.pk} : adresse confirmée")
    lettres.confirmer_inscription(inscription)


def tenir_les_places() -> None:
    """Give free seats to the waiting list. Periodic task.

    The version before this one held seats for addresses not confirmed, until an hour that it told: they are kept.
    """
    en_attente = InscriptionForum.objects.filter(Q(etat=E.ATTENTE) | _sans_preuve())
    a_venir = Forum.objects.filter(etat__in=[EtatForum.OUVERT, EtatForum.FERME], debut__gt=timezone.now())
    for forum in a_venir.filter(pk__in=en_attente.values("forum")):
        with transaction.atomic():
            verrouiller(forum)
            forum.inscriptions.filter(_sans_preuve()).update(etat=E.A_CONFIRMER)
            _remplir(forum)


def _sans_preuve() -> Q:
    return Q(etat__in=sorted(INSCRIPTIONS_VIVANTES), a_confirmer_avant__lte=timezone.now(), presente_le=None)


def _vivantes(forum: Forum) -> list[InscriptionForum]:
    inscriptions = list(forum.inscriptions.filter(etat__in=sorted(INSCRIPTIONS_VIVANTES)).order_by("pk"))
    for inscription in inscriptions:
        inscription.forum = forum
    return inscriptions


def _remplir(forum: Forum) -> list[InscriptionForum]:
    """Give the free seats, in order, to people waiting with a confirmed address.

    The caller locks the forum.
    """
    if forum.etat not in {EtatForum.OUVERT, EtatForum.FERME} or forum.debut <= timezone.now():
        return []
    attente = forum.inscriptions.filter(etat=E.ATTENTE, a_confirmer_avant=None).order_by("inscrite_le", "pk")
    promues = list(attente[: forum.places_libres])
    for inscription in promues:
        inscription.forum, inscription.etat = forum, E.INSCRITE
        inscription.save(update_fields=["etat"])
        lettres.obtenir_place(inscription)
    return promues


# Erasure
@transaction.atomic
def effacer_inscrits(forum: Forum, *, par: Compte) -> int:
    """Erase names, contact details, language and remarks, and the letters.

    Return the number of registrations. The ticked needs, the presence and the quartier stay, for the figures.
    """
    pas = exiger(forum, "effacer_inscrits", par=par)
    numeros = list(inscrits_a_effacer(forum).values_list("pk", flat=True))
    InscriptionForum.effacer(numeros)
    eliminee(INSCRITS, forum.pk, len(numeros))
    # Erase the address of the facilitator, and invalidate the link sent to it.
    tables = TableForum.objects.filter(forum=forum).exclude(courriel="")
    tables.update(courriel="", rang_du_lien=F("rang_du_lien") + 1)
    pas.avancer(
        fait=f"Coordonnées effacées : {accorder(len(numeros), 'inscription')}",
        details={"nombre": len(numeros)},
    )
    return len(numeros)


CHAMPS = ("budget", "titre", "lieu", "adresse", "acces", "texte", "places", "date_limite")


class ForumForm(QuandForm):
    field_order = (
        "titre",
        "budget",
        "jour",
        "de",
        "a",
        "lieu",
        "adresse",
        "acces",
        "texte",
        "places",
        "date_limite",
    )
    titre = champ_ligne("Titre", maximum=120)
    budget: Any = champ_parmi("Budget", Budget.objects.none(), requis=False, vide="Aucun")
    lieu = champ_ligne("Lieu", "Une salle, un équipement.", maximum=160)
    adresse = champ_ligne("Adresse", maximum=200)
    acces = champ_texte(
        "Comment venir et entrer",
        "Arrêt de transport, entrée sans marche, boucle magnétique, garde d’enfants.",
        maximum=1500,
        lignes=4,
    )
    texte = champ_texte("Déroulement", maximum=3000, lignes=4)
    places = forms.IntegerField(label="Places", min_value=1, max_value=5000)
    date_limite = champ_jour("Dernier jour pour s’inscrire")

    def preparer(self) -> None:
        self.choisir("budget", Budget.objects.filter(etat__in=[EtatBudget.PREPARATION, EtatBudget.OUVERT]))


class ModifierForumForm(ForumForm):
    def initiales(self) -> Mapping[str, Any]:
        forum: Forum = self.objet
        debut, fin = timezone.localtime(forum.debut), timezone.localtime(forum.fin)
        return {
            **{nom: getattr(forum, nom) for nom in CHAMPS},
            "jour": debut.date(),
            "de": debut.time(),
            "a": fin.time(),
        }


class TableForm(ActeForm):
    numero = forms.IntegerField(label="Numéro", min_value=1, max_value=200)
    sujet = champ_ligne("Sujet", maximum=120)
    animateur = champ_ligne("Qui anime", maximum=120, requis=False)
    courriel = champ_courriel(
        "Son courriel", "Elle ou il reçoit le lien pour noter sur son téléphone.", requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        dernier = self.objet.tables.order_by("-numero").first()
        return {"numero": dernier.numero + 1 if dernier else 1}


class ModifierTableForm(TableForm):
    def initiales(self) -> Mapping[str, Any]:
        return {nom: getattr(self.objet, nom) for nom in ("numero", "sujet", "animateur", "courriel")}


class CorrigerNoteForm(ActeForm):
    texte = champ_texte("Ce qui s’est dit", "Sans nom de personne.", maximum=2000, lignes=4)

    def initiales(self) -> Mapping[str, Any]:
        return {"texte": self.objet.texte}


class AvecBesoins(forms.Form):
    nom = champ_ligne("Nom", maximum=120, erreur="Dites votre nom.", attributs={"autocomplete": "name"})
    courriel = champ_courriel(
        "Adresse de courriel",
        "Vous y recevez un lien pour confirmer votre place.",
        attributs={"autocomplete": "email", "spellcheck": "false"},
        erreur="Donnez une adresse : le lien pour confirmer y est envoyé. Sans adresse, appelez-nous.",
    )
    telephone = champ_ligne(
        "Téléphone", maximum=30, requis=False, attributs={"autocomplete": "tel", "inputmode": "tel"}
    )
    quartier = champ_parmi(
        "Votre quartier",
        Quartier.objects.select_related("commune"),
        requis=False,
        vide="Un autre, ou non précisé",
    )
    besoins = champ_cases(
        "De quoi avez-vous besoin pour venir ?", [(b.value, majuscule(b.label)) for b in Besoin], requis=False
    )
    langue = champ_ligne(
        "Langue de l’interprète",
        "Si vous demandez un interprète. Langue des signes comprise.",
        maximum=60,
        requis=False,
    )
    enfants = forms.IntegerField(
        label="Combien d’enfants à garder ?",
        min_value=0,
        max_value=12,
        required=False,
        widget=forms.NumberInput(attrs={"class": "champ-court", "inputmode": "numeric"}),
        help_text="Si vous demandez une garde d’enfants.",
    )
    precisions = champ_texte(
        "Précisions", "Lues par qui organise, jamais publiées.", maximum=600, lignes=2, requis=False
    )

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        besoins = dit.get("besoins", [])
        if Besoin.INTERPRETE in besoins and not dit.get("langue"):
            self.add_error("langue", "Dites quelle langue l’interprète doit parler.")
        if Besoin.GARDE in besoins and not dit.get("enfants") and "enfants" not in self.errors:
            self.add_error("enfants", "Dites combien d’enfants sont à garder.")
        return dit


class SInscrireForm(AvecBesoins, EnvoiUnique):
    """Public registration, without an account. `est_piege`: filled in by a program."""

    ORIGINE = "forum"

    site = champ_piege()

    @property
    def est_piege(self) -> bool:
        return bool(self.cleaned_data.get("site"))

    def reponses(self) -> dict[str, Any]:
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "site"}


class InscrireAuForumForm(AvecBesoins, ActeForm):
    """Registration by an agent, on the phone or at the door."""

    est_la = champ_case("La personne est là : noter sa présence", requis=False)

    def preparer(self) -> None:
        self.fields["courriel"].required = False
        self.fields["courriel"].help_text = "Si la personne en a une."
        for champ, libelle in (
            ("quartier", "Quartier de la personne"),
            ("besoins", "Ce qu’il lui faut pour venir"),
        ):
            self.fields[champ].label = libelle
        self.fields["nom"].error_messages["required"] = "Écrivez le nom de la personne."
        self.fields["langue"].help_text = "Si un interprète est demandé. Langue des signes comprise."
        self.fields["enfants"].help_text = "Si une garde d’enfants est demandée."
