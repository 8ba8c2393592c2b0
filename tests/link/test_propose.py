import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from hansa.cli import cli
from hansa.config import Config
from hansa.errors import HansaError, NotFoundError
from hansa.link.decisions import read_decisions
from hansa.link.proposal import Query
from hansa.link.propose import COLUMNS, read_names, undecided
from hansa.rdf import parse_file
from hansa.store import EmbeddedStore

ROOT = Path(__file__).parents[2]
NAMES = "id,name,country_hint,type\n1,Seoul,,\n2,San José,,\n3,Jakub Mazur,PL,person\n"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.mark.usefixtures("cache")
def test_the_command_answers_every_row(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(NAMES, encoding="utf-8")
    arguments = ["link", "propose", "--names", str(tmp_path / "in.csv"), "--out", str(tmp_path / "out.csv")]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        rows = list(reader)
    assert tuple(reader.fieldnames or ()) == COLUMNS
    assert [(row["id"], row["decision"]) for row in rows] == [("1", "match"), ("2", "review"), ("3", "nil")]
    assert rows[0]["qid"] == "Q8684"
    assert all(row["reasons"] for row in rows)


def test_columns_may_be_absent(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("\ufeffid,name\n7,Seoul\n", encoding="utf-8")
    assert read_names(tmp_path / "in.csv") == [("7", Query("Seoul"))]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"id,label\n1,Seoul\n", "no column name"),
        (b"", "no column id and name"),
        (b"id,name\n1,\xff\n", "not UTF-8"),
        (b"id,name,latitude\n1,Seoul,north\n", ":2: 'north'"),
    ],
)
def test_bad_tables_are_explained(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "in.csv").write_bytes(content)
    with pytest.raises(HansaError, match=words):
        read_names(tmp_path / "in.csv")
    with pytest.raises(NotFoundError):
        read_names(tmp_path / "absent.csv")


def test_things_that_were_decided_on_are_not_proposed_again(config: Config) -> None:
    quads = [q for path in sorted((ROOT / "instances/reference").glob("*.ttl")) for q in parse_file(path)]
    store = EmbeddedStore.memory(quads)
    decisions, _ = read_decisions(ROOT / "instances/links/wikidata.sssom.tsv", "links", config.vocab)
    everything = dict(undecided(store, [], config.vocab))
    left = dict(undecided(store, decisions, config.vocab))
    assert left.keys() == everything.keys() - {decision.subject for decision in decisions}
    seoul = everything[config.vocab.expand("place:seoul")]
    assert (seoul.name, seoul.country, seoul.kind) == ("Seoul", "KR", "place")
    assert seoul.latitude == pytest.approx(37.5, abs=0.5)
