//! What time it is for a request. In a build with `test-doors` the request may say so itself.

use leeway_core::Instant;

use crate::host;

/// The header with which a test sets the clock.
#[cfg(feature = "test-doors")]
const HEADER: &str = "leeway-test-now";

/// The instant at which a request is answered.
#[cfg(not(feature = "test-doors"))]
pub fn now(_request: &web_sys::Request) -> Instant {
    platform_now()
}

/// The instant at which a request is answered: the request's own, where it names one.
#[cfg(feature = "test-doors")]
pub fn now(request: &web_sys::Request) -> Instant {
    let named = request.headers().get(HEADER).ok().flatten();
    named.and_then(|text| Instant::parse(&text).ok()).unwrap_or_else(platform_now)
}

/// Does the request say what time it is?
#[cfg(feature = "test-doors")]
pub fn is_set(request: &web_sys::Request) -> bool {
    request.headers().has(HEADER).unwrap_or_default()
}

fn platform_now() -> Instant {
    Instant::EPOCH.shifted_ms(host::now_ms())
}
