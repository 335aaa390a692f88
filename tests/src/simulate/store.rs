//! What survives a crash: streams of events as JSON, which commands were carried out, and the outbox; written together or not at all.
//!
//! Not a database: rows lie in memory, and nothing here decides anything.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use leeway_core::command::Actor;
use leeway_core::id::{BookingId, CommandId, PaymentId, RefundId, SlotId, VoucherId};
use leeway_core::{Instant, Money};

use super::hash::Hash;

/// Whose events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stream {
    Booking(BookingId),
    Slot(SlotId),
    Voucher(VoucherId),
}

/// One event as it lies in the store.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) at: Instant,
    pub(crate) command: CommandId,
    pub(crate) actor: Actor,
    pub(crate) json: String,
}

/// What the provider is to pay back: one share of one refund, for the how-manieth time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PayoutKey {
    pub(crate) booking: BookingId,
    pub(crate) refund: RefundId,
    pub(crate) payment: PaymentId,
    pub(crate) attempt: u16,
}

/// How far a message to the provider has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sending {
    /// It was written with the events that want it.
    Waiting,
    /// The booking knows that the provider is being asked; nobody routes the money another way any more.
    Claimed,
    /// The provider's answer was recorded, or nobody wants the message any more.
    Over,
}

/// A message to the provider.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outgoing {
    pub(crate) amount: Money,
    pub(crate) sending: Sending,
}

/// Everything that one command writes.
#[derive(Debug)]
pub(crate) struct Transaction {
    pub(crate) command: CommandId,
    pub(crate) actor: Actor,
    /// Each with the number of events that its stream has to have.
    pub(crate) events: Vec<(Stream, u64, String)>,
    pub(crate) outbox: Vec<(PayoutKey, Money)>,
    pub(crate) sending: Option<(PayoutKey, Sending)>,
}

/// The store.
#[derive(Debug, Default)]
pub(crate) struct Store {
    streams: BTreeMap<Stream, Vec<Row>>,
    done: BTreeSet<CommandId>,
    outbox: BTreeMap<PayoutKey, Outgoing>,
    unsent: BTreeSet<PayoutKey>,
    written: BTreeSet<Stream>,
    hash: Hash,
    events: u64,
}

impl Store {
    /// Writes all of it.
    ///
    /// # Errors
    /// Somebody else has written to a stream in between; nothing is written then.
    pub(crate) fn commit(&mut self, transaction: Transaction, at: Instant) -> Result<()> {
        let Transaction { command, actor, events, outbox, sending } = transaction;
        let mut lengths: BTreeMap<Stream, u64> = BTreeMap::new();
        for (stream, before, _) in &events {
            let length = lengths.entry(*stream).or_insert_with(|| length_of(self.events(*stream)));
            ensure!(length == before, "{stream:?} has {length} events, not {before}");
            *length += 1;
        }
        for (stream, _, json) in events {
            self.hash.add(json.as_bytes());
            self.events += 1;
            self.written.insert(stream);
            self.streams.entry(stream).or_default().push(Row { at, command, actor, json });
        }
        self.done.insert(command);
        for (key, amount) in outbox {
            self.outbox.insert(key, Outgoing { amount, sending: Sending::Waiting });
            self.unsent.insert(key);
        }
        if let Some((key, sending)) = sending {
            self.send(key, sending);
        }
        Ok(())
    }

    /// Notes how far a message has come, without any event.
    pub(crate) fn send(&mut self, key: PayoutKey, sending: Sending) {
        if let Some(outgoing) = self.outbox.get_mut(&key) {
            outgoing.sending = sending;
        }
        if sending == Sending::Over {
            self.unsent.remove(&key);
        }
    }

    pub(crate) fn events(&self, stream: Stream) -> &[Row] {
        self.streams.get(&stream).map_or(&[], Vec::as_slice)
    }

    /// The number of a stream's events.
    pub(crate) fn length(&self, stream: Stream) -> u64 {
        length_of(self.events(stream))
    }

    /// Lets a stream count as written to, where something has changed outside.
    pub(crate) fn look_at(&mut self, stream: Stream) {
        self.written.insert(stream);
    }

    /// The streams that were written to since this was asked last.
    pub(crate) fn take_written(&mut self) -> BTreeSet<Stream> {
        std::mem::take(&mut self.written)
    }

    pub(crate) fn streams(&self) -> impl Iterator<Item = Stream> {
        self.streams.keys().copied()
    }

    pub(crate) fn was_done(&self, command: CommandId) -> bool {
        self.done.contains(&command)
    }

    pub(crate) fn outgoing(&self, key: PayoutKey) -> Option<Outgoing> {
        self.outbox.get(&key).copied()
    }

    /// Messages that are not over yet.
    pub(crate) fn unsent(&self) -> &BTreeSet<PayoutKey> {
        &self.unsent
    }

    /// Every message there ever was.
    pub(crate) fn payouts(&self) -> impl Iterator<Item = PayoutKey> {
        self.outbox.keys().copied()
    }

    /// Over every event's JSON, in the order in which they were written.
    pub(crate) fn hash(&self) -> Hash {
        self.hash
    }

    pub(crate) fn count(&self) -> u64 {
        self.events
    }
}

fn length_of(rows: &[Row]) -> u64 {
    u64::try_from(rows.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn all_or_nothing() {
        let (one, other) = (Stream::Slot(SlotId(Uuid::from_u128(1))), Stream::Slot(SlotId(Uuid::from_u128(2))));
        let command = CommandId(Uuid::from_u128(3));
        let write = |events| Transaction { command, actor: Actor::System, events, outbox: Vec::new(), sending: None };
        let mut store = Store::default();
        let late = write(vec![(one, 0, "a".to_owned()), (other, 1, "b".to_owned())]);
        assert!(store.commit(late, Instant::EPOCH).is_err());
        assert_eq!((store.length(one), store.count(), store.was_done(command)), (0, 0, false));
        let twice = write(vec![(one, 0, "a".to_owned()), (one, 1, "b".to_owned())]);
        store.commit(twice, Instant::EPOCH).unwrap();
        assert_eq!((store.length(one), store.was_done(command)), (2, true));
    }
}
