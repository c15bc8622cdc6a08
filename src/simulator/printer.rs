//! The virtual printer on TCP, a byte-level peer like a network printer on port 9100.

use crate::device::paper_folder::PaperFolder;
use crate::virtual_printer::VirtualPrinter;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Interval at which the ASB and the room in the buffer are checked.
pub(super) const POLL: Duration = Duration::from_millis(50);
/// Shortest such interval, used while the head is at work.
pub(super) const POLL_SHORTEST: Duration = Duration::from_millis(2);
/// Time limit for a host to read an answer, after which the connection is closed.
const WRITE_LIMIT: Duration = Duration::from_secs(5);
/// Pause after a connection that could not be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);
/// Most bytes read at once.
pub(super) const READ_BYTES: usize = 4_096;

/// Serves one host at a time, for ever; each paper is written into `out`.
///
/// # Errors
/// Fails if the folder can't be used, at the start or later: a printer that loses papers is of no use.
pub async fn serve(
    listener: TcpListener,
    out: PathBuf,
    printer: Arc<Mutex<VirtualPrinter>>,
) -> io::Result<()> {
    let mut folder = PaperFolder::open(out)?;
    let begin = Instant::now();
    let address = listener.local_addr()?;
    let mut listener = Some(listener);
    loop {
        let open = match listener.take() {
            Some(open) => open,
            None => TcpListener::bind(address).await?,
        };
        let accepted = tokio::select! {
            accepted = open.accept() => accepted,
            () = until_power(&printer, false) => {
                // New connections are refused now.
                drop(open);
                until_power(&printer, true).await;
                continue;
            }
        };
        listener = Some(open);
        match accepted {
            Ok((stream, host)) => {
                log::debug!("virtual printer: {host} connected");
                talk(stream, begin, &mut folder, &printer).await?;
            }
            Err(error) => {
                log::warn!("virtual printer: a connection could not be accepted: {error}");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Waits until the printer is switched on, or off.
async fn until_power(printer: &Mutex<VirtualPrinter>, on: bool) {
    while locked(printer).is_off() == on {
        tokio::time::sleep(POLL).await;
    }
}

/// Serves one connection to its end. Only a folder that fails is an error.
async fn talk(
    mut stream: TcpStream,
    begin: Instant,
    folder: &mut PaperFolder,
    printer: &Mutex<VirtualPrinter>,
) -> io::Result<()> {
    let mut chunk = [0_u8; READ_BYTES];
    loop {
        // Like a network printer, it leaves in the connection what its buffer has no room for.
        let (room, pause) = {
            let printer = locked(printer);
            if printer.is_off() {
                return Ok(());
            }
            let pause = printer.next_at().map_or(POLL, |at| at.saturating_sub(printer.clock()));
            (printer.room().min(READ_BYTES), pause.clamp(POLL_SHORTEST, POLL))
        };
        let space = chunk.get_mut(..room).unwrap_or_default();
        let taken = tokio::select! {
            read = stream.read(space), if room > 0 => match read {
                Ok(0) | Err(_) => return Ok(()),
                Ok(taken) => taken,
            },
            () = tokio::time::sleep(pause) => 0,
        };
        let (answer, papers) = {
            let mut printer = locked(printer);
            let mut answer = printer.advance(begin.elapsed());
            answer.extend(printer.feed(chunk.get(..taken).unwrap_or_default()));
            (answer, printer.take_papers())
        };
        for paper in &papers {
            folder.save(paper)?;
        }
        let written = tokio::time::timeout(WRITE_LIMIT, stream.write_all(&answer)).await;
        if !matches!(written, Ok(Ok(()))) {
            return Ok(());
        }
    }
}

/// Locks the printer. A thread that panicked while it held the printer leaves it usable.
pub(super) fn locked(printer: &Mutex<VirtualPrinter>) -> MutexGuard<'_, VirtualPrinter> {
    printer.lock().unwrap_or_else(PoisonError::into_inner)
}
