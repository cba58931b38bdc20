# The image of the server. Build and run: docs/deploy.md, "In a container".
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
ARG EXTRAS=pinned,speed
WORKDIR /src
COPY pyproject.toml pagewatcher.py LICENSE ./
COPY docs/pypi.md docs/
COPY watcher watcher
RUN python -m venv /opt/watcher \
    && /opt/watcher/bin/pip install --no-cache-dir --disable-pip-version-check ".[${EXTRAS}]"

FROM python:${PYTHON}-slim
LABEL org.opencontainers.image.title="watcher" \
      org.opencontainers.image.description="Know the minute the page changes. Friends join by scanning a code." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="0.1.0"
# A package of Debian: `postgresql-client` for backups of a PostgreSQL.
ARG PACKAGE=
# hadolint ignore=DL3008
RUN if [ -n "${PACKAGE}" ]; then \
        apt-get update && apt-get install --yes --no-install-recommends "${PACKAGE}" && rm -rf /var/lib/apt/lists/*; \
    fi
# Both directories are writable by the user alone that the server runs as; so is nothing else.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/watcher --shell /usr/sbin/nologin watcher \
    && install --directory --owner=watcher --group=watcher --mode=0700 /var/lib/watcher \
    && install --directory --owner=watcher --group=watcher /etc/watcher/watches.d
COPY --from=build /opt/watcher /opt/watcher
ENV PATH=/opt/watcher/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    WATCHER_CONFIG=/etc/watcher/watches.yaml \
    WATCHER_DATA=/var/lib/watcher \
    WATCHER_HOST=0.0.0.0
USER 10001:10001
VOLUME /var/lib/watcher
EXPOSE 8400
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["watcher", "healthcheck"]
ENTRYPOINT ["watcher"]
CMD ["run"]
