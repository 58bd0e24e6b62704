# Rasa on Python 3.10, on the inner network only. The model is trained while the image is built.
FROM python:3.10-slim
RUN pip install --no-cache-dir uv && useradd --uid 10001 --no-create-home komek
WORKDIR /komek
COPY bot/requirements.lock bot/
RUN uv venv /venv && VIRTUAL_ENV=/venv uv pip sync --compile-bytecode --require-hashes bot/requirements.lock
COPY bot bot
COPY nlu nlu
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONPATH=/komek HOME=/tmp
RUN python -m bot.install_stubs && python -m bot.train && python -m compileall -q bot && chmod -R a+rX /komek
USER 10001:10001
CMD ["python", "-m", "bot.serve", "--interface", "0.0.0.0"]
