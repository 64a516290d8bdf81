"""Access tests: objects of the Contrat de Ville."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from contrat_ville.bilan.accompagnement import demander_aide
from contrat_ville.instruction.avis import demander_avis
from contrat_ville.models import (
    Commentaire,
    DossierImporte,
    Enveloppe,
    Equipier,
    ImportDauphin,
    Indicateur,
    LettreDecision,
    MessageProjet,
    Partenaire,
    Recours,
    Reversement,
    Scenario,
    TypePiece,
    Versement,
    Voisin,
)
from participation.socle.actions.documents import demander_document
from participation.socle.models import Compte
from tests.contrat_ville.comites.monde import seance_de
from tests.contrat_ville.factories import ProgrammationFactory, ProjetFactory
from tests.socle.factories import CompteFactory


def monde_du_contrat(auteur: Compte) -> dict[str, list[object]]:
    preparee = ProgrammationFactory(preparee=True, annee=2029)
    ouverte = ProgrammationFactory(annee=2028)
    siens = {"programmation": ouverte, "equipe": [auteur]}
    depose = ProjetFactory(**siens)
    en_cours = ProjetFactory(en_cours=True, est_publie=True, **siens)
    agent = CompteFactory(agent=True)
    commentaire = Commentaire.objects.create(projet=depose, champ="publics", texte="Quel âge ?", par=agent)
    message = MessageProjet.objects.create(projet=depose, par=auteur, est_du_porteur=True, texte="Bonjour.")
    Partenaire.objects.filter(nature="etat").update(courriel="ville@etat.example.org")
    (avis,) = demander_avis(
        depose,
        par=agent,
        partenaires=Partenaire.objects.filter(nature="etat"),
        tables=[],
        texte="Qu’en pensez-vous ?",
        date_limite=timezone.localdate() + timedelta(days=9),
    )
    brouillon = ProjetFactory(brouillon=True, auteur=auteur, **siens)
    fichier = ImportDauphin.objects.create(
        nom="dauphin.csv", entetes=["code"], relies={"code": "code"}, etat="a_appliquer", par=auteur
    )
    importe = DossierImporte.objects.create(
        import_dauphin=fichier, code="00012345-1", exercice=2028, rang=2, est_examine=True, sort="nouveau"
    )
    financeur = Partenaire.objects.filter(est_financeur=True).first()
    examinee = ProgrammationFactory(en_instruction=True, annee=2027)
    retenu = ProjetFactory(retenu=True, **siens)
    voisine = ProjetFactory(en_cours=True, programmation=ouverte)
    voisin = Voisin.objects.create(projet=en_cours, autre=voisine, etat="lie")
    Voisin.objects.create(projet=voisine, autre=en_cours, etat="lie")
    notifie = ProjetFactory(notifie=True, **siens)
    papier = demander_document(nature="socle/courrier", titre="Lettre", dossier=notifie, est_interne=True)
    recours = {"projet": notifie, "recu_le": timezone.localdate(), "texte": "Regardez encore."}
    en_cours.financements.update(accorde=500, verse=300)
    financement = en_cours.financements.get()
    versement = Versement.objects.create(
        financement=financement, montant=300, date=timezone.localdate(), par=agent
    )
    evalue = ProjetFactory(notifie=True, etat="evalue", **siens)
    evalue.financements.update(accorde=500, verse=500, definitif=400)
    reversement = Reversement.objects.create(
        financement=evalue.financements.get(), montant=100, date_limite=timezone.localdate()
    )
    return {
        "cdv_reversement": [reversement.pk],
        "cdv_seance": [seance_de().pk],
        "cdv_lettre": [
            LettreDecision.objects.create(
                projet=notifie,
                document=papier,
                signee=ContentFile(b"%PDF-1.7", "lettre.pdf"),
                sha256="a" * 64,
                notifiee_le=timezone.now(),
            ).pk
        ],
        "cdv_versement": [versement.pk],
        "cdv_voisin": [voisin.pk],
        "cdv_indicateur": [
            Indicateur.objects.create(programmation=ouverte, intitule="Ateliers", unite="ateliers").pk
        ],
        "cdv_critere": [preparee.criteres.first().pk],
        "cdv_enveloppe": [
            Enveloppe.objects.create(programmation=preparee, financeur=financeur, montant=1000).pk
        ],
        "cdv_partenaire": [financeur.pk],
        "cdv_type_piece": [TypePiece.objects.first().pk],
        "cdv_examinee": [examinee.pk],
        "cdv_programmee": [ProgrammationFactory(etat="programmee", annee=2026).pk],
        "cdv_close": [ProgrammationFactory(etat="close", annee=2020).pk],
        "cdv_scenario": [Scenario.objects.create(programmation=examinee, nom="Un", par=auteur).pk],
        "cdv_retenu": [retenu.pk],
        "cdv_recours": [Recours.objects.create(**recours).pk],
        "cdv_import": [fichier.pk],
        "cdv_import_dossier": [fichier.pk, importe.pk],
        "cdv_redaction": [brouillon.pk, "budget"],
        "cdv_equipier": [brouillon.equipe.get().pk],
        "cdv_invitation": [
            Equipier.objects.create(
                projet=ProjetFactory(brouillon=True, programmation=ouverte), compte=auteur, rejoint_le=None
            ).pk
        ],
        "cdv_annee": [ouverte.annee],
        "cdv_ouverte": [ouverte.pk],
        "cdv_preparee": [preparee.pk],
        "cdv_brouillon": [brouillon.pk],
        "cdv_fiche": [en_cours.reference],
        "cdv_en_cours": [en_cours.pk],
        "cdv_notifie": [notifie.pk],
        "cdv_conventionne": [ProjetFactory(notifie=True, etat="conventionne", **siens).pk],
        "cdv_bilan_attendu": [ProjetFactory(bilan_attendu=True, **siens).pk],
        "cdv_evalue": [evalue.pk],
        "cdv_aide": [demander_aide(en_cours, par=auteur, texte="Une salle.").pk],
        "cdv_depose": [depose.pk],
        "cdv_commentaire": [commentaire.pk],
        "cdv_message": [message.pk],
        "cdv_avis": [avis.jeton()],
        "cdv_instruction": [ProjetFactory(en_instruction=True, **siens).pk],
        "cdv_propose": [ProjetFactory(propose=True, avis_technique="favorable", **siens).pk],
        "cdv_reserve": [ProjetFactory(retenu=True, etat="sous_reserve", reserve="À dire.", **siens).pk],
        "cdv_comite": ["cdv_pilotage"],
    }
