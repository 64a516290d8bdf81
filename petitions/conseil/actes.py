"""Acts after the thresholds: commission, panel, debate of the council, answer, closing; their forms."""

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date, time
from typing import Annotated, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from participation.socle.actions import annuler_echeance, avancer, exiger, faire_echeance, fixer_echeance
from participation.socle.actions.pieces import joindre
from participation.socle.calendrier import ajouter_mois, est_ouvre
from participation.socle.collectivite import ici, ici_plus_tard
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    ChampFichier,
    champ_case,
    champ_heure,
    champ_jour,
    champ_ligne,
    champ_texte,
)
from participation.socle.francais import jour_texte
from participation.socle.models import Appartenance, Compte
from participation.socle.views.pages import Lettre, Page, acte
from participation.socle.workflow import Role
from participation.suites.actes import AjouterSuiteForm, ajouter_suite
from petitions.conseil import lettres
from petitions.conseil.jalons import (
    champ_long,
    dater_le_jalon,
    fixer_jalon,
    joindre_au_jalon,
    noter_jalon,
    prevoir_debat,
)
from petitions.conseil.lectures import dire_le_rendez_vous
from petitions.conseil.panel import PANEL_ATTENDU, exiger_apres_le_panel
from petitions.models import Jalon, Petition, Signature
from petitions.nouvelles import annoncer
from petitions.workflow import Etat

PDF = "PDF, image ou document de bureau."


def elus_en_fonction() -> QuerySet[Compte]:
    """Return the active accounts of the élus, by name."""
    en_vigueur = Appartenance.objects.en_vigueur().filter(role=Role.ELU)
    return Compte.objects.filter(pk__in=en_vigueur.values("compte"), is_active=True).order_by(
        "nom", "prenom", "pk"
    )


class RendezVousForm(ActeForm):
    """Date, hours and place of a meeting, with those already set."""

    objet: Petition
    NATURE: str

    def ligne_montree(self) -> Jalon | None:
        return self.objet.jalons.filter(nature=self.NATURE).first()

    def initiales(self) -> Mapping[str, Any]:
        champs = ("date", "heure_debut", "heure_fin", "lieu", "texte")
        return {champ: getattr(self.ligne, champ) for champ in champs} if self.ligne else {}

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        de, a = donnees.get("heure_debut"), donnees.get("heure_fin")
        if a is not None and de is None and "heure_debut" not in self.errors:
            self.add_error("heure_debut", "Donnez aussi l’heure du début.")
        if a is not None and de is not None and a <= de:
            self.add_error("heure_fin", "L’heure de fin vient après celle du début.")
        return donnees


class RencontrerForm(RendezVousForm):
    NATURE = Jalon.Nature.RENCONTRE

    date = champ_jour("Date")
    heure_debut = champ_heure("De", erreur="Dites à quelle heure la réunion commence.")
    heure_fin = champ_heure("À", "Laissez vide si la fin n’est pas fixée.", requis=False)
    lieu = champ_ligne("Lieu", "Salle et adresse.", maximum=160)
    texte = champ_long("Ce qu’il faut savoir (public)", lignes=3, requis=False)
    elus: Any = forms.ModelMultipleChoiceField(
        label="Élus invités",
        help_text="Chacun reçoit l’invitation et le rendez-vous pour son agenda. Cochez de nouveau ceux à prévenir d’un changement.",
        queryset=Compte.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def preparer(self) -> None:
        if "elus" in self.fields:
            self.choisir("elus", elus_en_fonction())


class FixerRestitutionForm(RencontrerForm):
    NATURE = Jalon.Nature.RESTITUTION
    elus = None


class InscrireAuConseilForm(RendezVousForm):
    NATURE = Jalon.Nature.CONSEIL

    date = champ_jour("Date du conseil")
    heure_debut = champ_heure(
        "De", "Laissez vide si l’heure n’est pas fixée : vous la direz ici plus tard.", requis=False
    )
    heure_fin = champ_heure("À", "Laissez vide si la fin n’est pas fixée.", requis=False)
    lieu = champ_ligne("Lieu", "Salle et adresse.", maximum=160, requis=False)
    est_sur = champ_case(
        "Le conseil se réunit bien ce jour-là",
        "À cocher pour un samedi, un dimanche ou un jour férié.",
        requis=False,
    )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        jour, est_sur = donnees.get("date"), donnees.pop("est_sur", False)
        if jour is not None and not est_ouvre(jour) and not est_sur:
            self.add_error(
                "date",
                f"Le {jour_texte(jour, 'long')} n’est pas un jour de travail : changez la date, ou cochez la case.",
            )
        return donnees


class ConstaterDebatForm(ActeForm):
    objet: Petition

    date = champ_jour("Date du débat")
    autre_jour = champ_case("Le débat a eu lieu un autre jour que celui annoncé", requis=False)
    issue = champ_long("Ce que le conseil a dit (public)", lignes=8)
    raison_sans_panel = champ_long(
        "Pourquoi sans panel citoyen (public)",
        "Le règlement prévoit l’avis d’un panel avant le débat. Cette raison est publiée sur la page et dans les lettres.",
        lignes=3,
        erreur="Dites pourquoi le conseil a débattu sans l’avis du panel citoyen.",
    )
    raison_sans_preparation = champ_long(
        "Pourquoi sans cette étape (public)",
        "Le règlement prévoit, avant le débat, une note d’information à la commission et une rencontre entre pétitionnaires et élus. "
        "L’une ou l’autre n’est pas notée sur ce dossier. Cette raison est publiée.",
        lignes=3,
        erreur="Dites pourquoi le débat a eu lieu sans la note ou sans la rencontre, ou notez-les d’abord.",
    )
    lien_video = forms.URLField(label="Adresse de la vidéo", required=False, assume_scheme="https")
    fichier = ChampFichier(label="Document du débat", required=False, help_text=PDF)

    def initiales(self) -> Mapping[str, Any]:
        return {"date": self.objet.date_conseil}

    def preparer(self) -> None:
        if not self.objet.attend_son_panel:
            del self.fields["raison_sans_panel"]
        if not self.objet.sans_preparation():
            del self.fields["raison_sans_preparation"]
        if self.objet.date_conseil is None:
            del self.fields["autre_jour"]
        else:
            self.fields[
                "autre_jour"
            ].help_text = f"Annoncé : {jour_texte(self.objet.date_conseil)}. L’heure et le lieu annoncés ne valent plus pour un autre jour."

    def clean(self) -> dict[str, Any]:
        dit: dict[str, Any] = super().clean() or {}
        jour, autre_jour = dit.get("date"), dit.pop("autre_jour", False)
        annonce = self.objet.date_conseil
        if jour and annonce and jour != annonce and not autre_jour:
            self.add_error(
                "date",
                f"Le débat était annoncé le {jour_texte(annonce)} : corrigez la date, ou cochez la case en dessous.",
            )
        return dit


def lettre_de_reponse(petition: Petition, reponses: Mapping[str, Any]) -> Lettre:
    repondue = copy(petition)
    repondue.reponse = reponses["reponse"]
    return "petitions/repondre", {
        "petition": repondue,
        "lien": petition.get_public_url(),
        "suites": list(petition.suites.select_related("direction")),
        "desabonnement": "",
    }


@acte(Page[Petition](consequence="Le résumé et la note sont publics. Les pétitionnaires sont prévenus."))
@transaction.atomic
def transmettre_note(
    petition: Petition,
    *,
    par: Compte,
    date: Annotated[date, champ_jour("Date")],
    texte: Annotated[
        str, champ_long("Résumé de la note (public)", "Ce que la commission doit savoir avant le débat.")
    ],
    fichier: Annotated[
        UploadedFile | None, ChampFichier(label="La note", required=False, help_text=PDF)
    ] = None,
) -> None:
    """Record the information note sent to the commission that prepares the debate."""
    avancer(petition, "transmettre_note", par=par, motif=texte, details={"date": date.isoformat()})
    jalon = noter_jalon(petition, Jalon.Nature.NOTE, date, texte=texte)
    joindre_au_jalon(jalon, fichier, titre="Note d’information", par=par)
    faire_echeance(petition, "note")
    annoncer(petition, "transmettre_note", {"jalon": jalon})


@acte(
    Page[Petition](
        form=RencontrerForm,
        consequence=lambda p: dire_le_rendez_vous(
            p,
            Jalon.Nature.RENCONTRE,
            "Les pétitionnaires reçoivent l’invitation à rencontrer les élus avant le débat, avec le rendez-vous pour leur agenda.",
        ),
    )
)
@transaction.atomic
def rencontrer(
    petition: Petition,
    *,
    par: Compte,
    date: date,
    lieu: str,
    heure_debut: time | None = None,
    heure_fin: time | None = None,
    texte: str = "",
    elus: Iterable[Compte] = (),
) -> None:
    """Set, or correct, the meeting between petitioners and élus that comes before the debate.

    `elus`: those invited, by a letter with the appointment.
    """
    avancer(petition, "rencontrer", par=par, motif=texte, details={"date": date.isoformat(), "lieu": lieu})
    annonce = petition.jalons.filter(nature=Jalon.Nature.RENCONTRE).first()
    jalon, change = fixer_jalon(
        petition, Jalon.Nature.RENCONTRE, date, (heure_debut, heure_fin), lieu=lieu, texte=texte
    )
    dater_le_jalon(jalon, "rencontre", "Tenir la rencontre entre pétitionnaires et élus")
    lettres.rencontrer(
        petition,
        jalon=jalon,
        change=change,
        depuis=annonce.change_le if annonce else None,
        elus=[elu.courriel for elu in elus],
    )


@acte(
    Page[Petition](
        form=InscrireAuConseilForm,
        consequence=lambda p: dire_le_rendez_vous(
            p,
            Jalon.Nature.CONSEIL,
            "La date est publique. Les pétitionnaires, et les signataires qui veulent des nouvelles, la reçoivent.",
        ),
    )
)
@transaction.atomic
def inscrire_au_conseil(
    petition: Petition,
    *,
    par: Compte,
    date: date,
    lieu: str = "",
    heure_debut: time | None = None,
    heure_fin: time | None = None,
) -> None:
    """Put the debate on the agenda of a council; the note and the debate get their échéances."""
    if date < timezone.localdate():
        raise ValidationError({"date": "Cette date est passée : donnez celle d’un conseil à venir."})
    pas = exiger(petition, "inscrire_au_conseil", par=par)
    exiger_apres_le_panel(petition, date)
    pas.avancer(details={"date": date.isoformat()}, champs={"date_conseil": date})
    jalon, change = fixer_jalon(petition, Jalon.Nature.CONSEIL, date, (heure_debut, heure_fin), lieu=lieu)
    prevoir_debat(petition)
    if not petition.jalons.filter(nature=Jalon.Nature.NOTE).exists():
        fixer_echeance(
            petition,
            "note",
            libelle="Transmettre la note d’information à la commission",
            date_limite=date,
            rappels=[21, 7],
            responsable=petition.agent,
        )
    lettres.donner_rendez_vous(petition, "inscrire_au_conseil", jalon, change, aux_signataires=True)


@acte(
    Page[Petition](
        form=ConstaterDebatForm,
        consequence=lambda p: (
            "Ce que le conseil a dit est publié et envoyé. "
            f"La réponse est due {p.reglement.delai_reponse_mois} mois après le débat."
            + (f" {PANEL_ATTENDU}" if p.attend_son_panel else "")
        ),
    )
)
@transaction.atomic
def constater_debat(
    petition: Petition,
    *,
    par: Compte,
    date: date,
    issue: str,
    lien_video: str = "",
    fichier: UploadedFile | None = None,
    raison_sans_panel: str = "",
    raison_sans_preparation: str = "",
) -> None:
    """Record what the council said. The answer is due within the months of the règlement.

    When a required panel has not given its opinion, or what prepares the debate was not done, a reason is required,
    and published. On another day than the one announced, the hours and place announced are forgotten.
    """
    if date > timezone.localdate():
        raise ValidationError({"date": "Le débat n’a pas encore eu lieu à cette date."})
    pas = exiger(petition, "constater_debat", par=par)
    raisons = _raisons_du_debat(petition, raison_sans_panel, raison_sans_preparation)
    pas.avancer(
        motif=issue,
        details={"date": date.isoformat(), **{cle: dite for cle, dite in raisons.items() if dite}},
        champs={"issue_debat": issue, "date_conseil": date, **raisons},
    )
    annonce = petition.jalons.filter(nature=Jalon.Nature.CONSEIL).first()
    avant = annonce.quand if annonce is not None and annonce.date != date else ""
    if avant:
        fixer_jalon(petition, Jalon.Nature.CONSEIL, date, (None, None), lieu="")
    jalon = noter_jalon(petition, Jalon.Nature.CONSEIL, date, texte=issue, lien_video=lien_video)
    joindre_au_jalon(jalon, fichier, titre="Document du débat", par=par)
    faire_echeance(petition, "debat")
    annuler_echeance(petition, "note")  # the commission can no longer be informed in time
    if raisons["raison_sans_panel"]:
        annuler_echeance(petition, "panel")
    limite = ajouter_mois(date, petition.reglement.delai_reponse_mois)
    fixer_echeance(
        petition,
        "reponse",
        libelle="Répondre aux pétitionnaires et aux signataires",
        date_limite=limite,
        est_legale=True,
        rappels=[30, 15, 7],
        escalade=7,
        responsable=petition.agent,
    )
    annoncer(
        petition,
        "constater_debat",
        {"jalon": jalon, "date_reponse": limite, "avant": avant},
        aux_signataires=True,
    )


def _raisons_du_debat(petition: Petition, sans_panel: str, sans_preparation: str) -> dict[str, str]:
    """Return the reasons to publish, by field: empty when nothing is missing. Raise ValidationError without one."""
    if petition.attend_son_panel and not sans_panel:
        raise ValidationError(
            {"raison_sans_panel": "Dites pourquoi le conseil a débattu sans l’avis du panel citoyen."}
        )
    sans = petition.sans_preparation()
    if sans and not sans_preparation:
        raise ValidationError(
            {
                "raison_sans_preparation": "Dites pourquoi le débat a eu lieu sans la note ou sans la rencontre."
            }
        )
    return {
        "raison_sans_panel": sans_panel if petition.attend_son_panel else "",
        "raison_sans_preparation": sans_preparation if sans else "",
    }


@acte(
    Page[Petition](
        form=FixerRestitutionForm,
        consequence=lambda p: dire_le_rendez_vous(
            p,
            Jalon.Nature.RESTITUTION,
            "La réunion est annoncée sur la page, aux pétitionnaires et aux signataires qui veulent des nouvelles.",
        ),
    )
)
@transaction.atomic
def fixer_restitution(
    petition: Petition,
    *,
    par: Compte,
    date: date,
    lieu: str,
    heure_debut: time | None = None,
    heure_fin: time | None = None,
    texte: str = "",
) -> None:
    """Set, or correct, the public meeting about the debate and what follows it."""
    avancer(
        petition, "fixer_restitution", par=par, motif=texte, details={"date": date.isoformat(), "lieu": lieu}
    )
    jalon, change = fixer_jalon(
        petition, Jalon.Nature.RESTITUTION, date, (heure_debut, heure_fin), lieu=lieu, texte=texte
    )
    dater_le_jalon(jalon, "restitution", "Tenir la réunion publique de restitution")
    lettres.donner_rendez_vous(petition, "fixer_restitution", jalon, change, aux_signataires=True)


@acte(
    Page[Petition](
        consequence="La réponse est publiée et envoyée. Relisez la lettre avant l’envoi : elle ne peut pas être reprise.",
        apercu=lettre_de_reponse,
    )
)
@transaction.atomic
def repondre(
    petition: Petition,
    *,
    par: Compte,
    reponse: Annotated[
        str,
        champ_long(
            ici_plus_tard("La réponse de la {metropole}"),
            "Publiée sur la page, envoyée aux pétitionnaires et aux signataires qui veulent des nouvelles.",
            lignes=12,
        ),
    ],
    fichier: Annotated[
        UploadedFile | None, ChampFichier(label="Document joint", required=False, help_text=PDF)
    ] = None,
) -> None:
    """Publish the answer and send it to the petitioners and to the signers who want news."""
    pas = exiger(petition, "repondre", par=par)
    pas.avancer(
        motif=reponse,
        champs={
            "reponse": reponse,
            "repondue_le": timezone.now(),
            "conservation_jusqu_au": _fin_de_conservation(petition),
        },
    )
    if fichier is not None:
        joindre(petition, fichier=fichier, titre=ici("Réponse de la {metropole}"), par=par, est_publique=True)
    faire_echeance(petition, "reponse")
    lettres.repondre(petition)


@acte(
    Page[Petition](
        consequence="Le dossier ne peut plus changer. La page reste publique ; les échéances encore ouvertes sont annulées."
    )
)
@transaction.atomic
def clore(
    petition: Petition,
    *,
    par: Compte,
    motif: Annotated[str, champ_texte("Un mot de fin (public)", lignes=3, maximum=600, requis=False)] = "",
) -> None:
    """Close the dossier once every suite is ended; open échéances are cancelled."""
    pas = exiger(petition, "clore", par=par)
    pas.avancer(
        motif=motif,
        champs={
            "clos_le": timezone.now(),
            "conservation_jusqu_au": petition.conservation_jusqu_au or _fin_de_conservation(petition),
        },
    )
    annuler_echeance(petition)
    annoncer(petition, "clore", {"motif": motif})


@transaction.atomic
def ne_plus_recevoir(signature: Signature) -> None:
    """Stop all news to this signer, those of the author included.

    The signature still counts. Safe to run twice.
    """
    Signature.objects.filter(pk=signature.pk).update(accord_nouvelles=False, accord_auteur=False)


def _fin_de_conservation(petition: Petition) -> date:
    """Return the end of conservation of the data of signers; the delay is shorter when no threshold was
    reached."""
    reglement = petition.reglement
    sans_seuil = petition.etat == Etat.COLLECTE_CLOSE
    mois = reglement.conservation_sans_seuil_mois if sans_seuil else reglement.conservation_mois
    return ajouter_mois(timezone.localdate(), mois)


AJOUTER_SUITE: Page[Petition] = Page(
    ajouter_suite,
    AjouterSuiteForm,
    "La suite est publique. La direction reçoit une lettre, puis des rappels avant la date.",
)
