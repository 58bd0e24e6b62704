# web, worker, console, actions and migrate: one image, the command says which.
FROM python:3.12-slim AS build
RUN pip install --no-cache-dir uv
WORKDIR /komek
COPY docker/requirements.lock .
RUN uv venv /venv && VIRTUAL_ENV=/venv uv pip sync --compile-bytecode --require-hashes requirements.lock

# The language model that the worker reads comes from the assistant's training.
FROM komek-assistant AS trained

FROM python:3.12-slim
RUN useradd --uid 10001 --no-create-home komek && install -d -o komek -m 0700 /data
WORKDIR /komek
COPY --from=build /venv /venv
COPY --from=trained /komek/.build/models .build/models
COPY bot bot
COPY nlu nlu
COPY knowledge knowledge
COPY locales locales
COPY docs/operators docs/operators
COPY actions actions
COPY hotline_bridge hotline_bridge
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/komek
RUN python -m compileall -q bot actions hotline_bridge
USER 10001:10001
ENTRYPOINT ["python", "-m", "hotline_bridge"]
