//! Works every amount of a quote out again, from nothing but the codes and parameters in its JSON, as a person with a pencil would. Shares no
//! arithmetic with the rules: whole numbers of minor units and plain division. Not whether the figures are right: the vectors say that.
//!
//! Source: requirement E7

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

/// Millionths of a minor unit: a percentage has four digits after the point and is divided by a hundred.
const SCALE: i128 = 1_000_000;

/// Works a quote out again.
///
/// # Errors
/// A figure that is not what the others make of it, or that is missing.
pub fn recompute(quote: &Value) -> Result<()> {
    match text(quote, "type")? {
        "cancel" => cancel(quote),
        "rebook" => rebook(quote),
        "rename" => Ok(()),
        other => bail!("`{other}` is no quote"),
    }
}

fn cancel(quote: &Value) -> Result<()> {
    let items = array(quote, "items")?;
    same("price", minor(quote, "price")?, sum(items, "price")?)?;
    let mut fee = 0;
    for charge in array(quote, "charges")? {
        fee += applied(charge)?;
        let of_charge = array(charge, "items")?;
        let its: Vec<&Value> =
            items.iter().filter(|item| item.get("item").is_some_and(|id| of_charge.contains(id))).collect();
        shared(minor(charge, "fee")?, &its)?;
    }
    if let Some(decided) = overridden_fee(quote)? {
        fee = decided;
        shared(fee, &items.iter().collect::<Vec<_>>())?;
    }
    same("the items' shares of the fee", sum(items, "fee")?, fee)?;
    let lost = groups(quote)?;
    same("group_price_lost", minor(quote, "group_price_lost")?, lost)?;
    let (waived, billed) = (amount_of(quote, "shortfall_waived")?, amount_of(quote, "shortfall_billed")?);
    let Settled { before, owed, held, .. } = settled(quote)?;
    let due = if text(quote, "extent")? == "whole" {
        let due = before + fee;
        let short = (due - held).max(0);
        let expected = if billed > 0 { short } else { short.min(due.max(0)) };
        same("waived or billed", waived + billed, expected)?;
        due - waived
    } else {
        same("waived or billed of a part", waived + billed, 0)?;
        before - minor(quote, "price")? + lost + fee
    };
    let gateway = gateway(quote)?;
    same("owed", owed, due + gateway)?;
    same("fee", minor(quote, "fee")?, (fee - waived).max(0) + gateway)?;
    back(quote, (held - due).max(0), gateway)
}

fn rebook(quote: &Value) -> Result<()> {
    let moves = array(quote, "moves")?;
    let difference = sum(moves, "new_price")? - sum(moves, "old_price")?;
    same("difference", minor(quote, "difference")?, difference)?;
    let kept = kept(quote)?;
    same("kept", minor(quote, "kept")?, kept)?;
    let lost = groups(quote)?;
    same("group_price_lost", minor(quote, "group_price_lost")?, lost)?;
    let mut fee = 0;
    for one in array(quote, "fees")? {
        fee += applied(one)?;
    }
    let fee = overridden_fee(quote)?.unwrap_or(fee);
    same("fee", minor(quote, "fee")?, fee)?;
    let change = difference + kept + lost + fee;
    let gateway = gateway(quote)?;
    same("charged", minor(quote, "charged")?, change + gateway)?;
    let Settled { before, owed, held, .. } = settled(quote)?;
    same("owed", owed, before + change + gateway)?;
    back(quote, (held - before - change).min(-change).max(0), gateway)
}

/// What goes back of what is free, from which payments, as what.
fn back(quote: &Value, free: i128, gateway: i128) -> Result<()> {
    let Settled { owed, paid, by_hand, held, .. } = settled(quote)?;
    // Never more than is held, though a compensation may have made the plan less than nothing.
    let free = free.min(held.max(0));
    same("by hand", amount_of(quote, "refund_by_hand")?, by_hand)?;
    ensure!(by_hand <= free, "more goes back by hand than is free");
    if text(quote, "refund_mode")? == "never" {
        same("by hand, where nothing goes back by itself", by_hand, free)?;
    }
    let refund = minor(quote, "refund")?;
    same("refund", refund, free - by_hand - gateway)?;
    same("balance_after", minor(quote, "balance_after")?, owed - paid)?;
    let split = array(quote, "split")?;
    same("the shares of the refund", sum(split, "amount")?, refund)?;
    if text(quote, "refund_to")? == "voucher" { voucher(quote, split) } else { Ok(()) }
}

/// A voucher is worth the money, what comes back of other vouchers, and the bonus on the money.
fn voucher(quote: &Value, split: &[Value]) -> Result<()> {
    let (mut money, mut paid_for, mut bonus) = (0, 0, 0);
    for share in split {
        let parts = share.get("parts").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if parts.is_empty() {
            paid_for += minor(share, "amount")?;
        } else {
            same("the parts of a share", sum(parts, "amount")?, minor(share, "amount")?)?;
        }
        for part in parts {
            *(if part.get("bonus").is_none() { &mut money } else { &mut bonus }) += minor(part, "amount")?;
        }
    }
    for params in params(quote, "voucher_bonus")? {
        same("what the bonus is on", minor(params, "of")?, paid_for)?;
        let new = rounded(percent(params, "percent")? * paid_for, SCALE);
        same("bonus", minor(params, "bonus")?, new)?;
        bonus += new;
    }
    let (mut worth_money, mut worth_bonus) = (0, 0);
    for part in array(quote, "voucher")? {
        *(if part.get("bonus").is_none() { &mut worth_money } else { &mut worth_bonus }) += minor(part, "amount")?;
    }
    same("the voucher's money", worth_money, money + paid_for)?;
    same("the voucher's bonus", worth_bonus, bonus)
}

/// A rule applied once: its steps in their order, rounded as they are shown.
fn applied(charge: &Value) -> Result<i128> {
    let (mut exact, mut shown) = (0, 0);
    for line in array(charge, "lines")? {
        let params = line.get("params").context("a step has `params`")?;
        let amount = minor(line, "amount")?;
        exact = match text(line, "code")? {
            "kept_lines" | "fixed" | "already_charged" => exact + amount * SCALE,
            "percent" => exact + percent(params, "percent")? * minor(params, "of")?,
            "per_participant" => {
                let participants = params.get("participants").and_then(Value::as_i64).context("`participants`")?;
                exact + minor(params, "each")? * i128::from(participants) * SCALE
            }
            "minimum" => exact.max(minor(params, "min")? * SCALE),
            "maximum" => exact.min(minor(params, "max")? * SCALE),
            "price_cap" => exact.min(minor(params, "price")? * SCALE),
            "not_below_zero" => exact.max(0),
            other => bail!("nobody knows how to apply `{other}`"),
        };
        let sum = rounded(exact, SCALE);
        same(text(line, "code")?, amount, sum - shown)?;
        // What was charged before is taken from the rounded fee.
        if text(line, "code")? == "already_charged" {
            exact = sum * SCALE;
        }
        shown = sum;
    }
    same("the fee of a rule", minor(charge, "fee")?, shown)?;
    Ok(shown)
}

/// A fee is shared by price: rounded down, and what is left one by one to the largest remainders.
fn shared(fee: i128, items: &[&Value]) -> Result<()> {
    let prices: Vec<i128> = items.iter().map(|item| minor(item, "price")).collect::<Result<_>>()?;
    let total: i128 = prices.iter().sum();
    let mut shares: Vec<(i128, i128)> = Vec::with_capacity(prices.len());
    for price in &prices {
        shares.push(if total == 0 { (0, 0) } else { (fee * price / total, fee * price % total) });
    }
    let mut left = fee - shares.iter().map(|(share, _)| share).sum::<i128>();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(shares.get(*index).map(|(_, rest)| *rest)));
    for index in order {
        if let Some((share, _)) = shares.get_mut(index).filter(|_| left > 0) {
            let more = if total == 0 { left } else { 1 };
            (*share, left) = (*share + more, left - more);
        }
    }
    let pairs = items.iter().zip(shares);
    pairs.into_iter().try_for_each(|(item, (share, _))| same("an item's share", minor(item, "fee")?, share))
}

/// What those who stay pay more: the tickets at their own price, less what they cost now.
fn groups(quote: &Value) -> Result<i128> {
    let mut lost = 0;
    for params in params(quote, "group_price_lost")? {
        let tickets = params.get("tickets").and_then(Value::as_i64).context("`tickets`")?;
        let full = i128::from(tickets) * minor(params, "otherwise")?;
        let more = full - minor(params, "with_group")? - minor(params, "before")?;
        same("what a group's price is lost by", minor(params, "amount")?, more)?;
        lost += more;
    }
    Ok(lost)
}

/// What is kept of lower prices, each said right after the prices.
fn kept(quote: &Value) -> Result<i128> {
    let (mut kept, mut cheaper) = (0, 0);
    for reason in array(quote, "explanation")? {
        let params = reason.get("params").context("a reason has `params`")?;
        match text(reason, "code")? {
            "price_changes" => cheaper = minor(params, "old")? - minor(params, "new")?,
            "difference_kept" => {
                let mut exact = cheaper * SCALE;
                if params.get("window").is_some_and(|window| !window.is_null()) {
                    let has = |name: &str| params.get(name).is_some_and(|value| !value.is_null());
                    exact = if has("percent") { percent(params, "percent")? * cheaper } else { 0 };
                    if has("max") {
                        exact = exact.min(minor(params, "max")? * SCALE);
                    }
                }
                same("what is kept of a difference", minor(params, "amount")?, rounded(exact, SCALE))?;
                kept += rounded(exact, SCALE);
            }
            _ => {}
        }
    }
    Ok(kept)
}

/// What is kept for the gateway: `took` × `gone` ÷ `received`, less `kept_before`.
fn gateway(quote: &Value) -> Result<i128> {
    let mut kept = 0;
    for params in params(quote, "gateway_fee_kept")? {
        let (gone, received) = (minor(params, "gone")?, minor(params, "received")?);
        ensure!(gone <= received, "more has gone back than came in");
        let in_proportion = rounded(minor(params, "took")? * gone, received);
        kept += (in_proportion - minor(params, "kept_before")?).max(0);
        same("what is kept for the gateway", minor(params, "amount")?, kept)?;
    }
    Ok(kept)
}

struct Settled {
    before: i128,
    owed: i128,
    paid: i128,
    /// Paid and not promised back.
    held: i128,
    by_hand: i128,
}

fn settled(quote: &Value) -> Result<Settled> {
    let settlement = quote.get("settlement").context("`settlement`")?;
    let of = |name: &str| minor(settlement, name);
    let (paid, promised) = (of("paid")?, of("promised")?);
    Ok(Settled { before: of("before")?, owed: of("owed")?, paid, held: paid - promised, by_hand: of("by_hand")? })
}

fn overridden_fee(quote: &Value) -> Result<Option<i128>> {
    let params = params(quote, "overridden")?;
    let fees = params.iter().filter(|params| params.get("fee").is_some_and(|fee| !fee.is_null()));
    fees.map(|params| minor(params, "fee")).next().transpose()
}

/// The parameters of every reason with a code.
fn params<'a>(quote: &'a Value, code: &str) -> Result<Vec<&'a Value>> {
    let reasons = array(quote, "explanation")?.iter();
    let with_code = reasons.filter(|reason| reason.get("code").and_then(Value::as_str) == Some(code));
    with_code.map(|reason| reason.get("params").context("a reason has `params`")).collect()
}

fn amount_of(quote: &Value, code: &str) -> Result<i128> {
    params(quote, code)?.iter().map(|params| minor(params, "amount")).sum()
}

fn same(what: &str, quoted: i128, worked_out: i128) -> Result<()> {
    ensure!(quoted == worked_out, "{what}: quoted {quoted}, worked out {worked_out}");
    Ok(())
}

/// Divides and rounds half away from zero.
fn rounded(dividend: i128, divisor: i128) -> i128 {
    let half = if dividend < 0 { -divisor } else { divisor };
    (2 * dividend + half) / (2 * divisor)
}

fn array<'a>(value: &'a Value, name: &str) -> Result<&'a [Value]> {
    let found = value.get(name).and_then(Value::as_array);
    found.map(Vec::as_slice).with_context(|| format!("there is no `{name}`"))
}

fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str> {
    value.get(name).and_then(Value::as_str).with_context(|| format!("there is no `{name}`"))
}

fn sum(values: &[Value], name: &str) -> Result<i128> {
    values.iter().map(|value| minor(value, name)).sum()
}

/// An amount in minor units: its digits without the point.
fn minor(value: &Value, name: &str) -> Result<i128> {
    let amount = value.get(name).with_context(|| format!("there is no `{name}`"))?;
    Ok(text(amount, "amount")?.replace('.', "").parse()?)
}

/// A percentage in ten-thousandths.
fn percent(value: &Value, name: &str) -> Result<i128> {
    let (whole, digits) = text(value, name)?.split_once('.').unwrap_or((text(value, name)?, ""));
    Ok(format!("{whole}{digits:0<4}").parse()?)
}
