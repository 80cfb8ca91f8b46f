"""The OpenAPI document: accepted by a validator, and whole."""

import copy

import pytest
import yaml
from interface import DOCS
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError
from referencing.exceptions import Unresolvable

OPENAPI = yaml.safe_load((DOCS / "openapi.yaml").read_text(encoding="utf-8"))
OPERATIONS = [
    (path, method, one) for path, methods in OPENAPI["paths"].items() for method, one in methods.items()
]


def test_a_validator_accepts_it():
    assert OPENAPI["openapi"].startswith("3.1.")
    validate(OPENAPI, cls=OpenAPIV31SpecValidator)


@pytest.mark.parametrize(
    "path", ["info", "info.title", "paths./api/v1/matters/{type}/{number}.get.parameters", "components.schemas.Problem"]
)
def test_the_validator_refuses_one_that_lacks_something(path):
    broken = copy.deepcopy(OPENAPI)
    *parents, last = path.split(".")
    place = broken
    for name in parents:
        place = place[name]
    del place[last]
    with pytest.raises(Exception, match=".") as found:
        validate(broken, cls=OpenAPIV31SpecValidator)
    assert isinstance(found.value, (OpenAPIValidationError, Unresolvable)), found.value


def test_every_schema_is_one():
    for schema in OPENAPI["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
        assert all(field.get("description") for field in schema.get("properties", {}).values())


def references(value):
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_every_reference_leads_somewhere():
    for reference in references(OPENAPI):
        place = OPENAPI
        assert reference.startswith("#/")
        for part in reference[2:].split("/"):
            place = place[part]


def test_every_operation_says_who_may_and_what_else_may_come_back():
    assert len(OPERATIONS) >= 20
    for path, method, one in OPERATIONS:
        assert one["summary"] and one["operationId"], (path, method)
        if one.get("security") == []:
            assert path in ("/healthz", "/readyz")
        else:
            assert one["x-roles"] and {"401", "403"} <= set(one["responses"]), (path, method)
