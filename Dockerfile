# An image that grades: Python, bubblewrap, and the package in a virtual environment of its own. It holds no lab, no
# solution and no student's work: the course is mounted. docs/docker.md says how to build and run it;
# `python -m tests.dockerfile` runs these steps where there is no container engine.
FROM python:3.12-slim-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap git util-linux && rm -rf /var/lib/apt/lists/*
ENV PATH=/opt/seqlab/bin:/usr/local/bin:/usr/bin:/bin HOME=/tmp LANG=C.UTF-8
WORKDIR /opt/source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY autograder autograder
COPY course_utils course_utils
RUN python3 -m venv /opt/seqlab
RUN pip install --no-cache-dir --disable-pip-version-check -q -c constraints.txt . && rm -rf build *.egg-info
RUN jupyter --version > /dev/null && seqlab --help > /dev/null
WORKDIR /course
ENTRYPOINT ["seqlab"]
CMD ["doctor"]
