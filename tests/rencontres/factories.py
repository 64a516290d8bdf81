"""A rencontre in each état, with as few rows as possible."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from participation.rencontres.models import (
    Animateur,
    AuteurDeNote,
    Bloc,
    Format,
    Groupe,
    Inscription,
    Note,
    Rencontre,
    TableRencontre,
)
from participation.rencontres.workflow import EtatRencontre


class RencontreFactory(DjangoModelFactory[Rencontre]):
    """In ten days, two hours long; `tenue` and `annulee`: ten days ago."""

    class Meta:
        model = Rencontre

    titre = factory.Sequence(lambda n: f"Rencontre {n}")
    reference = factory.Sequence(lambda n: f"REN-2020-{n + 1:04}")
    but = "Comment partager la place du marché ?"
    debut = factory.LazyFunction(lambda: timezone.localtime() + timedelta(days=10))
    fin = factory.LazyAttribute(lambda r: r.debut + timedelta(hours=2))
    date_limite = factory.LazyAttribute(lambda r: timezone.localdate(r.debut))
    lieu = "Maison des habitants"
    adresse = "1 place des Essais"
    acces = "Arrêt devant la porte."
    places = 20
    ouvert_le = factory.LazyFunction(timezone.now)

    class Params:
        ouverte = factory.Trait(etat=EtatRencontre.OUVERTE, est_publie=True)
        tenue = factory.Trait(
            etat=EtatRencontre.TENUE,
            est_publie=True,
            debut=factory.LazyFunction(lambda: timezone.localtime() - timedelta(days=10)),
        )


class InscriptionFactory(DjangoModelFactory[Inscription]):
    class Meta:
        model = Inscription

    evenement = factory.SubFactory(RencontreFactory, ouverte=True)
    nom = factory.Sequence(lambda n: f"Alma Essai{n}")
    confirmee_le = factory.LazyFunction(timezone.now)


def monde_des_rencontres() -> dict[str, list[object]]:
    """Access tests: a rencontre being prepared, open, today, held, over long ago."""
    preparee = RencontreFactory()
    ouverte = RencontreFactory(ouverte=True)
    inscrite = InscriptionFactory(evenement=ouverte)
    offerte = InscriptionFactory(
        evenement=ouverte, etat="offerte", offerte_jusqu_a=timezone.localtime() + timedelta(days=1)
    )
    finie = RencontreFactory(tenue=True, debut=timezone.localtime() - timedelta(days=400))
    InscriptionFactory(evenement=finie)
    format_ = Format.objects.create(nom="Ronde", but="Parler", personnes_min=4, personnes_max=8, minutes=30, etapes="Un")  # fmt: skip
    retire = Format.objects.create(nom="Vieux", but="Parler", personnes_min=4, personnes_max=8, minutes=30, etapes="Un", etat="retire")  # fmt: skip
    venue = InscriptionFactory(evenement=ouverte, presente_le=timezone.now())
    tenue = RencontreFactory(tenue=True)
    table = TableRencontre.objects.create(rencontre=tenue, numero=1)
    note = Note.objects.create(table=table, texte="Un banc")
    groupe = Groupe.objects.create(rencontre=tenue, titre="Des bancs")
    auteur = AuteurDeNote.objects.create(note=note, courriel="essai@example.org")
    aujourd_hui = RencontreFactory(
        ouverte=True, debut=timezone.localtime() - timedelta(hours=1), plan=[[[venue.pk]]]
    )
    TableRencontre.objects.create(rencontre=aujourd_hui, numero=1)
    bloc = Bloc.objects.create(rencontre=preparee, rang=1, titre="Accueil", minutes=15, jouees=20)
    animateur = Animateur.objects.create(rencontre=preparee, nom="Sami Essai")
    return {
        "ren_preparee": [preparee.pk],
        "ren_ouverte": [ouverte.pk],
        "ren_commencee": [aujourd_hui.pk],
        "ren_tenue": [tenue.pk],
        "ren_vide": [RencontreFactory(tenue=True).pk],
        "ren_finie": [finie.pk],
        "ren_animateur": [animateur.pk],
        "ren_animer": [animateur.jeton()],
        "ren_inscription": [inscrite.pk],
        "ren_offerte": [offerte.pk],
        "ren_place": [inscrite.jeton()],
        "ren_preuve": [inscrite.jeton_de_confirmation()],
        "ren_venue": [venue.jeton()],
        "ren_table": [table.pk],
        "ren_table_jeton": [table.jeton()],
        "ren_note": [note.pk],
        "ren_auteur": [auteur.jeton()],
        "ren_groupe": [groupe.pk],
        "ren_bloc": [bloc.pk],
        "ren_format": [format_.pk],
        "ren_format_retire": [retire.pk],
    }
