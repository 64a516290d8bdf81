"""Opinions on a projet: asked of partners and tables de quartier, one projet or many at once, given once by link."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from contrat_ville.instruction.actes import dans
from contrat_ville.models import AvisRendu, Partenaire, Projet, SuiviQuartier
from participation.socle.actions import annoncer_demandes, demander, exiger, repondre_demande
from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.actions.demandes import LISTE_DU_MATIN
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, ToutDire
from participation.socle.forms.champs import (
    ChampFichier,
    champ_cases,
    champ_choix,
    champ_jour,
    champ_qui,
    champ_texte,
    propose,
)
from participation.socle.francais import accorder, majuscule
from participation.socle.models import Commune, Compte, Demande, Direction
from participation.socle.views.pages import Page, acte

QUESTION = (
    "Que pensez-vous de ce projet ? Répond-il à ce que vivent les habitantes et habitants du quartier ?"
)


def _partenaires() -> list[tuple[str, str]]:
    return [
        (str(p.pk), p.nom if p.adresse_d_avis else f"{p.nom} (adresse à compléter dans sa fiche)")
        for p in Partenaire.objects.filter(est_actif=True).select_related("commune", "direction")
    ]


def _fiches_a_completer(par: Compte | None) -> SafeString:
    """Return links to the sheets without an address, in a sentence, for who may open them."""
    sans = [p for p in Partenaire.a_joindre() if not p.adresse_d_avis] if par and par.est_agent else []
    liens = format_html_join(", ", '<a href="{}">{}</a>', ((p.url_adresse, p.nom) for p in sans))
    return format_html("Écrire l’adresse de : {}.", liens) if sans else SafeString()


class DemanderAvisForm(ActeForm):
    objet: Projet

    partenaires = champ_cases("À quels partenaires", (), requis=False)
    tables = champ_cases("À quelles tables de quartier", (), requis=False)
    texte = champ_texte("Ce que vous demandez", maximum=4000, lignes=5)
    date_limite = champ_jour("Avis attendu le")

    def initiales(self) -> Mapping[str, Any]:
        communes = {quartier.commune_id for quartier in self.objet.quartiers.all()}
        demandes = set(
            self.objet.demandes.filter(nature="avis", annulee_le=None).values_list("commune", flat=True)
        )
        return {
            "partenaires": [
                str(p.pk)
                for p in Partenaire.objects.filter(est_actif=True).select_related("commune", "direction")
                if p.commune_id in communes and p.commune_id not in demandes and p.adresse_d_avis
            ],
            "texte": QUESTION,
            "date_limite": propose(dans(self.objet.programmation.delai_avis_jours)),
        }

    def preparer(self) -> None:
        partenaires, tables = self.fields["partenaires"], self.fields["tables"]
        partenaires.choices = _partenaires()  # type: ignore[attr-defined]
        partenaires.help_text = _fiches_a_completer(self.par)
        suivis = SuiviQuartier.objects.filter(quartier__in=self.objet.quartiers.all()).exclude(courriel="")
        tables.choices = [  # type: ignore[attr-defined]
            (str(s.pk), s.table_de_quartier or str(s.quartier))
            for s in suivis.select_related("quartier__commune")
        ]
        if not tables.choices:  # type: ignore[attr-defined]
            tables.help_text = "Aucune table de quartier n’a d’adresse dans le suivi de ces quartiers."

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        donnees["partenaires"] = list(Partenaire.objects.filter(pk__in=donnees.get("partenaires", [])))
        donnees["tables"] = list(
            SuiviQuartier.objects.filter(pk__in=donnees.get("tables", [])).select_related("quartier__commune")
        )
        if not donnees["partenaires"] and not donnees["tables"]:
            self.add_error("partenaires", "Choisissez à qui vous demandez un avis.")
        return donnees


# Opinions of partners
@acte(
    Page[Projet](
        form=DemanderAvisForm,
        consequence=f"Chacun reçoit un lien pour répondre, sans compte. Il est rappelé avant le jour dit, et relancé après. {LISTE_DU_MATIN}",
        succes=lambda p, demandes: f"{accorder(len(demandes), 'avis demandé', 'avis demandés')}.",
        retour="#avis",
    )
)
@transaction.atomic
def demander_avis(
    projet: Projet,
    *,
    par: Compte,
    partenaires: Iterable[Partenaire],
    tables: Iterable[SuiviQuartier],
    texte: str,
    date_limite: date,
    avertir: Callable[[Demande], None] | None = None,
) -> list[Demande]:
    """Ask each partner or table de quartier for an opinion, by a letter with a signed link, or by `avertir`.

    The legal clock does not stop. Raises ErreurMetier when one has no address, or already owes an opinion.
    """
    exiger(projet, "demander_avis", par=par)
    demandes = []
    for a in [*map(a_qui_demander, partenaires), *map(table_de, tables)]:
        if avis_attendu_de(projet, a):
            raise ErreurMetier(f"{a} doit déjà un avis sur ce projet : relancez la demande.")
        demandes.append(
            demander(
                projet,
                par=par,
                nature=Demande.Nature.AVIS,
                a=a,
                objet=projet.titre,
                texte=texte,
                date_limite=date_limite,
                avertir=avertir,
            )
        )
    return demandes


class DemanderAvisEnLotForm(ActeForm):
    partenaires = champ_cases("À quels partenaires", ())
    texte = champ_texte("Ce que vous demandez", maximum=4000, lignes=5, initial=QUESTION)
    date_limite = champ_jour("Avis attendus le")

    def preparer(self) -> None:
        self.fields["partenaires"].choices = _partenaires()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        dit: dict[str, Any] = super().clean() or {}
        dit["partenaires"] = list(Partenaire.objects.filter(pk__in=dit.get("partenaires", [])))
        return dit


@transaction.atomic
def demander_avis_en_lot(
    projets: Iterable[Projet],
    *,
    par: Compte,
    partenaires: Iterable[Partenaire],
    texte: str,
    date_limite: date,
) -> tuple[int, list[tuple[Projet, str]]]:
    """Ask each partner for its opinion on each projet, by one letter to a partner.

    Return how many projets were asked about, and the others with their reason. A partner who already owes an
    opinion on one of them is not asked again. Raises ErreurMetier when a partner has no address.
    """
    a_qui = [(partenaire, a_qui_demander(partenaire)) for partenaire in partenaires]
    demandes: list[Demande] = []
    faits, refuses = 0, []
    for projet in projets:
        restants = [partenaire for partenaire, a in a_qui if not avis_attendu_de(projet, a)]
        try:
            if not restants:
                raise ErreurMetier("l’avis est déjà demandé")
            demander_avis(
                projet,
                par=par,
                partenaires=restants,
                tables=(),
                texte=texte,
                date_limite=date_limite,
                avertir=demandes.append,
            )
            faits += 1
        except ErreurMetier as refus:
            refuses.append((projet, refus.message))
    annoncer_demandes(demandes)
    return faits, refuses


def avis_attendu_de(projet: Projet, a: Commune | Direction | Compte) -> bool:
    ouvertes = projet.demandes.filter(nature=Demande.Nature.AVIS, repondue_le=None, annulee_le=None)
    return any(demande.destinataire == a for demande in ouvertes)


def a_qui_demander(partenaire: Partenaire) -> Commune | Direction | Compte:
    """Return the addressee: the commune, else the direction, else an account for the address of the partner.

    Raises ErreurMetier without any address.
    """
    tenue_par = partenaire.tient_l_adresse
    if isinstance(tenue_par, Commune | Direction) and tenue_par.adresses():
        return tenue_par
    if not partenaire.courriel:
        raise ErreurMetier(partenaire.sans_adresse(" avant d’écrire"))
    return ouvrir_compte(partenaire.courriel, est_prouve=False, nom=partenaire.nom[:80])


def table_de(suivi: SuiviQuartier) -> Compte:
    if not suivi.courriel:
        raise ErreurMetier(f"La table de quartier de {suivi.quartier} n’a pas d’adresse électronique.")
    nom = suivi.table_de_quartier or f"Table de quartier {suivi.quartier.nom}"
    return ouvrir_compte(suivi.courriel, est_prouve=False, nom=nom[:80])


@transaction.atomic
def rendre_avis(
    demande: Demande,
    *,
    sens: str,
    reponse: str,
    nom: str,
    fichier: UploadedFile | None = None,
    par: Compte | None = None,
) -> None:
    """Record an opinion, once, by the signed link; `par` if who is signed in answers for it.

    Raises ActeInterdit when it is already given or no longer expected; ValidationError when a reserve or an
    unfavourable opinion has no reason.
    """
    projet = demande.dossier.enfant
    exiger(projet, "rendre_avis", par=None)
    exiger_motive(sens, reponse)
    dit = dict(AvisRendu.Sens.choices)[sens]
    repondre_demande(
        demande,
        reponse=reponse or f"{majuscule(dit)}.",
        par=par,
        nom=nom,
        fichier=fichier,
        sens=dit if sens == AvisRendu.Sens.SANS_AVIS else f"avis {dit}",
    )
    AvisRendu.objects.create(demande=demande, sens=sens)


def exiger_motive(sens: str, reponse: str) -> None:
    """Raise ValidationError when a reserve or an unfavourable opinion has no reason."""
    if sens in AvisRendu.A_MOTIVER and not reponse.strip():
        raise ValidationError(
            {
                "reponse": "Dites pourquoi : votre réserve ou votre raison. Sans elle, le comité ne peut pas en tenir compte."
            }
        )


class RendreAvisForm(ToutDire):
    sens = champ_choix("Votre avis", [(v, majuscule(t)) for v, t in AvisRendu.Sens.choices], boutons=True)
    reponse = champ_texte(
        "Pourquoi",
        "Le comité lit vos raisons. Une réserve ou un avis défavorable ne peut pas s’en passer.",
        requis=False,
        maximum=6000,
        lignes=6,
    )
    fichier = ChampFichier(
        label="Joindre un fichier",
        required=False,
        help_text="Note, plan, tableau : PDF, image ou document de bureau. Seul le service le lit.",
    )
    nom = champ_qui()

    def exiger(self, dit: Mapping[str, Any]) -> None:
        exiger_motive(dit.get("sens", ""), dit.get("reponse", ""))
