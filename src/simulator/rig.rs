//! Rig: everything that `simulate` names and `demo` embeds, on one thread of its own.
//!
//! Ports are bound before [`Rig::start`] returns, so later connections are served.

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

/// Reasons why a rig can't start, or has stopped.
#[derive(Debug, thiserror::Error)]
pub enum RigError {
    /// The settings are wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A port is in use, or this machine doesn't have the address.
    #[error("[{part}] listen = {address}: {why}{advice}", advice = advice(why))]
    Listen {
        /// Name of the table in the settings.
        part: &'static str,
        /// Address to listen on.
        address: SocketAddr,
        /// Error of the operating system.
        why: io::Error,
    },
    /// The printer's folder can't be used.
    #[error("[printer] out = {out}: {why}; name a folder that can be made and written", out = out.display())]
    Out {
        /// Path of the folder.
        out: PathBuf,
        /// Error of the operating system.
        why: io::Error,
    },
    /// The printer's pseudo-terminal can't be created.
    #[error("[printer] serial = {link}: {why}; name a link that can be made", link = link.display())]
    Serial {
        /// Path of the link.
        link: PathBuf,
        /// Error of the operating system.
        why: io::Error,
    },
    /// The operating system gives no thread.
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

/// A running cinema; it ends when dropped.
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
    /// Binds every port and starts every server.
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
                // Created here: a runtime must not be dropped on a thread that runs another.
                let why = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                    Ok(runtime) => {
                        let served = serve(listeners, service, settings, for_servers, stopped);
                        runtime.block_on(either(served, serial_ended))
                    }
                    Err(error) => error.to_string(),
                };
                // The receiver is gone while the rig is being dropped.
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

    /// Returns name and address of every server: `sarft`, `vista`, and if configured `control` and `printer`.
    pub fn addresses(&self) -> &[(&'static str, SocketAddr)] {
        &self.addresses
    }

    /// Returns the address of one server.
    pub fn address(&self, name: &str) -> Option<SocketAddr> {
        self.addresses.iter().find(|(known, _)| *known == name).map(|(_, address)| *address)
    }

    /// Returns the cinema with its bookings.
    pub fn cinema(&self) -> &Shared<Cinema> {
        &self.handles.cinema
    }

    /// Returns the handles that control the rig, as the control endpoint does.
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
            // The rig has ended already if nobody receives this.
            let _ = stop.send(());
        }
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::error!("the simulated cinema's thread panicked");
        }
    }
}

/// Starts the printer's serial line, if there is one; also returns the receiver of its error.
fn serial_line(
    settings: &SimulateSettings,
    handles: &Handles,
) -> Result<Option<(SerialEnd, oneshot::Receiver<io::Error>)>, RigError> {
    let (Some(printer), Some(state)) = (&settings.printer, &handles.printer) else { return Ok(None) };
    let Some(link) = &printer.serial else { return Ok(None) };
    let failed = |why| RigError::Serial { link: link.clone(), why };
    SerialEnd::start(link, &printer.out, Arc::clone(state)).map(Some).map_err(failed)
}

/// Waits for the servers or the serial line to end, and returns the reason of the first.
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

/// Ports bound, but not served yet.
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

/// Runs every server until told to stop, or until one ends; returns the reason.
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
