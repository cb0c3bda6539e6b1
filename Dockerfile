# feedproc over the AWS back end, in a container: feeds of up to 2 GiB, streamed to S3. See README.md, "On AWS".
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY feedproc feedproc
COPY schemas schemas
COPY samples samples
RUN python -m venv /opt/feedproc \
    && /opt/feedproc/bin/pip install --no-cache-dir -c constraints.txt '.[aws]'

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/feedproc feedproc
COPY --from=build /opt/feedproc /opt/feedproc
ENV PATH=/opt/feedproc/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    FEEDPROC_BACKEND=aws \
    FEEDPROC_DATA_DIR=/var/lib/feedproc/data
USER 10001
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/', timeout=4)"]
# As process 1 it buries what killed workers leave, so that `docker run --init` is allowed and not needed.
ENTRYPOINT ["feedproc"]
CMD ["serve", "--backend", "aws", "--host", "0.0.0.0", "--port", "8080"]
