//! The refund module: entries are made, taken step by step, looked for and counted. What each step may do is decided in the core.
//!
//! Source: requirements C2–C12

use leeway_core::booking::Method as PaymentMethod;
use leeway_core::command::{EnterRefund, RefundStep};
use leeway_core::fields::FromObject;
use leeway_core::id::{BookingId, RefundId};
use leeway_core::refund::{Document as Written, Refund, RefundReason, RefundState, Way};
use leeway_core::{Booking, Command, Currency, Instant, Money, Refusal, Totals, balance};
use serde::Serialize;
use uuid::Uuid;

use super::{Asked, Desk};
use crate::access::Role;
use crate::cursor::Cursor;
use crate::input;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::route::{Method, RefundDoor, StepDoor, split_url};
use crate::store::{self, Coded, Fault, RefundCount, RefundFilter, RefundRow};

/// An entry as it is listed.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ListedRefund {
    pub id: RefundId,
    pub booking: BookingId,
    pub reference: String,
    /// The customer's, until the personal data is erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    pub reason: RefundReason,
    pub state: RefundState,
    pub way: Way,
    /// How the money had come; empty for cash at the base, which no payment brought.
    pub methods: Vec<PaymentMethod>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Written>,
    pub amount: Money,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    pub entered_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<Instant>,
}

/// A part of a list.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RefundList {
    pub refunds: Vec<ListedRefund>,
    /// Present where there are more: sent back as `cursor`, the list goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One entry with what it is about.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RefundView<'a> {
    pub booking: BookingId,
    pub reference: &'a str,
    /// The booking's version.
    pub version: u64,
    pub totals: Totals,
    pub refund: &'a Refund,
    pub entered_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<Instant>,
    /// The voucher that settled it, as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voucher: Option<Coded>,
}

/// How many entries, and how much.
#[derive(Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Counted {
    pub count: u64,
    pub amount: Money,
}

/// How many entries have something in common.
#[derive(Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "CountedBy_{T}"))]
pub struct CountedBy<T> {
    pub is: T,
    pub count: u64,
    pub amount: Money,
}

/// The entries of one currency. What was voided counts by its state only.
#[derive(Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RefundSums {
    pub currency: Currency,
    pub all: Counted,
    pub by_state: Vec<CountedBy<RefundState>>,
    pub by_reason: Vec<CountedBy<RefundReason>>,
    pub by_way: Vec<CountedBy<Way>>,
    /// By months of the operator's calendar, such as `2026-08`.
    pub by_month: Vec<CountedBy<String>>,
}

/// What was entered between two instants.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RefundStatistics {
    pub from: Instant,
    pub to: Instant,
    pub currencies: Vec<RefundSums>,
}

/// Why something does not happen.
#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WhyRequest {
    pub why: String,
}

/// Which way it goes back.
#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WayRequest {
    pub way: Way,
}

/// Nothing more has to be said.
#[derive(FromObject)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl Desk {
    pub(super) fn refund_door(&self, door: RefundDoor<'_>, asked: &Asked) -> Result<Reply, Fault> {
        match door {
            RefundDoor::Search => self.search_refunds(asked),
            RefundDoor::Statistics => self.refund_statistics(asked),
            RefundDoor::OfBooking(id) if asked.method == Method::Post => self.enter_refund(id, asked),
            RefundDoor::OfBooking(id) => {
                let booking = super::api::booking_id(id)?;
                let document = self.store.document(booking)?.ok_or(Problem::BOOKING_UNKNOWN)?;
                let refunds = self
                    .store
                    .refunds_of(&document.read(None)?.booking)?
                    .into_iter()
                    .map(listed)
                    .collect::<Result<_, _>>()?;
                Ok(Reply::json(200, &RefundList { refunds, next: None }))
            }
            RefundDoor::One(id) => {
                let row = self.refund_row(id)?;
                let document = self.own(&row.booking.to_string())?;
                self.refund_view(200, &row, &document.read(None)?.booking, asked)
            }
            RefundDoor::Step(id, step) => self.refund_step(id, step, asked),
        }
    }

    fn search_refunds(&self, asked: &Asked) -> Result<Reply, Fault> {
        let fields = input::form(split_url(&asked.url).1);
        let (from, to) = input::range(&fields)?;
        let limit = input::limit(&fields)?;
        let filter = RefundFilter {
            reasons: input::choices(&fields, "reason")?,
            states: input::choices(&fields, "state")?,
            ways: input::choices(&fields, "way")?,
            methods: input::choices(&fields, "method")?,
            from: Some(from),
            to: Some(to),
            words: input::field(&fields, "q").map(|text| store::expression(&text)).transpose()?,
            after: Cursor::read(&fields)?,
            most: limit.saturating_add(1),
        };
        let rows = self.store.refunds(&filter)?;
        let (rows, next) = input::page(rows, limit, |row| Cursor::of_number(row.number));
        let refunds = rows.into_iter().map(listed).collect::<Result<_, _>>()?;
        Ok(Reply::json(200, &RefundList { refunds, next }))
    }

    fn refund_statistics(&self, asked: &Asked) -> Result<Reply, Fault> {
        let (from, to) = input::range(&input::form(split_url(&asked.url).1))?;
        let currencies = sums(&self.store.count_refunds(from, to)?)?;
        Ok(Reply::json(200, &RefundStatistics { from, to, currencies }))
    }

    fn enter_refund(&self, id: &str, asked: &Asked) -> Result<Reply, Fault> {
        let entry: EnterRefund = input::json(&asked.body)?;
        let after = self.command(self.own(id)?.read(None)?, Command::EnterRefund(entry), asked)?;
        let made = after.refunds.last().ok_or_else(|| Fault::platform("no entry was made"))?.id;
        self.refund_view(201, &self.refund_row(&made.to_string())?, &after, asked)
    }

    fn refund_step(&self, id: &str, door: StepDoor, asked: &Asked) -> Result<Reply, Fault> {
        let row = self.refund_row(id)?;
        let step = match door {
            StepDoor::Approve => nothing_more(asked, RefundStep::Approve {})?,
            StepDoor::Decline => RefundStep::Decline { why: input::json::<WhyRequest>(&asked.body)?.why },
            StepDoor::Void => RefundStep::Void { why: input::json::<WhyRequest>(&asked.body)?.why },
            StepDoor::Route => RefundStep::Route { way: input::json::<WayRequest>(&asked.body)?.way },
            StepDoor::Voucher => nothing_more(asked, RefundStep::Route { way: Way::Voucher })?,
            StepDoor::CreditNote => nothing_more(asked, RefundStep::Route { way: Way::CreditNote })?,
            StepDoor::ApproveCreditNote => nothing_more(asked, RefundStep::ApproveCreditNote {})?,
            StepDoor::Finalize => nothing_more(asked, RefundStep::Finalize {})?,
        };
        let document = self.own(&row.booking.to_string())?;
        let after = self.command(document.read(None)?, Command::Refund { refund: row.id, step }, asked)?;
        self.refund_view(200, &self.refund_row(id)?, &after, asked)
    }

    fn refund_row(&self, id: &str) -> Result<RefundRow, Fault> {
        let refund = Uuid::try_parse(id).map(RefundId).map_err(|_| Problem::NOT_FOUND)?;
        // The rules' own refusal; what a path names and is not there is 404.
        let unknown = || Problem::from(Refusal::UnknownRefund { refund }).with_status(404);
        self.store.refund(refund)?.ok_or_else(|| unknown().into())
    }

    fn refund_view(&self, status: u16, row: &RefundRow, booking: &Booking, asked: &Asked) -> Result<Reply, Fault> {
        let refund = booking.refund(row.id).ok_or_else(|| Fault::platform("a row without its refund"))?;
        let voucher = if refund.document == Some(Written::Voucher) { self.store.voucher(row.id.into())? } else { None };
        let view = RefundView {
            booking: booking.id,
            reference: booking.reference.as_str(),
            version: booking.version,
            totals: balance::totals(booking).map_err(Refusal::from)?,
            refund,
            entered_at: row.entered_at,
            settled_at: row.settled_at,
            voucher: voucher.map(|voucher| voucher.shown(asked.has_role(Role::Agent))),
        };
        Ok(Reply::json(status, &view).with_version(booking.version))
    }
}

/// A step that needs nothing said: no body, or an empty object.
fn nothing_more(asked: &Asked, step: RefundStep) -> Result<RefundStep, Problem> {
    if !asked.body.is_empty() {
        let Nothing {} = input::json(&asked.body)?;
    }
    Ok(step)
}

fn listed(row: RefundRow) -> Result<ListedRefund, Fault> {
    let (methods, amount) = (row.methods(), money(row.minor, row.currency)?);
    let RefundRow { id, booking, reference, name, email, reason, state, way, document, note, .. } = row;
    let (entered_at, settled_at) = (row.entered_at, row.settled_at);
    Ok(ListedRefund {
        id,
        booking,
        reference,
        name,
        email,
        reason,
        state,
        way,
        methods,
        document,
        amount,
        note,
        entered_at,
        settled_at,
    })
}

fn money(minor: i64, currency: Currency) -> Result<Money, Problem> {
    Money::of_minor(minor, currency).map_err(|error| Refusal::from(error).into())
}

/// Adds up groups, currency by currency.
fn sums(groups: &[RefundCount]) -> Result<Vec<RefundSums>, Problem> {
    let mut currencies: Vec<Currency> = groups.iter().map(|group| group.currency).collect();
    currencies.dedup();
    currencies.into_iter().map(|currency| sums_of(currency, groups)).collect()
}

fn sums_of(currency: Currency, groups: &[RefundCount]) -> Result<RefundSums, Problem> {
    let all: Vec<&RefundCount> = groups.iter().filter(|group| group.currency == currency).collect();
    let counting: Vec<&RefundCount> = all.iter().copied().filter(|group| group.state != RefundState::Voided).collect();
    let mut total = (0_u64, 0_i64);
    for group in &counting {
        total = (total.0.saturating_add(group.count), total.1.saturating_add(group.minor));
    }
    Ok(RefundSums {
        currency,
        all: Counted { count: total.0, amount: money(total.1, currency)? },
        by_state: by(currency, &all, |group| group.state)?,
        by_reason: by(currency, &counting, |group| group.reason)?,
        by_way: by(currency, &counting, |group| group.way)?,
        by_month: by(currency, &counting, |group| group.month.clone())?,
    })
}

/// Adds up the groups that have something in common, in the order in which it first comes.
fn by<T: PartialEq>(
    currency: Currency,
    groups: &[&RefundCount],
    of: impl Fn(&RefundCount) -> T,
) -> Result<Vec<CountedBy<T>>, Problem> {
    let mut sums: Vec<(T, u64, i64)> = Vec::new();
    for group in groups {
        let is = of(group);
        match sums.iter_mut().find(|sum| sum.0 == is) {
            Some((_, count, minor)) => {
                (*count, *minor) = (count.saturating_add(group.count), minor.saturating_add(group.minor));
            }
            None => sums.push((is, group.count, group.minor)),
        }
    }
    let counted = |(is, count, minor)| Ok(CountedBy { is, count, amount: money(minor, currency)? });
    sums.into_iter().map(counted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(currency: &str, reason: &str, state: &str, month: &str, count: u64, minor: i64) -> RefundCount {
        let text = format!(
            r#"{{"currency":"{currency}","reason":"{reason}","state":"{state}","way":"cash","month":"{month}","count":{count},"minor":{minor}}}"#
        );
        leeway_json::read(&text).unwrap()
    }

    #[test]
    fn what_was_voided_counts_by_its_state_only() {
        let groups = [
            group("EUR", "overpayment", "settled", "2026-08", 2, 1_000),
            group("EUR", "overpayment", "voided", "2026-08", 1, 300),
            group("EUR", "compensation_at_base", "settled", "2026-09", 1, 50),
            group("JPY", "overpayment", "settled", "2026-08", 1, 7),
        ];
        let [eur, jpy] = &sums(&groups).unwrap()[..] else { unreachable!("two currencies") };
        assert_eq!((eur.all.count, eur.all.amount.to_string()), (3, "10.50 EUR".to_owned()));
        let told = |sums: &[CountedBy<RefundState>]| sums.iter().map(|sum| (sum.is, sum.count)).collect::<Vec<_>>();
        assert_eq!(told(&eur.by_state), [(RefundState::Settled, 3), (RefundState::Voided, 1)]);
        assert_eq!(
            eur.by_reason.iter().map(|sum| sum.amount.to_string()).collect::<Vec<_>>(),
            ["10.00 EUR", "0.50 EUR"]
        );
        assert_eq!(eur.by_month.iter().map(|sum| sum.is.as_str()).collect::<Vec<_>>(), ["2026-08", "2026-09"]);
        assert_eq!(jpy.all.amount.to_string(), "7 JPY");
        assert!(sums(&[]).unwrap().is_empty());
    }
}
