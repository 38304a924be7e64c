"""The description of an interface comes from its schemas and rules."""

import pytest


@pytest.fixture
def document(client):
    return client.get("/api/openapi.json").get_json()


def test_it_is_openapi_3_1(document):
    assert document["openapi"] == "3.1.0" and document["info"]["title"] == "Sample"
    assert set(document["paths"]) == {"/api/v1/items", "/api/v1/status", "/api/v1/broken/{kind}"}


def test_bodies_and_queries_are_described(document):
    post, get = (document["paths"]["/api/v1/items"][method] for method in ("post", "get"))
    assert post["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Item"}
    text = document["components"]["schemas"]["Item"]["properties"]["text"]
    assert (text["minLength"], text["maxLength"]) == (1, 20)
    assert {parameter["name"] for parameter in get["parameters"]} == {"limit", "state"}


def test_problems_are_described_as_they_are(document):
    responses = document["components"]["responses"]
    assert set(responses["DEFAULT_ERROR"]["content"]) == {"application/problem+json"}
    assert set(responses["UNPROCESSABLE_ENTITY"]["content"]) == {"application/problem+json"}
    assert set(document["components"]["schemas"]["Problem"]["properties"]) == {
        "type",
        "title",
        "status",
        "detail",
        "errors",
    }


def test_rules_are_described_as_security(document):
    assert document["paths"]["/api/v1/status"]["get"]["security"] == [{"receipt": []}]
    assert "security" not in document["paths"]["/api/v1/items"]["post"]
    assert document["components"]["securitySchemes"]["receipt"]["scheme"] == "bearer"
