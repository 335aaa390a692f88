//! The mailbox of one's own machine: what was sent, to be looked at by whoever runs the worker there. Not for customers, so in English only, and
//! only where the deployment says that it keeps one.
//!
//! A message's HTML is shown in a frame of its own that runs nothing; its links open beside it.

use leeway_core::time::Zone;
use maud::{Markup, html};

use super::layout::{Script, Shell, Width, shell};
use crate::reader::{Reader, Style};
use crate::reply::{Kind, Reply};
use crate::store::{Kept, KeptFile, Listed, Operator};
use crate::words::Language;

/// In place, since no other page has such things.
const FRAME: &str = "width:100%;height:min(60rem,80vh);border:1px solid var(--line);border-radius:10px";
const ADDRESS: &str = "white-space:normal;overflow-wrap:anywhere;flex:0 1 auto";
const PRE: &str = "white-space:pre-wrap;overflow-wrap:anywhere;margin:0;font-size:.89rem";

/// What was sent, the newest first.
pub fn list(operator: &Operator, messages: &[Listed]) -> Reply {
    let reader = Reader::of(Some(Language::English), None, &operator.locale);
    let zone = Zone::parse(&operator.time_zone).ok();
    let content = html! {
        div.head { h1 { "Mailbox" } p.lead { "Messages that would have been sent. They stay on this machine." } }
        section.card {
            @if messages.is_empty() { p { "Nothing yet." } }
            ul.ledger {
                @for Listed { seq, at, to, subject } in messages {
                    li {
                        a href=(format!("/mailbox/{}/{seq}", operator.id)) { (subject) }
                        span.small {
                            (to)
                            @if let Some(zone) = &zone { " · " (reader.at(*at, zone, Style::Minute)) }
                        }
                    }
                }
            }
        }
    };
    page(&reader, "Mailbox", &content)
}

/// One message, as its reader sees it and as text.
pub fn message(operator: &Operator, kept: &Kept) -> Reply {
    let reader = Reader::of(Some(Language::English), None, &operator.locale);
    let Kept { from, to, reply_to, subject, text, html, attachments } = kept;
    // Links leave the frame: a page of ours may stand in none.
    let framed = html.replacen("<head>", "<head><base target=\"_blank\">", 1);
    let content = html! {
        p.back { a href=(format!("/mailbox/{}", operator.id)) { "Back to the mailbox" } }
        div.head { h1 { (subject) } }
        section.card.letter {
            dl.sums {
                div { dt { "From" } dd style=(ADDRESS) { (from) } }
                div { dt { "To" } dd style=(ADDRESS) { (to) } }
                @if let Some(reply_to) = reply_to { div { dt { "Reply to" } dd style=(ADDRESS) { (reply_to) } } }
            }
            iframe title="The message" srcdoc=(framed) sandbox="allow-popups allow-popups-to-escape-sandbox" style=(FRAME) {}
            details { summary { "As text" } pre style=(PRE) { (text) } }
            @for KeptFile { name, content_type, content } in attachments {
                details { summary { (name) " " span.small { (content_type) } } pre style=(PRE) { (content) } }
            }
        }
    };
    page(&reader, subject, &content)
}

fn page(reader: &Reader, title: &str, content: &Markup) -> Reply {
    let shell = shell(
        &Shell { reader, languages: None, title, operator: None, script: Script::No, width: Width::Columns },
        content,
    );
    Reply::bytes(200, Kind::Mailbox, shell.into_string().into_bytes())
}
