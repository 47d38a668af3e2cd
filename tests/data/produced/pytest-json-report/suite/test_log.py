import logging


def test_logs_and_prints(json_metadata):
    json_metadata["owner"] = "team-7"
    logging.getLogger("shop").warning("größe %s", 7)
    print("printed")
    assert False, "logged"
