# The image that every CI host runs: onetest-ci, its local OneTest, a shell and CA certificates.
# BASE is a tag here; the release pins it by digest. For GitHub's builder and old engines alike: no BuildKit syntax.
ARG BASE=python:3.13-slim

FROM $BASE AS build
WORKDIR /src
# No pip in the environment: nothing is installed at run time.
RUN python -m venv --without-pip /opt/onetest-ci && python -m venv /build
COPY requirements requirements
RUN python -m pip --python /opt/onetest-ci/bin/python install --no-cache-dir --no-compile \
      --require-hashes --only-binary :all: -r requirements/run.txt \
 && /build/bin/python -m pip install --no-cache-dir --no-compile --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN /build/bin/python -m pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels . \
 && python -m pip --python /opt/onetest-ci/bin/python install --no-cache-dir --no-compile --no-deps \
      --no-warn-script-location /wheels/*.whl \
 # Isolated: neither the job's PYTHON* variables nor its modules reach the command, also where a job calls it by name.
 && sed -i '1s/$/ -I/' /opt/onetest-ci/bin/onetest-ci \
 # Hash-based bytecode stays valid whatever a builder does to file times; the image may run read-only.
 && python -m compileall -q --invalidation-mode unchecked-hash /opt/onetest-ci/lib \
 && chmod -R a+rX /opt/onetest-ci
COPY docker/entrypoint.sh /out/onetest-entrypoint
RUN chmod 0755 /out/onetest-entrypoint && ln -s /opt/onetest-ci/bin/onetest-ci /out/onetest-ci

FROM $BASE
ARG BASE
ARG VERSION=0.0.0+source
ARG REVISION=unknown
LABEL org.opencontainers.image.title="onetest-ci" \
      org.opencontainers.image.description="Test results from any CI into OneTest" \
      org.opencontainers.image.source="https://github.com/onetest/report-action" \
      org.opencontainers.image.documentation="https://github.com/onetest/report-action#readme" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="$BASE" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build /opt/onetest-ci /opt/onetest-ci
COPY --from=build /out/ /usr/local/bin/
# GitHub needs root for the files it mounts, Jenkins brings a user id of its own: so no user is set here.
# What messages tell people to run: on their machine there is the image and no onetest-ci.
ENV ONETEST_IMAGE=ghcr.io/onetest/report-action:1
ENTRYPOINT ["/usr/local/bin/onetest-entrypoint"]
