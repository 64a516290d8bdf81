"""Load the règlement of the pétitions, its comité and the reasons of a refusal: its part of the pack."""

from datetime import date

from participation.seances.models import Instance, ReglementInstance
from participation.socle.management.paquet import Paquet, Referentiel
from participation.socle.regles.adresses import fournisseurs_courants
from petitions.models import Critere, DomaineSurveille, MotifIrrecevabilite, ReglementPetition, Seuil
from petitions.workflow import INSTANCE


class Command(Referentiel):
    help = "Charge le règlement de la pétition, ses critères, ses seuils et les motifs d’irrecevabilité (une fois ; ensuite compare)."
    partie, fichier = "petitions", "petitions.json"

    def charger(self, paquet: Paquet) -> None:
        donnees = paquet.json(self.fichier)
        criteres, seuils, motifs = donnees.pop("criteres"), donnees.pop("seuils"), donnees.pop("motifs")
        donnees["en_vigueur_du"] = date.fromisoformat(donnees["en_vigueur_du"])
        for code, libelle, texte, masque in motifs:
            paquet.poser(
                MotifIrrecevabilite,
                {"libelle": libelle, "texte": texte, "masque_le_texte": masque},
                code=code,
            )
        self._comite(donnees.pop("fondement_du_comite"), date.fromisoformat(str(donnees["en_vigueur_du"])))
        self._fournisseurs()
        if ReglementPetition.objects.exists():
            return  # a version exists: from now on, agents manage it
        reglement = ReglementPetition.objects.create(**donnees)
        for ordre, (libelle, aide) in enumerate(criteres, start=1):
            Critere.objects.create(reglement=reglement, ordre=ordre, libelle=libelle, aide=aide)
        for ordre, seuil in enumerate(seuils, start=1):
            numerateur, denominateur = seuil.pop("part_max")
            lu = Seuil(
                reglement=reglement,
                ordre=ordre,
                part_max_numerateur=numerateur,
                part_max_denominateur=denominateur,
                **seuil,
            )
            lu.full_clean()  # a threshold that the communes of the pack can reach
            lu.save()

    def _fournisseurs(self) -> None:
        """Load the common mail providers, unless the list already has some: from then on, agents manage
        it."""
        courant = DomaineSurveille.Regle.COURANT
        if not DomaineSurveille.objects.filter(regle=courant).exists():
            noms = sorted(fournisseurs_courants())
            DomaineSurveille.objects.bulk_create(
                [DomaineSurveille(domaine=nom, regle=courant) for nom in noms], ignore_conflicts=True
            )

    def _comite(self, fondement: str, depuis: date) -> None:
        """Create the comité and a model of its rules. Its size and quorum are not known: agents set them."""
        comite, nouveau = Instance.objects.get_or_create(
            cle=INSTANCE,
            defaults={
                "nom": "Comité de recevabilité des pétitions",
                "sigle": "Comité de recevabilité",
                "fondement": fondement,
                "presentation": "Il dit si une pétition citoyenne remplit les conditions du règlement.",
                "app": "petitions",
                "est_publique": False,
                "ouvre_le_bureau": True,
            },
        )
        if nouveau:
            ReglementInstance.objects.create(
                instance=comite,
                version="modèle de départ",
                en_vigueur_du=depuis,
                source="À remplacer par le règlement du comité. Règles reprises, comme modèle, du code des relations entre le public et l’administration (articles R133-8 à R133-12), sauf la base de la majorité, prise à l’article L2121-20 du code général des collectivités territoriales : à confirmer.",
                delai_convocation=5,
                unite_delai=ReglementInstance.Unite.CALENDAIRES,
                base_a_confirmer=True,
            )
