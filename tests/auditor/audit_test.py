"""The auditor audited: a small run in which all is well, and one mistake at a time, each of which must be found by its name."""

import json
import sqlite3
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from audit import Audit  # noqa: E402

BOOKING, PAYMENT, REFUND = "booking-1", "payment-1", "refund-1"


def eur(amount):
    return {"amount": amount, "currency": "EUR"}


def story():
    """A booking that was paid by card and canceled for half of it: what the log, the outbox, the provider and the customer know."""
    split = [{"payment": PAYMENT, "method": "card", "amount": eur("50.00")}]
    return {
        "events": [
            ("booking_made", {"id": BOOKING}),
            ("payment_recorded", {"id": PAYMENT, "method": "card", "amount": eur("100.00")}),
            ("canceled", {"fee": eur("50.00"), "waived": eur("0.00")}),
            ("refund_entered", {"refund": {"id": REFUND, "state": "requested", "amount": eur("50.00"), "split": split}}),
            ("refund_submitted", {"refund": REFUND, "payment": PAYMENT}),
            ("refund_settled", {"refund": REFUND, "payments": [PAYMENT]}),
        ],
        "checkouts": [(PAYMENT, "paid", "pi_1")],
        "outbox": [("refund", "done", 1, None, "{}")],
        "journal": [
            {"kind": "made", "object": "charge", "id": "ch_1", "amount": 10_000, "status": "succeeded", "payment_intent": "pi_1", "metadata": {"checkout": PAYMENT}},
            {
                "kind": "made",
                "object": "refund",
                "id": "re_1",
                "amount": 5_000,
                "status": "pending",
                "payment_intent": "pi_1",
                "metadata": {"refund": REFUND, "payment": PAYMENT, "attempt": "0"},
            },
            {"kind": "event", "type": "refund.updated", "object": "re_1", "status": "succeeded"},
        ],
        "told": [
            {"what": "booked", "booking": BOOKING},
            {"what": "paid", "booking": BOOKING},
            {"what": "canceled", "booking": BOOKING, "fee": eur("50.00")},
        ],
    }


def findings(run):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        database = sqlite3.connect(root / "object.sqlite")
        database.executescript(
            "CREATE TABLE events (stream, seq, command_id, event); CREATE TABLE bookings (id, version);"
            "CREATE TABLE checkouts (id, state, intent); CREATE TABLE outbox (kind, state, attempts, last_error, body);"
        )
        for seq, (kind, body) in enumerate(run["events"], 1):
            event = json.dumps({"kind": kind, "body": body})
            database.execute("INSERT INTO events VALUES (?, ?, ?, ?)", (BOOKING, seq, f"command-{seq}", event))
        database.execute("INSERT INTO bookings VALUES (?, ?)", (BOOKING, run.get("version", len(run["events"]))))
        database.executemany("INSERT INTO checkouts VALUES (?, ?, ?)", run["checkouts"])
        database.executemany("INSERT INTO outbox VALUES (?, ?, ?, ?, ?)", run["outbox"])
        database.commit()
        database.close()
        for name in ("journal", "told"):
            (root / name).write_text("".join(json.dumps(entry) + "\n" for entry in run[name]), encoding="utf-8")
        audit = Audit(root, root / "journal", root / "told")
        audit.run()
        return audit.findings


def event(run, kind):
    return next(body for name, body in run["events"] if name == kind)


class Audited(unittest.TestCase):
    def finds(self, change, *words):
        run = story()
        change(run)
        found = " | ".join(findings(run))
        for word in words:
            self.assertIn(word, found)

    def test_all_is_well(self):
        self.assertEqual(findings(story()), [])

    def test_what_was_acknowledged_is_gone(self):
        self.finds(lambda run: run["events"].clear(), "lost: booking")
        self.finds(lambda run: event(run, "canceled").update(fee=eur("49.99")), "lost: canceled")
        self.finds(lambda run: run["told"].append({"what": "cash", "booking": BOOKING, "payment": "none", "amount": eur("1.00")}), "lost: cash")
        self.finds(lambda run: run["told"].append({"what": "renamed", "booking": BOOKING, "nth": 1}), "lost: renamed", "doubled: renamed")
        self.finds(lambda run: run["told"].append({"what": "undone", "booking": BOOKING}), "lost: undone")

    def test_the_log_has_a_gap(self):
        self.finds(lambda run: run.update(version=5), "the log has 6 events")

    def test_charged_twice(self):
        self.finds(lambda run: run["journal"].append({**run["journal"][0], "id": "ch_2"}), "was charged 2 times")

    def test_a_charge_that_is_not_known(self):
        self.finds(lambda run: run["journal"].append({**run["journal"][0], "id": "ch_2", "metadata": {"checkout": "other"}}), "is not in the log")
        self.finds(lambda run: run.update(checkouts=[(PAYMENT, "open", None)]), "was charged and is")

    def test_a_payment_that_never_was(self):
        self.finds(lambda run: run["journal"].pop(0), "was never charged")
        self.finds(lambda run: run["events"].append(run["events"][1]), "is in the log twice")

    def test_another_amount(self):
        self.finds(lambda run: run["journal"][0].update(amount=9_999), "charged 9999, recorded 10000")
        self.finds(lambda run: run["journal"][1].update(amount=4_999), "the log says")

    def test_paid_back_twice(self):
        again = {"id": "re_2", "status": "succeeded"}
        self.finds(lambda run: run["journal"].append({**run["journal"][1], **again}), "left 2 times")
        second = {**again, "metadata": {"refund": REFUND, "payment": PAYMENT, "attempt": "1"}}
        self.finds(lambda run: run["journal"].append({**run["journal"][1], **second}), "left 2 times")

    def test_more_back_than_came(self):
        self.finds(lambda run: run["journal"][1].update(amount=10_001), "more went back than was paid")

    def test_a_refund_that_never_left(self):
        self.finds(lambda run: (run["journal"].pop(1), run["journal"].pop(1)), "never left")

    def test_a_refund_that_stands_elsewhere(self):
        self.finds(lambda run: run["events"].pop(), "is submitted; the provider says succeeded")
        self.finds(lambda run: run["journal"][2].update(status="failed"), "is settled; the provider says failed")

    def test_undone_and_paid(self):
        self.finds(lambda run: run["events"].append(("cancellation_undone", {"refund": REFUND})), "was undone and was paid")

    def test_something_is_left_in_the_outbox(self):
        self.finds(lambda run: run["outbox"].append(("email", "dead", 12, "550", "{}")), "outbox: email is dead")


if __name__ == "__main__":
    unittest.main()
