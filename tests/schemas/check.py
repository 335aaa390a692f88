"""The doors against their own description, by schemathesis, which shares nothing with what wrote it.

    python check.py --url URL --folder FOLDER [--examples N] [--seed N]

First the stories of `stage.mjs`, each with the answer that it must have; then whatever schemathesis thinks of, with ids that exist half of the time.
No answer is a 5xx, and each is one that /openapi.json describes. Every operation that can succeed has to be seen to."""
import argparse
import hmac
import json
import os
import subprocess
import sys
import threading
import xml.etree.ElementTree as xml
from collections import Counter, defaultdict
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

HERE = Path(__file__).parent
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
]
# An operation without a 2xx or 3xx answer is a finding, but for these: what they want cannot be had from the stage.
NEVER = {}


class Listener(BaseHTTPRequestHandler):
    """An operator's system that is told what happens, and takes it."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def listen():
    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/hook"


def stage(folder):
    """Makes the stage; the file in which it is said."""
    told = subprocess.run(
        ["node", HERE / "stage.mjs"], env={**os.environ, "LEEWAY_ENDPOINT": listen()}, stdout=subprocess.PIPE, check=True
    )
    path = folder / "stage.json"
    path.write_bytes(told.stdout)
    return path


def tell_stories(url):
    """Sends what only a story leads to, and reads all that the stage has: (how many failed, the answers by operation, the operations)."""
    # It reads the stage, which is there only now.
    import schemathesis
    import world
    from schemathesis.checks import CHECKS as KNOWN

    schema = schemathesis.openapi.from_url(url + "/openapi.json")
    checks = list(KNOWN.get_by_names(CHECKS))
    operations = {one.ok().label: one.ok() for one in schema.get_all_operations()}
    failed, answers = 0, Counter()

    def told(case, expected):
        nonlocal failed
        label = case.operation.label
        try:
            response = case.call(base_url=url, allow_redirects=False)
            answers[f"{label} {response.status_code}"] += 1
            assert expected(response), f"not what the story says: {response.status_code} {response.text[:1000]}"
            case.validate_response(response, checks=checks)
        except Exception as error:  # a finding, of whichever kind
            failed += 1
            print(f"finding: {label}\n{error}\n{case.as_curl_command()}\n", flush=True)

    for story in world.STAGE["stories"]:
        label = f"{story['method']} {story['path']}"
        operation = operations[label]
        parts = {name: value for name, value in story.get("path_parameters", {}).items() if f"{{{name}}}" in story["path"]}
        more = {key: story[key] for key in ("query", "body") if key in story}
        if "body" in story:
            more["media_type"] = story.get("media_type", "application/json")
        case = operation.Case(path_parameters=parts, headers=world.headers(story["path"], world.BEGINNING), **more)
        if "signed_with" in story:
            case.headers["Stripe-Signature"] = signature(story, world.BEGINNING)
        told(case, lambda response, story=story: response.status_code == story["status"] and story.get("says", "") in response.text)
    stories = sum(answers.values())
    at = world.BEGINNING
    for operation in operations.values():
        for parts in world.each(operation.path) if operation.method == "get" else ():
            at += world.PACE
            case = operation.Case(path_parameters=parts, headers=world.headers(operation.path, at))
            told(case, lambda response: response.status_code < 500)
    print(f"{stories} stories, {sum(answers.values()) - stories} looks at what the stage has: {failed} failed", flush=True)
    return failed, answers, operations


def signature(story, at):
    """As the provider signs what it sends."""
    moment = int(at.timestamp())
    mac = hmac.new(story["signed_with"].encode(), f"{moment}.{json.dumps(story['body'])}".encode(), "sha256")
    return f"t={moment},v1={mac.hexdigest()}"


def fuzz(url, folder, examples, seed):
    """Lets schemathesis go: the operations of which something was found, the answers by operation."""
    report = folder / "junit.xml"
    command = [
        Path(sys.executable).with_name("schemathesis"), "run", url + "/openapi.json", "--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing",
        "--max-examples", str(examples), "--seed", str(seed), "--workers", "1", "--continue-on-failure", "--no-color", "--max-redirects", "0",
        "--suppress-health-check", "all", "--warnings", "off", "--report", "junit", "--report-junit-path", report, "--generation-database", "none",
    ]  # fmt: skip
    ran = subprocess.run(command, cwd=folder, env={**os.environ, "SCHEMATHESIS_HOOKS": str(HERE / "hooks.py"), "PYTHONPATH": str(HERE)}, stdout=subprocess.PIPE, text=True)
    print(ran.stdout, flush=True)
    if not report.exists():
        sys.exit("schemathesis made no report")
    found = {case.get("name") for case in xml.parse(report).iter("testcase") if case.find("failure") is not None or case.find("error") is not None}
    return ran.returncode, found, Counter(json.loads(Path(os.environ["LEEWAY_SEEN"]).read_text()))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--folder", required=True, type=Path)
    parser.add_argument("--examples", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.environ["LEEWAY_SEED"] = str(asked.seed)
    os.environ["LEEWAY_STAGE"] = str(stage(asked.folder))
    failed, answers, operations = tell_stories(asked.url)
    os.environ["LEEWAY_SEEN"] = str(asked.folder / "seen.json")
    code, found, more = fuzz(asked.url, asked.folder, asked.examples, asked.seed)
    answers.update(more)
    table = defaultdict(Counter)
    for answer, count in answers.items():
        label, status = answer.rsplit(" ", 1)
        table[label][status[0]] += count
    passed = 0
    for label in sorted(operations):
        counts = table[label]
        missing = not (counts["2"] or counts["3"] or label in NEVER)
        good = label not in found and not missing
        passed += good
        failed += not good
        why = "never succeeded" if missing else "" if good else "findings above"
        print(f"{label:<52} 2xx {counts['2']:>5} 3xx {counts['3']:>4} 4xx {counts['4']:>5} 5xx {counts['5']:>3}  {why}")
    if code != 0 and failed == 0:
        failed = 1
    print(f"{sum(answers.values())} requests\n# pass {passed}\n# fail {failed}")
    sys.exit(failed != 0)


main()
