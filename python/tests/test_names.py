"""Names without a text."""

from __future__ import annotations

import pytest

import namenlese


def test_names_are_compared_with_a_reason() -> None:
    compared = namenlese.compare("Sergej Schoigu", "Sergueï Choïgou")
    assert (compared.verdict, compared.reason != "") == ("same", True)
    assert 0.8 < compared.score <= 1.0
    assert [(parts.left, parts.right) for parts in compared.aligned] == [("Sergej", "Sergueï"), ("Schoigu", "Choïgou")]
    assert namenlese.compare("Kim Jong-un", "Kim Jong-il").verdict == "different"
    assert compared.to_dict()["aligned"][0]["left"] == "Sergej"


def test_names_come_to_entities() -> None:
    names = ["Anton Tschechow", "Anton Chekhov", "Антон Чехов", "Anton Tschechow", "Leo Tolstoi"]
    chekhov, tolstoy = namenlese.resolve(names)
    assert (chekhov.name, chekhov.label, tolstoy.name) == ("Anton Tschechow", "PER", "Leo Tolstoi")
    assert {form.form for form in chekhov.forms} == set(names[:4])
    assert all(form.reason and 0 < form.score <= 1 for form in chekhov.forms)
    counted = namenlese.resolve({"Anton Tschechow": 2, "Anton Chekhov": 1, "Антон Чехов": 1, "Leo Tolstoi": 1})
    assert counted == [chekhov, tolstoy]
    english = namenlese.resolve(names, names_as="en")
    assert english[0].name == "Anton Chekhov"


def test_places_are_identified() -> None:
    [moscow] = namenlese.resolve(["Moskau", "Moscow", "Москва"], "LOC")
    assert (moscow.name, moscow.wikidata is not None or moscow.geonames is not None) == ("Moskau", True)


def test_what_cannot_be_followed_is_told() -> None:
    with pytest.raises(namenlese.Error) as label:
        namenlese.resolve(["Kant"], "THING")
    assert "THING" in str(label.value)
    with pytest.raises(namenlese.Error) as naming:
        namenlese.resolve(["Kant"], names_as="la")  # type: ignore[arg-type]
    assert naming.value.kind == "settings"
    for wrong in ["Kant", [7], 7]:
        with pytest.raises(TypeError):
            namenlese.resolve(wrong)  # type: ignore[arg-type]
