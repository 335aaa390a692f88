"""What schemathesis does before and after each request of its own.

Loaded by schemathesis itself (`SCHEMATHESIS_HOOKS`); `check.py` starts it. What was answered goes to the file `LEEWAY_SEEN` as JSON."""
import atexit
import json
import os
from collections import Counter

import schemathesis
import world

now = world.BEGINNING
seen = Counter()
calmed = None


@schemathesis.hook
def before_call(context, case, kwargs):
    global now, calmed
    now += world.PACE
    label, path = case.operation.label, case.operation.path
    if calmed != label:
        world.calm(now)
        calmed = label
    # Half of the time; a part that was made to be wrong stays wrong.
    wrong = case.meta is not None and any(
        where.value == "path" and part.mode.is_negative for where, part in case.meta.components.items()
    )
    if case.path_parameters and not wrong and world.chance.random() < 0.5:
        case.path_parameters.update(world.real(path))
    # A fuzzer tries what it has seen in answers, and has seen the stage's own key: without it every door after this one is closed.
    if path == "/v1/keys/{id}" and case.path_parameters.get("id") == world.STAGE["own_key"]:
        case.path_parameters.update(world.real(path))
    if isinstance(case.body, dict) and world.chance.random() < 0.5:
        case.body = world.grafted(label, case.body)
    case.headers.update(world.headers(path, now))


@schemathesis.hook
def after_call(context, case, response):
    seen[f"{case.operation.label} {response.status_code}"] += 1


def write_down():
    with open(os.environ["LEEWAY_SEEN"], "w", encoding="utf-8") as file:
        json.dump(seen, file)


atexit.register(write_down)
