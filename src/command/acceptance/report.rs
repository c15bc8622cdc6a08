//! Report of the acceptance, written step by step, so that it is complete up to the step that ends it.

use crate::command::CommandError;
use crate::config::Loaded;
use crate::locale::{system_error, text};
use crate::version::VERSION;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Version of the vendor's interface document.
const DOCUMENT: &str = "4.5.7.0";

/// Report in progress.
pub struct Report {
    file: File,
    path: PathBuf,
    zone: TimeZone,
    json: bool,
    steps: usize,
    failed: Option<(usize, String)>,
}

impl Report {
    /// Creates the file, with what is known before the first step. An old report is never overwritten.
    pub fn create(
        loaded: &Loaded,
        out: Option<&Path>,
        json: bool,
        machine: &str,
    ) -> Result<Self, CommandError> {
        let zone = loaded.checked.timezone.clone();
        let settings = &loaded.settings;
        let now = Timestamp::now().to_zoned_datetime(zone.clone());
        let usual = || {
            PathBuf::from(format!("acceptance-{}-{}.txt", settings.kiosk.id, now.strftime("%Y%m%d-%H%M%S")))
        };
        let path = out.map_or_else(usual, Path::to_path_buf);
        let file = File::options().write(true).create_new(true).open(&path);
        let file = file.map_err(|error| {
            let (path, error) = (path.display(), system_error(&error));
            CommandError::usage(text!("报告 {path}：{error:#}", "the report {path}: {error}"))
        })?;
        let mut report = Self { file, path, zone, json, steps: 0, failed: None };
        let cloud = settings.cloud.as_ref();
        let kind = if cloud.is_some_and(|cloud| cloud.test) { "test environment" } else { "LIVE" };
        let national = settings.cinema.national_code.as_deref().unwrap_or("not configured");
        report.line("Site acceptance of pickup-kiosk\n")?;
        for (what, is) in [
            (
                "cinema",
                format!("{} ({}), national code {national}", settings.cinema.name, settings.cinema.id),
            ),
            ("kiosk", settings.kiosk.id.clone()),
            ("program", format!("pickup-kiosk {VERSION}")),
            ("document", format!("Vista Connect interfaces, {DOCUMENT}")),
            ("cloud", format!("{} ({kind})", cloud.map_or("", |cloud| &cloud.url))),
            ("site", settings.sarft.address.clone()),
            ("printer", format!("{}, {}", loaded.checked.printer, settings.printer.profile)),
            ("picked up", format!("by {machine}")),
            ("began", report.time(Timestamp::now())),
        ] {
            report.line(&format!("{what:<10} {is}"))?;
        }
        report.line("")?;
        Ok(report)
    }

    /// Writes a step that has ended, with its findings or the reason for its failure.
    pub fn step(
        &mut self,
        name: &str,
        found: Result<&str, &str>,
        at: Timestamp,
        took: Duration,
    ) -> io::Result<()> {
        self.steps += 1;
        let (number, ok) = (self.steps, found.is_ok());
        let (Ok(words) | Err(words)) = found;
        if !ok && self.failed.is_none() {
            self.failed = Some((number, name.to_owned()));
        }
        let began = self.time(at);
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        self.say(
            &json!({ "step": number, "name": name, "ok": ok, "found": words, "began": began, "ms": ms }),
        );
        let word = if ok { "ok" } else { "FAILED" };
        self.line(&format!("{number:>2}  {word:<6}  {began}  {ms:>6} ms  {name}\n            {words}"))
    }

    /// Shows a call on the way to a step's end on standard error; the report does not have it.
    pub fn substep(&mut self, step: &str) -> io::Result<()> {
        if self.json {
            return Ok(());
        }
        writeln!(io::stderr().lock(), "    {step}")
    }

    /// Writes the result and the bookings left behind. `stopped` is the reason for an early end.
    pub fn conclude(&mut self, stopped: Option<&str>, left: &[String]) -> io::Result<()> {
        let result = match (&self.failed, stopped) {
            (Some((number, name)), _) => format!("FAILED at step {number}: {name}"),
            (None, Some(why)) => format!("NOT FINISHED: {why}"),
            (None, None) => "passed".into(),
        };
        let passed = stopped.is_none();
        let ended = self.time(Timestamp::now());
        self.line(&format!("\nended      {ended}\nresult     {result}"))?;
        for booking in left {
            self.line(&format!("left       {booking}"))?;
        }
        self.line("\ntechnician ____________________    cinema ____________________")?;
        self.file.sync_all()?;
        let path = self.path.display().to_string();
        self.say(&json!({ "passed": passed, "result": result, "left": left, "report": path }));
        if !self.json {
            let _ = writeln!(io::stdout().lock(), "\nThe report is in {path}");
        }
        Ok(())
    }

    /// Syncs the report to disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn time(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
    }

    /// Writes a line to the report and to standard output. A reader who has gone is no reason to stop.
    pub(super) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.file, "{text}")?;
        if !self.json {
            let _ = writeln!(io::stdout().lock(), "{text}");
        }
        Ok(())
    }

    /// Writes a JSON object to standard output, with `--json` alone.
    pub(super) fn say(&self, object: &serde_json::Value) {
        if self.json {
            let _ = writeln!(io::stdout().lock(), "{object}");
        }
    }
}
