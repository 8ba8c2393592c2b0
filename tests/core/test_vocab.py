"""Names: slugs, minting, shortening; a typo in a term raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hansa.config import Config
from hansa.errors import HansaError
from hansa.vocab import ORG, SLUG, slugify


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Wrocław", "wroclaw"),
        ("Łukasz Medeksza", "lukasz-medeksza"),
        ("Đà Nẵng", "da-nang"),
        ("Sébastien Rolland", "sebastien-rolland"),
        ("Xi'an", "xian"),
        ("København", "kobenhavn"),
        ("Straßburg", "strassburg"),
    ],
)
def test_slug_transliterates_properly(name: str, slug: str) -> None:
    assert slugify(name) == slug


@given(st.text())
def test_slug_is_kebab_case_or_refused(text: str) -> None:
    try:
        slug = slugify(text)
    except HansaError as error:
        assert "no slug" in error.message  # noqa: PT017 - both outcomes are right
    else:
        assert SLUG.match(slug)
        assert slugify(slug) == slug


def test_typo_in_a_term_raises() -> None:
    with pytest.raises(AttributeError, match="memberof"):
        _ = ORG.memberof


def test_mint_and_split(config: Config) -> None:
    iri = config.vocab.thing("network", "citynet")
    assert iri.value == f"{config.base}id/network/citynet"
    assert config.vocab.kind_and_slug(iri.value) == ("network", "citynet")
    assert config.vocab.kind_and_slug("https://example.org/x") is None


@pytest.mark.parametrize("slug", ["Citynet", "city net", "city_net", "-x", "x-", "a--b", "", "東京"])
def test_bad_slug_is_refused(config: Config, slug: str) -> None:
    with pytest.raises(HansaError, match="not a slug"):
        config.vocab.thing("network", slug)


def test_shorten_takes_the_longest_namespace(config: Config) -> None:
    assert config.vocab.shorten(f"{config.base}vocab/role/member") == "role:member"
    assert config.vocab.shorten("https://example.org/x") == "<https://example.org/x>"


@pytest.mark.parametrize("name", ["network:citynet", "skos:prefLabel", "role:chair-city"])
def test_expand_undoes_shorten(config: Config, name: str) -> None:
    assert config.vocab.shorten(config.vocab.expand(name)) == name


def test_unknown_prefix_says_which_are_known(config: Config) -> None:
    with pytest.raises(HansaError, match="netwrok:citynet") as caught:
        config.vocab.expand("netwrok:citynet")
    assert "network" in caught.value.hint
