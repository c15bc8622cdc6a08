//! One kiosk from its first start to the end of a pickup of two tickets, the power cut somewhere in it; then started
//! again on what the disk kept.

use crate::disk::{Disk, Line, Point, Trace};
use crate::e2e::kiosk::Options;
use crate::e2e::process::Process;
use crate::e2e::{Home, Site, binary, outcome, states};
use crate::ledger::Ledger;
use pickup_kiosk::kiosk::control::{self, Pickups, Request, Shape};
use rustix::process::Signal;
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{ChildStdin, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The booking that is picked up, and its ID.
const NUMBER: u32 = 500_000;
const ID: &str = "K500000X2";
/// How long one sync takes: what was sent before it has its receiver before the record is kept.
const SYNC_MS: u32 = 20;
/// Far longer than any one thing takes here, on a busy machine too.
const LONG: Duration = Duration::from_secs(30);
/// Between two looks at a condition.
const LOOK: Duration = Duration::from_millis(10);
/// A code is presented so often at most before it must be settled.
const PRESENTED_MAX: usize = 6;

/// What is wrong with the disk, and with the power.
#[derive(Debug, Clone, Copy, Default)]
pub struct Course {
    /// When the power goes. None: never.
    pub cut: Option<Point>,
    /// A seed: of what was not synced, some reached the disk too.
    pub rest: Option<u64>,
    /// Syncs of this file do nothing; `*`: of none.
    pub skip: Option<&'static str>,
    /// What the site answers to a second 0x05: 1 instead of 0.
    pub refuses: bool,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Walked {
    /// What the first process did.
    pub trace: Trace,
    /// Lines of the trace when the code was presented.
    pub presented_at: usize,
    /// Everything that must not be.
    pub violations: Vec<String>,
}

impl Walked {
    /// The power went.
    pub fn was_cut(&self) -> bool {
        self.trace.0.last() == Some(&Line::Cut)
    }
}

/// Walks once.
pub fn walk(disk: &Disk, course: Course) -> Walked {
    let second_issue = if course.refuses { "refuse" } else { "accept" };
    let site = Site::start_with(
        "",
        &format!(
            "[cinema]\nsecond_issue = '{second_issue}'\n[[booking]]\nnumber = {NUMBER}\nid = '{ID}'\n\
             session_code = '{NUMBER}'\n[[booking.seat]]\nname = '7排1座'\n[[booking.seat]]\nname = '7排2座'\n"
        ),
    );
    let home = Home::with(&site, &Options { cloud: false, ..Options::default() });
    // It is there before the kiosk: systemd makes it, and the disk has it.
    fs::create_dir(home.state_dir()).unwrap();
    let mut walked = first_process(disk, course, &site, &home);
    if walked.was_cut() {
        let kept = home.path("kept");
        walked.violations.extend(unrecorded(&home, &kept, &walked.trace));
        fs::remove_dir_all(home.state_dir()).unwrap();
        fs::rename(kept, home.state_dir()).unwrap();
        walked.violations.extend(afterwards(&site, &home).unwrap_or_else(|why| vec![why]));
    } else if course.cut.is_none() {
        let same = |name: &str| fs::read(home.path("kept").join(name)).unwrap() == fs::read(home.state_dir().join(name)).unwrap();
        assert!(course.skip.is_some() || same("journal.db"), "the disk missed what was written");
    }
    walked
}

/// The process under which the disk lies, until the power goes or it has ended in good order.
fn first_process(disk: &Disk, course: Course, site: &Site, home: &Home) -> Walked {
    let trace = home.path("trace");
    let kept = home.path("kept");
    fs::create_dir(&kept).unwrap();
    let port = |name: &str| site.address(name).rsplit_once(':').unwrap().1.to_owned();
    let mut command = home.command();
    command.env("LD_PRELOAD", disk.library()).env("DISK_DIR", home.state_dir()).env("DISK_TRACE", &trace);
    command.env("DISK_KEPT", &kept).env("DISK_SYNC_MS", SYNC_MS.to_string());
    command.env("DISK_SITE", port("sarft")).env("DISK_PRINTER", port("printer"));
    command.envs(course.cut.map(|point| ("DISK_CUT", point.text())));
    command.envs(course.rest.map(|seed| ("DISK_REST", seed.to_string())));
    command.envs(course.skip.map(|name| ("DISK_SKIP", name)));
    let mut running = Running::start(&mut command, home);
    let mut presented_at = 0;
    if running.is_ready() {
        presented_at = Trace::read(&trace).0.len();
        running.say();
        let told = || pickups(home).is_some_and(|all| all.last().is_some_and(|last| last["reported"] == true));
        if running.until("the report is through", told).unwrap() {
            running.process.signal(Signal::TERM);
        }
    }
    let begin = Instant::now();
    while running.process.ended().is_none() {
        assert!(begin.elapsed() < LONG, "it does not end: {}", home.log());
        thread::sleep(LOOK);
    }
    Walked { trace: Trace::read(&trace), presented_at, violations: Vec::new() }
}

/// A kiosk's process, which may end at any moment.
struct Running<'a> {
    home: &'a Home,
    process: Process,
    stdin: Option<ChildStdin>,
    log_from: u64,
}

impl<'a> Running<'a> {
    fn start(command: &mut std::process::Command, home: &'a Home) -> Self {
        let log_from = home.log_length();
        let mut process = Process::start(command.stdin(Stdio::piped()), &home.path("log"));
        let stdin = process.stdin();
        Self { home, process, stdin, log_from }
    }

    /// Waits; false when the process ended first.
    fn until(&mut self, what: &str, mut met: impl FnMut() -> bool) -> Result<bool, String> {
        let begin = Instant::now();
        loop {
            if self.process.ended().is_some() {
                return Ok(false);
            }
            if met() {
                return Ok(true);
            }
            if begin.elapsed() > LONG {
                return Err(format!("waited {LONG:?} in vain: {what}"));
            }
            thread::sleep(LOOK);
        }
    }

    fn is_ready(&mut self) -> bool {
        let (home, from) = (self.home, self.log_from);
        self.until("the printer is ready", || home.log_from(from).contains("printer: ready")).unwrap()
    }

    /// Presents the code; a process that is gone does not hear it.
    fn say(&mut self) {
        let _ = writeln!(self.stdin.as_mut().unwrap(), "{NUMBER}|{ID}");
    }
}

/// All pickups of a running kiosk; none when it doesn't answer.
fn pickups(home: &Home) -> Option<Vec<Value>> {
    let page = Pickups { shape: Shape::JsonLines, day: None, unresolved: false, after: 0 };
    let answer = control::call(&home.state_dir(), &Request::Pickups(page)).ok()??;
    answer.text.lines().map(|line| serde_json::from_str(line).ok()).collect()
}

/// What the trace's effects say that the record kept does not.
fn unrecorded(home: &Home, kept: &Path, trace: &Trace) -> Vec<String> {
    let issued = trace.0.contains(&Line::Site(5));
    let begun = trace.0.iter().filter(|line| line.is_ticket()).count();
    let reported = trace.0.contains(&Line::Site(7));
    if !issued {
        return Vec::new();
    }
    let record = match record(home, kept) {
        Ok(record) => record,
        Err(why) => return vec![why],
    };
    let number = NUMBER.to_string();
    let Some(pickup) = record.iter().rev().find(|pickup| pickup["booking_number"] == number.as_str()) else {
        return vec![format!("0x05 was sent, {begun} tickets begun, and the record holds nothing of it: {record:?}")];
    };
    let seats = states(pickup);
    let out = seats.iter().filter(|state| ["printing", "printed", "uncertain"].contains(state)).count();
    let mut violations = Vec::new();
    if seats.len() != 2 {
        violations.push(format!("0x05 was sent for two seats, and the record holds {seats:?}"));
    }
    if out < begun {
        violations.push(format!("{begun} tickets were begun at the printer, and the record holds {seats:?}"));
    }
    if reported && (out == 0 || outcome(pickup).is_empty()) {
        violations.push(format!("0x07 was sent, and the record holds {pickup}"));
    }
    violations
}

/// All pickups of a record that nobody has open; it is looked at as a copy.
fn record(home: &Home, kept: &Path) -> Result<Vec<Value>, String> {
    let copy = home.path("copy");
    fs::create_dir(&copy).unwrap();
    for entry in fs::read_dir(kept).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
    }
    let config = home.path("copy.toml");
    let text = fs::read_to_string(home.config()).unwrap();
    fs::write(&config, text.replace(home.state_dir().to_str().unwrap(), copy.to_str().unwrap())).unwrap();
    let mut command = binary();
    let listed = command.args(["journal", "list", "--json", "--config"]).arg(config).output().unwrap();
    let text = String::from_utf8(listed.stdout).unwrap();
    if !listed.status.success() {
        return Err(format!("the record kept can't be read: {}", String::from_utf8_lossy(&listed.stderr)));
    }
    Ok(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// The kiosk on what was kept, the code presented until nothing more comes of it; what must not be then.
fn afterwards(site: &Site, home: &Home) -> Result<Vec<String>, String> {
    let mut running = Running::start(&mut home.command(), home);
    let (from, wanted) = (running.log_from, "it starts, and its printer is ready");
    if !running.until(wanted, || home.log_from(from).contains("printer: ready"))? {
        return Err(format!("it does not start: {}", last_lines(&home.log_from(from))));
    }
    present_until_settled(&mut running)?;
    let due = |pickup: &Value| {
        pickup["reported"] == false && states(pickup).iter().any(|state| ["printed", "uncertain"].contains(state))
    };
    running.until("every report is through", || pickups(home).is_some_and(|all| !all.iter().any(due)))?;
    let all = pickups(home).ok_or("it does not answer")?;
    running.process.signal(Signal::TERM);
    let ended = running.process.wait();
    let mut violations = Ledger::of(site, &all, &[NUMBER]).violations;
    if !ended.success() {
        violations.push(format!("it ended with {ended}"));
    }
    Ok(violations)
}

fn present_until_settled(running: &mut Running<'_>) -> Result<(), String> {
    let home = running.home;
    let mut before = Value::Null;
    for _ in 0..PRESENTED_MAX {
        let known = pickups(home).ok_or("it does not answer")?.len();
        running.say();
        let mut found = None;
        running.until("the pickup ends", || {
            let newest = pickups(home).and_then(|all| all.into_iter().nth(known));
            found = newest.filter(|pickup| !outcome(pickup).is_empty());
            found.is_some()
        })?;
        let pickup = found.ok_or("it ended in a pickup")?;
        match outcome(&pickup) {
            "printed" | "already_collected" => return Ok(()),
            "see_counter" if before == pickup["tickets"] => return Ok(()),
            "see_counter" => before = pickup["tickets"].clone(),
            "try_later" | "out_of_service" => {}
            other => return Err(format!("{other}: {pickup}")),
        }
    }
    Err("it is never settled".into())
}

fn last_lines(log: &str) -> String {
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("ERROR") || line.contains("WARN")).collect();
    lines.join("\n")
}
