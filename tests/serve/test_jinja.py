"""Templates: fixed texts are translated once, and whatever comes from data is escaped."""

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from hansa.serve.pages.i18n import LOCALES, catalogue
from hansa.serve.pages.jinja import page_environment
from hansa.serve.pages.views import Link, Text

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
