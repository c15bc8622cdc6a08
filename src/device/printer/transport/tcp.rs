//! Transport to a network printer, nearly always on port 9100.

use super::{Transport, closed, now_or_nothing};
use crate::device::printer::timing;
use rustix::fd::{AsFd, BorrowedFd};
use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags, recv, send, sockopt};
use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

/// An open TCP connection.
pub struct Tcp {
    stream: TcpStream,
}

impl Tcp {
    /// Tries each of the host's addresses, within [`timing::CONNECT`] for all of them.
    pub fn open(host: &str, port: u16) -> io::Result<Self> {
        let until = Instant::now() + timing::CONNECT;
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
        for address in (host, port).to_socket_addrs()? {
            let left = until.saturating_duration_since(Instant::now());
            if left < Duration::from_millis(1) {
                break;
            }
            match TcpStream::connect_timeout(&address, left) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    stream.set_nonblocking(true)?;
                    return Ok(Self { stream });
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

impl Transport for Tcp {
    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        Some(self.stream.as_fd())
    }

    fn write_some(&mut self, bytes: &[u8]) -> io::Result<usize> {
        now_or_nothing(send(&self.stream, bytes, SendFlags::NOSIGNAL))
    }

    fn read_some(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match recv(&self.stream, buffer, RecvFlags::empty()) {
            Ok((0, _)) => Err(closed()),
            Ok((count, _)) => Ok(count),
            Err(Errno::AGAIN | Errno::INTR) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// Closing with a linger time of 0 resets the connection: unsent bytes are dropped at both ends.
    fn abandon(&mut self) {
        if let Err(error) = sockopt::set_socket_linger(&self.stream, Some(Duration::ZERO)) {
            log::warn!("printer: its connection can't be reset ({error}); what waits may still be sent");
        }
    }
}
