"""Steps of a pétition after the thresholds, and its meetings as iCalendar files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from participation.seances.calendrier import ics
from participation.socle.collectivite import ici, ici_plus_tard
from participation.socle.courriels.ecriture import Piece
from participation.socle.francais import INSECABLE, accorder, jour_texte, majuscule, nombre
from participation.socle.graphiques import EtapeFrise, Statut
from participation.socle.models import Courriel, Echeance, Suspension
from participation.suites.models import Suite
from petitions.models import Jalon, Petition, Seuil, SeuilAtteint
from petitions.workflow import Etat

# Meetings that people may attend: a note or a panel is none.
NATURES = {
    Jalon.Nature.RENCONTRE: "Rencontre avec les élus",
    Jalon.Nature.CONSEIL: ici_plus_tard("Débat au {conseil}"),
    Jalon.Nature.RESTITUTION: "Réunion publique de restitution",
}


def fichier(jalon: Jalon, *, invite: tuple[str, str] | None = None) -> bytes:
    """Return the ICS file of a meeting.

    Without `invite`, it is published for everybody (PUBLISH). With `invite` (name, address), it is an
    invitation for one person (REQUEST), to join to a letter.
    """
    petition = jalon.petition
    return ics.rendez_vous(
        ics.RendezVous(
            cle=f"petition-{petition.pk}-{jalon.nature}",
            sequence=jalon.sequence,
            ecrit_le=jalon.change_le,
            titre=f"{NATURES[Jalon.Nature(jalon.nature)]} : {petition.titre}",
            jour=jalon.date,
            de=jalon.heure_debut,
            a=jalon.heure_fin,
            lieu=jalon.lieu,
            texte="" if jalon.nature == Jalon.Nature.CONSEIL else jalon.texte,
            page=petition.get_public_url(),
        ),
        "PUBLISH" if invite is None else "REQUEST",
        invite,
    )


def dire_le_rendez_vous(petition: Petition, nature: str, phrase: str) -> str:
    """Return `phrase` after what was already told of this meeting, if anything was."""
    dit = petition.jalons.filter(nature=nature).first()
    if dit is None:
        return phrase
    return f"Déjà annoncé : {dit.quand}. Ce que vous changez ici remplace ce qui a été dit. {phrase}"


def dernieres_invitations(petition: Petition) -> dict[str, datetime]:
    """Return when each élu, by address, was last written to about the meeting with the petitioners."""
    perdues = (Courriel.Etat.ECHEC, Courriel.Etat.REJETE, Courriel.Etat.ANNULE)
    ecrites = Courriel.objects.filter(dossier=petition.pk, acte="petitions/rencontrer_elu").exclude(
        etat__in=perdues
    )
    lues = ecrites.order_by("cree_le", "pk").values_list("destinataires", "cree_le")
    return {adresse: le for adresses, le in lues for adresse in adresses}


def piece_de_chacun(jalon: Jalon) -> Callable[[str], Piece]:
    """Return the function that gives the ICS file for the letter to each petitioner.

    The meeting with the élus is a personal invitation. The other meetings are open to all: one file serves
    every letter.
    """
    nom = f"{jalon.nature}.ics"
    if jalon.nature == Jalon.Nature.RENCONTRE:
        return lambda adresse: (nom, ics.type_mime("REQUEST"), fichier(jalon, invite=(adresse, adresse)))
    la_meme = nom, ics.type_mime("PUBLISH"), fichier(jalon)
    return lambda adresse: la_meme


def adresse_agenda(jalon: Jalon) -> str:
    """Return the path of the ICS file, for pages and for letters sent in large numbers."""
    return reverse("petitions:rendez_vous", args=[jalon.petition_id, jalon.nature])


AVANT_COLLECTE = frozenset({Etat.DEPOSEE, Etat.RECEVABLE})


# États in which a debate at the council is still possible.
EN_CHEMIN = AVANT_COLLECTE | {Etat.EN_COLLECTE, Etat.SUSPENDUE, Etat.A_DEBATTRE, Etat.EN_PANEL, Etat.DEBATTUE}


AU_CONSEIL = frozenset({Etat.A_DEBATTRE, Etat.EN_PANEL, Etat.DEBATTUE})


TITRES = {
    Jalon.Nature.NOTE: "Note d’information à la commission",
    Jalon.Nature.RENCONTRE: "Rencontre entre pétitionnaires et élus",
    Jalon.Nature.PANEL: "Panel citoyen",
    Jalon.Nature.CONSEIL: ici_plus_tard("Débat au {conseil}"),
    Jalon.Nature.RESTITUTION: "Réunion publique de restitution",
}


@dataclass(frozen=True, slots=True)
class Faits:
    """Data from which the steps are made, read once by the view."""

    petition: Petition
    copetitionnaires: int = 0
    seuils: Sequence[Seuil] = ()
    atteints: Sequence[SeuilAtteint] = ()
    jalons: Sequence[Jalon] = ()
    suites: Sequence[Suite] = ()
    echeances: Sequence[Echeance] = ()
    suspension: Suspension | None = None
    jour: date = field(default_factory=timezone.localdate)

    @property
    def tenus(self) -> list[SeuilAtteint]:
        """Thresholds reached and not lost."""
        return [atteint for atteint in self.atteints if atteint.perdu_le is None]

    @property
    def prochain(self) -> Seuil | None:
        tenus = {atteint.seuil_id for atteint in self.tenus}
        return next((seuil for seuil in self.seuils if seuil.pk not in tenus), None)

    @property
    def rendez_vous(self) -> list[Jalon]:
        """The meetings to come, the next one first."""
        venir = (j for j in self.jalons if j.nature in NATURES and j.date >= self.jour)
        return sorted(
            (jalon for jalon in venir if not _a_eu_lieu(self.petition, jalon)), key=lambda j: j.date
        )

    def limite(self, cle: str) -> date | None:
        return next((e.date_limite for e in self.echeances if e.cle == cle and e.est_ouverte), None)


def frise_de(faits: Faits) -> list[EtapeFrise]:
    """Return the timeline, in the order of days.

    It ends with the answer to come, or with the decision or withdrawal that ended the pétition.
    """
    petition = faits.petition
    passees = _passees(faits)
    fins = {
        Etat.IRRECEVABLE: (
            petition.decidee_le,
            "Déclarée irrecevable",
            f"{petition.qui_a_decide} La page de la pétition dit pourquoi.",
        ),
        Etat.TRANSMISE: (
            petition.decidee_le,
            "Transmise à l’autorité compétente",
            petition.autorite_competente,
        ),
        Etat.RETIREE: (
            petition.clos_le,
            "Réunie à une autre pétition" if petition.reunie_a_id else "Retirée par ses auteurs",
            "",
        ),
    }
    if petition.etat in fins:
        le, titre, texte = fins[Etat(petition.etat)]
        return [*passees, EtapeFrise(titre, _jour(le), texte)]
    return [*passees, *_en_cours(faits), *_a_venir(faits)]


def _passees(faits: Faits) -> list[EtapeFrise]:
    petition, etapes = faits.petition, []
    if petition.deposee_le:
        texte = (
            f"Par {nombre(faits.copetitionnaires)}{INSECABLE}personnes." if faits.copetitionnaires > 1 else ""
        )
        etapes.append(EtapeFrise("Déposée", _jour(petition.deposee_le), texte))
    if petition.decidee_le and petition.etat not in {Etat.IRRECEVABLE, Etat.TRANSMISE}:
        etapes.append(EtapeFrise("Déclarée recevable", _jour(petition.decidee_le), petition.qui_a_decide))
    if petition.collecte_ouverte_le:
        etapes.append(EtapeFrise("Ouverte aux signatures", _jour(petition.collecte_ouverte_le)))
    for atteint in faits.tenus:
        etapes.append(
            EtapeFrise(
                f"{nombre(atteint.seuil.signatures)}{INSECABLE}signatures, seuil atteint",
                _jour(atteint.atteint_le),
                _consequence(petition, atteint.seuil),
            )
        )
    if petition.collecte_close_le:
        texte = "" if faits.tenus else "Le seuil du débat n’a pas été atteint."
        if petition.raison_cloture:
            texte = f"Avant la fin prévue. {petition.raison_cloture}"
        etapes.append(EtapeFrise("Collecte close", _jour(petition.collecte_close_le), texte))
    rangs = {nature: rang for rang, nature in enumerate(TITRES)}
    for jalon in sorted(faits.jalons, key=lambda jalon: rangs[Jalon.Nature(jalon.nature)]):
        if jalon.date < faits.jour or (jalon.date == faits.jour and _a_eu_lieu(petition, jalon)):
            etapes.append(EtapeFrise(TITRES[Jalon.Nature(jalon.nature)], jalon.date, majuscule(jalon.ou)))
    if petition.repondue_le:
        etapes.append(
            EtapeFrise(
                ici("Réponse de la {metropole}"),
                _jour(petition.repondue_le),
                "Publiée sur la page de la pétition.",
            )
        )
    if petition.etat == Etat.CLOSE and petition.clos_le:
        etapes.append(EtapeFrise("Dossier clos", _jour(petition.clos_le)))
    # The sort is stable: steps of the same day keep the order above.
    return sorted(etapes, key=lambda etape: etape.date if isinstance(etape.date, date) else date.min)


def _en_cours(faits: Faits) -> list[EtapeFrise]:
    petition = faits.petition
    fin = petition.date_fin_collecte
    phrases: dict[str, tuple[str, str]] = {
        Etat.DEPOSEE: ("Examen par le comité de recevabilité", ""),
        Etat.RECEVABLE: ("Ouverture des signatures à venir", ""),
        Etat.EN_COLLECTE: ("Signatures en cours", f"Jusqu’au {jour_texte(fin)} à minuit." if fin else ""),
        Etat.SUSPENDUE: (
            "Pétition suspendue",
            "Les délais sont arrêtés, les signatures déjà reçues sont gardées.",
        ),
        Etat.A_DEBATTRE: ("Préparation du débat", ""),
        Etat.EN_PANEL: ("Le panel citoyen prépare son avis", ""),
        Etat.DEBATTUE: (ici("La {metropole} prépare sa réponse"), ""),
        Etat.REPONDUE: ("Suivi des suites", "") if faits.suites else ("", ""),
        Etat.COLLECTE_CLOSE: ("Le service écrit aux pétitionnaires", ""),
    }
    titre, texte = phrases.get(petition.etat, ("", ""))
    return [EtapeFrise(titre, "Aujourd’hui", texte, "en_cours")] if titre else []


def _a_venir(faits: Faits) -> list[EtapeFrise]:
    petition = faits.petition
    venir: Statut = "a_venir"
    etapes = [
        EtapeFrise(TITRES[Jalon.Nature(jalon.nature)], jalon.date, majuscule(jalon.ou), venir)
        for jalon in sorted(faits.jalons, key=lambda jalon: jalon.date)
        if jalon.date > faits.jour or (jalon.date == faits.jour and not _a_eu_lieu(petition, jalon))
    ]
    if petition.etat not in EN_CHEMIN:
        return etapes
    if petition.etat == Etat.DEPOSEE:
        texte = f"Pendant {accorder(petition.reglement.duree_collecte_mois, 'mois', 'mois')}."
        etapes.append(EtapeFrise("Signatures", "Si elle est recevable", texte, venir))
    if petition.etat != Etat.DEBATTUE and not any(j.nature == Jalon.Nature.CONSEIL for j in faits.jalons):
        premier = faits.seuils[0] if faits.seuils else None
        if petition.etat in AU_CONSEIL or faits.tenus:
            limite = faits.limite("debat")
            quand = f"Le {jour_texte(limite)} au plus tard" if limite else "Date à fixer"
            etapes.append(
                EtapeFrise(TITRES[Jalon.Nature.CONSEIL], quand, "Ouvert au public et filmé.", venir)
            )
        elif premier is not None:
            quand = f"Si {nombre(premier.signatures)}{INSECABLE}signatures sont réunies"
            etapes.append(EtapeFrise(TITRES[Jalon.Nature.CONSEIL], quand, "", venir))
    limite = faits.limite("reponse")
    etapes.append(
        EtapeFrise(
            ici("Réponse de la {metropole}"),
            f"Le {jour_texte(limite)} au plus tard" if limite else "Après le débat",
            "Publiée sur la page de la pétition, envoyée aux signataires qui l’ont demandé.",
            venir,
        )
    )
    return etapes


def _a_eu_lieu(petition: Petition, jalon: Jalon) -> bool:
    if jalon.nature == Jalon.Nature.CONSEIL:
        return bool(petition.issue_debat)
    return jalon.nature == Jalon.Nature.NOTE or (
        jalon.nature == Jalon.Nature.PANEL and bool(petition.avis_panel)
    )


def _consequence(petition: Petition, seuil: Seuil) -> str:
    if seuil.effet == Seuil.Effet.PANEL:
        if petition.raison_sans_panel:
            return "Un panel citoyen était prévu avant le débat."
        if petition.avis_panel:
            return "Un panel citoyen tiré au sort a donné son avis."
        ouvert = petition.etat == Etat.EN_PANEL
        return f"Un panel citoyen tiré au sort {'est ouvert' if ouvert else 'est à ouvrir avant le débat'}."
    return "Le conseil en a débattu." if petition.issue_debat else "Un débat au conseil est dû."


def _jour(instant: datetime | None) -> date | None:
    return timezone.localtime(instant).date() if instant else None
