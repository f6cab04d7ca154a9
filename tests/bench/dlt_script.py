"""The same pages by dlt, merged on a primary key: `python dlt_script.py JOB.json`.

It runs in an environment of its own that has `dlt` and `requests`, and knows nothing of Lectern.
The job names the pages, and where the rows go: the address of a PostgreSQL, or a SQLite file.
"""

import json
import os
import sys
import tempfile
import time
from urllib.parse import urlsplit

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["RUNTIME__LOG_LEVEL"] = "CRITICAL"

import dlt
import requests


def read(pages):
    """The rows of each page, with the place where they stand."""
    line = requests.Session()
    line.trust_env = False
    for page in pages:
        method, url, headers, body, place, path = page
        answer = line.request(method, url, headers=headers, data=body or None, timeout=60)
        rows = json.loads(answer.content)
        for step in path:
            rows = rows[step]
        yield [
            {**row, "place": place, "key": row.get("id") or row.get("cid") or row["email"]}
            for row in rows
        ]


def with_password(url):
    """dlt asks for one, also where the server does not."""
    address = urlsplit(url)
    if address.password:
        return url
    place = f"{address.hostname}:{address.port or 5432}"
    return address._replace(netloc=f"{address.username}:none@{place}").geturl()


def main():
    with open(sys.argv[1]) as file:
        job = json.load(file)
    if job["url"].startswith("sqlite"):
        destination = dlt.destinations.sqlalchemy(job["url"])
    else:
        destination = dlt.destinations.postgres(with_password(job["url"]))
    rows = dlt.resource(
        read(job["pages"]),
        name="rows",
        primary_key=["place", "key"],
        write_disposition="merge",
    )
    with tempfile.TemporaryDirectory() as folder:
        line = dlt.pipeline(
            "bench", pipelines_dir=folder, destination=destination, dataset_name=job["dataset"]
        )
        begun = time.perf_counter()
        line.run(rows)
        seconds = time.perf_counter() - begun
    sys.stdout.write(json.dumps({"seconds": seconds, "dlt": dlt.__version__}) + "\n")


main()
