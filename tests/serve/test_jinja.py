"""Templates: fixed texts are translated once, and whatever comes from data is escaped."""

import asyncio
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment, UndefinedError
from markupsafe import Markup

from hansa.serve.pages.i18n import LOCALES, catalogue
from hansa.serve.pages.jinja import page_environment
from hansa.serve.pages.views import Link, Text
from hansa.serve.settings import ServeSettings
from tests.serve.conftest import serve

HOSTILE = "<script>alert('x')</script>"


@pytest.mark.parametrize("locale", LOCALES)
def test_a_fixed_text_is_text_of_the_compiled_template(locale: str) -> None:
    made = page_environment(catalogue(locale))
    wanted = catalogue(locale).gettext("Members")
    assert made.from_string('<i title="{{ _("Members") }}">{{ _("Members") }}</i>').render() == (
        f'<i title="{wanted}">{wanted}</i>'
    )
    code = str(made.compile('{{ _("Members") }}', raw=True))
    assert repr(wanted) in code
    assert "context.call" not in code


def test_texts_with_values_are_translated_when_they_are_shown() -> None:
    made = page_environment(catalogue("en"))
    shown = '{{ ngettext("%(num)s row.", "%(num)s rows.", n) }} {% trans name=x %}About {{ name }}{% endtrans %}'
    assert made.from_string(shown).render(n=2, x=HOSTILE) == (
        "2 rows. About &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"
    )
    assert made.from_string("{{ _(title) }}").render(title="Members") == "Members"


@pytest.mark.parametrize("value", [HOSTILE, Text(HOSTILE), Link(Text(HOSTILE), href=f"/{HOSTILE}"), [HOSTILE]])
def test_what_is_not_html_is_escaped(value: object) -> None:
    made = page_environment(catalogue("en"))
    shown = made.from_string('{{ v }}{% set w %}{{ v }}{% endset %}{{ w }}<a title="{{ v }}">').render(v=value)
    assert "<script" not in shown
    assert made.from_string("{{ v }}").render(v=Markup("<b>")) == "<b>"


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        page_environment(catalogue("en")).from_string("{{ nothing }}").render()


def test_blocks_stand_where_the_template_that_is_extended_has_them() -> None:
    made = page_environment(catalogue("en"))
    base = "<a>{% block first %}1{% endblock %}{% block second %}<{{ x }}>{% endblock %}</a>{{ self.second() }}"
    child = '{% extends "base" %}{% block second %}{{ super() }}{% include "part" %}{% endblock %}'
    part = "{% for n in (1, 2) %}{% block inner scoped %}{{ n }}{{ x }}{% endblock %}{% endfor %}"
    made.loader = DictLoader({"base": base, "child": child, "part": part})
    second = f"<{Markup.escape(HOSTILE)}>" + "".join(f"{n}{Markup.escape(HOSTILE)}" for n in (1, 2))
    assert made.get_template("child").render(x=HOSTILE) == f"<a>1{second}</a>{second}"


def test_no_template_is_compiled_while_somebody_waits_for_the_page_of_a_thing(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("somebody waits for this")

    with serve(release, ServeSettings(workers=1, warm=True)) as running:
        asyncio.run(running.live.prepare())
        monkeypatch.setattr(Environment, "compile", fail)
        for path in ("/doc/network/league", "/doc/person/ada", "/doc/source/yearbook", "/vocab/role"):
            assert running.client.get(path, headers={"Accept": "text/html"}).status_code == 200
