//! A load client for one server on the loopback address: a few connections, each with one request at a time.
//!
//! Not a general HTTP client: HTTP/1.1 with keep-alive, bodies of known length or in chunks, nothing else.

use std::fmt::Debug;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::ops::RangeBounds;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

const CONNECTIONS: usize = 8;
const READ_MAX: Duration = Duration::from_secs(20);

/// When a load ends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stop {
    /// After this time.
    After(Duration),
    /// After this many turns.
    Turns(u64),
}

/// What a load measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    /// Requests that were answered.
    pub(crate) requests: u64,
    /// How long it took.
    pub(crate) time: Duration,
}

/// An answer's status and body.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The answer itself if its status is among these: an error page must not be measured as if it were the real thing.
    ///
    /// # Errors
    /// It is another.
    pub(crate) fn expect(self, statuses: impl RangeBounds<u16> + Debug) -> Result<Self> {
        if statuses.contains(&self.status) {
            return Ok(self);
        }
        bail!("expected status {statuses:?}, got {}: {}", self.status, String::from_utf8_lossy(&self.body))
    }
}

/// Runs turns on all connections until it is time to stop. A turn has a number of its own and answers how many requests
/// it made.
///
/// # Errors
/// A connection breaks, or a turn fails: then nothing was measured.
pub(crate) fn load<T>(port: u16, stop: Stop, turn: T) -> Result<Measured>
where
    T: Fn(&mut Connection, u64) -> Result<u64> + Sync,
{
    let next = AtomicU64::new(0);
    let began = Instant::now();
    let go_on = |number: u64| match stop {
        Stop::After(time) => began.elapsed() < time,
        Stop::Turns(turns) => number < turns,
    };
    let one = || -> Result<u64> {
        let mut connection = Connection::open(port)?;
        let mut requests = 0;
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if !go_on(number) {
                return Ok(requests);
            }
            requests += turn(&mut connection, number)?;
        }
    };
    let counted: Vec<Result<u64>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(one)).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, _>| match thread.join() {
            Ok(result) => result,
            Err(_) => Err(anyhow!("a connection's thread panicked")),
        };
        threads.into_iter().map(join).collect()
    });
    let requests = counted.into_iter().sum::<Result<u64>>()?;
    Ok(Measured { requests, time: began.elapsed() })
}

/// One connection that stays open.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    line: String,
    /// The lines that every request has in its head.
    head: String,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// Nobody listens.
    pub(crate) fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).context("cannot connect")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(READ_MAX))?;
        Ok(Self { stream: BufReader::new(stream), line: String::new(), head: "host: 127.0.0.1\r\n".to_owned() })
    }

    /// From now on every request comes with this key.
    pub(crate) fn use_key(&mut self, key: &str) {
        self.head = format!("host: 127.0.0.1\r\nauthorization: Bearer {key}\r\n");
    }

    /// Sends a GET.
    ///
    /// # Errors
    /// The connection breaks or the answer is not HTTP.
    pub(crate) fn get(&mut self, path: &str) -> Result<Answer> {
        self.send(&format!("GET {path} HTTP/1.1\r\n{}\r\n", self.head))
    }

    /// Sends a POST with JSON.
    ///
    /// # Errors
    /// As [`Connection::get`].
    pub(crate) fn post(&mut self, path: &str, json: &str) -> Result<Answer> {
        self.send(&format!(
            "POST {path} HTTP/1.1\r\n{}content-type: application/json\r\ncontent-length: {}\r\n\r\n{json}",
            self.head,
            json.len()
        ))
    }

    fn send(&mut self, request: &str) -> Result<Answer> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        self.next_line()?;
        let status = self.line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.with_context(|| format!("not an HTTP answer: `{}`", self.line))?;
        let body = match self.framing()? {
            Framing::Length(bytes) => self.exactly(bytes)?,
            Framing::Chunks => self.chunks()?,
        };
        Ok(Answer { status, body })
    }

    fn framing(&mut self) -> Result<Framing> {
        let mut framing = Framing::Length(0);
        loop {
            self.next_line()?;
            if self.line.is_empty() {
                return Ok(framing);
            }
            let (name, value) = self.line.split_once(':').unwrap_or_default();
            if name.eq_ignore_ascii_case("content-length") {
                framing = Framing::Length(value.trim().parse().context("`content-length` is no number")?);
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                framing = Framing::Chunks;
            }
        }
    }

    fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            self.next_line()?;
            let bytes = usize::from_str_radix(&self.line, 16).context("a chunk has no length")?;
            body.extend(self.exactly(bytes)?);
            self.next_line()?;
            if bytes == 0 {
                return Ok(body);
            }
        }
    }

    fn exactly(&mut self, bytes: usize) -> Result<Vec<u8>> {
        let mut body = vec![0; bytes];
        self.stream.read_exact(&mut body)?;
        Ok(body)
    }

    fn next_line(&mut self) -> Result<()> {
        self.line.clear();
        if self.stream.read_line(&mut self.line)? == 0 {
            bail!("the server closed the connection");
        }
        self.line.truncate(self.line.trim_end().len());
        Ok(())
    }
}

#[derive(Debug, Clone, Copy)]
enum Framing {
    Length(usize),
    Chunks,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// A server that gives the same answer to every request, as many as it is asked.
    fn server(answer: &'static str) -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                std::thread::spawn(move || {
                    let mut stream = BufReader::new(stream.unwrap());
                    let mut line = String::new();
                    while stream.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
                        if line == "\r\n" {
                            stream.get_mut().write_all(answer.as_bytes()).unwrap();
                        }
                        line.clear();
                    }
                });
            }
        });
        port
    }

    #[test]
    fn every_turn_is_made_once() {
        let port = server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        let measured = load(port, Stop::Turns(100), |connection, _| {
            assert_eq!(connection.get("/")?.expect(200..300)?.body, b"ok");
            Ok(1)
        });
        assert_eq!(measured.unwrap().requests, 100);
    }

    #[test]
    fn chunks_are_joined() {
        let port = server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
        let mut connection = Connection::open(port).unwrap();
        assert_eq!(connection.get("/").unwrap().body, b"abcde");
        assert_eq!(connection.get("/").unwrap().body, b"abcde");
    }

    #[test]
    fn an_error_page_is_not_measured() {
        let port = server("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
        let measured = load(port, Stop::Turns(1), |connection, _| connection.get("/")?.expect(200..300).map(|_| 1));
        assert!(measured.unwrap_err().to_string().contains("500"));
    }
}
