//! Codes as lines on standard input: for a person at a terminal, and for scripts.

use super::framing::{Ends, Framer};
use super::{Outlet, ScannerEvent};
use crate::device::hotplug::presence::Closed;
use std::io::{self, Read};
use std::time::Instant;

/// Largest number of bytes read at once.
const READ_BYTES: usize = 4096;

/// Reads to the end of the input, or until nobody takes events.
pub(super) fn run(input: impl Read, outlet: &Outlet) {
    if let Err(Closed) = lines(input, outlet) {
        log::debug!("scanner {}: nobody takes its codes any more", outlet.scanner);
    }
}

fn lines(mut input: impl Read, outlet: &Outlet) -> Result<(), Closed> {
    let started = Instant::now();
    let mut framer = Framer::new(Ends::Lines);
    let mut buffer = [0; READ_BYTES];
    loop {
        match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                let bytes = buffer.get(..count).unwrap_or_default();
                outlet.send_all(framer.push(bytes, started.elapsed()))?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                log::warn!("scanner {}: standard input: {error}", outlet.scanner);
                break;
            }
        }
    }
    outlet.send_all(framer.finish(started.elapsed()))?;
    outlet.send(ScannerEvent::Ended)
}

#[cfg(test)]
mod tests {
    use super::super::Scanned;
    use super::*;
    use tokio::sync::mpsc;

    #[test]
    fn lines_become_codes_and_the_end_is_told() {
        let (events, mut received) = mpsc::channel(16);
        let mut input = b"111972|WQNX8JL\n".to_vec();
        input.extend(std::iter::repeat_n(b'1', 10_000_000));
        input.extend(b"\n\nWQNX8JL");
        run(input.as_slice(), &Outlet { scanner: 3, events });
        let mut all = Vec::new();
        while let Some(Scanned { scanner: 3, event }) = received.blocking_recv() {
            all.push(event);
        }
        let code = |text: &str| ScannerEvent::Code(text.into());
        assert!(
            all == [code("111972|WQNX8JL"), ScannerEvent::TooLong, code("WQNX8JL"), ScannerEvent::Ended],
            "{all:?}"
        );
    }

    #[test]
    fn it_ends_when_nobody_listens() {
        let (events, received) = mpsc::channel(1);
        drop(received);
        run(io::repeat(b'\n').chain(io::empty()).take(100), &Outlet { scanner: 0, events: events.clone() });
        run(io::Cursor::new("1234\n".repeat(100_000)), &Outlet { scanner: 0, events });
    }
}
