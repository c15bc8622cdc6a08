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
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{ChildStdin, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The booking that is picked up, and its ID.
const NUMBER: u32 = 500_000;
const ID: &str = "K500000X2";
/// Text that all simulated codes have in them, and so a ticket's bytes: `SIMULATED SAMPLE` in base64.
const CODE: &str = "U0lNVUxBVEVEIFNBTVBMR";
/// Time that one sync takes, in ms: an effect that does not wait for its record comes before it.
const SYNC_MS: u32 = 20;
/// Time limit, far longer than any one thing takes here, on a busy machine too.
const LONG: Duration = Duration::from_secs(20);
/// Interval at which a condition is looked at.
const LOOK: Duration = Duration::from_millis(15);
/// Number of times that a code is presented, at most, before it must be settled.
const PRESENTED_MAX: usize = 6;

/// Course of a walk: the faults of the disk, and of the power.
#[derive(Debug, Clone, Default)]
pub struct Course {
    /// Power cuts, a process each; `None` for a process without one, which ends in good order.
    pub cuts: Vec<Option<Point>>,
    /// Seed: of what was not synced, some reached the disk too.
    pub rest: Option<u64>,
    /// File of which syncs do nothing (`DISK_SKIP`); `*` for all files.
    pub skip: Option<&'static str>,
    /// True if the site answers a second 0x05 with 1 instead of 0.
    pub refuses: bool,
}

/// Result of a course.
#[derive(Debug, Default)]
pub struct Walked {
    /// Traces of the processes, in their order.
    pub traces: Vec<Trace>,
    /// Number of lines of the first trace when the code was presented.
    pub presented_at: usize,
    /// True if every process met the power cut that was meant for it.
    pub met: bool,
    /// Everything found that must not be.
    pub violations: Vec<String>,
}

/// Walks once: a process a cut, and a last one that nothing befalls.
pub fn walk(disk: &Disk, course: &Course) -> Walked {
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
    let mut walked = Walked { met: true, ..Walked::default() };
    for cut in &course.cuts {
        let (kept, seen) = (home.path("kept"), home.path("seen"));
        fs::create_dir(&kept).unwrap();
        fs::create_dir(&seen).unwrap();
        let gone = one_process(disk, course, *cut, &site, &home, &mut walked);
        walked.met &= gone == cut.is_some();
        if cut.is_none() && walked.violations.is_empty() {
            assert_seen(&home);
        }
        walked.violations.extend(recorded(&home, &kept, &walked.traces).err());
        fs::remove_dir_all(home.state_dir()).unwrap();
        fs::remove_dir_all(seen).unwrap();
        fs::rename(kept, home.state_dir()).unwrap();
    }
    let last = afterwards(&site, &home);
    walked.violations.extend(last.unwrap_or_else(|why| vec![why]));
    walked
}

/// Panics unless the disk has seen all that the process wrote: else it would not know what is lost.
fn assert_seen(home: &Home) {
    let (seen, real) = (files(&home.path("seen")), files(&home.state_dir()));
    assert!(seen.contains_key("journal.db"), "{:?}", seen.keys());
    assert!(seen.keys().eq(real.keys()), "{:?} were seen of {:?}", seen.keys(), real.keys());
    let unseen: Vec<_> = seen.iter().filter(|(name, content)| real[*name] != **content).collect();
    assert!(
        unseen.is_empty(),
        "not all was seen that was written to {:?}",
        unseen.iter().map(|(name, _)| name).collect::<Vec<_>>()
    );
}

/// Returns the files in a folder, by their names; no sockets.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
    files.map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())).collect()
}

/// Runs a process on the disk until the power goes or it has ended in good order; returns true if the power went.
fn one_process(
    disk: &Disk,
    course: &Course,
    cut: Option<Point>,
    site: &Site,
    home: &Home,
    walked: &mut Walked,
) -> bool {
    let trace = home.path(&format!("trace-{}", walked.traces.len()));
    let port = |name: &str| site.address(name).rsplit_once(':').unwrap().1.to_owned();
    let mut command = home.command();
    command.env("LD_PRELOAD", disk.library()).env("DISK_DIR", home.state_dir()).env("DISK_TRACE", &trace);
    command
        .env("DISK_SEEN", home.path("seen"))
        .env("DISK_KEPT", home.path("kept"))
        .env("DISK_SYNC_MS", SYNC_MS.to_string());
    command.env("DISK_SITE", port("sarft")).env("DISK_PRINTER", port("printer")).env("DISK_TICKET", CODE);
    command.envs(cut.map(|point| ("DISK_CUT", point.text())));
    command.envs(course.rest.map(|seed| ("DISK_REST", seed.to_string())));
    command.envs(course.skip.map(|name| ("DISK_SKIP", name)));
    let mut running = Running::start(&mut command, home);
    match present(&mut running, &trace, walked) {
        Ok(true) => running.process.signal(Signal::TERM),
        Ok(false) => {}
        Err(why) => {
            walked.violations.push(why);
            if running.process.ended().is_none() {
                running.process.signal(Signal::KILL);
            }
        }
    }
    let ended = running.until("it ends", || false);
    assert_eq!(ended, Ok(false), "{}", home.log());
    let trace = Trace::read(&trace);
    let gone = trace.0.last() == Some(&Line::Cut);
    walked.traces.push(trace);
    gone
}

/// Presents the code and waits until nothing of it is left to do; returns false when the process ended first.
fn present(running: &mut Running<'_>, trace: &Path, walked: &mut Walked) -> Result<bool, String> {
    let home = running.home;
    if !running.ready()? {
        return Ok(false);
    }
    let known = pickups(home).map_or(0, |all| all.len());
    if walked.traces.is_empty() {
        walked.presented_at = Trace::read(trace).0.len();
    }
    running.say();
    let through = || pickups(home).is_some_and(|all| all.len() > known && all.iter().all(is_through));
    running.until("the report is through", through)
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

    /// Waits for a condition; returns false when the process ended first.
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

    /// Waits until it can print; returns false when the process ended first.
    fn ready(&mut self) -> Result<bool, String> {
        let (home, from) = (self.home, self.log_from);
        let closed = || home.log_from(from).contains("ERROR J1: ");
        let ready = || home.log_from(from).contains("printer: ready") && pickups(home).is_some();
        let told = self.until("it starts, and its printer is ready", || closed() || ready())?;
        if closed() { Err(format!("it does not start: {}", home.log_from(from))) } else { Ok(told) }
    }

    /// Presents the code; a process that is gone does not hear it.
    fn say(&mut self) {
        let _ = writeln!(self.stdin.as_mut().unwrap(), "{NUMBER}|{ID}");
    }
}

/// Returns all pickups of a running kiosk; `None` when it doesn't answer.
fn pickups(home: &Home) -> Option<Vec<Value>> {
    let page = Pickups { shape: Shape::JsonLines, day: None, unresolved: false, after: 0 };
    let answer = control::call(&home.state_dir(), &Request::Pickups(page)).ok()??;
    answer.text.lines().map(|line| serde_json::from_str(line).ok()).collect()
}

/// Returns true if a pickup has ended, and the site has its report if one is due.
fn is_through(pickup: &Value) -> bool {
    let due = states(pickup).iter().any(|state| ["printed", "uncertain"].contains(state));
    !outcome(pickup).is_empty() && (!due || pickup["reported"] == true)
}

/// Checks that the record kept says of every effect in the traces what has to be on record before it.
fn recorded(home: &Home, kept: &Path, traces: &[Trace]) -> Result<(), String> {
    let count =
        |effect: &Line| traces.iter().flat_map(|trace| &trace.0).filter(|line| *line == effect).count();
    let (issues, begun, reports) = (count(&Line::Site(5)), count(&Line::Ticket), count(&Line::Site(7)));
    if issues == 0 {
        return Ok(());
    }
    let record = record(home, kept)?;
    let number = NUMBER.to_string();
    let ours: Vec<&Value> =
        record.iter().filter(|pickup| pickup["booking_number"] == number.as_str()).collect();
    let Some(pickup) = ours.last() else {
        return Err(format!("0x05 was sent, {begun} tickets were begun, and the record holds nothing of it"));
    };
    let seats = states(pickup);
    let out = seats.iter().filter(|state| ["printing", "printed", "uncertain"].contains(state)).count();
    match () {
        () if seats.len() != 2 => Err(format!("0x05 was sent for two seats, and the record holds {seats:?}")),
        () if out < begun => Err(format!("{begun} tickets were begun, and the record holds {seats:?}")),
        () if reports > 0 && (out == 0 || ours.iter().all(|pickup| outcome(pickup).is_empty())) => {
            Err(format!("0x07 was sent, and the record holds {ours:?}"))
        }
        () => Ok(()),
    }
}

/// Returns all pickups of a record that nobody has open; it is looked at as a copy.
fn record(home: &Home, kept: &Path) -> Result<Vec<Value>, String> {
    let copy = tempfile::tempdir().unwrap();
    let copy = copy.path();
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

/// Starts the kiosk on what was kept, and presents the code until nothing more comes of it; returns what must not be
/// then.
fn afterwards(site: &Site, home: &Home) -> Result<Vec<String>, String> {
    let mut running = Running::start(&mut home.command(), home);
    if !running.ready()? {
        return Err(format!("it does not start: {}", home.log_from(running.log_from)));
    }
    present_until_settled(&mut running)?;
    let mut all = Vec::new();
    running.until("every report is through", || {
        all = pickups(home).unwrap_or_default();
        !all.is_empty() && all.iter().all(is_through)
    })?;
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
        let known = pickups(home).ok_or("it does not answer between two pickups")?.len();
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
