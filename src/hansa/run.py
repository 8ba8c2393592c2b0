"""What a run of the pipeline has made: graphs, findings, the release."""

from __future__ import annotations

from dataclasses import dataclass, field

from hansa.config import Config
from hansa.model import Finding, Release, Severity
from hansa.rdf import Graphs, Triple
from hansa.sources.project import ProjectFiles
from hansa.stages import Stage


@dataclass(slots=True)
class Run:
    """What one run of the pipeline has made so far.

    :param findings: everything that is wrong, in the order of files and lines
    :param graphs: all named graphs, asserted, derived, links and provenance
    :param checked: all files could be read, so that everything was checked
    """

    config: Config
    files: ProjectFiles
    stages: list[Stage] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    graphs: Graphs = field(default_factory=dict)
    shacl_results: list[Triple] = field(default_factory=list)
    release: Release | None = None
    checked: bool = False

    def texts(self) -> dict[str, str]:
        """Give the files that were checked, as they were then, by name; those that are no UTF-8 are left out."""
        files = (*self.files.turtle, *self.files.sparql)
        return {file.name: text for file in files if "\ufffd" not in (text := file.text())}

    def blocks_release(self, *, strict: bool = False) -> bool:
        """Say whether the findings forbid a release: errors always, warnings when ``strict``."""
        blocking = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
        return any(finding.severity in blocking for finding in self.findings)
