//! What the menu asks for that blocks: done on a thread of its own, so that nobody waits for it but the menu.

use super::doing::no;
use super::ends::Ends;
use super::{News, log_ring, machine, stick};
use crate::command::args::VERSION;
use crate::config::{self, Loaded, site};
use crate::kiosk::event::Event;
use crate::kiosk::{Kiosk, Stopped, check};
use crate::maintenance::faults;
use crate::maintenance::menu::ask::{Answer, Ask, Parcel, Report, same};
use crate::screen::texts::Text;
use crate::vista::client::Client as CloudClient;
use jiff::Timestamp;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// Jobs at once: whoever goes back before one is done may begin another.
const JOBS_MAX: usize = 2;
/// Lines of the log in the menu.
const LOG_LINES: usize = 60;
/// Power acts are asked for once the menu has said so.
const POWER_LIMIT: Duration = Duration::from_secs(20);

/// What a job knows of the kiosk.
pub(super) struct Tools {
    pub loaded: Arc<Loaded>,
    pub cloud: Option<Arc<CloudClient>>,
    /// Codes that were on when it was asked for.
    pub active: Vec<&'static str>,
    pub printer: Option<String>,
}

impl Tools {
    /// The configuration as its files are now; as the kiosk has it where they can't be read.
    fn fresh(&self) -> Loaded {
        config::load(&self.loaded.file).unwrap_or_else(|_| Loaded::clone(&self.loaded))
    }

    /// What is the matter, versions, settings in force: for a supporter.
    pub fn status(&self) -> String {
        let settings = &self.loaded.settings;
        let mut text = format!(
            "pickup-kiosk {VERSION}\nkiosk {}\ncinema {} {}\nat {}\nprinter {}\n",
            settings.kiosk.id,
            settings.cinema.id,
            settings.cinema.name,
            Timestamp::now(),
            self.printer.as_deref().unwrap_or("-"),
        );
        for code in &self.active {
            text.push_str(&faults::find(code).map_or_else(|| (*code).to_owned(), faults::Fault::line));
            text.push('\n');
        }
        text
    }
}

impl Kiosk {
    /// Whoever doesn't wait for an answer may not ask without end.
    pub(super) fn too_many(&self) -> Option<Answer> {
        let line =
            Text::new("前一项还没有完成，请稍候。", "What was asked before is still at work: wait a little.");
        (self.care.jobs >= JOBS_MAX).then(|| Answer::Report(Report::no(vec![line])))
    }

    pub(super) async fn job(&mut self, asked: u64, ask: Ask) -> Result<Option<Answer>, Stopped> {
        if let Some(answer) = self.too_many() {
            return Ok(Some(answer));
        }
        let begun = match recorded(&ask, &self.parts.context.loaded) {
            None => None,
            Some(Recorded { what, before, after, ends }) => {
                if !self.act(what, &before, &after).await? {
                    return Ok(Some(no("the journal refuses the record; nothing was done (J2)")));
                }
                Some(self.begun(ends))
            }
        };
        let copy = match &ask {
            Ask::Write { .. } => Some(self.parts.journal.clone()),
            _ => None,
        };
        let Some(events) = self.care.events.clone() else { return Ok(Some(no("not now"))) };
        let tools = Tools {
            loaded: Arc::clone(&self.parts.context.loaded),
            cloud: self.parts.context.cloud.clone(),
            active: self.active_faults(),
            printer: self.care.printer_model.clone(),
        };
        let runtime = tokio::runtime::Handle::current();
        let work = move || {
            let answer = match (ask, copy) {
                (Ask::Write { what, stick }, Some(journal)) => {
                    let files = runtime.block_on(stick::files(what, &tools, &journal));
                    files.map_or_else(no, |files| {
                        stick::write(&stick, &tools.loaded.settings.kiosk.id, &files)
                    })
                }
                (ask, _) => done(ask, &tools),
            };
            // The loop has ended: then nobody waits.
            let _ = events.blocking_send(Event::Care(News::Done { asked, answer, begun }));
        };
        match thread::Builder::new().name("menu".into()).spawn(work) {
            Ok(_) => self.care.jobs += 1,
            Err(error) => return Ok(Some(no(error.to_string()))),
        }
        Ok(None)
    }
}

/// What goes on record of it before it is done, and by which names its end does; nothing of what only looks.
struct Recorded {
    what: &'static str,
    before: String,
    after: String,
    ends: Ends,
}

fn recorded(ask: &Ask, loaded: &Loaded) -> Option<Recorded> {
    let plain = |what, failed| Recorded {
        what,
        before: String::new(),
        after: String::new(),
        ends: Ends { done: None, failed },
    };
    let export = |what, stick: &str, done, failed| Recorded {
        what,
        before: String::new(),
        after: stick.to_owned(),
        ends: Ends { done: Some(done), failed },
    };
    Some(match ask {
        Ask::Save { key, value } => {
            let known = site::settings(loaded).into_iter().find(|(known, _)| known == key);
            let before = known.map_or_else(String::new, |(_, before)| format!("{key} = {before}"));
            let ends = Ends { done: None, failed: "setting_not_saved" };
            Recorded { what: "setting_saved", before, after: format!("{key} = {value}"), ends }
        }
        Ask::Acknowledge => plain("undone_change_seen", "undone_change_not_seen"),
        Ask::Reboot => plain("reboot", "reboot_refused"),
        Ask::PowerOff => plain("power_off", "power_off_refused"),
        Ask::Acceptance => plain("acceptance_run", "acceptance_failed"),
        Ask::Write { what: Parcel::Journal, stick } => {
            export("journal_export", stick, "journal_exported", "journal_export_failed")
        }
        Ask::Write { what: Parcel::Bundle, stick } => {
            export("bundle_export", stick, "bundle_exported", "bundle_export_failed")
        }
        _ => return None,
    })
}

fn done(ask: Ask, tools: &Tools) -> Answer {
    match ask {
        Ask::Cloud => cloud(tools),
        Ask::Clock => clock(tools),
        Ask::Network => Answer::Report(machine::network(&tools.loaded)),
        Ask::Disk => Answer::Report(machine::disk(&tools.loaded)),
        Ask::Log => {
            let lines = log_ring::newest(LOG_LINES);
            Answer::Report(Report::yes(lines.into_iter().map(same).collect()))
        }
        Ask::Config => Answer::Report(Report::yes(tools.fresh().shown().lines().map(same).collect())),
        Ask::Settings => Answer::Settings(site::settings(&tools.fresh())),
        Ask::Save { key, value } => save(tools, &key, &value),
        Ask::Acknowledge => match site::acknowledge(&tools.loaded.settings.kiosk.state_dir) {
            Ok(()) => Answer::Report(Report::yes(vec![Text::new("已记录。", "It is on record.")])),
            Err(error) => no(error.to_string()),
        },
        Ask::Reboot => machine::power("reboot", POWER_LIMIT),
        Ask::PowerOff => machine::power("poweroff", POWER_LIMIT),
        Ask::Acceptance => machine::acceptance(&tools.loaded.file, &tools.loaded.settings.kiosk.state_dir),
        Ask::Sticks(what) => stick::list(what),
        _ => no("this is not done on a thread of its own"),
    }
}

fn save(tools: &Tools, key: &str, value: &str) -> Answer {
    match site::change(&tools.fresh(), key, value) {
        Ok(()) => Answer::Report(Report::yes(vec![
            same(format!("{key} = {value}")),
            Text::new(
                "已检查并保存，重启取票程序后生效。如果无法启动，会自动撤销。",
                "Checked and saved; it counts once the kiosk is restarted. If the kiosk can't start with it, it is undone by itself.",
            ),
        ])),
        Err(error) => {
            Answer::Report(Report::no(vec![Text::new("没有保存：", "Not saved:"), same(error.to_string())]))
        }
    }
}

fn cloud(tools: &Tools) -> Answer {
    let Some(client) = &tools.cloud else {
        return Answer::Report(Report::yes(vec![Text::new("没有配置云端。", "No [cloud] is configured.")]));
    };
    let began = Instant::now();
    let tried = client.check();
    let took = same(format!("{} ms", began.elapsed().as_millis()));
    let cinema = &tools.loaded.settings.cinema.id;
    match tried {
        Ok(_) => {
            let mut lines = vec![Text::new("云端接受令牌。", "The cloud takes the token."), took];
            let (ok, line) = match client.cinemas() {
                Ok(cinemas) if cinemas.iter().any(|one| one.id == *cinema) => (
                    true,
                    Text::new(format!("令牌可见影院 {cinema}。"), format!("The token sees cinema {cinema}.")),
                ),
                Ok(_) => (
                    false,
                    Text::new(
                        format!("令牌看不到影院 {cinema}。"),
                        format!("The token does not see cinema {cinema}."),
                    ),
                ),
                // A token that can only query bookings may list nothing.
                Err(error) => (true, same(format!("cinemas: {error}"))),
            };
            lines.push(line);
            Answer::Report(Report { ok, lines })
        }
        Err(error) => {
            Answer::Report(Report::no(vec![same(format!("{}: {error}", check::cloud_code(&error))), took]))
        }
    }
}

fn clock(tools: &Tools) -> Answer {
    let now = Timestamp::now().to_zoned_datetime(tools.loaded.checked.timezone.clone());
    let mut lines = vec![same(now.strftime("%Y-%m-%d %H:%M:%S %Z").to_string())];
    let Some(client) = &tools.cloud else {
        lines.push(Text::new("没有配置云端，无法比较。", "No [cloud] is configured to compare with."));
        return Answer::Report(Report::yes(lines));
    };
    match client.check() {
        Ok(exchange) => match exchange.clock_ahead {
            Some(ahead) => {
                let seconds = ahead.as_secs();
                lines.push(Text::new(
                    format!("与云端服务器相差 {seconds} 秒。"),
                    format!("The cloud's clock differs by {seconds} s."),
                ));
                let ok = seconds.unsigned_abs() <= super::upkeep::CLOCK_APART_SECONDS;
                Answer::Report(Report { ok, lines })
            }
            None => {
                lines.push(Text::new("云端没有给出时间。", "The cloud told no Date."));
                Answer::Report(Report::yes(lines))
            }
        },
        Err(error) => {
            lines.push(same(error.to_string()));
            Answer::Report(Report::no(lines))
        }
    }
}
