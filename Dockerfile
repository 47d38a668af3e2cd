# The image that every CI host runs: onetest-ci, its local OneTest, a shell and CA certificates.
ARG BASE=python:3.13-slim

FROM $BASE AS build
WORKDIR /src
# No pip in the environment: nothing is installed at run time.
RUN python -m venv --without-pip /opt/onetest-ci
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN python -m pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . \
 && python -m pip --python /opt/onetest-ci/bin/python install --no-cache-dir --no-compile --no-warn-script-location \
      "onetest-ci[emulator] @ file://$(echo /wheels/*.whl)" \
 # Hash-based bytecode stays valid whatever a builder does to file times; the image may run read-only.
 && python -m compileall -q --invalidation-mode unchecked-hash /opt/onetest-ci/lib
COPY docker/entrypoint.sh /out/onetest-entrypoint
RUN chmod 0755 /out/onetest-entrypoint && ln -s /opt/onetest-ci/bin/onetest-ci /out/onetest-ci

FROM $BASE
LABEL org.opencontainers.image.title="onetest-ci" \
      org.opencontainers.image.description="Test results from any CI into OneTest" \
      org.opencontainers.image.source="https://github.com/onetest/report-action" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/onetest-ci /opt/onetest-ci
COPY --from=build /out/ /usr/local/bin/
# GitHub needs root for the files it mounts, Jenkins brings a user id of its own: so no user is set here.
ENV PYTHONDONTWRITEBYTECODE=1
ENTRYPOINT ["/usr/local/bin/onetest-entrypoint"]
