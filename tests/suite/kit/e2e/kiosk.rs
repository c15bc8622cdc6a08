//! Kiosk under test: its files in a folder, and the `run` process on them.

use super::outcome;
use super::process::{Finished, Process, assert_no_panic, binary, finish_command, until};
use super::secrets::{PASSWORD, Secrets, TOKEN};
use super::site::Site;
use rustix::process::Signal;
use serde_json::Value;
use std::fs::{self, Permissions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{ChildStdin, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Options of a kiosk's configuration.
#[derive(Debug, Clone)]
pub struct Options {
    /// True if the kiosk has a `[cloud]`.
    pub cloud: bool,
    /// `[printer] connection`; `None` for the site's printer over TCP.
    pub printer: Option<String>,
    /// Changes to the built-in profile of Epson's printers: a line of it, and the one that replaces it.
    pub profile: Vec<(&'static str, &'static str)>,
    /// `[[scanner]] connection`.
    pub scanner: String,
    /// Time limit of site and cloud, in milliseconds.
    pub timeout_ms: u32,
    /// Folder in which the kiosk's folder is made.
    pub place: PathBuf,
    /// Further tables of kiosk.toml.
    pub tables: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            cloud: true,
            printer: None,
            profile: Vec::new(),
            scanner: "stdin:".into(),
            timeout_ms: 3000,
            place: std::env::temp_dir(),
            tables: "[journal]\nfree_mib = 1\n".into(),
        }
    }
}

/// A kiosk's configuration, secrets, state and log; outlives its processes.
#[derive(Debug)]
pub struct Home {
    folder: TempDir,
    secrets: Secrets,
}

impl Home {
    /// Creates a kiosk for this site, with the site's printer over TCP and its cloud.
    pub fn new(site: &Site) -> Self {
        Self::with(site, &Options::default())
    }

    /// Creates a kiosk for this site, as the options say.
    pub fn with(site: &Site, options: &Options) -> Self {
        let home = Self { folder: tempfile::tempdir_in(&options.place).unwrap(), secrets: site.secrets() };
        let cloud = if options.cloud {
            format!(
                "[cloud]\nurl = 'http://{}'\nallow_plain_http = true\ntoken_file = 'connect-token'\n\
                 client_class = 'RSP'\nclient_id = '111.111.111.111'\nclient_name = '3rdParty'\n\
                 timeout_ms = {}\n",
                site.address("vista"),
                options.timeout_ms
            )
        } else {
            String::new()
        };
        let tcp = || format!("tcp:{}", site.address("printer"));
        let mut own = include_str!("../../../../config/printers/epson-tm-t88.toml").to_owned();
        for (line, other) in &options.profile {
            assert!(own.contains(line), "{line}");
            own = own.replace(line, other);
        }
        fs::create_dir(home.path("printers")).unwrap();
        fs::write(home.path("printers/own.toml"), own).unwrap();
        let text = format!(
            "[kiosk]\nid = 'e2e'\nstate_dir = {:?}\n[cinema]\nid = '0200'\nname = 'CHTEST01'\n[sarft]\n\
             address = '{}'\nusername = 'kiosk'\npassword_file = 'sarft-password'\ntimeout_ms = {}\n\
             flags_at = 'report'\nclaim_lapses_s = 'never'\n[sarft.wire]\n{}\n{cloud}[printer]\nconnection = '{}'\nprofile = 'own'\n[[scanner]]\n\
             connection = '{}'\n{}",
            home.state_dir(),
            site.address("sarft"),
            options.timeout_ms,
            site.wire(),
            options.printer.clone().unwrap_or_else(tcp),
            options.scanner,
            options.tables,
        );
        fs::write(home.config(), text).unwrap();
        home.secret("sarft-password", PASSWORD);
        home.secret("connect-token", TOKEN);
        home
    }

    fn secret(&self, name: &str, content: &str) {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
    }

    /// Returns the path of a file in the kiosk's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns the path of kiosk.toml.
    pub fn config(&self) -> PathBuf {
        self.path("kiosk.toml")
    }

    /// Returns the path of the state_dir.
    pub fn state_dir(&self) -> PathBuf {
        self.path("state")
    }

    /// Returns the log of all its processes, at the finest level.
    pub fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// Returns the length of the log, in bytes.
    pub fn log_length(&self) -> u64 {
        fs::metadata(self.path("log")).map_or(0, |file| file.len())
    }

    /// Returns the log behind this length.
    pub fn log_from(&self, length: u64) -> String {
        let Ok(mut file) = fs::File::open(self.path("log")) else { return String::new() };
        let mut rest = Vec::new();
        file.seek(SeekFrom::Start(length)).unwrap();
        file.read_to_end(&mut rest).unwrap();
        String::from_utf8_lossy(&rest).into_owned()
    }

    /// Acts, and waits until the log says this behind what it said before.
    #[track_caller]
    pub fn logs_after<T>(&self, act: impl FnOnce() -> T, said: &str) {
        let before = self.log_length();
        act();
        until(&format!("the log says {said:?}"), || self.log_from(before).contains(said).then_some(()));
    }

    /// Starts `run` and waits until it is up and its printer is ready.
    pub fn start(&self) -> Kiosk<'_> {
        self.start_command(&mut self.command())
    }

    /// Returns the command `run`, not started.
    pub fn command(&self) -> Command {
        let mut command = binary();
        command.args(["run", "--config"]).arg(self.config());
        command.env("RUST_LOG", "trace").stdin(Stdio::piped()).stdout(Stdio::null());
        command
    }

    /// Like `start`, with a prepared command.
    pub fn start_command(&self, command: &mut Command) -> Kiosk<'_> {
        let before = self.log_length();
        let kiosk = self.start_without_printer(command);
        until("the printer is ready", || self.log_from(before).contains("printer: ready").then_some(()));
        kiosk
    }

    /// Starts `run` and kills it after `time`.
    pub fn killed_after(&self, time: Duration) {
        let mut process = Process::start(&mut self.command(), &self.path("log"));
        std::thread::sleep(time);
        process.signal(Signal::KILL);
        process.wait();
    }

    /// Like `start_command`, whatever becomes of the printer.
    pub fn start_without_printer(&self, command: &mut Command) -> Kiosk<'_> {
        let before = self.log_length();
        let mut process = Process::start(command, &self.path("log"));
        until("the kiosk is up", || {
            assert!(process.ended().is_none(), "the kiosk ended: {}", self.log_from(before));
            self.log_from(before).contains(" is up, version ").then_some(())
        });
        let stdin = process.stdin();
        Kiosk { home: self, process, stdin }
    }

    /// Runs a command with `--config` of this kiosk to its end.
    #[track_caller]
    pub fn finish(&self, args: &[&str]) -> Finished {
        let finished = finish_command(binary().args(args).arg("--config").arg(self.config()));
        self.secrets.assert_not_in(&finished.err, "an error");
        finished
    }

    /// Returns all pickups, in the journal's order.
    #[track_caller]
    pub fn pickups(&self) -> Vec<Value> {
        let listed = self.finish(&["journal", "list", "--json"]);
        assert_eq!(listed.status, Some(0), "{listed:?}");
        self.secrets.assert_not_in(&listed.out, "the journal's list");
        listed.json()
    }

    /// Returns the newest pickup.
    #[track_caller]
    pub fn last(&self) -> Value {
        self.pickups().pop().expect("a pickup")
    }

    /// Waits until the newest pickup has ended, and returns it.
    #[track_caller]
    pub fn ended(&self) -> Value {
        until("the pickup ends", || self.pickups().pop().filter(|pickup| !outcome(pickup).is_empty()))
    }

    /// Checks that the log has no panic and no secret.
    #[track_caller]
    pub fn assert_clean(&self) {
        let log = self.log();
        assert_no_panic(&log);
        self.secrets.assert_not_in(&log, "the log");
    }

    /// Settles a ticket as staff do.
    #[track_caller]
    pub fn resolve(&self, pickup: &Value, seat: &str, how: &str) -> Finished {
        let id = pickup["claim"].as_str().or(pickup["pickup"].as_str()).unwrap();
        self.finish(&["journal", "resolve", id, "--ticket", seat, "--as", how, "--reason", "tried in a test"])
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("-- the kiosk's log --\n{}", self.log());
        } else {
            self.assert_clean();
        }
    }
}

/// A running kiosk.
#[derive(Debug)]
pub struct Kiosk<'a> {
    home: &'a Home,
    process: Process,
    stdin: Option<ChildStdin>,
}

impl Kiosk<'_> {
    /// Returns the process of the kiosk.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// Sends a code as a line on standard input.
    pub fn say(&mut self, code: &str) {
        self.stdin.as_mut().unwrap().write_all(format!("{code}\n").as_bytes()).unwrap();
    }

    /// Presents a code and waits for the end of its pickup.
    #[track_caller]
    pub fn present(&mut self, code: &str) -> Value {
        let before = self.home.pickups().len();
        self.say(code);
        until("the pickup ends", || {
            assert!(self.process.ended().is_none(), "the kiosk ended: {}", self.home.log());
            self.home.pickups().into_iter().nth(before).filter(|pickup| !outcome(pickup).is_empty())
        })
    }

    /// Waits until the site has the report of this pickup's booking.
    #[track_caller]
    pub fn reported(&self, pickup: &Value) -> Value {
        until("the report is through", || {
            let same = |other: &Value| other["pickup"] == pickup["pickup"];
            self.home.pickups().into_iter().find(same).filter(|pickup| pickup["reported"] == true)
        })
    }

    /// Ends the kiosk with SIGTERM, in good order.
    #[track_caller]
    pub fn stop(mut self) {
        self.process.signal(Signal::TERM);
        let status = self.process.wait();
        assert_eq!(status.code(), Some(0), "{}", self.home.log());
    }

    /// Ends the kiosk with SIGKILL.
    pub fn kill(mut self) {
        self.process.signal(Signal::KILL);
        self.process.wait();
    }
}
