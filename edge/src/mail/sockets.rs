//! Drives [`super::smtp`] over the platform's sockets.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::smtp::{Handed, Machine, Protection, Step, Submission};

/// How long a submission may take in all, in milliseconds: less than an attempt of the outbox.
const LIMIT_MS: i32 = 25_000;

#[wasm_bindgen(module = "cloudflare:sockets")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn connect(address: &Object, options: &Object) -> Result<Socket, JsValue>;

    #[derive(Clone)]
    type Socket;
    #[wasm_bindgen(method, getter)]
    fn readable(this: &Socket) -> Readable;
    #[wasm_bindgen(method, getter)]
    fn writable(this: &Socket) -> Writable;
    #[wasm_bindgen(method, catch, js_name = startTls)]
    fn start_tls(this: &Socket) -> Result<Socket, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn close(this: &Socket) -> Result<Promise, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    type Readable;
    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn get_reader(this: &Readable) -> Result<Reader, JsValue>;
    type Reader;
    #[wasm_bindgen(method, catch)]
    fn read(this: &Reader) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = releaseLock)]
    fn release_lock(this: &Reader) -> Result<(), JsValue>;

    type Writable;
    #[wasm_bindgen(method, catch, js_name = getWriter)]
    fn get_writer(this: &Writable) -> Result<Writer, JsValue>;
    type Writer;
    #[wasm_bindgen(method, catch)]
    fn write(this: &Writer, bytes: &Uint8Array) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = releaseLock)]
    fn release_lock(this: &Writer) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(then: &JsValue, after_ms: i32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// A connection with its two ends. Whoever watches the time closes it from outside, so it is shared; TLS makes another one of it.
struct Line {
    socket: Rc<RefCell<Socket>>,
    reader: Reader,
    writer: Writer,
}

/// Hands a message to a mail server.
pub async fn submit(host: &str, port: u16, submission: Submission) -> Handed {
    let mut line = match Line::open(host, port, submission.protection) {
        Ok(line) => line,
        Err(error) => return Handed::Later(why(&error)),
    };
    let ringing = Closure::once({
        let socket = Rc::clone(&line.socket);
        // Whatever waits for the connection then ends.
        move || drop(socket.borrow().close())
    });
    let timer = set_timeout(ringing.as_ref(), LIMIT_MS);
    let handed = converse(&mut line, Machine::new(submission)).await;
    clear_timeout(&timer);
    handed
}

async fn converse(line: &mut Line, mut machine: Machine) -> Handed {
    let mut step = Step::Read;
    loop {
        step = match step {
            Step::Read => match line.read().await {
                Ok(Some(bytes)) => machine.feed(&bytes),
                Ok(None) => machine.broke("the connection ended"),
                Err(error) => machine.broke(&why(&error)),
            },
            Step::Write(bytes) => match line.write(&bytes).await {
                Ok(()) => Step::Read,
                Err(error) => machine.broke(&why(&error)),
            },
            Step::StartTls => match line.secure() {
                Ok(()) => machine.secured(),
                Err(error) => machine.broke(&why(&error)),
            },
            Step::End(handed, farewell) => {
                if let Some(bytes) = farewell {
                    // It is over, whether the server hears it or not.
                    drop(line.write(&bytes).await);
                }
                drop(line.socket.borrow().close());
                return handed;
            }
        };
    }
}

impl Line {
    fn open(host: &str, port: u16, protection: Protection) -> Result<Self, JsValue> {
        let (address, options) = (Object::new(), Object::new());
        Reflect::set(&address, &"hostname".into(), &host.into())?;
        Reflect::set(&address, &"port".into(), &port.into())?;
        let transport = match protection {
            Protection::StartTls => "starttls",
            Protection::Tls => "on",
            Protection::Nothing => "off",
        };
        Reflect::set(&options, &"secureTransport".into(), &transport.into())?;
        let socket = connect(&address, &options)?;
        let (reader, writer) = (socket.readable().get_reader()?, socket.writable().get_writer()?);
        Ok(Self { socket: Rc::new(RefCell::new(socket)), reader, writer })
    }

    /// Begins TLS; the server's certificate must be one for the host that was connected to.
    fn secure(&mut self) -> Result<(), JsValue> {
        self.reader.release_lock()?;
        self.writer.release_lock()?;
        let secure = self.socket.borrow().start_tls()?;
        (self.reader, self.writer) = (secure.readable().get_reader()?, secure.writable().get_writer()?);
        self.socket.replace(secure);
        Ok(())
    }

    /// What came; nothing where the other side has ended.
    async fn read(&self) -> Result<Option<Vec<u8>>, JsValue> {
        let chunk = JsFuture::from(self.reader.read()?).await?;
        let value = Reflect::get(&chunk, &"value".into())?;
        Ok(value.dyn_into::<Uint8Array>().ok().map(|bytes| bytes.to_vec()))
    }

    async fn write(&self, bytes: &[u8]) -> Result<(), JsValue> {
        JsFuture::from(self.writer.write(&Uint8Array::from(bytes))?).await.map(drop)
    }
}

/// The platform's reason.
pub fn why(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.unwrap_or_else(|| "no connection".to_owned())
}
