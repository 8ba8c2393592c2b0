"""Settings: what is missing or wrong is said in words."""

from pathlib import Path

import pytest

from hansa.config import Config, load_config
from hansa.errors import ConfigError

GOOD = '[tool.hansa]\nbase = "https://example.org/"\ntitle = { en = "X" }\nversion = "1"\nissued = "2026-01-01"\n'


def test_base_is_filled_into_the_prefix_table(config: Config) -> None:
    assert config.prefixes["network"] == f"{config.base}id/network/"
    assert not any("{base}" in namespace for namespace in config.prefixes.values())


def test_no_two_prefixes_share_a_namespace(config: Config) -> None:
    assert len(set(config.prefixes.values())) == len(config.prefixes)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no [tool.hansa]"),
        ("[tool.hansa]\nbase = 'x'", "base is 'x'"),
        (GOOD, "prefixes"),
        ("[tool.hansa", "pyproject.toml"),
    ],
)
def test_wrong_settings_are_explained(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path)
    assert says in str(caught.value)


def test_missing_project_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path)
    assert "--project" in caught.value.hint
