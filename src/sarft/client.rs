//! TCP client of the on-site service: at most one connection, one request at a time, and a time limit on every wait.
//!
//! 0x01, 0x03 and 0x07 are sent once more if the service turns out to have closed an idle connection; 0x05 never is.

use super::codec::{Codec, FixedFields};
use super::malformed::{Malformed, MalformedReason};
use super::message::Secret;
use super::session::{
    IssueError, QueryAnswer, ReportError, Request, SarftAnswer, SarftSession, SarftStep, SiteError,
};
use super::wire::Layout;
use crate::locale::system_error;
use crate::ticket::{BookingId, BookingNumber};
use jiff::tz::TimeZone;
use rustix::net::RecvFlags;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

/// Longest a connection may be idle; after that it is replaced before the next request, because a service that lost its
/// power does not close its end.
const IDLE_MAX: Duration = Duration::from_secs(30);
/// Bytes read at once. Whatever follows a reply's frame is never kept.
const READ_SIZE: usize = 16 * 1024;

/// Settings of a client, from `[sarft]` and `[cinema]`.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// HOST:PORT of the service.
    pub address: String,
    /// Name to sign in with, at most 32 bytes of ASCII.
    pub username: String,
    /// Password to sign in with, at most 32 bytes of ASCII.
    pub password: Secret,
    /// Time limit for connecting, and for each exchange.
    pub timeout: Duration,
    /// `[sarft.wire]`
    pub layout: Layout,
    /// `[cinema] timezone`
    pub timezone: TimeZone,
}

/// The kiosk's one client of the on-site service.
pub struct Client {
    settings: ClientSettings,
    codec: Arc<dyn Codec>,
    connection: Option<Connection>,
    signed_in: Option<Duration>,
}

struct Connection {
    stream: TcpStream,
    session: SarftSession,
    last_used: Instant,
}

impl Client {
    /// Creates a client that has not connected yet.
    pub fn new(settings: ClientSettings) -> Self {
        let codec = FixedFields::shared(settings.layout.clone(), settings.timezone.clone());
        Self { settings, codec, connection: None, signed_in: None }
    }

    /// Opens a fresh connection in place of the current one, and signs in on it (0x01).
    ///
    /// # Errors
    /// Fails if there is no connection, no answer or a wrong one, or a refusal. The connection is then closed.
    pub async fn sign_in(&mut self) -> Result<(), SiteError> {
        self.close();
        let began = Instant::now();
        let connecting = TcpStream::connect(self.settings.address.as_str());
        let stream = match timeout(self.settings.timeout, connecting).await {
            Err(_) => {
                return Err(SiteError::TimedOut { step: SarftStep::Connect, limit: self.settings.timeout });
            }
            Ok(Err(error)) => {
                let address = self.settings.address.clone();
                return Err(SiteError::CannotConnect { address, reason: system_error(&error) });
            }
            Ok(Ok(stream)) => stream,
        };
        // Each side sends one small frame: there is nothing to gain by waiting for more.
        if let Err(error) = stream.set_nodelay(true) {
            log::debug!("on-site service: TCP_NODELAY refused: {error}");
        }
        let session = SarftSession::new(Arc::clone(&self.codec));
        self.connection = Some(Connection { stream, session, last_used: Instant::now() });
        let (username, password) = (self.settings.username.clone(), self.settings.password.clone());
        let request = Request::SignIn { username: &username, password: &password };
        self.exchange(request, &mut 0).await?;
        self.signed_in = Some(began.elapsed());
        Ok(())
    }

    /// Takes the duration of the last sign-in, connecting included; `None` if there was none since the last call.
    pub fn take_sign_in(&mut self) -> Option<Duration> {
        self.signed_in.take()
    }

    /// Queries a booking (0x03). Connects and signs in if necessary; takes at most four time limits.
    ///
    /// # Errors
    /// See [`SiteError`]; the connection is then closed.
    pub async fn query(&mut self, number: BookingNumber) -> Result<QueryAnswer, SiteError> {
        match self.repeatable(Request::Query(number), &mut 0).await? {
            SarftAnswer::Queried(answer, notes) => {
                for note in notes {
                    log::warn!("on-site service, booking {number}: {note}");
                }
                Ok(answer)
            }
            _ => Err(self.out_of_turn(SarftStep::Query)),
        }
    }

    /// Issues a booking's tickets (0x05) and returns the site's return value, 0 for issued. Allowed only right after
    /// this connection has answered the same booking's query; never repeated.
    ///
    /// # Errors
    /// [`IssueError::NotSent`] only if no byte of the request was handed to the system.
    pub async fn issue(&mut self, number: BookingNumber, id: &BookingId) -> Result<u8, IssueError> {
        let step = SarftStep::Issue;
        let Some(connection) = self.connection.as_mut() else {
            let why = (
                "没有刚刚应答过该订单查询的连接",
                "there is no connection that has just answered this booking's query",
            );
            return Err(IssueError::NotSent(SiteError::NotAllowed { step, why }));
        };
        if connection.session.may_issue(number)
            && let Err(error) = connection.is_quiet(step)
        {
            self.close();
            return Err(IssueError::NotSent(error));
        }
        let mut sent = 0;
        match self.exchange(Request::Issue(number, id), &mut sent).await {
            Ok(SarftAnswer::Issued(value)) => Ok(value),
            Ok(_) => Err(IssueError::NoReply(self.out_of_turn(step))),
            Err(error) if sent == 0 => Err(IssueError::NotSent(error)),
            Err(error) => Err(IssueError::NoReply(error)),
        }
    }

    /// Reports a booking's tickets as printed (0x07) and returns the site's return value, 0 for accepted. Connects and
    /// signs in if necessary; takes at most four time limits.
    ///
    /// # Errors
    /// See [`SiteError`]; [`ReportError`] also tells if any byte was sent. The connection is then closed.
    pub async fn report(&mut self, number: BookingNumber) -> Result<u8, ReportError> {
        let mut sent = 0;
        match self.repeatable(Request::Report(number), &mut sent).await {
            Ok(SarftAnswer::Reported(value)) => Ok(value),
            Ok(_) => Err(ReportError { sent: sent > 0, cause: self.out_of_turn(SarftStep::Report) }),
            Err(cause) => Err(ReportError { sent: sent > 0, cause }),
        }
    }

    /// Closes the connection, if there is one.
    pub fn close(&mut self) {
        self.connection = None;
    }

    /// Runs an exchange that may safely happen twice.
    async fn repeatable(&mut self, request: Request<'_>, sent: &mut usize) -> Result<SarftAnswer, SiteError> {
        let reused = self.connection.as_ref().is_some_and(|connection| {
            connection.session.is_ready()
                && connection.last_used.elapsed() < IDLE_MAX
                && connection.is_quiet(request.step()).is_ok()
        });
        if !reused {
            self.sign_in().await?;
        }
        match self.exchange(request, sent).await {
            Err(SiteError::Closed { step, kind }) if reused => {
                log::info!("on-site service: the idle connection had been closed ({step}, {kind}); again");
                self.sign_in().await?;
                self.exchange(request, sent).await
            }
            other => other,
        }
    }

    /// Sends one request and waits for its answer. `sent` grows by the number of bytes handed to the system.
    async fn exchange(&mut self, request: Request<'_>, sent: &mut usize) -> Result<SarftAnswer, SiteError> {
        let step = request.step();
        let Some(connection) = self.connection.as_mut() else {
            return Err(SiteError::NotAllowed { step, why: ("没有连接", "there is no connection") });
        };
        let limit = self.settings.timeout;
        let result = match connection.session.begin(request) {
            Err(error) => Err(error),
            Ok(bytes) => {
                let deadline = Instant::now() + limit;
                match timeout_at(deadline, connection.carry(&bytes, step, sent)).await {
                    Ok(result) => result,
                    Err(_) => Err(SiteError::TimedOut { step, limit }),
                }
            }
        };
        match &result {
            Ok(_) => connection.last_used = Instant::now(),
            Err(error) => {
                log::debug!("on-site service: {error}");
                self.close();
            }
        }
        result
    }

    /// Reports an answer to another request. The session lets only the expected reply pass, so this cannot happen.
    fn out_of_turn(&mut self, step: SarftStep) -> SiteError {
        self.close();
        SiteError::NotAllowed {
            step, why: ("应答属于另一个请求", "the answer is another request's")
        }
    }
}

impl Connection {
    async fn carry(
        &mut self,
        bytes: &[u8],
        step: SarftStep,
        sent: &mut usize,
    ) -> Result<SarftAnswer, SiteError> {
        let closed = |kind| SiteError::Closed { step, kind };
        let mut left = bytes;
        while !left.is_empty() {
            let count = self.stream.write(left).await.map_err(|error| closed(error.kind()))?;
            if count == 0 {
                return Err(closed(io::ErrorKind::WriteZero));
            }
            *sent += count;
            left = left.get(count..).unwrap_or_default();
        }
        let mut buffer = vec![0; READ_SIZE];
        loop {
            let count = self.stream.read(&mut buffer).await.map_err(|error| closed(error.kind()))?;
            if count == 0 {
                return Err(closed(io::ErrorKind::UnexpectedEof));
            }
            if let Some(answer) = self.session.receive(buffer.get(..count).unwrap_or_default())? {
                return Ok(answer);
            }
        }
    }

    /// Fails if the system knows that the connection has ended, or holds bytes that no request asked for.
    fn is_quiet(&self, step: SarftStep) -> Result<(), SiteError> {
        let mut byte = [0u8; 1];
        let flags = RecvFlags::PEEK | RecvFlags::DONTWAIT;
        match rustix::net::recv(&self.stream, &mut byte[..], flags) {
            Err(rustix::io::Errno::AGAIN) => Ok(()),
            Err(error) => Err(SiteError::Closed { step, kind: io::Error::from(error).kind() }),
            Ok((0, _)) => Err(SiteError::Closed { step, kind: io::ErrorKind::UnexpectedEof }),
            Ok(_) => {
                let cause =
                    Malformed { field: "answer", entry: None, offset: 0, why: MalformedReason::Unasked };
                Err(SiteError::Malformed { step, cause })
            }
        }
    }
}
