//! Bookings as a list that can be searched. One booking is in [`super::api`].
//!
//! Source: requirement F4

use leeway_core::balance::{PaymentStatus, Status};
use leeway_core::id::BookingId;
use leeway_core::{Instant, Money, Refusal};
use serde::Serialize;

use super::{Asked, Desk};
use crate::cursor::Cursor;
use crate::input;
use crate::reply::Reply;
use crate::route::split_url;
use crate::store::{self, BookingFilter, BookingRow, Fault};

/// A booking as it is listed.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ListedBooking {
    pub id: BookingId,
    pub reference: String,
    pub version: u64,
    /// The customer's, until the personal data is erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    pub status: Status,
    pub payment_status: PaymentStatus,
    pub balance: Money,
    pub services: Vec<String>,
    /// When the first of what is booked starts; of a canceled booking, the first of all.
    pub starts_at: Instant,
    pub made_at: Instant,
}

/// A part of a list.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BookingList {
    pub bookings: Vec<ListedBooking>,
    /// Present where there are more: sent back as `cursor`, the list goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Desk {
    pub(super) fn list_bookings(&self, asked: &Asked) -> Result<Reply, Fault> {
        let fields = input::form(split_url(&asked.url).1);
        let (from, to) = input::range(&fields)?;
        let limit = input::limit(&fields)?;
        let order = input::choices(&fields, "order")?.into_iter().next().unwrap_or_default();
        let filter = BookingFilter {
            statuses: input::choices(&fields, "status")?,
            payment_statuses: input::choices(&fields, "payment_status")?,
            service: input::field(&fields, "service"),
            from: Some(from),
            to: Some(to),
            words: input::field(&fields, "q").map(|text| store::expression(&text)).transpose()?,
            order,
            after: Cursor::read(&fields)?,
            most: limit.saturating_add(1),
        };
        let (rows, next) = input::page(self.store.bookings(&filter)?, limit, |row| row.cursor(order));
        let bookings = rows.into_iter().map(listed).collect::<Result<_, _>>()?;
        Ok(Reply::json(200, &BookingList { bookings, next }))
    }
}

fn listed(row: BookingRow) -> Result<ListedBooking, Fault> {
    let balance = Money::parse(&row.balance, row.currency).map_err(Refusal::from)?;
    let BookingRow {
        id, reference, version, name, email, status, payment_status, services, starts_at, made_at, ..
    } = row;
    Ok(ListedBooking {
        id,
        reference,
        version,
        name,
        email,
        status,
        payment_status,
        balance,
        services,
        starts_at,
        made_at,
    })
}
