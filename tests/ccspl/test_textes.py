"""Text of an avis: paragraphs and hash."""

from ccspl.redaction.actes import empreinte, en_paragraphes


def test_an_empty_line_parts_two_paragraphs():
    assert en_paragraphes("Un.\r\n\r\n\r\nDeux,\nsuite.\n \n") == ["Un.", "Deux,\nsuite."]


def test_the_hash_depends_on_each_line():
    assert empreinte(["Un."], ["Deux."]) != empreinte(["Un.", "Deux."])
    assert empreinte(["Un."]) == empreinte(["Un."], [])
