def pytest_runtest_logreport(report):
    if report.when == "call":
        raise RuntimeError("a plug-in is broken")
