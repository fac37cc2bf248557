# Visavis in one image: server, pages and model weights; nothing is fetched when it starts.
#
#   docker build -t visavis .
#   docker run --init -p 8080:8080 -p 10000-10100:10000-10100/udp -e VISAVIS_MEDIA_PUBLIC_IP=203.0.113.5 \
#       -v visavis-data:/var/lib/visavis visavis
#
# Media goes over UDP from the browser straight to the published ports, so the server must announce an address that
# browsers can reach: the one of the host, not of the container.

FROM python:3.12-slim AS build
# Given with --build-arg where packages come from a mirror; they stay in this stage.
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/visavis
WORKDIR /src

# The weights come first, for they change less often than the code. Some are built here: models with numpy and onnx, the
# avatars' heads with numpy, scipy and Pillow.
# MediaPipe comes without its dependencies, for they would overwrite OpenCV: see docs/dependencies.md.
COPY requirements.lock ./
# hadolint ignore=DL3013
RUN /opt/visavis/bin/pip install -c requirements.lock numpy onnx pillow scipy \
    && /opt/visavis/bin/pip install --no-deps -c requirements.lock mediapipe
COPY rtc_server/__init__.py rtc_server/__init__.py
COPY rtc_server/weights rtc_server/weights
COPY rtc_server/personas rtc_server/personas
COPY vision/__init__.py vision/__init__.py
COPY vision/models/__init__.py vision/models/__init__.py
COPY vision/models/importers vision/models/importers
RUN VISAVIS_MODELS_DIR=/opt/models /opt/visavis/bin/python -m rtc_server.weights pull

COPY pyproject.toml README.md LICENSE ./
COPY conversation conversation
COPY vision vision
COPY static static
COPY rtc_server rtc_server
RUN /opt/visavis/bin/pip install -c requirements.lock .

FROM python:3.12-slim
# MediaPipe loads these two. Their versions are Debian's own, which its releases do not change.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libegl1 libgles2 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /var/lib/visavis --create-home visavis
COPY --from=build /opt/models /opt/models
COPY --from=build /opt/visavis /opt/visavis
ENV PATH=/opt/visavis/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    VISAVIS_MODELS_DIR=/opt/models \
    VISAVIS_DATA_DIR=/var/lib/visavis \
    VISAVIS_HOST=0.0.0.0 \
    VISAVIS_PORT=8080 \
    VISAVIS_MEDIA_UDP_PORTS=10000-10100
USER 10001
WORKDIR /var/lib/visavis
VOLUME /var/lib/visavis
EXPOSE 8080/tcp 10000-10100/udp
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/healthz', timeout=2)"]
STOPSIGNAL SIGTERM
CMD ["visavis", "serve"]
