//! `check`: each part tried, and said per part whether it is well, or what is wrong and what to do.

use super::journal_thread::JournalThread;
use crate::config::Loaded;
use crate::config::settings::Language;
use crate::device::printer::conditions::Conditions;
use crate::device::scanner;
use crate::sarft::session::SiteError;
use crate::vista::client::Client;
use crate::vista::client::VistaError;
use serde::Serialize;
use std::sync::Arc;

/// The server's clock may differ from ours by this much, seconds, before somebody should know.
const CLOCK_TOLERANCE_S: i64 = 60;

/// One part's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Which.
    pub part: String,
    /// It is well.
    pub ok: bool,
    /// What was found.
    pub found: String,
    /// What to do; empty where nothing is.
    pub advice: String,
}

impl Part {
    fn well(part: impl Into<String>, found: impl Into<String>) -> Self {
        Self { part: part.into(), ok: true, found: found.into(), advice: String::new() }
    }

    fn bad(part: impl Into<String>, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { part: part.into(), ok: false, found: found.into(), advice: advice.into() }
    }
}

/// All parts' states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Report {
    /// In the order they were tried.
    pub parts: Vec<Part>,
}

impl Report {
    /// Every part is well.
    pub fn ok(&self) -> bool {
        self.parts.iter().all(|part| part.ok)
    }

    /// One line a part, for people.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for part in &self.parts {
            let word = if part.ok { "ok " } else { "BAD" };
            text.push_str(&format!("{word} {:<10} {}", part.part, part.found));
            if !part.advice.is_empty() {
                text.push_str(&format!("; {}", part.advice));
            }
            text.push('\n');
        }
        text
    }
}

/// The configuration that was read.
pub fn config(loaded: &Loaded) -> Vec<Part> {
    let mut parts = vec![Part::well("config", loaded.file.display().to_string())];
    if loaded.settings.sarft.repeated_issue == crate::config::settings::RepeatedIssue::Accepted {
        parts.push(Part::well(
            "policy",
            "the site accepts a second 0x05: two machines (or machine and counter) that issue in the same seconds \
             both print, and no kiosk can prevent it",
        ));
    }
    parts
}

/// The journal: it opens, holds together, and what in it is unresolved.
pub async fn journal(journal: &JournalThread) -> Vec<Part> {
    let now = jiff::Timestamp::now();
    let found = journal
        .with(move |journal| {
            journal.check_integrity()?;
            let leftover = journal.leftover(now)?;
            Ok::<_, crate::journal::store::JournalError>((
                leftover,
                journal.free_mib()?,
                journal.has_space()?,
            ))
        })
        .await;
    let (leftover, free_mib, has_space) = match found {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => {
            return vec![Part::bad("journal", error.to_string(), "nothing is issued until it is mended")];
        }
        Err(gone) => return vec![Part::bad("journal", gone.to_string(), "restart the kiosk")],
    };
    let unresolved = leftover.uncertain + leftover.owed;
    let say = format!(
        "{} uncertain, {} owed, {} reports due",
        leftover.uncertain,
        leftover.owed,
        leftover.reports.len()
    );
    let advice = if unresolved > 0 { "settle them: pickup-kiosk journal list" } else { "" };
    let disk = format!("{free_mib} MiB free");
    vec![
        Part { part: "journal".into(), ok: true, found: say, advice: advice.into() },
        if has_space {
            Part::well("disk", disk)
        } else {
            Part::bad("disk", disk, "nothing is issued until there is room: remove what is not needed")
        },
    ]
}

/// The printer, as its owner found it.
pub fn printer(conditions: Conditions, connection: &str) -> Part {
    let words: Vec<String> = conditions
        .iter()
        .map(|condition| {
            format!("{} {}: {}", condition.code(), condition.name(), condition.for_staff(Language::English))
        })
        .collect();
    let found = if words.is_empty() { "ready".to_owned() } else { words.join(", ") };
    let ok = !conditions.stops_printing();
    let advice = if ok { String::new() } else { format!("[printer] connection = \"{connection}\"") };
    Part { part: "printer".into(), ok, found, advice }
}

/// Each scanner's device.
pub fn scanners(loaded: &Loaded) -> Vec<Part> {
    let tried = loaded.settings.scanners.iter().zip(&loaded.checked.scanners);
    tried
        .map(|(settings, spec)| match scanner::probe(spec) {
            Ok(()) => Part::well("scanner", settings.connection.clone()),
            Err(error) => Part::bad(
                "scanner",
                format!("{}: {error}", settings.connection),
                "plug it in, or mend [[scanner]] connection and the device's permissions",
            ),
        })
        .collect()
}

/// The site's answer to 0x01.
pub fn sarft(result: &Result<(), SiteError>, address: &str) -> Part {
    match result {
        Ok(()) => Part::well("sarft", format!("signed in at {address}")),
        Err(error) => Part::bad("sarft", error.to_string(), ""),
    }
}

/// The cloud's token, and its clock against ours.
pub async fn cloud(client: Option<Arc<Client>>) -> Vec<Part> {
    let Some(client) = client else {
        return vec![Part::well("cloud", "none configured: an ID alone needs its number typed")];
    };
    let tried = tokio::task::spawn_blocking(move || client.check()).await;
    match tried {
        Ok(Ok(exchange)) => {
            let mut parts = vec![Part::well("cloud", "the token is accepted")];
            parts.extend(exchange.clock_ahead.map(|ahead| clock(ahead.as_secs())));
            parts
        }
        Ok(Err(error)) => vec![Part::bad("cloud", error.to_string(), cloud_advice(&error))],
        Err(error) => vec![Part::bad("cloud", error.to_string(), "try again")],
    }
}

fn cloud_advice(error: &VistaError) -> &'static str {
    if error.can_retry() { "try again later" } else { "check [cloud] and its token" }
}

fn clock(ahead_s: i64) -> Part {
    let found = format!("the cloud's clock is {ahead_s} s ahead of ours");
    if ahead_s.abs() <= CLOCK_TOLERANCE_S {
        Part::well("clock", found)
    } else {
        Part::bad("clock", found, "set this machine's clock: timedatectl set-ntp true")
    }
}
