//! The local socket by which other commands reach a running kiosk: one JSON line in, one out. Who may use it
//! is said by file permissions: it lies in `state_dir`, mode 0600.

pub use super::request::{AuditRequest, Call, ControlAnswer, MenuCall, Pickups, Request, Resolve, Shape};

use super::event::Event;
use crate::locale::text;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream as Stream};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

/// The socket's name in `state_dir`.
pub const SOCKET: &str = "control.sock";
/// The longest request, bytes.
const REQUEST_MAX: u64 = 16 * 1024;
/// The longest answer, bytes: a page of a hundred pickups of 255 seats each is below 4 MiB.
const ANSWER_MAX: u64 = 8 * 1024 * 1024;
/// A caller has this long to say what he wants.
const REQUEST_LIMIT: Duration = Duration::from_secs(5);
/// The longest that anything asked for takes: a ticket printed again on a printer that is slow.
pub const ANSWER_LIMIT: Duration = Duration::from_secs(120);
/// The kiosk ends before it has answered.
pub(super) const STOPPING: (&str, &str) = ("取票程序正在停止", "the kiosk is stopping");
/// The kiosk has taken a request and gives no answer.
pub(super) const DROPPED: (&str, &str) = ("取票程序丢弃了请求", "the kiosk dropped the request");
/// Callers served at once; the next waits.
const CALLERS_MAX: usize = 4;

/// Opens the socket and serves it; requests come as events. Needs the journal's lock: a socket left behind by
/// a kiosk that was killed is replaced.
///
/// # Errors
/// When the socket can't be made in `state_dir`.
pub fn serve(state_dir: &Path, events: mpsc::Sender<Event>) -> io::Result<()> {
    let path = state_dir.join(SOCKET);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    let callers = std::sync::Arc::new(tokio::sync::Semaphore::new(CALLERS_MAX));
    tokio::spawn(async move {
        loop {
            let Ok(place) = std::sync::Arc::clone(&callers).acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, _)) => {
                    let events = events.clone();
                    tokio::spawn(async move {
                        if let Err(error) = caller(stream, events).await {
                            log::debug!("control socket: {error}");
                        }
                        drop(place);
                    });
                }
                Err(error) => {
                    log::warn!("control socket: {error}");
                    tokio::time::sleep(REQUEST_LIMIT).await;
                }
            }
        }
    });
    Ok(())
}

async fn caller(mut stream: Stream, events: mpsc::Sender<Event>) -> io::Result<()> {
    let (read, mut write) = stream.split();
    let mut line = String::new();
    let mut bounded = tokio::io::BufReader::new(read.take(REQUEST_MAX));
    timeout(REQUEST_LIMIT, bounded.read_line(&mut line)).await??;
    let answer = match serde_json::from_str::<Request>(&line) {
        Ok(request) => ask(request, &events).await,
        Err(error) => ControlAnswer::no(text!("看不懂请求：{error}", "request not understood: {error}")),
    };
    let mut text = serde_json::to_vec(&answer).map_err(io::Error::other)?;
    text.push(b'\n');
    timeout(REQUEST_LIMIT, write.write_all(&text)).await?
}

async fn ask(request: Request, events: &mpsc::Sender<Event>) -> ControlAnswer {
    let (reply, wait) = oneshot::channel();
    if events.send(Event::Call(Call { request, reply })).await.is_err() {
        return ControlAnswer::no(STOPPING);
    }
    match timeout(ANSWER_LIMIT, wait).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => ControlAnswer::no(DROPPED),
        Err(_) => ControlAnswer::no(("取票程序没有及时完成", "the kiosk did not finish in time")),
    }
}

/// True while a kiosk is running on this `state_dir`.
///
/// # Errors
/// When that can't be told: the permissions.
pub fn is_up(state_dir: &Path) -> io::Result<bool> {
    match UnixStream::connect(state_dir.join(SOCKET)) {
        Ok(_) => Ok(true),
        Err(error) if is_down(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// No socket, or one that outlived its kiosk.
fn is_down(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused)
}

/// Asks the running kiosk; none when none is running on this `state_dir`.
///
/// # Errors
/// When it is running and can't be asked: the permissions, or no answer in time.
pub fn call(state_dir: &Path, request: &Request) -> io::Result<Option<ControlAnswer>> {
    let path: PathBuf = state_dir.join(SOCKET);
    let mut stream = match UnixStream::connect(&path) {
        Ok(stream) => stream,
        Err(error) if is_down(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    stream.set_read_timeout(Some(ANSWER_LIMIT + REQUEST_LIMIT))?;
    stream.set_write_timeout(Some(REQUEST_LIMIT))?;
    let mut line = serde_json::to_vec(request).map_err(io::Error::other)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    let mut answer = String::new();
    BufReader::new(stream.take(ANSWER_MAX)).read_line(&mut answer)?;
    serde_json::from_str(&answer).map(Some).map_err(io::Error::other)
}
