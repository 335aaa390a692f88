//! One refund entry in the auditor's books: share by share, from its events. Each share goes back at most once, whichever way.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use leeway_core::booking::Method;
use leeway_core::id::PaymentId;
use leeway_core::refund::{Refund, RefundState, ShareState, Way};
use leeway_core::voucher::VoucherPart;

/// An entry.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) minor: i64,
    pub(super) shares: BTreeMap<PaymentId, Share>,
    pub(super) is_void: bool,
    waits: bool,
    way: Way,
    /// Per cent that a voucher is worth more.
    bonus: Option<i64>,
    /// What a voucher was worth more than the money that it stands for.
    pub(super) bonus_given: i64,
    has_voucher: bool,
}

/// What goes back of one payment.
#[derive(Debug)]
pub(super) struct Share {
    pub(super) minor: i64,
    pub(super) method: Method,
    pub(super) parts: Vec<VoucherPart>,
    state: ShareState,
    by_voucher: bool,
}

impl Entry {
    pub(super) fn new(refund: &Refund) -> Result<Self> {
        let share = |share: &leeway_core::refund::Share| {
            let (minor, method, parts) = (share.amount.minor(), share.method, share.parts.clone());
            (share.payment, Share { minor, method, parts, state: ShareState::Open, by_voucher: false })
        };
        let shares: BTreeMap<PaymentId, Share> = refund.split.iter().map(share).collect();
        let sum: i64 = shares.values().map(|share| share.minor).sum();
        ensure!(shares.values().all(|share| share.minor > 0), "a share of nothing");
        ensure!(!refund.is_in_ledger() || sum == refund.amount.minor(), "shares of {sum} for {}", refund.amount);
        let bonus = match &refund.offer {
            Some(offer) => Some(offer.bonus.to_string().parse().context("the catalog has whole percentages")?),
            None => None,
        };
        Ok(Self {
            minor: refund.amount.minor(),
            shares,
            is_void: false,
            waits: refund.state == RefundState::AwaitingApproval,
            way: refund.way,
            bonus,
            bonus_given: 0,
            has_voucher: false,
        })
    }

    fn share(&mut self, payment: PaymentId) -> Result<&mut Share> {
        ensure!(!self.is_void, "a void refund moves on");
        ensure!(!self.waits, "a refund moves on that nobody approved");
        self.shares.get_mut(&payment).with_context(|| format!("there is no share of payment {payment}"))
    }

    pub(super) fn approve(&mut self) -> Result<()> {
        ensure!(self.waits && !self.is_void, "a refund is approved that does not wait");
        self.waits = false;
        Ok(())
    }

    pub(super) fn void(&mut self) -> Result<()> {
        let is_with_somebody = |share: &Share| matches!(share.state, ShareState::Submitted | ShareState::Settled);
        ensure!(!self.is_void && !self.shares.values().any(is_with_somebody), "a refund is undone that is under way");
        self.is_void = true;
        Ok(())
    }

    pub(super) fn route(&mut self, way: Way) -> Result<()> {
        ensure!(!self.is_void && !self.waits, "a refund is routed that is not open");
        // What a provider has in hand stays with it.
        for share in self.shares.values_mut().filter(|share| share.state == ShareState::Failed) {
            share.state = ShareState::Open;
        }
        self.way = way;
        Ok(())
    }

    pub(super) fn credit_note(&mut self) -> Result<()> {
        ensure!(!self.has_voucher, "two documents for one refund");
        self.route(Way::CreditNote)
    }

    pub(super) fn submit(&mut self, payment: PaymentId) -> Result<()> {
        let share = self.share(payment)?;
        ensure!(share.state == ShareState::Open, "a share is submitted that is {:?}", share.state);
        share.state = ShareState::Submitted;
        Ok(())
    }

    pub(super) fn settle(&mut self, payments: Option<&[PaymentId]>) -> Result<()> {
        let payments = payments.context("all shares at once is an event of version 1")?;
        for payment in payments {
            let share = self.share(*payment)?;
            ensure!(share.state != ShareState::Settled, "the share of payment {payment} goes back twice");
            ensure!(share.method != Method::Voucher, "money that was paid by voucher is paid out");
            share.state = ShareState::Settled;
        }
        Ok(())
    }

    pub(super) fn fail(&mut self, payment: PaymentId, reversed: Option<i64>) -> Result<()> {
        let share = self.share(payment)?;
        ensure!(share.state != ShareState::Failed, "a share fails twice");
        let was = (share.state == ShareState::Settled).then_some(share.minor);
        ensure!(reversed == was, "{reversed:?} is reversed of {was:?}");
        ensure!(!share.by_voucher, "a voucher fails");
        share.state = ShareState::Failed;
        Ok(())
    }

    /// A voucher is worth what it settles, and the bonus that was offered on what is money; and bonuses stay bonuses.
    pub(super) fn issue(&mut self, payments: &[PaymentId], parts: &[VoucherPart]) -> Result<()> {
        ensure!(!self.has_voucher, "two vouchers for one refund");
        self.has_voucher = true;
        let (mut money, mut old_bonus, mut with_bonus) = (0, 0, 0);
        for payment in payments {
            let share = self.share(*payment)?;
            ensure!(
                matches!(share.state, ShareState::Open | ShareState::Failed),
                "a voucher is issued for a share that is {:?}",
                share.state
            );
            (share.state, share.by_voucher) = (ShareState::Settled, true);
            if share.parts.is_empty() {
                with_bonus += share.minor;
            }
            let bonus = share.parts.iter().filter(|part| part.bonus.is_some()).map(|part| part.amount.minor());
            let bonus: i64 = bonus.sum();
            old_bonus += bonus;
            money += share.minor - bonus;
        }
        // Half a minor unit and more counts as one.
        let new_bonus = (with_bonus * self.bonus.unwrap_or(0) * 2 + 100) / 200;
        let of = |is_bonus: bool| parts.iter().filter(move |part| part.bonus.is_some() == is_bonus);
        let (is_money, is_bonus): (i64, i64) =
            (of(false).map(|part| part.amount.minor()).sum(), of(true).map(|part| part.amount.minor()).sum());
        ensure!(
            (is_money, is_bonus) == (money, old_bonus + new_bonus),
            "a voucher of {is_money} and a bonus of {is_bonus} for {money} and {}",
            old_bonus + new_bonus
        );
        self.bonus_given = new_bonus;
        Ok(())
    }

    /// What went back of it by now, vouchers included.
    pub(super) fn went_back(&self) -> i64 {
        self.settled(|_| true)
    }

    /// What of it went back as money.
    pub(super) fn went_back_as_money(&self) -> i64 {
        self.settled(|share| !share.by_voucher)
    }

    fn settled(&self, counts: impl Fn(&Share) -> bool) -> i64 {
        let settled = self.shares.values().filter(|share| share.state == ShareState::Settled && counts(share));
        settled.map(|share| share.minor).sum()
    }

    /// Nothing waits for the provider, once nothing is under way.
    pub(super) fn check_nothing_waits(&self) -> Result<()> {
        let is_the_providers = self.way == Way::AsPaid && !self.is_void && !self.waits;
        for (payment, share) in &self.shares {
            let waits = match share.state {
                ShareState::Open => is_the_providers && share.method == Method::Card,
                ShareState::Submitted => true,
                ShareState::Settled | ShareState::Failed => false,
            };
            ensure!(!waits, "the share of payment {payment} is {:?}, and nobody sees to it", share.state);
        }
        Ok(())
    }

    /// Compares with the entry as the core has it.
    pub(super) fn check(&self, refund: &Refund) -> Result<()> {
        ensure!(self.is_void == (refund.state == RefundState::Voided), "a refund is {:?}", refund.state);
        ensure!(
            self.waits == (refund.state == RefundState::AwaitingApproval) || self.is_void,
            "a refund is {:?}",
            refund.state
        );
        for share in &refund.split {
            let mine = self.shares.get(&share.payment).context("a share from nowhere")?;
            ensure!(
                (mine.state, mine.minor) == (share.state, share.amount.minor()),
                "a share of {} is {:?}, its events say {:?}",
                share.amount,
                share.state,
                mine.state
            );
        }
        ensure!(self.way == refund.way || self.has_voucher, "a refund goes another way than its events say");
        Ok(())
    }
}

impl Share {
    /// What left for it, all ways together, is nothing or the share.
    pub(super) fn check_out(&self, by_provider: i64, by_hand: i64) -> Result<()> {
        let by_voucher = if self.by_voucher { self.minor } else { 0 };
        let out = by_provider + by_hand + by_voucher;
        ensure!(
            out == 0 || out == self.minor,
            "of a share of {} there left {by_provider} by the provider, {by_hand} by hand, {by_voucher} by voucher",
            self.minor
        );
        Ok(())
    }

    /// What left is what the booking says, once nothing is under way.
    pub(super) fn check_quiet(&self, by_provider: i64, by_hand: i64) -> Result<()> {
        let settled = if self.state == ShareState::Settled && !self.by_voucher { self.minor } else { 0 };
        ensure!(
            by_provider + by_hand == settled,
            "{settled} is settled as money, {by_provider} left by the provider and {by_hand} by hand"
        );
        Ok(())
    }
}
