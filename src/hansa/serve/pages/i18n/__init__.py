"""The languages of the interface: catalogues, and how strings get into them.

In templates write ``{{ _("Members") }}``, ``{{ ngettext("%(num)s member", "%(num)s members", n) }}`` or
``{% trans name=x.name %}About {{ name }}{% endtrans %}``; placeholders are ``%(name)s`` and come escaped. In
Python mark a text with :func:`N_` and let the template translate it: ``{{ _(table.title) }}``. Context goes first
with ``pgettext``. Numbers and days look as the reader's language wants them by the filters ``number`` and ``day``.

Strings are gathered, and catalogues brought up to date, by the commands in CONTRIBUTING.md; a test fails while a string
is missing, doubtful or stale in a catalogue.
"""

from hansa.serve.pages.i18n.catalogues import LOCALES, N_, catalogue
from hansa.serve.pages.i18n.formats import day, number
from hansa.serve.pages.i18n.switch import Choice, autonym, choices, choose_locale

__all__ = ["LOCALES", "N_", "Choice", "autonym", "catalogue", "choices", "choose_locale", "day", "number"]
