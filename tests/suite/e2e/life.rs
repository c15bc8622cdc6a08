//! The life of the processes: start, stop, locks, ports, the local socket, systemd, secrets, a full disk.

use crate::kit::e2e;

use e2e::kiosk::Options;
use e2e::process::{Process, finish_command, until_in};
use e2e::{Home, Site, binary, finish, outcome, paper, states, until};
use rustix::process::Signal;
use serde_json::{Value, json};
use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::path::Path;
use std::time::{Duration, Instant};

#[test]
fn told_to_stop_when_idle_it_ends_at_once_and_in_good_order() {
    let site = Site::start();
    for signal in [Signal::TERM, Signal::INT] {
        let home = Home::new(&site);
        let mut kiosk = home.start();
        let begin = Instant::now();
        kiosk.process().signal(signal);
        let status = until_in(Duration::from_secs(2), "it ends", || kiosk.process().ended());
        assert_eq!(status.code(), Some(0), "{signal:?} after {:?}", begin.elapsed());
        assert!(home.log().contains("stopped in good order"));
        assert!(!home.state_dir().join("control.sock").exists(), "its socket is gone");
    }
}

#[test]
fn told_to_stop_while_a_ticket_prints_it_finishes_that_one_and_owes_the_rest() {
    let site = Site::start();
    let home = Home::new(&site);
    let mut kiosk = home.start();
    kiosk.say("111977|SX6B2HN");
    until("a ticket prints", || {
        let printing = |pickup: &Value| states(pickup).contains(&"printing");
        home.pickups().pop().filter(printing)
    });
    kiosk.process().signal(Signal::TERM);
    assert_eq!(kiosk.process().wait().code(), Some(0));
    let pickup = home.last();
    assert_eq!(outcome(&pickup), "see_counter");
    let count = |state| states(&pickup).iter().filter(|found| **found == state).count();
    let (printed, owed) = (count("printed"), count("reserved"));
    assert!((1..6).contains(&printed) && printed + owed == 6, "{pickup}");
    let papers = e2e::papers(&site.papers());
    assert_eq!(papers.iter().filter(|paper| !paper.codes.is_empty()).count(), printed);
    // The next start reports it, and the customer gets the rest.
    let mut kiosk = home.start();
    kiosk.reported(&pickup);
    let pickup = kiosk.present("111977|SX6B2HN");
    assert_eq!((outcome(&pickup), states(&pickup)), ("printed", vec!["printed"; 6]));
    assert_eq!(site.reports(111_977), 1);
    kiosk.stop();
}

#[test]
fn a_code_that_comes_as_soon_as_the_kiosk_is_up_waits_for_the_printers_first_word() {
    let site = Site::start();
    let home = Home::new(&site);
    let mut kiosk = home.start_without_printer(&mut home.command());
    kiosk.say("111972|WQNX8JL");
    let pickup = home.ended();
    assert_eq!(outcome(&pickup), "printed", "{pickup}");
    kiosk.reported(&pickup);
    kiosk.stop();
}

#[test]
fn a_second_kiosk_on_the_same_state_is_refused_and_the_first_goes_on() {
    let site = Site::start();
    let home = Home::new(&site);
    let mut kiosk = home.start();
    let second = finish_command(binary().args(["run", "--config"]).arg(home.config()));
    assert_eq!(second.status, Some(1), "{second:?}");
    let message = second.err.lines().find(|line| line.starts_with("pickup-kiosk: ")).unwrap();
    assert!(message.contains(home.state_dir().to_str().unwrap()), "{message}");
    assert_eq!(outcome(&kiosk.present("111972|WQNX8JL")), "printed");
    kiosk.stop();
}

#[test]
fn a_port_in_use_is_named() {
    let site = Site::start();
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("simulate.toml");
    let text = format!("[sarft]\nlisten = '{}'\n[vista]\nlisten = '127.0.0.1:0'\n", site.address("sarft"));
    fs::write(&config, text).unwrap();
    let ended = finish([std::ffi::OsStr::new("simulate"), "--config".as_ref(), config.as_ref()]);
    assert_eq!(ended.status, Some(1), "{ended:?}");
    assert!(
        ended.err.contains(site.address("sarft")) && ended.err.contains("another program"),
        "{}",
        ended.err
    );
    assert_eq!(ended.out, "");
}

#[test]
fn commands_go_through_the_running_kiosk_and_work_alone() {
    let site = Site::start();
    let home = Home::new(&site);
    let mut kiosk = home.start();
    let pickup = kiosk.present("111972|WQNX8JL");
    kiosk.reported(&pickup);
    let mode = fs::metadata(home.state_dir().join("control.sock")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let while_up = try_commands(&site, &home);
    kiosk.stop();
    let alone = try_commands(&site, &home);
    assert_eq!(while_up, alone, "the same record, whoever is asked");
    // A kiosk that was killed leaves its socket: nobody is there to ask.
    home.start().kill();
    assert!(home.state_dir().join("control.sock").exists());
    assert_eq!(try_commands(&site, &home), alone);
}

fn try_commands(site: &Site, home: &Home) -> Vec<Value> {
    let checked = home.finish(&["check", "--json"]);
    assert_eq!(checked.status, Some(0), "{checked:?}");
    let parts = checked.json();
    assert!(parts.iter().all(|part| part["ok"] == true), "{parts:?}");
    let has = |name: &str| parts.iter().any(|part| part["part"].as_str().unwrap().starts_with(name));
    for name in ["config", "journal", "printer", "scanner", "site", "cloud", "clock", "disk"] {
        assert!(has(name), "no {name}: {parts:?}");
    }
    site.secrets().assert_not_in(&checked.out, "check");
    let queried = home.finish(&["sarft", "query", "111977"]);
    assert_eq!(queried.status, Some(0), "{queried:?}");
    assert_eq!(queried.out.matches("not printed").count(), 6, "{}", queried.out);
    site.secrets().assert_not_in(&queried.out, "sarft query");
    assert_eq!(home.finish(&["sarft", "query", "999999"]).status, Some(0), "an answer, without records");
    assert_eq!(home.finish(&["sarft", "query", "WQNX8JL"]).status, Some(2));
    home.pickups()
}

#[test]
fn check_says_what_is_wrong_and_what_to_do() {
    let site = Site::start();
    let home = Home::new(&site);
    site.faults(&json!({"site": {"return_value": {"sign_in": 1}}, "cloud": {"status": 401}}));
    site.printer(&json!({"fault": "paper_out"}));
    let checked = home.finish(&["check", "--json"]);
    assert_eq!(checked.status, Some(1), "{checked:?}");
    for part in checked.json() {
        let name = part["part"].as_str().unwrap();
        let wrong = ["site", "cloud", "printer"].contains(&name);
        assert_eq!(part["ok"], !wrong, "{part}");
        assert!(!wrong || part["remedy"].is_string(), "{part}");
    }
    site.secrets().assert_not_in(&checked.out, "check");
}

#[test]
fn wrong_configuration_ends_with_2_and_one_message_that_names_file_line_and_key() {
    let site = Site::start();
    let home = Home::new(&site);
    let right = fs::read_to_string(home.config()).unwrap();
    let cases = [
        (
            right.replace("[kiosk]", "[kiosk]\nlanguagse = ['en']"),
            vec!["kiosk.toml:2", "languagse", "languages"],
        ),
        (right.replace("id = '0200'", "id = 200"), vec!["kiosk.toml:5", "cinema"]),
        (right.replace("sarft-password", "no-such-file"), vec!["no-such-file", "password_file"]),
        (format!("{right}\n[screen]\nlisten = '0.0.0.0:8080'\n"), vec!["screen"]),
        (right.replace("[cinema]", "[cinema"), vec!["kiosk.toml:"]),
    ];
    for (text, words) in cases {
        fs::write(home.config(), text).unwrap();
        for command in ["run", "check"] {
            let ended = home.finish(&[command]);
            assert_eq!((ended.status, ended.err.lines().count()), (Some(2), 1), "{ended:?}");
            assert!(words.iter().all(|word| ended.err.contains(word)), "{words:?}: {}", ended.err);
        }
    }
    fs::write(home.config(), right).unwrap();
    fs::set_permissions(home.path("sarft-password"), Permissions::from_mode(0o640)).unwrap();
    let ended = home.finish(&["run"]);
    assert_eq!(ended.status, Some(2), "{ended:?}");
    assert!(ended.err.contains("sarft-password") && ended.err.contains("chmod 600"), "{}", ended.err);
    fs::remove_file(home.config()).unwrap();
    for command in
        [vec!["run"], vec!["check"], vec!["journal", "list"], vec!["sarft", "query", "1"], vec!["preview"]]
    {
        let ended = home.finish(&command);
        assert_eq!(ended.status, Some(2), "{command:?} {ended:?}");
        assert!(ended.err.contains("kiosk.toml"), "{}", ended.err);
    }
}

#[test]
fn systemd_is_told_that_it_is_ready_alive_and_stopping() {
    let site = Site::start();
    let home = Home::new(&site);
    let socket = home.path("notify.sock");
    let listener = UnixDatagram::bind(&socket).unwrap();
    listener.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut command = home.command();
    command.env("NOTIFY_SOCKET", &socket).env("WATCHDOG_USEC", "300000").env("JOURNAL_STREAM", "8:1");
    let kiosk = home.start_command(&mut command);
    let next = || {
        let mut buffer = [0; 256];
        let count = listener.recv(&mut buffer).unwrap();
        String::from_utf8(buffer[..count].to_vec()).unwrap().trim_end().to_owned()
    };
    assert_eq!(next(), "READY=1");
    let begin = Instant::now();
    for _ in 0..3 {
        assert_eq!(next(), "WATCHDOG=1");
    }
    assert!(begin.elapsed() < Duration::from_millis(900), "often enough: {:?}", begin.elapsed());
    kiosk.stop();
    let rest: Vec<String> = std::iter::repeat_with(next).take_while(|word| word != "STOPPING=1").collect();
    assert!(rest.iter().all(|word| word == "WATCHDOG=1"), "{rest:?}");
    let log = home.log();
    assert!(log.lines().all(|line| !line.starts_with("20")), "no timestamps under systemd: {log}");
}

#[test]
fn a_disk_that_is_nearly_full_refuses_before_anything_is_issued() {
    let site = Site::start();
    // The most that can be asked for; no memory file system has as much, and hardly any disk.
    let tables = "[journal]\nfree_mib = 1048576\n".to_owned();
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { memory.into() } else { std::env::temp_dir() };
    let home = Home::with(&site, &Options { tables, place, ..Options::default() });
    let mut kiosk = home.start();
    kiosk.say("111972|WQNX8JL");
    until("the disk is named", || home.log().contains("no space left for").then_some(()));
    assert_eq!(site.booking(111_972)["issued"], false);
    assert_eq!(paper::count(&site.papers()), 0);
    let checked = home.finish(&["check", "--json"]);
    assert_eq!(checked.status, Some(1), "{checked:?}");
    assert!(checked.json().iter().any(|part| part["part"] == "disk" && part["ok"] == false), "{checked:?}");
    kiosk.stop();
}

#[test]
fn a_journal_that_is_no_journal_is_set_aside_and_the_kiosk_stays_closed_until_a_technician_decides() {
    let site = Site::start();
    let listeners = "[screen]\nlisten = \"127.0.0.1:0\"\n[monitor]\nlisten = \"127.0.0.1:0\"\n";
    let tables = format!("[journal]\nfree_mib = 1\n{listeners}");
    let home = Home::with(&site, &Options { tables, ..Options::default() });
    home.start().stop();
    let only_copy = "not a database, but somebody's only copy of something";
    fs::write(home.state_dir().join("journal.db"), only_copy).unwrap();
    // Closed at this start and at the next: a restart begins no empty journal by itself.
    for _start in 0..2 {
        let log = home.log_length();
        let mut process = Process::start(&mut home.command(), &home.path("log"));
        let monitor =
            until("the monitor is there", || address(&home.log_from(log), "the monitor is at http://"));
        let agent =
            ureq::Agent::new_with_config(ureq::Agent::config_builder().http_status_as_error(false).build());
        let mut health = agent.get(format!("http://{monitor}/healthz")).call().unwrap();
        assert_eq!(health.status(), 503);
        assert!(health.body_mut().read_to_string().unwrap().contains("journal"));
        let page = address(&home.log_from(log), "the screen's page is at http://").unwrap();
        assert_eq!(agent.get(format!("http://{page}/")).call().unwrap().status(), 200);
        assert!(home.log_from(log).contains("J1: journal: damaged and set aside"), "{}", home.log_from(log));
        process.signal(Signal::TERM);
        assert_eq!(process.wait().code(), Some(0));
    }
    let mut process = Process::start(&mut home.command(), &home.path("log"));
    // The closed kiosk looks at the journal now and then, and has its lock for that moment.
    let told = until("a new journal is started", || {
        let ended = home.finish(&["journal", "start-new"]);
        (ended.status == Some(0)).then_some(ended.out)
    });
    assert!(told.contains("not one page of it") && told.contains("for 48 hours"), "{told}");
    assert_eq!(process.wait().code(), Some(1), "ends, to be started again");
    let kept = fs::read_dir(home.state_dir()).unwrap().map(|entry| entry.unwrap().path());
    assert!(kept.into_iter().any(|path| fs::read(path).is_ok_and(|content| content == only_copy.as_bytes())));
    let mut kiosk = home.start();
    assert_eq!(outcome(&kiosk.present("111972|WQNX8JL")), "printed");
    kiosk.stop();
}

/// Returns the address that a line of the log tells behind these words.
fn address(log: &str, words: &str) -> Option<String> {
    let rest = log.split_once(words)?.1;
    Some(rest.split(['/', '\n']).next()?.to_owned())
}

#[test]
fn arguments_that_make_no_sense_end_with_2_and_help_with_0() {
    for args in [
        vec!["run", "--confg", "x"],
        vec!["journal", "resolve", "123456", "--ticket", "a", "--as", "nonsense", "--reason", "r"],
        vec!["journal", "resolve", "123456", "--ticket", "a", "--as", "void"],
        vec!["journal", "list", "--business-day", "24.11.2026"],
        vec!["demo", "--port", "70000"],
        vec!["frobnicate"],
    ] {
        let ended = finish(&args);
        assert_eq!((ended.status, ended.out.as_str()), (Some(2), ""), "{args:?}");
    }
    for args in [
        vec!["--help"],
        vec!["--version"],
        vec!["run", "--help"],
        vec!["demo", "--help"],
        vec!["simulate", "--help"],
    ] {
        let ended = finish(&args);
        assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn nonsense_on_the_local_socket_harms_nobody() {
    let site = Site::start();
    let home = Home::new(&site);
    let mut kiosk = home.start();
    let connect = || UnixStream::connect(home.state_dir().join("control.sock")).unwrap();
    // Silent callers take the places there are, for a while.
    let silent: Vec<UnixStream> = (0..3).map(|_| connect()).collect();
    let deep = "[".repeat(15_000);
    for bytes in
        [&b"\n"[..], b"{}\n", b"\xff\xfe\n", b"{\"want\":\"resolve\"}\n", deep.as_bytes(), &[b'x'; 100_000]]
    {
        let mut stream = connect();
        // The kiosk stops reading at its bound.
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        assert!(answer.is_empty() || answer.starts_with("{\"ok\":false"), "{answer}");
    }
    assert_eq!(outcome(&kiosk.present("111972|WQNX8JL")), "printed");
    drop(silent);
    kiosk.stop();
}
