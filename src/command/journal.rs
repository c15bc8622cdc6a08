//! `journal list | show | export | audit | day | start-new | resolve`: the record of pickups, for staff.
//!
//! While the kiosk is up, it holds the journal: these commands ask it, page by page, over the local socket. Without it
//! they open the journal themselves.

mod lost;

use super::args::{self, JournalAction};
use super::{CommandError, ExitStatus};
use crate::config::{self, Loaded};
use crate::journal::store::{Journal, OpenSettings};
use crate::journal::{audit_log, export};
use crate::kiosk::control::{self, AuditRequest, ControlAnswer, Pickups, Request, Resolve, Shape};
use crate::kiosk::{assemble, journal_pages, staff_requests};
use crate::locale::{Language, system_error, text};
use jiff::Timestamp;
use std::io::{self, Write};
use std::path::Path;

/// Performs one action of `journal`.
///
/// # Errors
/// Returns an error for a wrong configuration, a refusal of the journal, or a running kiosk that can't be asked.
pub fn run(args: &args::Journal, language: Language) -> Result<ExitStatus, CommandError> {
    let loaded = config::load(&args.config)?;
    let keeper = || Keeper::find(&loaded);
    let day = args.business_day;
    match &args.action {
        JournalAction::List { unresolved } => {
            let shape = if args.json { Shape::JsonLines } else { Shape::List };
            keeper()?.pickups(Pickups { shape, day, unresolved: *unresolved, after: 0 })
        }
        JournalAction::Audit => {
            let shape = if args.json { Shape::JsonLines } else { Shape::List };
            keeper()?.audit(AuditRequest { shape, day, after: 0 })
        }
        JournalAction::Export { audit: true } if !args.json => {
            write!(io::stdout().lock(), "{}", audit_log::CSV_HEADER)?;
            keeper()?.audit(AuditRequest { shape: Shape::Csv, day, after: 0 })
        }
        JournalAction::Export { audit } if args.json => {
            let mut keeper = keeper()?;
            if !audit {
                keeper.pickups(Pickups { shape: Shape::JsonLines, day, unresolved: false, after: 0 })?;
            }
            keeper.audit(AuditRequest { shape: Shape::JsonLines, day, after: 0 })
        }
        JournalAction::Export { .. } => {
            write!(io::stdout().lock(), "{}", export::CSV_HEADER)?;
            keeper()?.pickups(Pickups { shape: Shape::Csv, day, unresolved: false, after: 0 })
        }
        JournalAction::Show { id } => {
            let request = Request::Show { id: id.clone(), json: args.json };
            tell(&keeper()?.ask(&request)?, language)
        }
        JournalAction::Resolve { id, ticket, resolution, reason } => {
            let order = Resolve {
                id: id.clone(),
                ticket: ticket.clone(),
                how: resolution.word().into(),
                reason: reason.clone(),
                who: user(),
            };
            tell(&keeper()?.ask(&Request::Resolve(order))?, language)
        }
        JournalAction::StartNew => start_new(&loaded),
        JournalAction::Day => {
            let day = day.ok_or_else(|| {
                CommandError::usage(("journal day 需要 --business-day", "journal day needs --business-day"))
            })?;
            tell(&keeper()?.ask(&Request::Day { day, json: args.json })?, language)
        }
    }
}

/// Starts an empty journal, by a technician's decision: what the one set aside owes is in that file alone from now on.
fn start_new(loaded: &Loaded) -> Result<ExitStatus, CommandError> {
    let state_dir = &loaded.settings.kiosk.state_dir;
    let settings = OpenSettings::new(&loaded.settings, "pickup-kiosk journal start-new")
        .map_err(|error| CommandError::usage(error.text()))?;
    let days = settings.days.clone();
    let (_, salvage) = Journal::start_new(state_dir, settings, Timestamp::now())
        .map_err(|error| CommandError::failed(error.text()))?;
    write!(io::stdout().lock(), "{}", lost::told(state_dir, &salvage, &days))?;
    Ok(ExitStatus::Done)
}

fn tell(answer: &ControlAnswer, language: Language) -> Result<ExitStatus, CommandError> {
    if !answer.ok {
        return Err(CommandError::failed(answer.told()));
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{}", answer.told().in_language(language).trim_end())?;
    out.flush()?;
    Ok(ExitStatus::Done)
}

/// Process that keeps the journal at this moment.
enum Keeper<'a> {
    /// The running kiosk.
    Kiosk(&'a Path),
    /// The command itself, under the journal's lock.
    Us(Box<Journal>),
}

impl<'a> Keeper<'a> {
    fn find(loaded: &'a Loaded) -> Result<Self, CommandError> {
        let state_dir = &loaded.settings.kiosk.state_dir;
        if control::is_up(state_dir).map_err(|error| unreachable_kiosk(state_dir, &error))? {
            return Ok(Self::Kiosk(state_dir));
        }
        let journal = assemble::journal(loaded, "pickup-kiosk journal").map_err(super::run::start_error)?;
        Ok(Self::Us(Box::new(journal)))
    }

    fn ask(&mut self, request: &Request) -> Result<ControlAnswer, CommandError> {
        match self {
            Self::Kiosk(state_dir) => match control::call(state_dir, request) {
                Ok(Some(answer)) => Ok(answer),
                Ok(None) => Err(CommandError::failed((
                    "取票程序刚刚停止；请再试",
                    "the kiosk has just stopped; try again",
                ))),
                Err(error) => Err(unreachable_kiosk(state_dir, &error)),
            },
            Self::Us(journal) => Ok(match request {
                Request::Pickups(page) => journal_pages::pickups(journal, page),
                Request::Show { id, json } => journal_pages::show(journal, id, *json),
                Request::Day { day, json } => journal_pages::day(journal, *day, *json),
                Request::Resolve(order) if order.how == staff_requests::PRINT_AGAIN => ControlAnswer::no((
                    "补打需要正在运行的取票程序，打印机归它：请先启动",
                    "printing again needs the running kiosk, which has the printer: start it first",
                )),
                Request::Resolve(order) => staff_requests::resolve(journal, order, Timestamp::now()),
                Request::Audit(page) => journal_pages::audit_entries(journal, page),
                Request::Check
                | Request::SarftQuery { .. }
                | Request::ProbeSite { .. }
                | Request::PickUp { .. }
                | Request::OrderBegun
                | Request::Menu(_) => ControlAnswer::no(("不归取票记录", "not the journal's")),
            }),
        }
    }

    fn pickups(&mut self, page: Pickups) -> Result<ExitStatus, CommandError> {
        self.all(|after| Request::Pickups(Pickups { after, ..page.clone() }))
    }

    fn audit(&mut self, page: AuditRequest) -> Result<ExitStatus, CommandError> {
        self.all(|after| Request::Audit(AuditRequest { after, ..page.clone() }))
    }

    /// Writes all pages, from the first.
    fn all(&mut self, page: impl Fn(i64) -> Request) -> Result<ExitStatus, CommandError> {
        let mut out = io::stdout().lock();
        let mut after = 0;
        loop {
            let answer = self.ask(&page(after))?;
            if !answer.ok {
                return Err(CommandError::failed(answer.told()));
            }
            write!(out, "{}", answer.text)?;
            match answer.next {
                Some(next) if next > after => after = next,
                _ => break,
            }
        }
        out.flush()?;
        Ok(ExitStatus::Done)
    }
}

fn unreachable_kiosk(state_dir: &Path, error: &io::Error) -> CommandError {
    let socket = state_dir.join(control::SOCKET);
    let (socket, error) = (socket.display(), system_error(error));
    CommandError::failed(text!(
        "无法询问正在运行的取票程序（{socket}：{error:#}）；请以取票程序的用户或 root 运行",
        "the running kiosk can't be asked ({socket}: {error}); run this as the kiosk's user or as root"
    ))
}

/// Returns the name of the user who runs the command, for the record: the one behind sudo, else the user.
pub(super) fn user() -> String {
    let name = ["SUDO_USER", "USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
    let name = name.filter(|name| !name.is_empty());
    name.unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw()))
}
