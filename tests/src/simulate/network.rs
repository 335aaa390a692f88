//! What is on its way to the worker. Anything overtakes anything, comes twice, or never.

use leeway_core::command::ProviderWord;

use super::random::Random;
use super::server::Request;
use super::store::PayoutKey;

/// One message.
#[derive(Debug, Clone)]
pub(crate) enum Packet {
    Request(Request),
    /// What the provider says by itself.
    Word(PayoutKey, ProviderWord),
}

/// Everything that is on its way.
#[derive(Debug, Default)]
pub(crate) struct Network {
    packets: Vec<Packet>,
}

impl Network {
    /// Sends a message: one time in eight twice, one time in twenty-five not at all.
    pub(crate) fn send(&mut self, packet: Packet, random: &mut Random) {
        if random.chance(40) {
            return;
        }
        if random.chance(125) {
            self.packets.push(packet.clone());
        }
        self.packets.push(packet);
    }

    /// Sends a message that arrives once.
    pub(crate) fn send_surely(&mut self, packet: Packet) {
        self.packets.push(packet);
    }

    /// Some message arrives.
    pub(crate) fn arrives(&mut self, random: &mut Random) -> Option<Packet> {
        let at = random.index(self.packets.len());
        (at < self.packets.len()).then(|| self.packets.swap_remove(at))
    }

    pub(crate) fn length(&self) -> usize {
        self.packets.len()
    }
}
