# The service in one image; how to build and run it stands in docs/operations.md.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS build
# Where the package index is mirrored: docker build --build-arg UV_DEFAULT_INDEX=https://…/simple
ARG UV_DEFAULT_INDEX=https://pypi.org/simple
WORKDIR /src
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN python3 -m venv /opt/build \
 && PIP_INDEX_URL=${UV_DEFAULT_INDEX} /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt \
 && python3 -m venv --without-pip /opt/dajuan
# Before the sources, so that a change of them does not fetch everything again.
RUN /opt/build/bin/uv pip install --no-cache --compile-bytecode --python /opt/dajuan/bin/python --require-hashes -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY models models
COPY scheduler scheduler
RUN /opt/build/bin/uv build --no-cache --wheel --python /opt/build/bin/python --no-build-isolation --out-dir /wheel . \
 && /opt/build/bin/uv pip install --no-cache --compile-bytecode --offline --no-deps --python /opt/dajuan/bin/python /wheel/*.whl

FROM ${BASE}
# By number, so that a folder of the host can be given to it: chown 10001:10001.
RUN groupadd --gid 10001 dajuan \
 && useradd --uid 10001 --gid dajuan --no-create-home --home-dir /var/lib/dajuan --shell /usr/sbin/nologin dajuan \
 && install -d -o dajuan -g dajuan -m 0750 /var/lib/dajuan /var/lib/dajuan/var /media/dajuan
COPY --from=build /opt/dajuan /opt/dajuan
ENV PATH=/opt/dajuan/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LOG_FORMAT=json MEDIA_URL=file:///media/dajuan
WORKDIR /var/lib/dajuan
USER 10001:10001
# The first is of one process (its spool, SQLite where that is used), the second of all of them.
VOLUME ["/var/lib/dajuan/var", "/media/dajuan"]
EXPOSE 8000
# Whether this process lives, not whether all is well (/readyz): while the database is away, ending
# processes that keep what comes in would help nobody.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
 CMD ["python", "-c", "from http.client import HTTPConnection as C; c = C('127.0.0.1', 8000, timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["dajuan"]
CMD ["serve"]
