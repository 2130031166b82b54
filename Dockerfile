# One image for all four programs: which one runs is its command. Nothing runs as root, nothing writes to the image.

FROM python:3.11-slim-bookworm AS packages
RUN pip install --no-cache-dir uv
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-default-groups --no-install-project --compile-bytecode

FROM packages AS frontend
RUN uv sync --frozen --no-default-groups --group demo --no-install-project
COPY . .
RUN uv sync --frozen --no-default-groups --group demo && .venv/bin/portal assets

FROM packages AS program
COPY . .
RUN uv sync --frozen --no-default-groups --compile-bytecode

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin portal \
    && install -d -o portal /var/lib/portal/pki /var/lib/portal/seals
WORKDIR /app
COPY --from=program /app /app
COPY --from=frontend /app/.local/assets /app/.local/assets
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER 10001
CMD ["portal", "serve"]
