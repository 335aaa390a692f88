//! Where an operator may send us: addresses on the public internet, and none inside somebody's network. A name can still resolve to a private
//! address: the platform refuses that connection (`allow = ["public"]` in workerd.capnp, and Cloudflare's network by itself).

const URL_CHARS_MAX: usize = 500;

/// Is it an address that we may send to? Else why not.
pub fn check(url: &str) -> Result<(), &'static str> {
    if url.len() > URL_CHARS_MAX || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("an address has at most 500 plain characters");
    }
    let rest = match url.strip_prefix("https://") {
        Some(rest) => rest,
        None if cfg!(feature = "test-doors") && url.starts_with("http://127.0.0.1:") => return Ok(()),
        None => return Err("an address begins with `https://`"),
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("an address has no user and no password in it");
    }
    let host = authority
        .rsplit_once(':')
        .map_or(authority, |(host, port)| if port.bytes().all(|b| b.is_ascii_digit()) { host } else { authority });
    if is_public_name(host) { Ok(()) } else { Err("not the name of a host on the public internet") }
}

/// A name with a dot whose last label is not a number: neither an address by digits, in any spelling, nor a name of a private network.
fn is_public_name(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let labels: Vec<&str> = host.split('.').collect();
    let plain = |label: &&str| {
        !label.is_empty() && label.len() <= 63 && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let top = labels.last().copied().unwrap_or_default();
    let private =
        ["localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion", "test", "invalid"];
    labels.len() >= 2
        && labels.iter().all(plain)
        && !top.starts_with(|c: char| c.is_ascii_digit())
        && !private.contains(&top)
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn names_on_the_public_internet() {
        for url in [
            "https://hooks.example.com/leeway?x=1",
            "https://example.co.uk:8443/a",
            "https://xn--bcher-kva.example.",
            "https://a.b",
        ] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn nothing_inside_a_network() {
        for url in [
            "",
            "http://example.com",
            "ftp://example.com",
            "https://",
            "https://localhost",
            "https://localhost:80/x",
            "https://intranet",
            "https://10.0.0.1",
            "https://127.1",
            "https://0x7f.1",
            "https://2130706433",
            "https://169.254.169.254/latest",
            "https://[::1]/",
            "https://[fd00::1]:443",
            "https://db.internal",
            "https://printer.local",
            "https://a@b.com",
            "https://example.com@127.0.0.1",
            "https://exa mple.com",
            "https://example..com",
            "https://ex_ample.com/",
            "https://пример.рф",
        ] {
            assert!(check(url).is_err(), "{url}");
        }
    }
}
