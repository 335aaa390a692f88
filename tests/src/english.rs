//! Explanations as sentences, for people who read snapshots and the list of refusals: every figure of a quote, and where it comes from. Not what
//! customers read: the edge words that, in their language and their local time.

use leeway_core::booking::{Booking, Method};
use leeway_core::command::RefundTo;
use leeway_core::event::Extent;
use leeway_core::explain::{FeeCode, FeeLine, KeptForGateway, NextChange, Reason, Settlement};
use leeway_core::id::{ItemId, PaymentId};
use leeway_core::policy::{Code, MoveLimits, Per, Percent, RefundMode};
use leeway_core::quote::{CancelQuote, PaidBack, QuotedCharge, QuotedFee, QuotedItem, QuotedMove, RebookQuote};
use leeway_core::rebook::Message;
use leeway_core::refund::Share;
use leeway_core::voucher::VoucherPart;
use leeway_core::{Instant, Money, Quote, Refusal};

/// Why the rules do not allow something: the message of the refusal, as a sentence.
#[must_use]
pub fn refusal(refusal: &Refusal) -> String {
    sentence(&refusal.to_string())
}

/// What an action would do, sentence by sentence. The booking gives items and payments their numbers, and no amount.
#[must_use]
pub fn quote(booking: &Booking, quote: &Quote) -> Vec<String> {
    let names = Names(booking);
    match quote {
        Quote::Cancel(quote) => names.cancel(quote),
        Quote::Rebook(quote) => names.rebook(quote),
        Quote::Rename(quote) => vec![
            format!("Renaming costs nothing; this holds until {}.", instant(quote.valid_until)),
            "Nothing else changes.".to_owned(),
        ],
    }
}

/// A clause with a capital letter and a full stop.
fn sentence(clause: &str) -> String {
    let mut chars = clause.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), chars.as_str()))
}

/// An instant as it is read aloud.
fn instant(at: Instant) -> String {
    at.to_string().replace('T', " ").replace('Z', " UTC")
}

fn list(parts: impl IntoIterator<Item = String>, nothing: &str) -> String {
    let parts: Vec<String> = parts.into_iter().collect();
    if parts.is_empty() { nothing.to_owned() } else { parts.join("; ") }
}

/// Numbers for what has none of its own.
struct Names<'a>(&'a Booking);

impl Names<'_> {
    fn item(&self, id: ItemId) -> String {
        let found = self.0.items.iter().enumerate().find(|(_, item)| item.id == id);
        found.map_or_else(|| "no item".to_owned(), |(number, item)| format!("item {number} ({})", item.service))
    }

    fn items(&self, ids: &[ItemId]) -> String {
        ids.iter().map(|id| self.item(*id)).collect::<Vec<_>>().join(" and ")
    }

    fn payment(&self, id: PaymentId) -> String {
        let number = self.0.received().position(|payment| payment.id == id);
        number.map_or_else(|| "no payment".to_owned(), |number| format!("payment {number}"))
    }

    fn cancel(&self, quote: &CancelQuote) -> Vec<String> {
        let CancelQuote { price, fee, at, valid_until, back: PaidBack { refund, .. }, .. } = quote;
        let left = match quote.extent {
            Extent::Whole => "nothing of the booking is left",
            Extent::Part => "a part of the booking is left",
        };
        let mut text = vec![format!(
            "Canceled at {}, {price} are no longer due, and {left}; this holds until {}.",
            instant(*at),
            instant(*valid_until)
        )];
        text.extend(quote.items.iter().map(|item| self.quoted_item(item)));
        text.extend(quote.charges.iter().map(|charge| self.charge(charge)));
        text.extend(quote.explanation.iter().map(|reason| self.reason(reason)));
        text.push(format!("In all {fee} are charged."));
        text.push(settlement(&quote.back.settlement, *refund));
        text.extend(self.goes_back(&quote.back.split, quote.back.refund_to, &quote.back.voucher));
        text.push(balance(quote.back.balance_after));
        text.push(self.next_change(quote.next_change.as_ref()));
        text
    }

    fn rebook(&self, quote: &RebookQuote) -> Vec<String> {
        let RebookQuote { difference, kept, group_price_lost, fee, charged, .. } = quote;
        let (at, until) = (instant(quote.at), instant(quote.valid_until));
        let mut text = vec![format!("Moved at {at}; this holds until {until}, as long as the places are free.")];
        text.extend(quote.moves.iter().map(|going| self.quoted_move(going)));
        text.extend(quote.fees.iter().map(|fee| self.move_fee(fee)));
        text.extend(quote.explanation.iter().map(|reason| self.reason(reason)));
        text.push(format!(
            "In all what is owed changes by {charged}: {difference} by the prices, {kept} kept of what is cheaper, {group_price_lost} by \
             group prices, {fee} for the move, and what is kept for the gateway."
        ));
        text.push(settlement(&quote.back.settlement, quote.back.refund));
        text.extend(self.goes_back(&quote.back.split, quote.back.refund_to, &quote.back.voucher));
        text.push(balance(quote.back.balance_after));
        text.push(match quote.message {
            Message::PaymentRequired => "The message asks for payment.".to_owned(),
            Message::BookingChange => "The message says what changes.".to_owned(),
        });
        text
    }

    fn quoted_item(&self, item: &QuotedItem) -> String {
        let QuotedItem { item, extent, participants, lines, price, fee } = item;
        let of = what_of(*extent, participants.len(), lines.len());
        format!("Of {}, {of} are canceled, {price} together; {fee} of the fee fall on it.", self.item(*item))
    }

    fn quoted_move(&self, going: &QuotedMove) -> String {
        let QuotedMove { item, extent, participants, lines, slot, old_price, new_price } = going;
        let (of, item) = (what_of(*extent, participants.len(), lines.len()), self.item(*item));
        let starts_at = instant(slot.time.starts_at);
        format!("Of {item}, {of} move to the slot that starts at {starts_at}: {old_price} before, {new_price} there.")
    }

    fn charge(&self, charge: &QuotedCharge) -> String {
        let QuotedCharge { per, items, window, until, lines, fee } = charge;
        let (items, steps) = (self.items(items), steps(*per, lines));
        format!("The window `{window}`, until {}, takes for {items}{steps}; that is {fee}.", instant(*until))
    }

    fn move_fee(&self, one: &QuotedFee) -> String {
        let QuotedFee { per, items, lines, fee } = one;
        format!("The move of {} costs{}; that is {fee}.", self.items(items), steps(*per, lines))
    }

    fn reason(&self, reason: &Reason) -> String {
        match reason {
            Reason::WindowApplies { item, window, until } => {
                format!("For {} the window `{window}` holds until {}.", self.item(*item), instant(*until))
            }
            Reason::ItemStays { item, limit: Some(limit) } => {
                format!("{} stays: it could be canceled until {}.", sentence_start(&self.item(*item)), instant(*limit))
            }
            Reason::ItemStays { item, limit: None } => {
                format!("{} stays: its policy does not let customers cancel.", sentence_start(&self.item(*item)))
            }
            Reason::NoFee {} => "The operator wants it: there is no fee.".to_owned(),
            Reason::Overridden { window, fee, by_policy, why } => overridden(window.as_ref(), *fee, *by_policy, why),
            Reason::GroupPriceLost { item, amount, at_least, otherwise, tickets, with_group, before } => format!(
                "Of {}, which needs {at_least} for its group's price, {tickets} tickets stay at {otherwise} each in place of {with_group} together; \
                 {before} of that were lost before: what is owed changes by {amount}.",
                self.item(*item)
            ),
            Reason::ShortfallWaived { amount } => {
                format!("Less has been paid than that comes to, and the policy waives {amount}.")
            }
            Reason::ShortfallBilled { amount } => {
                format!("Less has been paid than that comes to, and {amount} stay due.")
            }
            Reason::GatewayFeeKept(kept) => gateway(kept),
            Reason::PriceChanges { item, old, new } => {
                format!("What moves of {} costs {new} in the new slot, {old} before.", self.item(*item))
            }
            Reason::DifferenceKept { item, window, percent, max, amount } => {
                self.difference_kept(*item, window.as_ref(), (*percent, *max), *amount)
            }
            Reason::LimitsAfter { item, limits, cancel } => {
                let whose = match limits {
                    MoveLimits::Original => "first slot's limits keep running",
                    MoveLimits::New => "new slot's limits hold",
                };
                let until = cancel.map_or_else(|| "not at all".to_owned(), |until| format!("until {}", instant(until)));
                format!("For {} the {whose}: it can be canceled {until}.", self.item(*item))
            }
            Reason::VoucherBonus { percent, of, bonus, expires_at } => {
                let until =
                    expires_at.map_or_else(String::new, |until| format!(", which expires after {}", instant(until)));
                format!("The voucher has a bonus of {percent} % of {of}, {bonus}{until}.")
            }
            Reason::RefundMode { mode } => match mode {
                RefundMode::Automatic => "The money goes back by itself.".to_owned(),
                RefundMode::Approval => "The money goes back once the operator approves.".to_owned(),
                RefundMode::Never => "The money does not go back by itself.".to_owned(),
            },
            Reason::RefundByHand { amount } => format!("{amount} only go back by hand, as the operator decides."),
        }
    }

    fn difference_kept(
        &self,
        item: ItemId,
        window: Option<&Code>,
        (percent, max): (Option<Percent>, Option<Money>),
        amount: Money,
    ) -> String {
        let item = self.item(item);
        let Some(window) = window else {
            return format!("The last window for {item} is past: all of the difference is kept, {amount}.");
        };
        let percent = percent.map_or_else(|| "nothing".to_owned(), |percent| format!("{percent} % of it"));
        let max = max.map_or_else(String::new, |max| format!(", at most {max}"));
        format!("The window `{window}` keeps of the difference for {item} {percent}{max}: {amount}.")
    }

    fn goes_back(&self, split: &[Share], refund_to: RefundTo, voucher: &[VoucherPart]) -> Vec<String> {
        if split.is_empty() {
            return Vec::new();
        }
        let from = split.iter().map(|share| {
            let parts = share.parts.iter().map(part);
            let parts = if share.parts.is_empty() { String::new() } else { format!(" ({})", list(parts, "")) };
            let (of, by) = (self.payment(share.payment), method(share.method));
            format!("{} from {of}, {by}{parts}", share.amount)
        });
        let mut text = vec![format!("It is taken from the payments: {}.", list(from, "nothing"))];
        text.push(match refund_to {
            RefundTo::Money => "It goes back as it came.".to_owned(),
            RefundTo::Voucher => format!("It becomes a voucher: {}.", list(voucher.iter().map(part), "nothing")),
        });
        text
    }

    fn next_change(&self, next: Option<&NextChange>) -> String {
        match next {
            None => "Nothing of this changes with time.".to_owned(),
            Some(NextChange::Price { after, fee, refund }) => {
                format!("After {} it would cost {fee}, and {refund} would go back.", instant(*after))
            }
            Some(NextChange::Closed { after, place }) => {
                let (item, zone) = (self.item(place.item), place.zone.name());
                format!("After {}, which people read in {zone}, {item} cannot be canceled any more.", instant(*after))
            }
        }
    }
}

fn sentence_start(clause: &str) -> String {
    sentence(clause).trim_end_matches('.').to_owned()
}

fn what_of(extent: Extent, participants: usize, lines: usize) -> String {
    let (participants, lines) = (count(participants, "participant"), count(lines, "line"));
    match extent {
        Extent::Whole => format!("all that is left ({participants}, {lines})"),
        Extent::Part => format!("{participants} with {lines}"),
    }
}

fn count(number: usize, of: &str) -> String {
    if number == 1 { format!("1 {of}") } else { format!("{number} {of}s") }
}

/// The steps of a fee, each by how much it moved the sum.
fn steps(per: Per, lines: &[FeeLine]) -> String {
    let steps = lines.iter().map(|line| {
        let amount = line.amount;
        match &line.code {
            FeeCode::KeptLines {} => format!("{amount} for lines that are never refunded"),
            FeeCode::Percent { percent, of } => format!("{percent} % of {of}, {amount}"),
            FeeCode::Fixed {} => format!("{amount} once"),
            FeeCode::PerParticipant { each, participants } => {
                format!("{each} for each of {participants} participants, {amount}")
            }
            FeeCode::Minimum { min } => format!("{amount} to reach the minimum of {min}"),
            FeeCode::Maximum { max } => format!("{amount} to stay at the maximum of {max}"),
            FeeCode::PriceCap { price } => format!("{amount} to stay at the price of {price}"),
            FeeCode::AlreadyCharged {} => format!("{amount} since that was charged before"),
            FeeCode::NotBelowZero {} => format!("{amount} to stay at nothing"),
        }
    });
    let per = match per {
        Per::Item => "",
        Per::Booking => " together",
    };
    format!("{per} {}", list(steps, "nothing"))
}

fn overridden(window: Option<&Code>, fee: Option<Money>, by_policy: Option<Money>, why: &str) -> String {
    let by_policy = by_policy.map_or_else(
        || "the policy would not allow it, or says nothing of it".to_owned(),
        |fee| format!("by the policy the fee would be {fee}"),
    );
    let decided = match (window, fee) {
        (Some(window), _) => format!("the window `{window}`"),
        (None, Some(fee)) => format!("a fee of {fee} in all"),
        (None, None) => "no limit".to_owned(),
    };
    format!("The operator decided on {decided}, because: {why}; {by_policy}.")
}

fn gateway(kept: &KeptForGateway) -> String {
    let KeptForGateway { amount, took, received, gone, kept_before } = kept;
    format!(
        "The gateway took {took} of {received}; {gone} of these have gone back with this refund, so that in proportion, less {kept_before} \
         kept before, {amount} are kept."
    )
}

fn settlement(settlement: &Settlement, refund: Money) -> String {
    let Settlement { before, owed, paid, promised, by_hand } = settlement;
    format!(
        "{before} were owed before and {owed} are owed now; {paid} are paid, of which {promised} are promised back and {by_hand} go back by \
         hand: {refund} go back."
    )
}

fn balance(after: Money) -> String {
    if after.is_positive() {
        format!("Then the customer owes {after}.")
    } else if after.is_negative() {
        format!("Until money moves, the customer has {} to get.", after.negated())
    } else {
        "Then nobody owes anything.".to_owned()
    }
}

fn part(part: &VoucherPart) -> String {
    match part.bonus {
        None => format!("{} of money", part.amount),
        Some(bonus) => match bonus.expires_at {
            None => format!("{} of bonus", part.amount),
            Some(until) => format!("{} of bonus until {}", part.amount, instant(until)),
        },
    }
}

fn method(method: Method) -> &'static str {
    match method {
        Method::Card => "by card",
        Method::Cash => "in cash",
        Method::BankTransfer => "by bank transfer",
        Method::Voucher => "by voucher",
    }
}
