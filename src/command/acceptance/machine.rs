//! The machine that picks up: the running kiosk through its socket, or a kiosk of this command's own under its lock.

use crate::command::run::start_error;
use crate::command::{CommandError, runtime};
use crate::config::{Loaded, Secrets};
use crate::kiosk::control::{self, Request};
use crate::kiosk::event::Event;
use crate::kiosk::remote_pickup::{Code, Performed};
use crate::kiosk::{Kiosk, assemble, run_until};
use crate::locale::{system_error, text};
use crate::sarft::probe::{Ask, Heard};
use crate::version::VERSION;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Time limit for the printer to get ready; one that is connected needs far less.
const PRINTER_LIMIT: Duration = Duration::from_secs(5);
/// Time limit for the site to take the report; it needs far less.
const SETTLE_LIMIT: Duration = Duration::from_secs(30);

/// Kiosk that picks up.
pub enum Machine {
    /// The kiosk that runs on this `state_dir`.
    Running(PathBuf),
    /// A kiosk inside this command.
    Alone(Box<Alone>),
}

/// Kiosk inside this command. The sender of its events has to live as long.
pub struct Alone {
    runtime: Runtime,
    kiosk: Kiosk,
    _events: mpsc::Sender<Event>,
}

impl Machine {
    /// Returns the running kiosk, or starts one inside this command.
    pub fn find(loaded: &Loaded, secrets: &Secrets) -> Result<Self, CommandError> {
        let state_dir = &loaded.settings.kiosk.state_dir;
        let socket = || state_dir.join(control::SOCKET);
        let up = control::is_up(state_dir).map_err(|error| {
            let (socket, error) = (socket(), system_error(&error));
            let socket = socket.display();
            CommandError::failed(text!(
                "正在运行的取票程序（{socket}）：{error:#}",
                "the running kiosk ({socket}): {error}"
            ))
        })?;
        if up {
            return Ok(Self::Running(state_dir.clone()));
        }
        let runtime = runtime()?;
        let (kiosk, events) = runtime.block_on(async {
            let (mut kiosk, events) =
                assemble::kiosk(loaded.clone(), secrets, false).await.map_err(start_error)?;
            let stopped = |error: crate::kiosk::Stopped| CommandError::failed(error.text());
            kiosk.wait_for_printer(PRINTER_LIMIT).await.map_err(stopped)?;
            Ok::<_, CommandError>((kiosk, events))
        })?;
        Ok(Self::Alone(Box::new(Alone { runtime, kiosk, _events: events })))
    }

    /// Returns the report's words for this machine.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Running(_) => "the running kiosk",
            Self::Alone(_) => "this command; no kiosk was running",
        }
    }

    /// Presents a code, and waits until its pickup has ended.
    pub fn pick_up(&mut self, code: &str) -> Result<Performed, String> {
        match self {
            Self::Running(state_dir) => {
                let request = Request::PickUp { code: Code(code.to_owned()) };
                let answer = control::call(state_dir, &request).map_err(|error| error.to_string())?;
                let answer = answer.ok_or("the running kiosk has stopped")?;
                let performed = answer.json.filter(|_| answer.ok).map(serde_json::from_value);
                match performed {
                    Some(Ok(performed)) => Ok(performed),
                    Some(Err(_)) => Err("the running kiosk's answer is of another version".into()),
                    None => Err(format!("the running kiosk says: {}", answer.text)),
                }
            }
            Self::Alone(alone) => alone.pick_up(code),
        }
    }

    /// Takes one turn with the site about a test booking; returns `None` while a customer is being served.
    pub fn probe(&mut self, code: &str, ask: Ask) -> Result<Option<Heard>, String> {
        let code = Code(code.to_owned());
        let answer = match self {
            Self::Running(state_dir) => {
                let answer = control::call(state_dir, &Request::ProbeSite { code, ask });
                answer.map_err(|error| error.to_string())?.ok_or("the running kiosk has stopped")?
            }
            Self::Alone(alone) => {
                let Alone { runtime, kiosk, .. } = alone.as_mut();
                runtime.block_on(run_until::probe(kiosk, &code, ask)).map_err(|error| error.to_string())?
            }
        };
        match answer.json {
            Some(json) if answer.ok => serde_json::from_value(json)
                .map(Some)
                .map_err(|_| "the running kiosk's answer is of another version".into()),
            Some(json) if json.get("busy").is_some() => Ok(None),
            _ => Err(format!("the kiosk says: {}", answer.text)),
        }
    }

    /// Waits; a kiosk inside this command goes on meanwhile.
    pub fn wait(&mut self, time: Duration) -> Result<(), String> {
        match self {
            Self::Running(_) => thread::sleep(time),
            Self::Alone(alone) => {
                let Alone { runtime, kiosk, .. } = alone.as_mut();
                runtime.block_on(async {
                    let until = Instant::now() + time;
                    while kiosk.step_before(until).await.map_err(|error| error.to_string())? {}
                    Ok::<_, String>(())
                })?;
            }
        }
        Ok(())
    }
}

impl Alone {
    fn pick_up(&mut self, code: &str) -> Result<Performed, String> {
        let kiosk = &mut self.kiosk;
        self.runtime.block_on(async {
            let id =
                run_until::perform(kiosk, code, SETTLE_LIMIT).await.map_err(|error| error.to_string())?;
            let found = kiosk.journal().with(move |journal| journal.records().pickup(&id)).await;
            let found = found.map_err(|_| "the journal's thread has ended")?;
            let pickup = found.map_err(|error| error.to_string())?;
            Ok(Performed { pickup, version: VERSION.into() })
        })
    }
}
