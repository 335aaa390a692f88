"""What the stage has: which ids there are, which key opens a door, and what a fuzzer may not leave changed."""
import json
import os
import random
from datetime import datetime, timedelta

import requests

with open(os.environ["LEEWAY_STAGE"], encoding="utf-8") as file:
    STAGE = json.load(file)
URL, IDS = STAGE["url"], STAGE["ids"]
ADMIN_KEY = os.environ["LEEWAY_ADMIN_KEY"]
# Which ids are meant by a part of a path, by how the path begins.
POOLS = [
    ("/v1/bookings/{id}", "id", "bookings"),
    ("/v1/refunds/{id}", "id", "refunds"),
    ("/v1/slots/{id}", "id", "slots"),
    ("/v1/vouchers/{code}", "code", "vouchers"),
    ("/v1/keys/{id}", "id", "keys"),
    ("/v1/payment-links/{id}", "id", "bills"),
    ("/v1/webhooks/{id}", "id", "endpoints"),
    ("/v1/outbox/{id}", "id", "rows"),
    ("/v1/policies/{name}", "name", "policies"),
    ("/v1/templates/{kind}/{locale}", "kind", "kinds"),
    ("/v1/templates/{kind}/{locale}", "locale", "locales"),
    ("/v1/control/{token}", "token", "control"),
    ("/b/{token}", "token", "control"),
    ("/p/{token}", "token", "pay"),
    ("/webhooks/stripe/{token}", "token", "stripe"),
]
# A link may be used 20 times a second after a burst: time passes accordingly.
PACE = timedelta(milliseconds=60)
chance = random.Random(int(os.environ["LEEWAY_SEED"]))
BEGINNING = datetime.fromisoformat(STAGE["at"])


def real(path):
    """One of the stage's for each part of a path that differs."""
    return {name: chance.choice(IDS[pool]) for start, name, pool in POOLS if path.startswith(start)}


def each(path):
    """Everything of the stage's, for a path of which one part differs; the whole path where none does."""
    names = [(name, pool) for start, name, pool in POOLS if path.startswith(start)]
    if len(names) > 1:
        return [real(path)]
    return [{name: one} for name, pool in names for one in IDS[pool]] or [{}]


def grafted(label, body):
    """A body that a story has, with one field as a fuzzer has it: what is wrong with it is found behind what is right."""
    told = [story["body"] for story in STAGE["stories"] if f"{story['method']} {story['path']}" == label and isinstance(story.get("body"), dict)]
    if not told or not isinstance(body, dict) or not body:
        return body
    name = chance.choice(list(body))
    return {**chance.choice(told), name: body[name]}


def headers(path, at):
    """What every request carries, beside what a fuzzer thought of."""
    said = {"leeway-test-now": at.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
    if path.startswith("/v1/") and not path.startswith("/v1/control/"):
        said["Authorization"] = f"Bearer {ADMIN_KEY if path == '/v1/operators' else STAGE['key']}"
    return said


def calm(at):
    """Puts back what an earlier operation has set."""
    for request in STAGE["calm"]:
        answer = requests.request(request["method"], URL + request["path"], json=request["body"], headers=headers(request["path"], at), timeout=20)
        assert answer.status_code in (200, 201), f"{request['path']}: {answer.status_code} {answer.text}"
