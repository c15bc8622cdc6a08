//! Everything that `simulate` names and `demo` embeds, on one thread of its own.
//!
//! Ports are taken before [`Rig::start`] returns, so whoever connects then is served.

use super::cinema::Cinema;
use super::control::{self, Handles};
use super::sarft::{self, ServiceSettings};
use super::serial_end::SerialEnd;
use super::settings::{SettingsError, SimulateSettings};
use super::{Shared, printer, vista};
use jiff::Timestamp;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// Why a rig can't start or doesn't go on.
#[derive(Debug, thiserror::Error)]
pub enum RigError {
    /// The settings.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A port in use, or an address this machine doesn't have.
    #[error("[{part}] listen = {address}: {why}{advice}", advice = advice(why))]
    Listen {
        /// The table of the settings.
        part: &'static str,
        /// Its address.
        address: SocketAddr,
        /// The system's reason.
        why: io::Error,
    },
    /// The printer's folder.
    #[error("[printer] out = {out}: {why}; name a folder that can be made and written", out = out.display())]
    Out {
        /// The folder.
        out: PathBuf,
        /// The system's reason.
        why: io::Error,
    },
    /// The printer's pseudo-terminal.
    #[error("[printer] serial = {link}: {why}; name a link that can be made", link = link.display())]
    Serial {
        /// The name.
        link: PathBuf,
        /// The system's reason.
        why: io::Error,
    },
    /// The system gives no thread.
    #[error("the simulated cinema cannot start its thread: {0}")]
    Thread(io::Error),
    /// A server ended by itself.
    #[error("the simulated cinema has stopped: {0}")]
    Stopped(String),
}

fn advice(why: &io::Error) -> &'static str {
    match why.kind() {
        io::ErrorKind::AddrInUse => "; another program has this port: choose another, or 0 for any free one",
        io::ErrorKind::AddrNotAvailable => "; this machine has no such address",
        io::ErrorKind::PermissionDenied => "; ports below 1024 need privileges",
        _ => "",
    }
}

/// A running cinema; ends when dropped.
#[derive(Debug)]
pub struct Rig {
    addresses: Vec<(&'static str, SocketAddr)>,
    handles: Handles,
    stop: Option<oneshot::Sender<()>>,
    ended: Option<oneshot::Receiver<String>>,
    thread: Option<JoinHandle<()>>,
    _serial: Option<SerialEnd>,
}

impl Rig {
    /// Takes every port and starts every server.
    pub fn start(settings: SimulateSettings) -> Result<Self, RigError> {
        settings.check()?;
        let cinema = Arc::new(Mutex::new(settings.cinema(Timestamp::now())?));
        let handles = Handles {
            cinema,
            site_faults: Arc::new(Mutex::new(settings.faults.site.clone())),
            cloud_faults: Arc::new(Mutex::new(settings.faults.cloud.clone())),
            printer: settings
                .printer_profile()?
                .zip(settings.printer.as_ref())
                .map(|(profile, printer)| Arc::new(Mutex::new(printer.switched_on(&profile)))),
        };
        let service = settings.site_service()?;
        let listeners = Listeners::bind(&settings)?;
        let addresses = listeners.addresses();
        let (serial, serial_ended) = serial_line(&settings, &handles)?.unzip();
        let (stop, stopped) = oneshot::channel();
        let (say_ended, ended) = oneshot::channel();
        let for_servers = handles.clone();
        let thread = std::thread::Builder::new()
            .name("simulated-cinema".into())
            .spawn(move || {
                // Made here: a runtime must not be dropped on a thread that runs another.
                let why = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                    Ok(runtime) => {
                        let served = serve(listeners, service, settings, for_servers, stopped);
                        runtime.block_on(either(served, serial_ended))
                    }
                    Err(error) => error.to_string(),
                };
                // Nobody listens any more when the rig is being dropped.
                let _ = say_ended.send(why);
            })
            .map_err(RigError::Thread)?;
        Ok(Self {
            addresses,
            handles,
            stop: Some(stop),
            ended: Some(ended),
            thread: Some(thread),
            _serial: serial,
        })
    }

    /// Name and address of every server: `sarft`, `vista`, and where they are set `control` and `printer`.
    pub fn addresses(&self) -> &[(&'static str, SocketAddr)] {
        &self.addresses
    }

    /// The address of one server.
    pub fn address(&self, name: &str) -> Option<SocketAddr> {
        self.addresses.iter().find(|(known, _)| *known == name).map(|(_, address)| *address)
    }

    /// The cinema's bookings.
    pub fn cinema(&self) -> &Shared<Cinema> {
        &self.handles.cinema
    }

    /// What steers it, as the control endpoint does.
    pub fn handles(&self) -> &Handles {
        &self.handles
    }

    /// Waits until a server has ended by itself, which none should. Can be dropped and called again.
    pub async fn failed(&mut self) -> RigError {
        let why = match self.ended.as_mut() {
            Some(ended) => ended.await.ok(),
            None => None,
        };
        self.ended = None;
        RigError::Stopped(why.unwrap_or_else(|| "its thread ended".into()))
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It has ended already when nobody takes this.
            let _ = stop.send(());
        }
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::error!("the simulated cinema's thread panicked");
        }
    }
}

/// The printer's serial line, where there is one, and whoever tells of its end.
fn serial_line(
    settings: &SimulateSettings,
    handles: &Handles,
) -> Result<Option<(SerialEnd, oneshot::Receiver<io::Error>)>, RigError> {
    let (Some(printer), Some(state)) = (&settings.printer, &handles.printer) else { return Ok(None) };
    let Some(link) = &printer.serial else { return Ok(None) };
    let failed = |why| RigError::Serial { link: link.clone(), why };
    SerialEnd::start(link, &printer.out, Arc::clone(state)).map(Some).map_err(failed)
}

/// Why the servers ended, or the serial line, whichever comes first.
async fn either(
    served: impl Future<Output = String>,
    serial_ended: Option<oneshot::Receiver<io::Error>>,
) -> String {
    let serial = async {
        match serial_ended {
            Some(ended) => match ended.await {
                Ok(error) => error.to_string(),
                Err(_) => std::future::pending().await,
            },
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        why = served => why,
        why = serial => why,
    }
}

/// Ports taken, not yet served.
struct Listeners {
    sarft: TcpListener,
    vista: TcpListener,
    control: Option<TcpListener>,
    printer: Option<(TcpListener, PathBuf)>,
    addresses: Vec<(&'static str, SocketAddr)>,
}

impl Listeners {
    fn bind(settings: &SimulateSettings) -> Result<Self, RigError> {
        let mut addresses = Vec::new();
        let mut bind = |part: &'static str, address: SocketAddr| {
            let failed = |why| RigError::Listen { part, address, why };
            let listener = TcpListener::bind(address).map_err(failed)?;
            listener.set_nonblocking(true).map_err(failed)?;
            addresses.push((part, listener.local_addr().map_err(failed)?));
            Ok::<_, RigError>(listener)
        };
        let sarft = bind("sarft", settings.sarft.listen)?;
        let vista = bind("vista", settings.vista.listen)?;
        let control = settings.control.as_ref().map(|control| bind("control", control.listen)).transpose()?;
        let printer = match &settings.printer {
            Some(printer) => {
                let out = printer.out.clone();
                std::fs::create_dir_all(&out).map_err(|why| RigError::Out { out: out.clone(), why })?;
                Some((bind("printer", printer.listen)?, out))
            }
            None => None,
        };
        Ok(Self { sarft, vista, control, printer, addresses })
    }

    fn addresses(&self) -> Vec<(&'static str, SocketAddr)> {
        self.addresses.clone()
    }
}

/// Runs every server until told to stop, or until one ends; why.
async fn serve(
    listeners: Listeners,
    service: ServiceSettings,
    settings: SimulateSettings,
    handles: Handles,
    stopped: oneshot::Receiver<()>,
) -> String {
    let mut servers = match start_servers(listeners, service, settings, handles) {
        Ok(servers) => servers,
        Err(error) => return error.to_string(),
    };
    tokio::select! {
        _ = stopped => String::new(),
        ended = servers.join_next() => match ended {
            Some(Ok(Err(error))) => error.to_string(),
            Some(Err(error)) => error.to_string(),
            Some(Ok(Ok(()))) | None => "a server ended".into(),
        },
    }
}

fn start_servers(
    listeners: Listeners,
    service: ServiceSettings,
    settings: SimulateSettings,
    handles: Handles,
) -> io::Result<JoinSet<io::Result<()>>> {
    let mut servers = JoinSet::new();
    let (cinema, faults) = (handles.cinema.clone(), handles.site_faults.clone());
    let listener = tokio::net::TcpListener::from_std(listeners.sarft)?;
    servers.spawn(async move {
        sarft::serve(listener, cinema, faults, service).await;
        Ok(())
    });
    let (cinema, faults) = (handles.cinema.clone(), handles.cloud_faults.clone());
    let listener = tokio::net::TcpListener::from_std(listeners.vista)?;
    servers.spawn(
        async move { vista::serve(listener, cinema, faults, &settings.vista, &settings.cinema).await },
    );
    if let (Some((listener, out)), Some(state)) = (listeners.printer, handles.printer.clone()) {
        servers.spawn(printer::serve(tokio::net::TcpListener::from_std(listener)?, out, state));
    }
    if let Some(listener) = listeners.control {
        servers.spawn(control::serve(tokio::net::TcpListener::from_std(listener)?, handles));
    }
    Ok(servers)
}
