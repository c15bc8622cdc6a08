//! Start of the process up to READY, as systemd sees it.

use crate::figures::Figures;
use crate::peer::Printer;
use crate::place::{profile, write_config};
use rustix::process::{Pid, Signal, kill_process};
use std::net::SocketAddr;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const STARTS: u32 = 30;
const LIMIT: Duration = Duration::from_secs(10);

/// Compares starts with an empty journal and with a full one, in turn.
pub fn compare(home: &Path, empty: &Path, full: &Path) {
    let printer = Printer::switch_on(profile());
    // A start asks nothing of the site.
    let site = SocketAddr::from(([127, 0, 0, 1], 9));
    let notify = home.join("notify");
    let systemd = UnixDatagram::bind(&notify).unwrap();
    systemd.set_read_timeout(Some(LIMIT)).unwrap();
    let files = [empty, full].map(|state_dir| write_config(site, printer.address, state_dir));
    let mut took = [Figures::default(), Figures::default()];
    for file in &files {
        start(file, &notify, &systemd);
    }
    for _ in 0..STARTS {
        for (file, figures) in files.iter().zip(&mut took) {
            figures.add(start(file, &notify, &systemd));
        }
    }
    println!("\nstart of `run` → READY, {STARTS} starts each");
    println!("  nothing else on record         {}", took[0]);
    println!("  many on record                 {}", took[1]);
    println!("  many : none                    {:.2}   (at most 1.2)", took[1].median() / took[0].median());
}

fn start(file: &Path, notify: &Path, systemd: &UnixDatagram) -> Duration {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pickup-kiosk"));
    command.arg("run").arg("--config").arg(file).env("NOTIFY_SOCKET", notify).env_remove("WATCHDOG_USEC");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    let mut kiosk = command.spawn().unwrap();
    let mut ready = None;
    let mut message = [0; 256];
    while ready.is_none() {
        let count = systemd.recv(&mut message).expect("it says READY");
        ready = message[..count].starts_with(b"READY=1").then(Instant::now);
    }
    kill_process(Pid::from_child(&kiosk), Signal::TERM).unwrap();
    assert!(kiosk.wait().unwrap().success());
    // STOPPING, and whatever else it said.
    systemd.set_nonblocking(true).unwrap();
    while systemd.recv(&mut message).is_ok() {}
    systemd.set_nonblocking(false).unwrap();
    ready.unwrap() - began
}
