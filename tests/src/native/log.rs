//! What was carried out, command by command, so that a later step can take it back.

use leeway_core::command::{Actor, Envelope};
use leeway_core::id::CommandId;
use leeway_core::undo::{Past, Recorded};
use leeway_core::{Event, Instant, Refusal};

/// The log of the booking that steps are about.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    events: Vec<(CommandId, Instant, Event)>,
    /// The command of each step, with who wanted it.
    steps: Vec<Option<(CommandId, Actor)>>,
}

impl Log {
    pub(super) fn next_step(&mut self) {
        self.steps.push(None);
    }

    /// What a command did. The first one of a booking begins its log.
    pub(super) fn add(&mut self, envelope: &Envelope, events: &[Event]) {
        let Envelope { id, at, actor, .. } = *envelope;
        if matches!(events.first(), Some(Event::BookingMade(_))) {
            self.events.clear();
        }
        events.iter().for_each(|event| self.add_event(id, at, event));
        if let Some(step) = self.steps.last_mut() {
            *step = Some((id, actor));
        }
    }

    pub(super) fn add_event(&mut self, id: CommandId, at: Instant, event: &Event) {
        self.events.push((id, at, event.clone()));
    }

    /// The command of a step, counted from 0.
    pub(super) fn past(&self, step: usize) -> Result<Past, Refusal> {
        let Some((id, actor)) = self.steps.get(step).copied().flatten() else { return Err(Refusal::NothingToUndo {}) };
        let log = self.events.iter().map(|(command, at, event)| Recorded { command: *command, at: *at, event });
        Past::find(log, id, actor)
    }
}
