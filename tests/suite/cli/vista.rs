//! `vista …` through the binary, against the simulated Vista.

use pickup_kiosk::simulator::faults::{CloudCall, CloudFaults};
use pickup_kiosk::simulator::lock;
use pickup_kiosk::simulator::rig::Rig;
use pickup_kiosk::simulator::settings::SimulateSettings;
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

struct Site {
    rig: Rig,
    home: tempfile::TempDir,
}

/// Result of one command.
struct Ended {
    status: i32,
    out: String,
    err: String,
}

impl Site {
    fn start() -> Self {
        let rig = Rig::start(SimulateSettings::on_free_ports()).unwrap();
        let home = tempfile::tempdir().unwrap();
        for (name, secret) in [("password", "simulated"), ("token", "simulated-token")] {
            let path = home.path().join(name);
            fs::write(&path, secret).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        }
        let text = format!(
            "[kiosk]\nid = \"t\"\nstate_dir = \"state\"\n[cinema]\nid = \"0200\"\nname = \"CHTEST01\"\n\
             [sarft]\naddress = \"{}\"\nusername = \"kiosk\"\npassword_file = \"password\"\n\
             [cloud]\nurl = \"http://{}\"\nallow_plain_http = true\ntoken_file = \"token\"\n\
             client_class = \"RSP\"\nclient_id = \"111.111.111.111\"\nclient_name = \"3rdParty\"\ntest = true\n\
             [printer]\nconnection = \"image:out\"\n[[scanner]]\nconnection = \"stdin:\"\n",
            rig.address("sarft").unwrap(),
            rig.address("vista").unwrap(),
        );
        fs::write(home.path().join("kiosk.toml"), text).unwrap();
        Self { rig, home }
    }

    fn vista(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pickup-kiosk"));
        command.env("LC_ALL", "C.UTF-8");
        command.arg("vista").args(arguments).arg("--config").arg(self.home.path().join("kiosk.toml"));
        let output = command.env_remove("RUST_LOG").env_remove("CREDENTIALS_DIRECTORY").output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let ended = Ended {
            status: output.status.code().unwrap(),
            out: text(output.stdout),
            err: text(output.stderr),
        };
        for secret in ["simulated-token", "WQNX8JL", "13800138000", "样例顾客", "panicked"] {
            assert!(!ended.out.contains(secret) && !ended.err.contains(secret), "{secret}: {}", ended.err);
        }
        ended
    }

    /// Runs a `vista` command with an order token, without waits, and with typed input.
    fn moving(&self, arguments: &[&str], typed: &str) -> Ended {
        let path = self.home.path().join("kiosk.toml");
        let text = fs::read_to_string(&path).unwrap();
        if !text.contains("order_token_file") {
            let ordering =
                "[cloud.ordering]\npolls = 2\npoll_seconds = 0\nrefund_tries = 2\nrefund_seconds = 0\n";
            let text = text
                .replace("test = true\n", &format!("test = true\norder_token_file = \"token\"\n{ordering}"));
            fs::write(&path, text).unwrap();
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_pickup-kiosk"));
        command.env("LC_ALL", "C.UTF-8");
        command.arg("vista").args(arguments).arg("--config").arg(&path);
        command.env_remove("RUST_LOG").env_remove("CREDENTIALS_DIRECTORY");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        if let Err(error) = child.stdin.take().unwrap().write_all(typed.as_bytes()) {
            // The command has ended without asking.
            assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe);
        }
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ended { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    fn state(&self, name: &str) -> String {
        fs::read_to_string(self.home.path().join("state").join(name)).unwrap_or_default()
    }

    fn fault(&self, on: CloudCall, faults: CloudFaults) {
        *lock(&self.rig.handles().cloud_faults) = CloudFaults { on: vec![on], ..faults };
    }

    #[track_caller]
    fn shown(&self, arguments: &[&str]) -> String {
        let ended = self.vista(arguments);
        assert_eq!((ended.status, ended.err.as_str()), (0, ""), "{}", ended.out);
        ended.out
    }

    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let out = self.shown(&[arguments, &["--json"]].concat());
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

#[test]
fn tables_are_for_people_and_json_for_programs() {
    let site = Site::start();
    assert_eq!(
        site.shown(&["cinemas"]),
        "ID    name      national id  city  address      phone\n\
         0200  CHTEST01  17212101     上海  南京西路1号\n\
         0179  CHTEST02  17212102     上海  南京西路1号\n"
    );
    assert_eq!(site.json(&["cinemas"])[0]["national_id"], "17212101");
    let films = site.shown(&["films", "--all"]);
    let first = films.lines().nth(1).unwrap();
    assert!(first.starts_with("重返20岁             97       29617    "), "{films}");
    assert!(first.ends_with("1号厅"), "{films}");
    assert_eq!(films.lines().count(), 6, "{films}");
    assert_eq!(site.json(&["films", "--all"])[1]["sessions"].as_array().unwrap().len(), 4);
    assert_eq!(site.shown(&["films", "--day", "2001-01-01"]), "film  minutes  session  begins  screen\n");
    let types = site.shown(&["tickets", "29618"]);
    assert!(types.contains("0010  标准票                          0000000001  100.00  19.9\n"), "{types}");
    assert!(types.contains("0043  webTicket 测试用代金券(优选区)  0000000003  20.00\n"), "{types}");
    assert_eq!(site.json(&["tickets", "29617"])[1]["price_cents"], 5000);
}

#[test]
fn the_seat_plan_is_drawn_as_the_hall_is() {
    let site = Site::start();
    let plan = site.shown(&["seats", "29617"]);
    let lines: Vec<&str> = plan.lines().collect();
    assert_eq!(lines[0], "一号厅 · area 1 · category 0000000001");
    assert_eq!(lines[1], "9排    (10   9)( 8   7)( 6   ■)( 4   ■)( 2   1)");
    assert_eq!(lines[3], "7排      ■   ■   8   7   6   5   4   3   2   1");
    assert!(lines[9].starts_with("1排     10   9"), "{plan}");
    assert!(plan.contains("seats: 1 broken, 71 free, 2 kept, 1 never sold, 13 sold, 2 wheelchair"), "{plan}");
    let json = site.json(&["seats", "29618"]);
    assert_eq!(json[0]["areas"].as_array().unwrap().len(), 2);
    assert_eq!(json[0]["areas"][0]["rows"][0]["seats"][0]["status"], "free");
    let chartered = site.shown(&["seats", "29620"]);
    assert!(chartered.contains("let it as a whole (67)"), "{chartered}");
    assert_eq!(site.json(&["seats", "29620"])[0]["offered"], false);
}

#[test]
fn a_booking_and_an_order_tell_their_status() {
    let site = Site::start();
    let collected = site.shown(&["status", "111973"]);
    assert!(
        collected.starts_with("booking 111973, cinema 0200, total 100.00, cancelled: no\n"),
        "{collected}"
    );
    assert!(collected.contains("\n1       29617    yes        no\n"), "{collected}");
    let json = site.json(&["status", "111972|WQNX8JL"]);
    assert_eq!(json[0]["tickets"][0]["collected"], false);
    assert_eq!(json[0]["total_cents"], 10_000);
    assert_eq!(
        site.shown(&["status", "--order", "FTest201508060001"]),
        "order FTest201508060001: booking 111972, cinema 0200, total 100.00\n"
    );
}

#[test]
fn errors_say_which() {
    let site = Site::start();
    for (arguments, status, said) in [
        (&["tickets", "1"][..], 1, "code 4 InvalidRequestData: The request lacks"),
        (&["seats", "4711"], 1, "code 4 InvalidRequestData"),
        (&["status", "999999"], 1, "code 47 BookingDoesNotExist: The booking does not exist."),
        (&["status", "111972|CL7K2MA"], 1, "code 47 BookingDoesNotExist"),
        (&["status", "--order", "nobodys"], 1, "order nobodys: no booking"),
        (&["status", "--order", "a-b"], 2, "1 to 32 letters and digits"),
        (&["status", "13800138000"], 2, "give a booking number, a booking ID or both"),
        (&["status"], 2, "required"),
        (&["films", "--day", "20261124"], 2, "YYYY-MM-DD"),
        (&["seats", "a b"], 2, "must be a SessionId"),
    ] {
        let ended = site.vista(arguments);
        assert_eq!((ended.status, ended.out.as_str()), (status, ""), "{arguments:?}: {}", ended.err);
        assert!(ended.err.contains(said), "{arguments:?}: {}", ended.err);
    }
    for (faults, said) in [
        (CloudFaults { status: Some(401), ..CloudFaults::default() }, "refused the token (HTTP 401)"),
        (CloudFaults { html: true, ..CloudFaults::default() }, "the body is not JSON (line 1, column 1)"),
        (CloudFaults { truncated: true, ..CloudFaults::default() }, "the body is not JSON"),
        (CloudFaults { code: Some(5), ..CloudFaults::default() }, "trying again later may help"),
        (
            CloudFaults { status: Some(503), ..CloudFaults::default() },
            "HTTP 503 (trying again later may help)",
        ),
    ] {
        *lock(&site.rig.handles().cloud_faults) = faults;
        let ended = site.vista(&["seats", "29617"]);
        assert_eq!((ended.status, ended.out.as_str()), (1, ""), "{}", ended.err);
        assert!(ended.err.contains(said) && ended.err.lines().count() == 1, "{said}: {}", ended.err);
    }
}

#[test]
fn without_a_cloud_it_says_so() {
    let site = Site::start();
    let path = site.home.path().join("kiosk.toml");
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("[cloud]").unwrap();
    let (_, after) = rest.split_once("[printer]").unwrap();
    fs::write(&path, format!("{before}[printer]{after}")).unwrap();
    let ended = site.vista(&["cinemas"]);
    assert_eq!(ended.status, 2);
    assert!(ended.err.contains("cloud: left out; this command needs a [cloud]"), "{}", ended.err);
}

const BOOK: [&str; 5] = ["book", "29617", "--type", "0056", "--seats=4排10座,4排9座"];

/// Returns the code behind the last colon of the last line.
fn code(out: &str) -> String {
    out.trim_end().rsplit(": ").next().unwrap().to_owned()
}

#[test]
fn a_booking_is_made_step_by_step_collected_by_status_and_refunded() {
    let site = Site::start();
    let ended = site.moving(&BOOK, "yes\n");
    assert_eq!(ended.status, 0, "{}{}", ended.out, ended.err);
    let steps: Vec<&str> = ended.out.lines().map(str::trim).collect();
    assert!(steps[0].starts_with("order "), "{steps:?}");
    assert_eq!(steps[1..4], ["AddTickets: holds the seats", "StartExternalPayment", "CompleteOrder"]);
    assert!(steps[4].contains(": booked, 100.00: 111979|W"), "{steps:?}");
    let code = code(&ended.out);
    let found = site.moving(&["status", &code], "");
    assert!(found.out.starts_with("booking 111979, cinema 0200, total 100.00"), "{}{}", found.out, found.err);
    let name = steps[0].strip_prefix("order ").unwrap();
    let order = site.moving(&["order", name], "");
    assert_eq!(order.out, format!("order {name}: booked: {code}\n"));
    assert_eq!(site.state("vista-pending.json"), "");
    assert!(site.state("vista-orders.jsonl").contains(r#""end":"booked""#));
    assert!(!site.state("vista-orders.jsonl").contains(code.split('|').nth(1).unwrap()));
    let refunded = site.moving(&["refund", &code], "yes\n");
    assert_eq!(refunded.status, 0, "{}{}", refunded.out, refunded.err);
    assert!(refunded.out.ends_with("booking 111979: refunded\n"), "{}", refunded.out);
    let printed = site.moving(&["refund", "111973"], "yes\n");
    assert_eq!(printed.status, 1);
    assert!(printed.out.contains("已打印的票请到影城前台办理退票"), "{}", printed.out);
}

#[test]
fn nothing_moves_without_token_test_mark_and_consent() {
    let site = Site::start();
    let ended = site.vista(&BOOK);
    assert_eq!(ended.status, 2);
    assert!(ended.err.contains("cloud.order_token_file: left out"), "{}", ended.err);
    for typed in ["", "y\n", "no\n"] {
        let ended = site.moving(&BOOK, typed);
        assert_eq!((ended.status, ended.out.as_str()), (1, ""), "{}", ended.err);
        assert!(ended.err.contains("not confirmed: nothing was done"), "{}", ended.err);
    }
    for (arguments, said) in [
        (["book", "29617", "--type", "0056", "--seats=7排10座"], "7排10座 is not free"),
        (["book", "29617", "--type", "0056", "--seats=70排10座"], "no seat 70排10座"),
        (["book", "29617", "--type", "0043", "--seats=4排10座"], "no ticket type 0043"),
        (["book", "29618", "--type", "0056", "--seats=4排10座"], "another area"),
        (["book", "29620", "--type", "0056", "--seats=4排10座"], "(67)"),
        (["book", "4711", "--type", "0056", "--seats=4排10座"], "4 InvalidRequestData"),
        (["book", "29617", "--type", "0056", "--seats=4排10座,4排10座"], "each once"),
    ] {
        let ended = site.moving(&arguments, "yes\n");
        assert_eq!((ended.status, ended.out.as_str()), (1, ""), "{said}: {}", ended.err);
        assert!(ended.err.contains(said), "{said}: {}", ended.err);
    }
    let path = site.home.path().join("kiosk.toml");
    let live = fs::read_to_string(&path).unwrap().replace("test = true\n", "test = false\n");
    fs::write(&path, live).unwrap();
    let ended = site.moving(&BOOK, "yes\n");
    assert_eq!(ended.status, 2);
    assert!(ended.err.contains("Give --live"), "{}", ended.err);
    assert_eq!(site.moving(&[&BOOK[..], &["--live"]].concat(), "yes\n").status, 0);
}

#[test]
fn a_fault_on_the_way_ends_in_a_booking_or_in_none_and_says_which() {
    let none = CloudFaults::default;
    for (on, faults, status, said) in [
        (
            CloudCall::CompleteOrder,
            CloudFaults { code: Some(57), code_count: Some(1), ..none() },
            0,
            "booked",
        ),
        (
            CloudCall::CompleteOrder,
            CloudFaults { code: Some(57), ..none() },
            1,
            "cancelled: give the payment back",
        ),
        (CloudCall::CompleteOrder, CloudFaults { truncated: true, ..none() }, 0, "booked"),
        (CloudCall::StartPayment, CloudFaults { html: true, ..none() }, 1, "the seats are free again"),
        (CloudCall::AddTickets, CloudFaults { code: Some(8), ..none() }, 1, "the seats are gone"),
        (CloudCall::AddTickets, CloudFaults { truncated: true, ..none() }, 1, "nothing is held"),
        (CloudCall::CancelOrder, CloudFaults { status: Some(500), ..none() }, 0, "booked"),
    ] {
        let site = Site::start();
        site.fault(on, faults);
        let ended = site.moving(&BOOK, "yes\n");
        assert_eq!(ended.status, status, "{on:?}: {}{}", ended.out, ended.err);
        assert!(ended.out.lines().last().unwrap().contains(said), "{on:?}: {}", ended.out);
        assert_eq!(site.state("vista-orders.jsonl").lines().count(), 1);
        let plan = site.moving(&["seats", "29617"], "").out;
        assert_eq!(plan.contains("15 sold"), status == 0, "{on:?}: {plan}");
    }
}

#[test]
fn an_order_that_was_killed_is_taken_up_by_the_next_command() {
    let site = Site::start();
    // The process is killed while CompleteOrder has been carried out and not answered.
    site.fault(
        CloudCall::CompleteOrder,
        CloudFaults { silent_after: true, silent_after_count: Some(1), ..CloudFaults::default() },
    );
    site.moving(&["cinemas"], "");
    let mut command = Command::new(env!("CARGO_BIN_EXE_pickup-kiosk"));
    command.env("LC_ALL", "C.UTF-8");
    command.arg("vista").args(BOOK).arg("--config").arg(site.home.path().join("kiosk.toml"));
    command.env_remove("RUST_LOG").env_remove("CREDENTIALS_DIRECTORY");
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"yes\n").unwrap();
    let begun = std::time::Instant::now();
    while lock(site.rig.cinema()).bookings.len() < 8 {
        assert!(begun.elapsed().as_secs() < 20, "it was never completed");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(site.state("vista-pending.json").contains("completing"));
    let next = site.moving(&["cinemas"], "");
    assert_eq!(next.status, 0, "{}", next.err);
    assert!(next.err.contains("unfinished order") && next.err.contains(": booked"), "{}", next.err);
    assert_eq!(site.state("vista-pending.json"), "");
    assert!(site.state("vista-orders.jsonl").contains(r#""end":"booked""#));
}

#[test]
fn what_cannot_be_right_is_one_clear_error_and_nothing_is_half_done() {
    let site = Site::start();
    let hundred: Vec<String> =
        (1..=100).map(|seat| format!("{}排{}座", seat / 10 + 1, seat % 10 + 1)).collect();
    let hundred = format!("--seats={}", hundred.join(","));
    let book = ["book", "29617", "--type", "0056"];
    let with = |more: &[&'static str]| [&book[..], more].concat();
    let fee = ["refund", "111972", "--fee-cents", "999999"];
    let cases: Vec<(Vec<&str>, i32, &str)> = vec![
        (with(&["--seats="]), 1, "give 1 to 10 seats, each once"),
        ([&book[..], &[hundred.as_str()]].concat(), 1, "give 1 to 10 seats, each once"),
        (with(&[]), 2, "--seats"),
        (with(&["--seats=4排10座", "--price-cents", "4000"]), 1, "costs 5000 fen, not 4000"),
        (with(&["--seats=99排1座"]), 1, "there is no seat 99排1座"),
        (with(&["--seats=4排10座,99排1座"]), 1, "there is no seat 99排1座"),
        (vec!["book", "29617", "--type", "", "--seats=4排10座"], 2, "--type"),
        (vec!["book", "1", "--type", "0056", "--seats=4排10座"], 1, "code 4 InvalidRequestData"),
        (vec!["cancel", "nobodys"], 1, "code 62 OrderDoesNotExist"),
        (vec!["cancel", "FTest201508060001"], 1, "code 56 PaymentsProcessed"),
        (vec!["cancel", "a-b"], 2, "1 to 32 letters and digits"),
        (vec!["refund", "999999"], 1, "code 47 BookingDoesNotExist"),
        (vec!["refund", "111972|CL7K2MA"], 1, "code 47 BookingDoesNotExist"),
        (fee.to_vec(), 2, "must be from 0 to 10000"),
        (vec!["refund", "?"], 2, "give a booking number or ID"),
    ];
    let before = site.moving(&["seats", "29617"], "").out;
    for (arguments, status, said) in cases {
        let ended = site.moving(&arguments, "yes\n");
        assert_eq!((ended.status, ended.out.as_str()), (status, ""), "{arguments:?}: {}", ended.err);
        assert!(ended.err.contains(said), "{arguments:?}: {}", ended.err);
        assert_eq!((site.state("vista-pending.json"), site.state("vista-orders.jsonl")), Default::default());
    }
    assert_eq!(site.moving(&["seats", "29617"], "").out, before);
    assert_eq!(lock(site.rig.cinema()).bookings.len(), 7);
    let order = site.moving(&["order", "nobodys"], "");
    assert_eq!((order.status, order.out.as_str()), (1, "order nobodys: no such order\n"));
}

#[test]
fn a_price_that_the_cinema_refuses_ends_without_a_seat_held() {
    let site = Site::start();
    site.fault(CloudCall::AddTickets, CloudFaults { code: Some(4), ..CloudFaults::default() });
    let ended = site.moving(&BOOK, "yes\n");
    assert_eq!(ended.status, 1, "{}", ended.err);
    assert!(ended.out.contains("code 4 InvalidRequestData"), "{}", ended.out);
    assert!(ended.out.lines().last().unwrap().contains("not booked"), "{}", ended.out);
    assert!(site.moving(&["seats", "29617"], "").out.contains("13 sold"));
}

#[test]
fn a_session_of_another_cinema_is_not_this_ones() {
    let site = Site::start();
    site.moving(&["cinemas"], "");
    let path = site.home.path().join("kiosk.toml");
    let text = fs::read_to_string(&path).unwrap().replace("id = \"0200\"", "id = \"0179\"");
    fs::write(&path, text).unwrap();
    for arguments in [&["tickets", "29617"][..], &["seats", "29617"], &BOOK] {
        let ended = site.moving(arguments, "yes\n");
        assert_eq!((ended.status, ended.out.as_str()), (1, ""), "{arguments:?}: {}", ended.err);
        assert!(ended.err.contains("code 4 InvalidRequestData"), "{arguments:?}: {}", ended.err);
    }
    let status = site.moving(&["status", "111972"], "");
    assert!(status.err.contains("code 47 BookingDoesNotExist"), "{}", status.err);
}

/// Measures a process from start to end, the shortest of several runs: other builds run on this machine.
#[test]
fn five_hundred_seats_are_drawn_in_a_tenth_of_a_second() {
    let site = Site::start();
    let drawn = || {
        let begun = std::time::Instant::now();
        let plan = site.shown(&["seats", "29619"]);
        let took = begun.elapsed();
        assert!(plan.lines().count() > 20, "{plan}");
        took
    };
    let mut times: Vec<_> = (0..15).map(|_| drawn()).collect();
    times.sort_unstable();
    println!("vista seats, 500 seats: least {:?}, median {:?}", times[0], times[7]);
    assert!(times[0] < std::time::Duration::from_millis(100), "{times:?}");
}

#[test]
fn an_order_goes_on_to_its_end_when_nobody_looks_on_any_more() {
    let site = Site::start();
    site.moving(&["cinemas"], "");
    let mut command = Command::new(env!("CARGO_BIN_EXE_pickup-kiosk"));
    command.env("LC_ALL", "C.UTF-8");
    command.arg("vista").args(BOOK).arg("--config").arg(site.home.path().join("kiosk.toml"));
    command.env_remove("RUST_LOG").env_remove("CREDENTIALS_DIRECTORY").stderr(Stdio::null());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let delay = CloudFaults { delay_ms: 200, delay_count: Some(1), ..CloudFaults::default() };
    site.fault(CloudCall::AddTickets, delay);
    child.stdin.take().unwrap().write_all(b"yes\n").unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line)
        .unwrap();
    assert!(line.trim().starts_with("order "), "{line}");
    child.wait().unwrap();
    assert!(site.state("vista-orders.jsonl").contains(r#""end":"booked""#));
    assert_eq!(site.state("vista-pending.json"), "");
}
