//! Structured logs: one JSON object a line. Never a token, a key, a name or an address: only ids, codes and counts.

use serde_json::json;

/// Something that failed on our side.
pub fn error(event: &str, message: &str) {
    worker::console_error!("{}", json!({ "level": "error", "event": event, "message": message }));
}

/// Something that happened and stays.
pub fn committed(event: &str, operator: &str, subject: &str, version: u64) {
    let line = json!({ "level": "info", "event": event, "operator": operator, "subject": subject, "version": version });
    worker::console_log!("{line}");
}
