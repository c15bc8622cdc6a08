//! The listeners of a running kiosk: the screen's page and the monitor.

use super::display::Published;
use super::event::Event;
use crate::locale::{Text, display_text, system_error, text};
use crate::pickup::input::Now;
use crate::screen::server::{self, Extra};
use jiff::Timestamp;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::mpsc;

/// An address that can't be had.
#[derive(Debug, thiserror::Error)]
pub struct ListenError {
    /// The listener's table in the configuration.
    pub table: &'static str,
    /// The address that was wanted.
    pub address: SocketAddr,
    /// The system's reason.
    pub why: io::Error,
}

display_text!(ListenError);

impl ListenError {
    /// The reason, and what to do, in both languages.
    pub fn text(&self) -> Text {
        let Self { table, address, why } = self;
        let (zh, en) = match why.kind() {
            io::ErrorKind::AddrInUse => {
                ("；别的程序占用了这个端口：请另选", "; another program has this port: choose another")
            }
            io::ErrorKind::AddrNotAvailable => ("；本机没有这个地址", "; this machine has no such address"),
            io::ErrorKind::PermissionDenied => {
                ("；1024 以下的端口需要特权", "; ports below 1024 need privileges")
            }
            _ => ("", ""),
        };
        let why = system_error(why);
        text!("[{table}] listen = \"{address}\"：{why:#}{zh}", "[{table}] listen = \"{address}\": {why}{en}")
    }
}

/// The addresses at which a kiosk can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addresses {
    /// The customer screen's page.
    pub screen: Option<SocketAddr>,
    /// `/healthz` and `/metrics`.
    pub monitor: Option<SocketAddr>,
}

/// Opens what the configuration names; keys come to the loop as events. `version` names the program.
///
/// # Errors
/// An address that can't be had.
pub fn listen(
    shown: &Published,
    events: mpsc::Sender<Event>,
    extra: Extra,
    version: &'static str,
) -> Result<Addresses, ListenError> {
    let press = move |pressed| events.try_send(Event::Pressed(pressed)).is_ok();
    let checked = &shown.loaded.checked;
    let served = server::Kiosk {
        views: shown.views.clone(),
        monitor: shown.monitor.clone(),
        clock: clock(shown.began),
        press: Arc::new(press),
        picture: checked.idle.picture.clone(),
        version,
    };
    open(&served, Addresses { screen: checked.screen, monitor: checked.monitor }, extra)
}

/// The present, for a workflow whose clock began then.
pub(super) fn clock(began: Instant) -> server::Clock {
    Arc::new(move || Now { mono: began.elapsed(), wall: Timestamp::now() })
}

/// Opens what is wanted for whatever is shown.
pub(super) fn open(
    served: &server::Kiosk,
    wanted: Addresses,
    extra: Extra,
) -> Result<Addresses, ListenError> {
    let open = |table, address: Option<SocketAddr>, serve: &mut dyn FnMut(TcpListener) -> io::Result<()>| {
        let Some(address) = address else { return Ok(None) };
        let opened = TcpListener::bind(address).and_then(|listener| {
            let address = listener.local_addr()?;
            serve(listener).map(|()| address)
        });
        opened.map(Some).map_err(|why| ListenError { table, address, why })
    };
    let mut extra = Some(extra);
    let mut page = |listener| server::serve(listener, served, extra.take().unwrap_or_default());
    let screen = open("screen", wanted.screen, &mut page)?;
    let monitor = open("monitor", wanted.monitor, &mut |listener| server::serve_monitor(listener, served))?;
    Ok(Addresses { screen, monitor })
}
