//! Handing a message to a server by SMTP submission (RFC 6409): the protocol alone, as a machine that is fed bytes and says what to do next.
//! It knows no socket, no clock and no TLS; [`super::sockets`] drives it.
//!
//! What matters is the end. Until the dot after the message, nothing was handed over, and it can be tried again. After the dot only the
//! server knows: a connection that breaks there leaves the outcome unknown, and the message is sent again under the same `Message-ID`.

use base64ct::{Base64, Encoding as _};

use super::address::Address;

/// The longest reply that is read, in bytes: far more than any server has to say.
const REPLY_BYTES_MAX: usize = 64 * 1024;
/// What of a server's words is kept as a reason, in characters.
const WHY_CHARS_MAX: usize = 300;

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// Not yet: TLS begins after a few lines (port 587).
    StartTls,
    /// From the first byte (port 465).
    Tls,
    /// Not at all: to a server on the same machine only.
    Nothing,
}

/// Who we are to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    pub user: String,
    pub password: String,
}

/// What is handed over, and how.
#[derive(Debug, Clone)]
pub struct Submission {
    pub protection: Protection,
    pub login: Option<Login>,
    /// The name we greet with.
    pub client: String,
    pub from: Address,
    pub to: Address,
    /// The message, its lines ended by CRLF.
    pub message: String,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// The server has it.
    Over,
    /// Not now; perhaps later.
    Later(String),
    /// Never: this recipient, this sender or this message is refused.
    Refused(String),
    /// The connection broke when the server had all of it.
    Unknown(String),
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Read more, and feed it.
    Read,
    /// Write these bytes, then read.
    Write(Vec<u8>),
    /// Begin TLS, then call [`Machine::secured`].
    StartTls,
    /// It is over. The bytes are a good-bye, whose answer nobody waits for.
    End(Handed, Option<Vec<u8>>),
}

/// Where the conversation is: whose answer comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Awaits {
    Greeting,
    Hello,
    StartTls,
    /// The machine waits for [`Machine::secured`].
    Secured,
    AuthPlain,
    AuthLogin,
    AuthUser,
    AuthPassword,
    From,
    To,
    Data,
    /// The dot was sent.
    Accepted,
    Over,
}

/// One submission.
pub struct Machine {
    submission: Submission,
    awaits: Awaits,
    is_secure: bool,
    read: Vec<u8>,
}

/// A server's answer: its code and its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reply {
    code: u16,
    lines: Vec<String>,
}

impl Machine {
    /// Waits for the server to greet.
    pub fn new(submission: Submission) -> Self {
        let is_secure = submission.protection == Protection::Tls;
        Self { submission, awaits: Awaits::Greeting, is_secure, read: Vec::new() }
    }

    /// Takes what the server sent.
    pub fn feed(&mut self, bytes: &[u8]) -> Step {
        if self.awaits == Awaits::Over {
            return Step::Read;
        }
        self.read.extend_from_slice(bytes);
        let reply = match Reply::take(&mut self.read) {
            Ok(Some(reply)) => reply,
            Ok(None) if self.read.len() <= REPLY_BYTES_MAX => return Step::Read,
            Ok(None) | Err(NotSmtp) => return self.broke("the server does not speak SMTP"),
        };
        // Somebody in between could have written the rest before TLS began, to have it taken for the server's word after it.
        if self.awaits == Awaits::StartTls && !self.read.is_empty() {
            return self.broke("the server spoke before TLS had begun");
        }
        self.answer(&reply)
    }

    /// Goes on after TLS has begun.
    pub fn secured(&mut self) -> Step {
        if self.awaits != Awaits::Secured {
            return self.broke("TLS began at the wrong moment");
        }
        self.is_secure = true;
        self.greet()
    }

    /// The connection ended, or nothing came for too long.
    pub fn broke(&mut self, why: &str) -> Step {
        let handed = if self.awaits == Awaits::Accepted { Handed::Unknown } else { Handed::Later }(why.to_owned());
        self.awaits = Awaits::Over;
        Step::End(handed, None)
    }

    fn answer(&mut self, reply: &Reply) -> Step {
        match (self.awaits, reply.code) {
            (Awaits::Greeting, 220) => self.greet(),
            (Awaits::Hello, 250) => self.hello(reply),
            (Awaits::StartTls, 220) => {
                self.awaits = Awaits::Secured;
                Step::StartTls
            }
            (Awaits::AuthLogin, 334) => self.credential(Awaits::AuthUser, |login| &login.user),
            (Awaits::AuthUser, 334) => self.credential(Awaits::AuthPassword, |login| &login.password),
            (Awaits::AuthPlain | Awaits::AuthPassword, 235) => self.mail_from(),
            (Awaits::From, 250) => {
                let line = format!("RCPT TO:<{}>", self.submission.to);
                self.say(Awaits::To, &line)
            }
            (Awaits::To, 250 | 251) => self.say(Awaits::Data, "DATA"),
            (Awaits::Data, 354) => {
                self.awaits = Awaits::Accepted;
                Step::Write(stuffed(&self.submission.message))
            }
            (Awaits::Accepted, 250) => self.end(Handed::Over),
            (_, _) => {
                let handed = self.refusal(reply);
                self.end(handed)
            }
        }
    }

    /// What an answer means that is not the one hoped for. A refused login or greeting is ours to mend: the message itself is not at fault.
    fn refusal(&self, reply: &Reply) -> Handed {
        let why = reply.why();
        match (self.awaits, reply.code) {
            (Awaits::From | Awaits::To | Awaits::Data | Awaits::Accepted, 500..=599) => Handed::Refused(why),
            // An answer that is none: it may have taken the message.
            (Awaits::Accepted, code) if !(400..=499).contains(&code) => Handed::Unknown(why),
            (_, _) => Handed::Later(why),
        }
    }

    fn greet(&mut self) -> Step {
        let line = format!("EHLO {}", self.submission.client);
        self.say(Awaits::Hello, &line)
    }

    fn hello(&mut self, reply: &Reply) -> Step {
        if !self.is_secure && self.submission.protection == Protection::StartTls {
            return if reply.offers("STARTTLS").is_some() {
                self.say(Awaits::StartTls, "STARTTLS")
            } else {
                self.end(Handed::Later("the server offers no STARTTLS".to_owned()))
            };
        }
        let Some(login) = &self.submission.login else { return self.mail_from() };
        let offered = reply.offers("AUTH").unwrap_or_default();
        let offers = |mechanism: &str| offered.split(' ').any(|one| one.eq_ignore_ascii_case(mechanism));
        if offers("PLAIN") {
            let secret = Base64::encode_string(format!("\0{}\0{}", login.user, login.password).as_bytes());
            let line = format!("AUTH PLAIN {secret}");
            self.say(Awaits::AuthPlain, &line)
        } else if offers("LOGIN") {
            self.say(Awaits::AuthLogin, "AUTH LOGIN")
        } else {
            self.end(Handed::Later("the server offers neither AUTH PLAIN nor AUTH LOGIN".to_owned()))
        }
    }

    fn credential(&mut self, next: Awaits, which: impl Fn(&Login) -> &String) -> Step {
        let text = self.submission.login.as_ref().map(|login| Base64::encode_string(which(login).as_bytes()));
        self.say(next, &text.unwrap_or_default())
    }

    fn mail_from(&mut self) -> Step {
        let line = format!("MAIL FROM:<{}>", self.submission.from);
        self.say(Awaits::From, &line)
    }

    fn say(&mut self, next: Awaits, line: &str) -> Step {
        self.awaits = next;
        Step::Write(format!("{line}\r\n").into_bytes())
    }

    fn end(&mut self, handed: Handed) -> Step {
        self.awaits = Awaits::Over;
        Step::End(handed, Some(b"QUIT\r\n".to_vec()))
    }
}

/// The message with the dot that ends it. A line that begins with a dot gets another one.
fn stuffed(message: &str) -> Vec<u8> {
    let mut out = String::with_capacity(message.len().saturating_add(64));
    for line in message.split_inclusive("\r\n") {
        if line.starts_with('.') {
            out.push('.');
        }
        out.push_str(line);
    }
    if !out.ends_with("\r\n") {
        out.push_str("\r\n");
    }
    out.push_str(".\r\n");
    out.into_bytes()
}

/// Bytes that are no reply.
struct NotSmtp;

impl Reply {
    /// Takes a whole reply off the front of what was read, once it is there: lines of a code and `-`, the last one without.
    fn take(read: &mut Vec<u8>) -> Result<Option<Self>, NotSmtp> {
        let mut lines = Vec::new();
        let mut taken = 0_usize;
        for line in read.split_inclusive(|byte| *byte == b'\n') {
            if !line.ends_with(b"\n") {
                return Ok(None);
            }
            taken = taken.saturating_add(line.len());
            let line = String::from_utf8_lossy(line);
            let line = line.trim_end();
            let (code, rest) = line.split_at_checked(3).ok_or(NotSmtp)?;
            let code: u16 = code.parse().map_err(|_| NotSmtp)?;
            let (goes_on, text) = match rest.split_at_checked(1) {
                None => (false, ""),
                Some((" ", text)) => (false, text),
                Some(("-", text)) => (true, text),
                Some(_) => return Err(NotSmtp),
            };
            lines.push(text.to_owned());
            if !goes_on {
                read.drain(..taken);
                return Ok(Some(Self { code, lines }));
            }
        }
        Ok(None)
    }

    /// What follows a keyword of EHLO's answer.
    fn offers(&self, keyword: &str) -> Option<&str> {
        self.lines.iter().skip(1).find_map(|line| {
            let (word, rest) = line.split_once([' ', '=']).unwrap_or((line, ""));
            word.eq_ignore_ascii_case(keyword).then_some(rest)
        })
    }

    fn why(&self) -> String {
        let text = format!("{} {}", self.code, self.lines.join(" "));
        text.chars().filter(|c| !c.is_control()).take(WHY_CHARS_MAX).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submission(protection: Protection, login: Option<(&str, &str)>) -> Submission {
        let address = |text: &str| Address::parse(text).unwrap();
        Submission {
            protection,
            login: login.map(|(user, password)| Login { user: user.to_owned(), password: password.to_owned() }),
            client: "book.example.com".to_owned(),
            from: address("tours@example.com"),
            to: address("ana@example.org"),
            message: "Subject: x\r\n\r\n.a\r\nb\r\n".to_owned(),
        }
    }

    fn write(text: &str) -> Step {
        Step::Write(text.as_bytes().to_vec())
    }

    fn quit(handed: Handed) -> Step {
        Step::End(handed, Some(b"QUIT\r\n".to_vec()))
    }

    const CREDENTIALS: Option<(&str, &str)> = Some(("me", "pass"));
    const HELLO: &str = "250-mx.example.com\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME\r\n";

    /// Feeds replies one after another; the last step.
    fn play(machine: &mut Machine, replies: &[&str]) -> Step {
        let mut last = Step::Read;
        for reply in replies {
            last = machine.feed(reply.as_bytes());
            if last == Step::StartTls {
                last = machine.secured();
            }
        }
        last
    }

    #[test]
    fn a_whole_submission_with_starttls() {
        let mut machine = Machine::new(submission(Protection::StartTls, CREDENTIALS));
        assert_eq!(machine.feed(b"220 mx.example.com ESMTP\r\n"), write("EHLO book.example.com\r\n"));
        assert_eq!(machine.feed(b"250-mx.example.com\r\n250 STARTTLS\r\n"), write("STARTTLS\r\n"));
        assert_eq!(machine.feed(b"220 go ahead\r\n"), Step::StartTls);
        assert_eq!(machine.secured(), write("EHLO book.example.com\r\n"));
        assert_eq!(machine.feed(HELLO.as_bytes()), write("AUTH PLAIN AG1lAHBhc3M=\r\n"));
        assert_eq!(machine.feed(b"235 ok\r\n"), write("MAIL FROM:<tours@example.com>\r\n"));
        assert_eq!(machine.feed(b"250 ok\r\n"), write("RCPT TO:<ana@example.org>\r\n"));
        assert_eq!(machine.feed(b"250 ok\r\n"), write("DATA\r\n"));
        assert_eq!(machine.feed(b"354 go\r\n"), write("Subject: x\r\n\r\n..a\r\nb\r\n.\r\n"));
        assert_eq!(machine.feed(b"250 queued as 1\r\n"), quit(Handed::Over));
        assert_eq!(machine.feed(b"221 bye\r\n"), Step::Read, "nothing follows the end");
    }

    #[test]
    fn auth_login_where_plain_is_not_offered() {
        let mut machine = Machine::new(submission(Protection::Tls, CREDENTIALS));
        assert_eq!(play(&mut machine, &["220 hi\r\n", "250-mx\r\n250 AUTH=LOGIN\r\n"]), write("AUTH LOGIN\r\n"));
        assert_eq!(machine.feed(b"334 VXNlcm5hbWU6\r\n"), write("bWU=\r\n"));
        assert_eq!(machine.feed(b"334 UGFzc3dvcmQ6\r\n"), write("cGFzcw==\r\n"));
        assert_eq!(machine.feed(b"235 ok\r\n"), write("MAIL FROM:<tours@example.com>\r\n"));
    }

    #[test]
    fn without_a_login_none_is_tried() {
        let mut machine = Machine::new(submission(Protection::Nothing, None));
        assert_eq!(play(&mut machine, &["220 hi\r\n", HELLO]), write("MAIL FROM:<tours@example.com>\r\n"));
    }

    #[test]
    fn replies_come_in_any_pieces() {
        let whole = format!("220 hi\r\n{HELLO}");
        let mut machine = Machine::new(submission(Protection::Tls, CREDENTIALS));
        let mut written = Vec::new();
        for byte in whole.bytes() {
            let step = machine.feed(&[byte]);
            if let Step::Write(bytes) = step {
                written.push(String::from_utf8(bytes).unwrap());
            } else {
                assert!(matches!(step, Step::Read), "{step:?}");
            }
        }
        assert_eq!(written, ["EHLO book.example.com\r\n", "AUTH PLAIN AG1lAHBhc3M=\r\n"]);
    }

    #[test]
    fn every_refusal() {
        let hello = "250-mx\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n";
        // All the good answers of a submission with STARTTLS; the case is what comes in place of the one after the first `n`.
        let good = [
            "220 hi\r\n",
            hello,
            "220 go\r\n",
            hello,
            "235 ok\r\n",
            "250 ok\r\n",
            "250 ok\r\n",
            "354 go\r\n",
            "250 ok\r\n",
        ];
        let later = |why: &str| Handed::Later(why.to_owned());
        let refused = |why: &str| Handed::Refused(why.to_owned());
        for (n, bad, expected) in [
            (0, "421 busy\r\n", later("421 busy")),
            (0, "554 no service\r\n", later("554 no service")),
            (1, "502 what?\r\n", later("502 what?")),
            (1, "250 mx\r\n", later("the server offers no STARTTLS")),
            (2, "454 no TLS now\r\n", later("454 no TLS now")),
            (3, "250 mx\r\n", later("the server offers neither AUTH PLAIN nor AUTH LOGIN")),
            (4, "535 5.7.8 bad password\r\n", later("535 5.7.8 bad password")),
            (5, "451 later\r\n", later("451 later")),
            (5, "553 not your address\r\n", refused("553 not your address")),
            (6, "450 greylisted\r\n", later("450 greylisted")),
            (6, "550-5.1.1 no such\r\n550 5.1.1 user\r\n", refused("550 5.1.1 no such 5.1.1 user")),
            (7, "554 no valid recipients\r\n", refused("554 no valid recipients")),
            (7, "451 later\r\n", later("451 later")),
            (8, "452 disk full\r\n", later("452 disk full")),
            (8, "554 spam\r\n", refused("554 spam")),
            (8, "354 again\r\n", Handed::Unknown("354 again".to_owned())),
        ] {
            let mut machine = Machine::new(submission(Protection::StartTls, CREDENTIALS));
            play(&mut machine, &good[..n]);
            assert_eq!(play(&mut machine, &[bad]), quit(expected), "{n} {bad}");
        }
    }

    #[test]
    fn a_connection_that_breaks() {
        let good = ["220 hi\r\n", HELLO, "235 ok\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n"];
        for n in 0..=good.len() {
            let mut machine = Machine::new(submission(Protection::Tls, CREDENTIALS));
            play(&mut machine, &good[..n]);
            let why = "the connection ended".to_owned();
            let expected = if n == good.len() { Handed::Unknown(why.clone()) } else { Handed::Later(why.clone()) };
            assert_eq!(machine.broke(&why), Step::End(expected, None), "{n}");
        }
    }

    #[test]
    fn a_server_that_is_none() {
        let no_smtp = || Step::End(Handed::Later("the server does not speak SMTP".to_owned()), None);
        for bad in ["HTTP/1.1 400 Bad Request\r\n", "220\u{0}hi\r\n", "99\r\n", "\r\n", "22x hi\r\n"] {
            assert_eq!(Machine::new(submission(Protection::Tls, None)).feed(bad.as_bytes()), no_smtp(), "{bad}");
        }
        let mut endless = Machine::new(submission(Protection::Tls, None));
        assert_eq!(endless.feed(&vec![b'2'; REPLY_BYTES_MAX + 1]), no_smtp());
    }

    #[test]
    fn what_was_said_before_tls_counts_for_nothing() {
        let mut machine = Machine::new(submission(Protection::StartTls, CREDENTIALS));
        play(&mut machine, &["220 hi\r\n", "250-mx\r\n250 STARTTLS\r\n"]);
        let injected = machine.feed(b"220 go\r\n250-mx\r\n250 AUTH PLAIN\r\n");
        assert_eq!(injected, Step::End(Handed::Later("the server spoke before TLS had begun".to_owned()), None));
    }
}
