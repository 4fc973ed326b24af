"""The read API keeps to its own description, whatever other systems send it."""

from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api import BASE, copied_desk

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def test_every_answer_is_one_that_the_description_knows(
    sqlite_template: Path, tmp_path: Path
) -> None:
    """Calls made of the description, for each of its paths, with the token of one programme."""
    with copied_desk(sqlite_template, tmp_path / "desk") as desk:
        schema = schemathesis.openapi.from_asgi(f"{BASE}/openapi.json", desk.http.app)
        token = {"Authorization": f"Bearer {desk.token}"}
        seen = dict[str, set[int]]()
        for operation in (each.ok() for each in schema.get_all_operations()):

            @settings(
                max_examples=3,
                deadline=None,
                database=None,
                phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
            )
            @given(operation.as_strategy())
            def call(case: schemathesis.Case) -> None:
                # A step with a line end in it is no address below the API's at all.
                assume("\n" not in str(case.path_parameters))
                answer = case.call(headers=token)
                seen.setdefault(case.path, set()).add(answer.status_code)
                case.validate_response(answer, checks=CHECKS)

            call()

    assert len(seen) == 7
    assert all(statuses <= {200, 400, 404} for statuses in seen.values()), seen
    assert any(200 in statuses for statuses in seen.values())
