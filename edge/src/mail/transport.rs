//! The ways that a message takes, behind one door. What each answer means is decided where the protocol is.

use super::binding::{self, SendEmail};
use super::http;
use super::mime::Message;
use super::settings::Transport;
use super::smtp::{Handed, Login, Submission};
use super::sockets;
use crate::host::Outgoing;

/// How long a provider may take to answer, in milliseconds: less than an attempt of the outbox.
const LIMIT_MS: u32 = 20_000;

/// Hands a message over. `client` is the name under which a mail server is greeted.
pub async fn send(binding: Option<&SendEmail>, client: &str, transport: &Transport, message: &Message) -> Handed {
    match transport {
        Transport::Smtp { host, port, security, user, password } => {
            let login = user.clone().zip(password.clone()).map(|(user, password)| Login { user, password });
            let submission = Submission {
                protection: (*security).into(),
                login,
                client: client.to_owned(),
                from: message.from.address.clone(),
                to: message.to.address.clone(),
                message: message.to_mime(),
            };
            sockets::submit(host, *port, submission).await
        }
        Transport::Http { url, api_key } => post(url, api_key.as_deref().unwrap_or_default(), message).await,
        Transport::Binding {} => match binding {
            Some(binding) => binding::send(binding, message).await,
            None => Handed::Later("this deployment has no `binding` any more".to_owned()),
        },
        // Whoever keeps the mailbox puts it there, in a commit of its own.
        Transport::Mailbox {} => Handed::Over,
    }
}

async fn post(url: &str, api_key: &str, message: &Message) -> Handed {
    let body = match http::body(message) {
        Ok(body) => body,
        Err(error) => return Handed::Later(error.to_string()),
    };
    let authorization = format!("Bearer {api_key}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
        ("idempotency-key", message.id.as_str()),
    ];
    let outgoing = Outgoing { method: "POST", url, headers: &headers, body: Some(&body), limit_ms: LIMIT_MS };
    match outgoing.send().await {
        Ok(answer) => http::handed(answer.status, &answer.body),
        Err(why) => Handed::Unknown(why),
    }
}
