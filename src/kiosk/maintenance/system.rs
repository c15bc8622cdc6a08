//! The machine itself: network, disk, power. What needs privileges goes through systemd, which asks polkit.

use super::report::no;
use crate::config::Loaded;
use crate::locale::{io_error, system_error, text};
use crate::maintenance::menu::ask::{MenuAnswer, Report, same};
use crate::maintenance::texts;
use rustix::fs::statvfs;
use std::fs;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, ToSocketAddrs, UdpSocket};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The most that is read of what a program says, bytes.
const OUTPUT_MAX: u64 = 64 * 1024;
/// Between two looks whether a program has ended.
const LOOK: Duration = Duration::from_millis(50);
/// The longest that an acceptance run may take.
const ACCEPTANCE_LIMIT: Duration = Duration::from_secs(1_800);

/// A program's output and success.
pub(super) struct Said {
    pub ok: bool,
    pub out: String,
    pub err: String,
}

/// Runs a program to its end, or to the limit: then it is killed.
pub(super) fn run(program: &Path, args: &[&str], limit: Duration) -> io::Result<Said> {
    run_with(program, args, limit, Stdio::null())
}

fn run_with(program: &Path, args: &[&str], limit: Duration, input: Stdio) -> io::Result<Said> {
    let mut child = Command::new(program)
        .args(args)
        .env("LC_ALL", "C.UTF-8")
        .stdin(input)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let read = |pipe: Option<Box<dyn Read + Send>>| {
        thread::spawn(move || {
            let mut text = Vec::new();
            if let Some(pipe) = pipe {
                let _ = pipe.take(OUTPUT_MAX).read_to_end(&mut text);
            }
            String::from_utf8_lossy(&text).into_owned()
        })
    };
    let out = read(child.stdout.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>));
    let err = read(child.stderr.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>));
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if began.elapsed() > limit {
            let _ = child.kill();
            let _ = child.wait();
            let seconds = limit.as_secs();
            let why = text!("{seconds} 秒后还没有结束", "no end after {seconds} s");
            return Err(io_error(io::ErrorKind::TimedOut, why));
        }
        thread::sleep(LOOK);
    };
    Ok(Said {
        ok: status.success(),
        out: out.join().unwrap_or_default(),
        err: err.join().unwrap_or_default(),
    })
}

/// `systemctl reboot` or `poweroff`: logind asks polkit whether the kiosk's user may.
pub(super) fn power(verb: &str, limit: Duration) -> MenuAnswer {
    match run(Path::new("systemctl"), &["--no-ask-password", verb], limit) {
        Ok(said) if said.ok => MenuAnswer::Report(Report::yes(vec![texts::machine::accepted()])),
        Ok(said) => no(texts::machine::power_refused(verb, said.err.trim())),
        Err(error) => {
            let error = system_error(&error);
            no(text!("systemctl {verb}：{error:#}", "systemctl {verb}: {error}"))
        }
    }
}

/// The `acceptance` of this program, as somebody would run it here; it was confirmed in the menu, and refuses a cloud that
/// isn't marked as a test. Its report stays in state_dir.
pub(super) fn acceptance(config: &Path, state_dir: &Path) -> MenuAnswer {
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => return no(system_error(&error)),
    };
    let config = config.to_string_lossy();
    let stamp = jiff::Timestamp::now().strftime("%Y%m%d-%H%M%S").to_string();
    let report = state_dir.join(format!("acceptance-{stamp}.txt"));
    let report = report.to_string_lossy();
    let yes = match confirmation() {
        Ok(yes) => yes,
        Err(error) => return no(system_error(&error)),
    };
    let args = ["acceptance", "--config", &config, "--out", &report];
    match run_with(&program, &args, ACCEPTANCE_LIMIT, yes.into()) {
        Ok(said) => {
            let lines = said.out.lines().chain(said.err.lines()).map(same).collect();
            MenuAnswer::Report(Report { ok: said.ok, lines })
        }
        Err(error) => no(system_error(&error)),
    }
}

/// The words of a person who is asked whether to go on: a pipe that holds it and is at its end.
fn confirmation() -> io::Result<io::PipeReader> {
    let (reader, mut writer) = io::pipe()?;
    writer.write_all(b"yes\nyes\nyes\nyes\n")?;
    Ok(reader)
}

/// Own address towards each server, gateway, name servers, and whether names are known.
pub(super) fn network(loaded: &Loaded) -> Report {
    let mut lines = Vec::new();
    let mut ok = true;
    let gateway = fs::read_to_string("/proc/net/route").ok().and_then(|table| gateway(&table));
    ok &= gateway.is_some();
    lines.push(match gateway {
        Some(gateway) => texts::servers::gateway(&gateway),
        None => texts::servers::no_gateway(),
    });
    let resolv = fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    for server in resolv.lines().filter_map(|line| line.strip_prefix("nameserver ")).take(3) {
        lines.push(texts::servers::name_server(server));
    }
    let site = loaded.settings.sarft.address.clone();
    let cloud = loaded.settings.cloud.as_ref().and_then(|cloud| host_and_port(&cloud.url));
    for target in std::iter::once(site).chain(cloud) {
        let began = Instant::now();
        match target.to_socket_addrs().map(|mut found| found.next()) {
            Ok(Some(address)) => {
                let own = own_address(address).map_or_else(|| "-".into(), |own| own.ip().to_string());
                let took = began.elapsed().as_millis();
                lines.push(same(format!("{target} = {} ({took} ms), {own}", address.ip())));
            }
            Ok(None) => {
                ok = false;
                lines.push(texts::servers::no_address(&target));
            }
            Err(error) => {
                ok = false;
                let error = system_error(&error);
                lines.push(text!("{target}：{error:#}", "{target}: {error}"));
            }
        }
    }
    Report { ok, lines }
}

/// The default route of /proc/net/route, whose addresses are hexadecimal and the wrong way round.
fn gateway(table: &str) -> Option<String> {
    let fields = table.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>());
    let default = fields.into_iter().find(|fields| fields.get(1) == Some(&"00000000"))?;
    let address = u32::from_str_radix(default.get(2)?, 16).ok()?;
    let [a, b, c, d] = address.to_le_bytes();
    Some(format!("{a}.{b}.{c}.{d} ({})", default.first()?))
}

fn host_and_port(url: &str) -> Option<String> {
    let uri = url.parse::<ureq::http::Uri>().ok()?;
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
    Some(format!("{}:{port}", uri.host()?))
}

/// The address this machine would send from. Nothing is sent.
fn own_address(to: SocketAddr) -> Option<SocketAddr> {
    let any: SocketAddr = if to.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0_u16; 8], 0).into() };
    let socket = UdpSocket::bind(any).ok()?;
    socket.connect(to).ok()?;
    socket.local_addr().ok()
}

/// Room where the journal is.
pub(super) fn disk(loaded: &Loaded) -> Report {
    let dir = &loaded.settings.kiosk.state_dir;
    let wanted = u64::from(loaded.settings.journal.free_mib);
    match statvfs(dir) {
        Ok(disk) => {
            let mib = |blocks: u64| blocks.saturating_mul(disk.f_frsize) / (1024 * 1024);
            let (free, all) = (mib(disk.f_bavail), mib(disk.f_blocks));
            let line = texts::machine::disk(&dir.display(), free, all, wanted);
            Report { ok: free >= wanted, lines: vec![line] }
        }
        Err(error) => {
            let (dir, error) = (dir.display(), system_error(&error.into()));
            Report::no(vec![text!("{dir}：{error:#}", "{dir}: {error}")])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_hangs_is_ended_and_one_that_talks_without_end_is_bounded() {
        let began = Instant::now();
        let hung = run(Path::new("sleep"), &["100"], Duration::from_millis(100));
        assert!(hung.is_err() && began.elapsed() < Duration::from_secs(20));
        let said =
            run(Path::new("sh"), &["-c", "yes | head -c 10000000; exit 3"], Duration::from_secs(20)).unwrap();
        assert!(!said.ok && said.out.len() <= 64 * 1024);
        assert!(run(Path::new("/no/such/program"), &[], Duration::from_secs(1)).is_err());
    }

    #[test]
    fn the_gateway_is_read_the_right_way_round() {
        let table = "Iface\tDestination\tGateway \tFlags\neth0\t0000A8C0\t00000000\t0001\neth0\t00000000\t0101A8C0\t0003\n";
        assert_eq!(gateway(table).unwrap(), "192.168.1.1 (eth0)");
        for none in ["", "Iface\n", "Iface\neth0 00000000 xyz"] {
            assert_eq!(gateway(none), None);
        }
        assert_eq!(host_and_port("https://connect.example.cn").unwrap(), "connect.example.cn:443");
        assert_eq!(host_and_port("http://127.0.0.1:81").unwrap(), "127.0.0.1:81");
    }
}
