"""What is said about a thing that was published once and is no more: 410 Gone (RFC 9110 section 15.5.11)."""

from __future__ import annotations

from hansa.serve.http.errors import HttpError
from hansa.serve.pages.addresses import href_of
from hansa.serve.site import Site
from hansa.withdrawn import Withdrawal


def withdrawn(site: Site, row: Withdrawal) -> HttpError:
    """Make the answer: since when, why, and what to see instead (Link relation of RFC 5829)."""
    details: dict[str, object] = {"withdrawn": row.date}
    headers = {}
    if href := href_of(site.release.base, row.replaced_by):
        labels = site.names.labels(row.replaced_by)
        label = labels[0].value if labels else row.replaced_by
        details["replacedBy"] = {"iri": row.replaced_by, "href": href, "label": label}
        headers["Link"] = f'<{href}>; rel="successor-version"'
    return HttpError(410, f"this thing was withdrawn on {row.date}: {row.reason}", details=details, headers=headers)
