"""--probe-import: a request that an import has to refuse, and what each response to it means."""

import pytest

from support.diagnosis import diagnose
from support.project import Project
from support.proxy import HTML, Answer, Fault, Request

A = "/api/receiver/api/v1/products/{product_id}/import/junit/upload"
C = "/api/receiver/api/v1/products/{product_id}/import/junit"
B = "/api/v1/products/{product_id}/import/junit"
MISS = Answer(404, b'{"detail": "Not Found"}')


def imports(project: Project) -> list[Request]:
    return [request for request in project.proxy.requests if "/import/junit" in request.path]


def test_an_import_without_a_file_is_refused(project: Project) -> None:
    launches = project.onetest.launches()
    done = diagnose("--probe-import", cwd=project.path, env=project.env)
    assert (done.code, done.signs()["import-path"]) == (0, "ok")
    assert "422, as expected, since the import has no file)." in done.texts("receiver")[0]
    (request,) = imports(project)
    assert request.method == "POST"
    assert b"filename" not in request.body
    assert f"--endpoint receiver.import_junit={A}" in done.texts("import-path")[0]
    assert {"name": "receiver.import_junit", "path": A} in done.document["endpoints"]
    assert f"POST {A}` refuses an import without a file: body.file" in done.document["for_issue"]
    assert project.onetest.launches() == launches


def test_without_the_option_no_import_is_sent(project: Project) -> None:
    done = diagnose(cwd=project.path, env=project.env)
    assert imports(project) == []
    assert "404, as expected, since no launch has this id)." in done.texts("receiver")[0]


@pytest.mark.parametrize("miss", [MISS, Answer(405), Answer(200, HTML, "text/html")])
def test_the_other_paths_follow(project: Project, miss: Fault) -> None:
    product = project.onetest.product_id

    def rule(request: Request) -> Fault | None:
        return miss if request.path in {path.format(product_id=product) for path in (A, C)} else None

    project.proxy.rule = rule
    done = diagnose("--probe-import", cwd=project.path, env=project.env)
    assert [request.path for request in imports(project)] == [
        path.format(product_id=product) for path in (A, C, B)
    ]
    assert {"name": "receiver.import_junit", "path": B} in done.document["endpoints"]
    assert done.code == 0


def test_an_import_that_is_accepted_is_reported(project: Project) -> None:
    project.proxy.answer("/import/junit", Answer(202, b'{"job_id": "1"}'))
    done = diagnose("--probe-import", cwd=project.path, env=project.env)
    assert (done.code, done.signs()["import-probe-accepted"]) == (0, "warning")
    assert "Look into OneTest" in done.texts("import-probe-accepted")[0]
    assert len(imports(project)) == 1


@pytest.mark.parametrize("fault", [Answer(500), Answer(404, b'{"detail": "Job not found"}')])
def test_a_final_response_ends_it(project: Project, fault: Fault) -> None:
    project.proxy.answer("/import/junit", fault)
    done = diagnose("--probe-import", cwd=project.path, env=project.env)
    assert len(imports(project)) == 1
    assert done.signs()["import-path-unclear"] == "note"
    assert done.code == 0


def test_the_import_shows_that_the_key_is_accepted(project: Project) -> None:
    """A Receiver that only has the documented paths."""

    def rule(request: Request) -> Fault | None:
        return MISS if "/launch/uuid/" in request.path else None

    project.proxy.rule = rule
    unknown = diagnose(cwd=project.path, env=project.env)
    assert (unknown.code, unknown.signs()["receiver"]) == (0, "warning")
    assert "--probe-import" in unknown.texts("receiver")[0]
    known = diagnose("--probe-import", cwd=project.path, env=project.env)
    assert (known.code, known.signs()["receiver"]) == (0, "ok")


def test_a_web_page_of_status_400_is_not_a_refusal_by_the_import(project: Project) -> None:
    """A proxy in front of OneTest may refuse the form itself."""
    project.proxy.answer("/import/junit", Answer(400, HTML, "text/html"))
    done = diagnose("--probe-import", cwd=project.path, env=project.env)
    assert "import-path" not in done.signs()
    assert "receiver.import_junit" not in [one["name"] for one in done.document["endpoints"]]
    assert "refuses an import" not in done.document["for_issue"]
