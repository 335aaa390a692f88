"""Audits what is left of a run in which the worker was killed again and again.

It reads a copy of the objects' SQLite files, the journal of the fake provider, and what customers were told. It shares no code with the worker, and
adds up for itself: with whole hundredths from the text of the amounts.

    python3 audit.py OBJECTS JOURNAL TOLD

Prints what it counted, and every finding; ends with 1 if there is one.
"""

import json
import sqlite3
import sys
from collections import Counter, defaultdict
from pathlib import Path


def cents(money):
    """Hundredths of an amount such as {"amount": "38.33", "currency": "EUR"}."""
    whole, _, part = money["amount"].partition(".")
    sign = -1 if whole.startswith("-") else 1
    return sign * (abs(int(whole)) * 100 + int((part + "00")[:2]))


def lines(path):
    """The objects of a file of JSON lines. A last line that was cut off by a kill would be a finding: nobody kills who writes these."""
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


class Booking:
    """What the events of one booking add up to."""

    def __init__(self, name):
        self.name = name
        self.made = False
        self.payments = {}
        self.paid_twice = []
        self.refunds = {}
        self.commands = set()
        self.kinds = Counter()
        self.fee = 0
        self.canceled = []

    def take(self, command, kind, body):
        self.commands.add(command)
        self.kinds[kind] += 1
        handler = getattr(self, f"on_{kind}", None)
        if handler:
            handler(command, body)

    def on_booking_made(self, _command, _body):
        self.made = True

    def on_payment_recorded(self, _command, body):
        if body["id"] in self.payments:
            self.paid_twice.append(body["id"])
        self.payments[body["id"]] = {"method": body["method"], "cents": cents(body["amount"]), "back": 0}

    def on_canceled(self, command, body):
        self.canceled.append((command, cents(body["fee"]) - cents(body["waived"])))

    def on_refund_entered(self, _command, body):
        refund = body["refund"]
        shares = {share["payment"]: {"cents": cents(share["amount"]), "state": "open"} for share in refund["split"]}
        self.refunds[refund["id"]] = {"state": refund["state"], "cents": cents(refund["amount"]), "shares": shares}

    def on_cancellation_undone(self, _command, body):
        if body.get("refund") in self.refunds:
            self.refunds[body["refund"]]["state"] = "voided"

    def on_refund_voided(self, _command, body):
        self.refunds[body["refund"]]["state"] = "voided"

    def on_refund_submitted(self, _command, body):
        self.refunds[body["refund"]]["shares"][body["payment"]]["state"] = "submitted"

    def on_refund_settled(self, _command, body):
        refund = self.refunds[body["refund"]]
        for payment in body["payments"]:
            share = refund["shares"][payment]
            share["state"] = "settled"
            self.payments[payment]["back"] += share["cents"]

    def on_refund_failed(self, _command, body):
        share = self.refunds[body["refund"]]["shares"][body["payment"]]
        if share["state"] == "settled":
            self.payments[body["payment"]]["back"] -= share["cents"]
        share["state"] = "failed"


class Provider:
    """What the fake's journal says that it did."""

    def __init__(self, entries):
        self.charges = defaultdict(list)
        self.refunds = {}
        self.state = {}
        for entry in entries:
            if entry["kind"] == "made" and entry["object"] == "charge":
                self.charges[entry["metadata"].get("checkout")].append(entry)
            if entry["kind"] == "made" and entry["object"] == "refund":
                self.refunds[entry["id"]] = entry
                self.state[entry["id"]] = entry["status"]
            if entry["kind"] == "event" and entry["type"].startswith("refund."):
                self.state[entry["object"]] = entry["status"]


class Audit:
    def __init__(self, objects, journal, told):
        self.findings = []
        self.counts = Counter()
        self.bookings = {}
        self.checkouts = {}
        self.open_rows = []
        for path in sorted(Path(objects).rglob("*.sqlite")):
            self.read(path)
        self.provider = Provider(lines(journal))
        self.told = lines(told)

    def find(self, what):
        self.findings.append(what)

    def read(self, path):
        database = sqlite3.connect(path)
        for (check,) in database.execute("PRAGMA integrity_check"):
            if check != "ok":
                self.find(f"{path.name}: {check}")
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "events" not in tables:
            return
        last = {}
        for stream, seq, command, event in database.execute("SELECT stream, seq, command_id, event FROM events ORDER BY stream, seq"):
            if seq != last.get(stream, 0) + 1:
                self.find(f"{stream}: event {seq} after {last.get(stream, 0)}")
            last[stream] = seq
            event = json.loads(event)
            self.bookings.setdefault(stream, Booking(stream)).take(command, event["kind"], event["body"])
            self.counts["events"] += 1
        for name, version in database.execute("SELECT id, version FROM bookings"):
            if last.get(name) != version:
                self.find(f"{name}: the log has {last.get(name)} events, the booking says {version}")
        for checkout, state, intent in database.execute("SELECT id, state, intent FROM checkouts"):
            self.checkouts[checkout] = (state, intent)
        # How often a kill or a fault struck while something was on its way out.
        for (again,) in database.execute("SELECT count(*) FROM outbox WHERE attempts > 1"):
            self.counts["rows tried again"] += again
        for row in database.execute("SELECT kind, state, attempts, last_error, body FROM outbox WHERE state NOT IN ('done', 'dropped')"):
            self.open_rows.append(row)

    def run(self):
        self.acknowledged()
        self.charged()
        self.paid_back()
        self.added_up()
        for kind, state, attempts, error, body in self.open_rows:
            self.find(f"outbox: {kind} is {state} after {attempts} attempts: {error} {body}")

    def acknowledged(self):
        """Whatever somebody was told is there."""
        for told in self.told:
            self.counts[f"told {told['what']}"] += 1
            booking = self.bookings.get(told["booking"])
            if booking is None or not booking.made:
                self.find(f"lost: booking {told['booking']}")
                continue
            what = told["what"]
            there = {
                "booked": lambda: True,
                "paid": lambda: any(payment["method"] == "card" for payment in booking.payments.values()),
                "canceled": lambda: cents(told["fee"]) in [fee for _, fee in booking.canceled],
                "cash": lambda: booking.payments.get(told.get("payment"), {}).get("cents") == cents(told["amount"]),
                "undone": lambda: booking.kinds["cancellation_undone"] > 0,
                "renamed": lambda: booking.kinds["participant_renamed"] >= told["nth"],
            }[what]()
            if not there:
                self.find(f"lost: {what} of {told['booking']}: {told}")
        told = Counter((told["what"], told["booking"]) for told in self.told)
        for (what, name), times in told.items():
            booking = self.bookings.get(name)
            kind = {"renamed": "participant_renamed", "cash": None, "undone": "cancellation_undone"}.get(what)
            if booking and kind and booking.kinds[kind] != times:
                self.find(f"doubled: {what} of {name}: told {times}, in the log {booking.kinds[kind]}")

    def charged(self):
        """Every charge is one payment, and every payment by card one charge."""
        recorded = {}
        for booking in self.bookings.values():
            for again in booking.paid_twice:
                self.find(f"{booking.name}: payment {again} is in the log twice")
            recorded |= {name: payment for name, payment in booking.payments.items() if payment["method"] == "card"}
        for checkout, charges in self.provider.charges.items():
            self.counts["charges"] += len(charges)
            if len(charges) != 1:
                self.find(f"checkout {checkout} was charged {len(charges)} times")
            if checkout not in recorded:
                self.find(f"charge of checkout {checkout} is not in the log")
            elif recorded[checkout]["cents"] != charges[0]["amount"]:
                self.find(f"checkout {checkout}: charged {charges[0]['amount']}, recorded {recorded[checkout]['cents']}")
            if self.checkouts.get(checkout, ("none",))[0] != "paid":
                self.find(f"checkout {checkout} was charged and is {self.checkouts.get(checkout)}")
        for checkout in recorded.keys() - self.provider.charges.keys():
            self.find(f"payment {checkout} is in the log and was never charged")

    def paid_back(self):
        """Every share of a refund left once, with the amount of the log, and stands there as it does at the provider."""
        entered = {name: (booking, refund) for booking in self.bookings.values() for name, refund in booking.refunds.items()}
        sent = defaultdict(list)
        for name, refund in self.provider.refunds.items():
            self.counts["refunds"] += 1
            meta = refund["metadata"]
            sent[(meta["refund"], meta["payment"])].append((meta["attempt"], refund["amount"], self.provider.state[name]))
        for (name, payment), refunds in sent.items():
            attempts = [attempt for attempt, _, _ in refunds]
            if len(set(attempts)) != len(attempts) or len([1 for _, _, state in refunds if state != "failed"]) > 1:
                self.find(f"refund {name} of payment {payment} left {len(refunds)} times: {refunds}")
            if name not in entered:
                self.find(f"refund {name} was paid and is not in the log")
                continue
            _, refund = entered[name]
            share = refund["shares"].get(payment)
            if share is None or any(amount != share["cents"] for _, amount, _ in refunds):
                self.find(f"refund {name} of payment {payment}: the log says {share}, the provider {refunds}")
                continue
            if refund["state"] == "voided":
                self.find(f"refund {name} was undone and was paid")
            last = refunds[-1][2]
            expected = {"succeeded": "settled", "failed": "failed", "pending": "submitted"}[last]
            if share["state"] != expected:
                self.find(f"refund {name} of payment {payment} is {share['state']}; the provider says {last}")
        for name, (booking, refund) in entered.items():
            for payment, share in refund["shares"].items():
                by_card = booking.payments.get(payment, {}).get("method") == "card"
                if refund["state"] == "requested" and by_card and (name, payment) not in sent:
                    self.find(f"refund {name} of payment {payment} never left; it is {share['state']}")

    def added_up(self):
        """No payment went back more than once over, and no booking got back more than it paid."""
        for booking in self.bookings.values():
            for name, payment in booking.payments.items():
                if not 0 <= payment["back"] <= payment["cents"]:
                    self.find(f"{booking.name}: {payment['back']} of {payment['cents']} of payment {name} went back")
        by_intent = defaultdict(int)
        for name, refund in self.provider.refunds.items():
            if self.provider.state[name] != "failed":
                by_intent[refund["payment_intent"]] += refund["amount"]
        for charges in self.provider.charges.values():
            for charge in charges:
                if by_intent[charge["payment_intent"]] > charge["amount"]:
                    self.find(f"{charge['id']}: more went back than was paid")


def main():
    audit = Audit(*sys.argv[1:4])
    audit.run()
    audit.counts["bookings"] = len(audit.bookings)
    print("audit:", ", ".join(f"{count} {what}" for what, count in sorted(audit.counts.items())))
    for finding in audit.findings[:50]:
        print("finding:", finding)
    print(f"{len(audit.findings)} findings")
    sys.exit(1 if audit.findings else 0)


if __name__ == "__main__":
    main()
