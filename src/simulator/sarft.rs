//! The simulated SarftKioskService: real sockets, the same wire code as the kiosk's, and faults on demand.

mod answer;
pub mod faults;

pub use faults::{Exchange, ReturnValues, SiteFaults, Spell};

use super::at_present;
use super::cinema::Cinema;
use crate::sarft::codec::{Codec, Expected, FixedFields};
use crate::sarft::message::{Command, Message, Secret};
use crate::sarft::wire::Layout;
use answer::{Seen, answer};
use jiff::tz::TimeZone;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

/// Most connections at once; further ones are closed immediately.
const CONNECTIONS_MAX: usize = 64;
/// Time after which an idle connection is closed, unless the faults set an earlier one.
const IDLE_MAX: Duration = Duration::from_secs(600);
/// Interval at which an idle connection checks if it has to close: faults change while it waits.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Time limit for a client to take an answer; the connection ends after that.
const WRITE_MAX: Duration = Duration::from_secs(10);
/// Pause after the system refused to accept a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Bytes read at once.
const READ_SIZE: usize = 4096;

/// Settings of the service.
#[derive(Debug, Clone)]
pub struct ServiceSettings {
    /// Username that may sign in.
    pub username: String,
    /// Password of that username.
    pub password: Secret,
    /// Frame and encodings.
    pub layout: Layout,
    /// Time zone of text datetimes.
    pub timezone: TimeZone,
}

/// State shared by all connections.
struct Service {
    cinema: Arc<Mutex<Cinema>>,
    faults: Arc<Mutex<SiteFaults>>,
    seen: Mutex<Seen>,
    settings: ServiceSettings,
    codec: FixedFields,
}

/// Serves until dropped; its connections end with it.
pub async fn serve(
    listener: TcpListener,
    cinema: Arc<Mutex<Cinema>>,
    faults: Arc<Mutex<SiteFaults>>,
    settings: ServiceSettings,
) {
    let codec = FixedFields { layout: settings.layout.clone(), timezone: settings.timezone.clone() };
    let service = Arc::new(Service { cinema, faults, seen: Mutex::default(), settings, codec });
    let mut connections = JoinSet::new();
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                log::warn!("simulated on-site service: cannot accept: {error}");
                sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        while connections.try_join_next().is_some() {}
        if connections.len() >= CONNECTIONS_MAX {
            log::warn!(
                "simulated on-site service: {CONNECTIONS_MAX} connections are open; one more is closed"
            );
            continue;
        }
        let service = Arc::clone(&service);
        connections.spawn(async move {
            if let Err(error) = Connection::new(stream, service).run().await {
                log::info!("simulated on-site service: connection closed: {error}");
            }
        });
    }
}

/// Locks the data even if a holder panicked: each change of it is one assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Connection {
    stream: TcpStream,
    service: Arc<Service>,
    received: Vec<u8>,
    sequence: u32,
    signed_in: bool,
}

impl Connection {
    fn new(stream: TcpStream, service: Arc<Service>) -> Self {
        Self { stream, service, received: Vec::new(), sequence: 0, signed_in: false }
    }

    async fn run(mut self) -> io::Result<()> {
        self.stream.set_nodelay(true)?;
        while let Some(request) = self.next().await? {
            let Some(exchange) = exchange_of(&request) else {
                return Err(io::Error::other("a reply where a request belongs"));
            };
            let (delay, late, lost) = {
                let mut faults = lock(&self.service.faults);
                let delayed = faults.delay_on.as_mut().is_none_or(|spell| spell.strikes(exchange));
                let lost = faults.silent || faults.lost_before.strikes(exchange);
                let late = if lost { 0 } else { faults.late_ms(exchange) };
                (if delayed { faults.delay_ms } else { 0 }, late, lost)
            };
            if lost {
                continue;
            }
            // The request is carried out now, even if the client is gone.
            if late > 0 {
                sleep(Duration::from_millis(late)).await;
            }
            let reply = self.act(exchange, &request);
            if delay > 0 {
                sleep(Duration::from_millis(delay)).await;
            }
            if !self.reply(exchange, reply).await? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Returns the next request; `None` once the client is gone or has been idle for too long.
    async fn next(&mut self) -> io::Result<Option<Message>> {
        let sequence = self.sequence.wrapping_add(1);
        let commands = if self.signed_in {
            vec![Command::Authenticate, Command::Query, Command::Issue, Command::Report]
        } else {
            vec![Command::Authenticate]
        };
        let expected = Expected { commands, sequence, print_no: None };
        let mut buffer = vec![0; READ_SIZE];
        let began = Instant::now();
        loop {
            let decoded = self.service.codec.decode(&self.received, Some(&expected));
            if let Some(decoded) =
                decoded.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?
            {
                self.received.drain(..decoded.length);
                self.sequence = sequence;
                return Ok(Some(decoded.message));
            }
            match timeout(LOOK_EVERY, self.stream.read(&mut buffer)).await {
                Err(_) => {
                    let told = lock(&self.service.faults).close_idle_after_ms;
                    if began.elapsed() >= told.map_or(IDLE_MAX, Duration::from_millis) {
                        return Ok(None);
                    }
                }
                Ok(Ok(0)) => return Ok(None),
                Ok(Ok(count)) => self.received.extend_from_slice(buffer.get(..count).unwrap_or_default()),
                Ok(Err(error)) => return Err(error),
            }
        }
    }

    fn act(&mut self, exchange: Exchange, request: &Message) -> Message {
        let (told, list) = {
            let mut faults = lock(&self.service.faults);
            (faults.return_value.of(exchange), faults.list(exchange))
        };
        if let Message::Authenticate { username, password } = request {
            let right =
                *username == self.service.settings.username && *password == self.service.settings.password;
            let return_value = told.unwrap_or(u8::from(!right));
            self.signed_in = return_value == 0;
            return Message::AuthenticateReply { return_value };
        }
        answer(&mut at_present(&self.service.cinema), &mut lock(&self.service.seen), request, told, list)
    }

    /// Sends the reply, altered by the faults; returns true if the connection continues.
    async fn reply(&mut self, exchange: Exchange, reply: Message) -> io::Result<bool> {
        let Some((bytes, goes_on)) = self.spoil(exchange, reply)? else { return Ok(true) };
        timeout(WRITE_MAX, self.stream.write_all(&bytes))
            .await
            .map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "the client takes no answer"))??;
        Ok(goes_on)
    }

    /// Returns the bytes to send, and true if the connection continues; `None` to send nothing.
    fn spoil(&self, exchange: Exchange, mut reply: Message) -> io::Result<Option<(Vec<u8>, bool)>> {
        let mut faults = lock(&self.service.faults);
        if faults.silent_on.strikes(exchange) {
            return Ok(None);
        }
        if faults.wrong_print_no.strikes(exchange) {
            answer::for_the_next_booking(&mut reply);
        }
        let off = u32::from(faults.wrong_sequence.strikes(exchange));
        let encoded = self.service.codec.encode(&reply, self.sequence.wrapping_add(off));
        let mut bytes = encoded.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        if faults.wrong_length.strikes(exchange) {
            let (at, size) = self.service.settings.layout.length_field();
            bytes.iter_mut().skip(at).take(size).for_each(|byte| *byte = 0);
        }
        if faults.answer_twice.strikes(exchange) {
            bytes.extend_from_within(..);
        }
        if faults.close_in_mid_frame.strikes(exchange) {
            bytes.truncate(bytes.len() / 2);
            return Ok(Some((bytes, false)));
        }
        Ok(Some((bytes, !faults.close_after.strikes(exchange))))
    }
}

fn exchange_of(request: &Message) -> Option<Exchange> {
    match request.command() {
        Command::Authenticate => Some(Exchange::SignIn),
        Command::Query => Some(Exchange::Query),
        Command::Issue => Some(Exchange::Issue),
        Command::Report => Some(Exchange::Report),
        _ => None,
    }
}
