"""The description of the interface is valid, complete, and the server does what it says."""

from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tests.serve.conftest import Served


@pytest.fixture(scope="module")
def api(served: Served) -> dict[str, Any]:
    return dict(served.get("/openapi.json").json())


def test_it_is_valid_openapi(api: dict[str, Any]) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(api).iter_errors()] == []


def test_every_query_is_there_with_its_parameters(api: dict[str, Any]) -> None:
    parameters = {p["name"]: p for p in api["paths"]["/queries/members"]["get"]["parameters"]}
    assert set(parameters) == {"network", "on", "as_of"}
    assert parameters["network"]["required"] is True
    assert parameters["on"]["schema"]["format"] == "date"
    assert "504" in api["paths"]["/sparql"]["get"]["responses"]
    assert api["paths"]["/queries/find"]["get"]["parameters"][1]["schema"]["default"] == 0


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/sparql", "application/sparql-results+json"),
        ("/metrics", "text/plain"),
        ("/suggest", "application/json"),
        ("/reconcile", "application/json"),
        ("/reconcile/extend", "application/json"),
        ("/reconcile/extend/propose", "application/json"),
        ("/reconcile/suggest/entity", "application/json"),
        ("/reconcile/suggest/type", "application/json"),
        ("/reconcile/suggest/property", "application/json"),
        ("/reconcile/preview", "text/html"),
    ],
)
def test_answers_have_schemas(api: dict[str, Any], path: str, media_type: str) -> None:
    answer = api["paths"][path]["get"]["responses"]["200"]["content"][media_type]["schema"]
    named = [answer["$ref"]] if "$ref" in answer else [a["$ref"] for a in answer.get("anyOf", ())]
    assert named or answer == {"type": "string"} or "description" in answer
    assert all(name.rpartition("/")[2] in api["components"]["schemas"] for name in named)


def test_operations_have_names_of_their_own(api: dict[str, Any]) -> None:
    names = [operation["operationId"] for path in api["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))


def test_a_client_that_has_the_description_gets_304(served: Served) -> None:
    for path in ("/openapi.json", "/docs"):
        etag = served.get(path).headers["etag"]
        assert served.get(path, **{"If-None-Match": etag}).status_code == 304


def test_the_page_names_every_path_and_parameter(served: Served, api: dict[str, Any]) -> None:
    page = served.get("/docs", "text/html").text
    assert "<script>" not in page
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            assert f"<code>{method.upper()} {path}</code>" in page
            assert all(f"<code>{p['name']}</code>" in page for p in operation.get("parameters", ()))


# Wrong forms take the generator seconds; test_reconcile sends its own.
_SLOW_TO_MAKE_UP = {("post", "/reconcile"), ("post", "/reconcile/extend")}
# That a text fits its schema does not make it the name of a city; and empty fields of a form count as not given.
_EXCLUDED = [positive_data_acceptance, negative_data_rejection]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_server_does_what_the_description_says(served: Served, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_url(f"{served.url}/openapi.json")
    tried = 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        if mode is GenerationMode.NEGATIVE and (operation.method, operation.path) in _SLOW_TO_MAKE_UP:
            continue
        tried += 1
        _try(operation, served, mode)
    assert tried > 25


def _try(operation: Any, served: Served, mode: GenerationMode) -> None:
    @settings(
        max_examples=10 if mode is GenerationMode.POSITIVE else 5, deadline=None, derandomize=True, database=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def once(case: Any) -> None:
        case.call_and_validate(base_url=served.url, excluded_checks=_EXCLUDED)

    # Where there is no parameter nothing can be wrong with it.
    with suppress(Unsatisfiable):
        once()
