//! Processes of the built binary, ended with the test whatever becomes of it.

use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Time limit, far longer than anything here takes, on a busy machine too.
pub const LONG: Duration = Duration::from_secs(20);
/// Interval at which a condition is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// Looks until there is something, or panics after the limit and says what was waited for.
#[track_caller]
pub fn until_in<T>(limit: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begin.elapsed() < limit, "waited {limit:?} in vain: {what}");
        thread::sleep(LOOK);
    }
}

/// Like `until_in`, with the longest limit.
#[track_caller]
pub fn until<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    until_in(LONG, what, look)
}

/// Returns a command for the binary just built, or the one that `PICKUP_KIOSK_BINARY` names, with nothing of this
/// environment that could change what it does.
pub fn binary() -> Command {
    let built = env!("CARGO_BIN_EXE_pickup-kiosk").into();
    let mut command = Command::new(std::env::var_os("PICKUP_KIOSK_BINARY").unwrap_or(built));
    for name in [
        "RUST_LOG",
        "CREDENTIALS_DIRECTORY",
        "NOTIFY_SOCKET",
        "WATCHDOG_USEC",
        "WATCHDOG_PID",
        "JOURNAL_STREAM",
    ] {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
    command
}

/// Result of a process that has ended.
#[derive(Debug)]
pub struct Finished {
    /// Exit status; `None` when a signal ended the process.
    pub status: Option<i32>,
    /// Text on standard output.
    pub out: String,
    /// Text on standard error.
    pub err: String,
    /// Time from start to end.
    pub took: Duration,
}

/// Runs one command to its end.
#[track_caller]
pub fn finish<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(args: I) -> Finished {
    finish_command(binary().args(args))
}

/// Like `finish`, with a prepared command.
#[track_caller]
pub fn finish_command(command: &mut Command) -> Finished {
    let begin = Instant::now();
    let output = command.output().expect("the binary starts");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let finished = Finished {
        status: output.status.code(),
        out: text(&output.stdout),
        err: text(&output.stderr),
        took: begin.elapsed(),
    };
    assert_no_panic(&finished.err);
    assert!(finished.status.is_some(), "ended by a signal: {finished:?}");
    finished
}

impl Finished {
    /// Returns the output as one JSON object per line.
    pub fn json(&self) -> Vec<serde_json::Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect("a JSON object")).collect()
    }
}

/// Checks that nothing ended with a panic, in any thread.
#[track_caller]
pub fn assert_no_panic(err: &str) {
    for word in ["panicked", "RUST_BACKTRACE", "overflow"] {
        assert!(!err.contains(word), "{word:?} in: {err}");
    }
}

/// Process that goes on until it is told to stop.
#[derive(Debug)]
pub struct Process {
    child: Child,
}

impl Process {
    /// Starts a command; standard error is appended to a file.
    pub fn start(command: &mut Command, err: &Path) -> Self {
        let file = std::fs::File::options().create(true).append(true).open(err).expect("a file");
        Self { child: command.stderr(file).spawn().expect("the binary starts") }
    }

    /// Takes the standard input, where it was asked for; once.
    pub fn stdin(&mut self) -> Option<std::process::ChildStdin> {
        self.child.stdin.take()
    }

    /// Returns the ID of the process.
    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("a living process");
    }

    /// Returns the exit status, once the process has ended.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child")
    }

    /// Waits for the end of the process.
    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        until("the process ends", || self.ended())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already when it can't be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
