from collections.abc import Callable
from pathlib import Path

from emulator.conftest import Running


def test_a_seeded_database_holds_a_history_to_look_around_in(
    start: Callable[..., Running], tmp_path: Path
) -> None:
    options = ("--seed", "--database", str(tmp_path / "o.db"))
    running = start(*options)
    with running.client(running.announced["session_token"]) as session:
        native = f"/api/receiver/api/v1/products/{running.product}"
        launches = session.get(f"{native}/launches").json()["items"]
        assert len(launches) > 30
        assert {launch["status"] for launch in launches} == {"passed", "failed", "interrupted"}
        assert {launch["name"] for launch in launches} >= {"Nightly regression", "Pull request"}
        assert all(launch["build_id"] and launch["environment_id"] for launch in launches)
        starts = [launch["start_time"] for launch in launches]
        assert starts == sorted(starts, reverse=True)

        failed = next(launch for launch in launches if launch["status"] == "failed")
        items = session.get(f"{native}/launches/{failed['id']}/items").json()["items"]
        case = next(item for item in items if item["status"] == "failed" and item["code_ref"])
        logs = session.get(f"{native}/items/{case['id']}/logs").json()["items"]
        (picture,) = [log["attachment"] for log in logs if log["attachment"]]
        assert session.get(picture["url"]).content.startswith(b"\x89PNG")

        cases = f"/api/test-management/api/v1/products/{running.product}/test-cases"
        coverage = session.get(f"{cases}/automation-coverage").json()
        assert coverage["linked_to_results"] > 10
        assert coverage["automation_gap"] == 1
        assert coverage["no_automation_ref"] > 0
        usage = session.get(f"/api/gateway/api/v1/products/{running.product}/usage").json()
        assert usage["coins_used"] > 0
        assert len(usage["weeks"]) == 3
    running.stop()

    again = start(*options)
    with again.client(again.announced["session_token"]) as session:
        assert session.get(f"{native}/launches").json()["items"][0]["uuid"] == launches[0]["uuid"]
        assert len(session.get(f"{native}/launches").json()["items"]) == len(launches)
