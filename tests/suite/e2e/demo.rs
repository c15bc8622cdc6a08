//! `demo --pickup`: every way a code can end, from outside.

use crate::kit::e2e;

use e2e::process::{Finished, binary, finish_command};
use e2e::secrets::Secrets;
use e2e::{outcome, paper, papers, states};
use jiff::Timestamp;
use pickup_kiosk::screen::texts;
use pickup_kiosk::simulator::settings::SimulateSettings;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;

/// One run of `demo` and its folder.
struct Demo {
    folder: TempDir,
    ended: Finished,
}

impl Demo {
    #[track_caller]
    fn perform(codes: &[&str], more: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = binary();
        command.env("RUST_LOG", "trace").arg("demo").arg("--out").arg(folder.path().join("t")).args(more);
        codes.iter().for_each(|code| {
            command.arg(format!("--pickup={code}"));
        });
        let ended = finish_command(&mut command);
        let secrets = Secrets::of(&SimulateSettings::default().cinema(Timestamp::now()).unwrap());
        secrets.assert_not_in(&ended.err, "the log");
        secrets.assert_not_in(&ended.out, "the output");
        Self { folder, ended }
    }

    #[track_caller]
    fn json(codes: &[&str]) -> Self {
        let demo = Self::perform(codes, &["--json"]);
        assert_eq!(demo.ended.json().len(), codes.len(), "{:?}", demo.ended);
        demo
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("t")
    }

    fn lines(&self) -> Vec<Value> {
        self.ended.json()
    }

    #[track_caller]
    fn only(&self) -> Value {
        let mut lines = self.lines();
        assert_eq!(lines.len(), 1);
        lines.remove(0)
    }

    fn printed_codes(&self) -> Vec<String> {
        papers(&self.out()).into_iter().flat_map(|paper| paper.codes).collect()
    }
}

/// Returns the ticket_info_codes of a built-in booking's printable seats.
fn info_codes(number: u32) -> Vec<String> {
    let cinema = SimulateSettings::default().cinema(Timestamp::now()).unwrap();
    let booking = cinema.bookings.iter().find(|booking| booking.number.get() == number).unwrap();
    let seats = booking.seats.iter().filter(|seat| !seat.refunded);
    seats.map(|seat| seat.ticket.info_code.clone()).collect()
}

#[test]
fn the_documents_booking_is_printed_and_reported_with_its_codes_byte_for_byte() {
    let demo = Demo::json(&["111972|WQNX8JL"]);
    assert_eq!(demo.ended.status, Some(0));
    let line = demo.only();
    let keys: Vec<&String> = line.as_object().unwrap().keys().collect();
    let right =
        ["booking_number", "claim", "duration_ms", "outcome", "pickup", "reported", "started_at", "tickets"];
    let mut sorted = keys.clone();
    sorted.sort();
    assert_eq!(sorted, right);
    assert_eq!(line["booking_number"], "111972");
    assert_eq!(line["outcome"], "printed");
    assert_eq!(line["claim"], Value::Null);
    assert_eq!(line["reported"], true);
    assert!(line["duration_ms"].is_u64());
    assert_eq!(
        line["tickets"],
        json!([{"seat": "7排10座", "state": "printed"}, {"seat": "7排9座", "state": "printed"}])
    );
    let started = line["started_at"].as_str().unwrap();
    assert!(started.len() == 29 && started.ends_with("+08:00"), "{started}");
    let printed = papers(&demo.out());
    assert_eq!(printed.len(), 2);
    assert_eq!(demo.printed_codes(), info_codes(111_972));
    assert!(info_codes(111_972).iter().all(|code| code.len() == 180));
}

#[test]
fn an_id_alone_finds_its_number_in_the_cloud() {
    let demo = Demo::json(&["WQNX8JL"]);
    assert_eq!(demo.ended.status, Some(0));
    assert_eq!((&demo.only()["booking_number"], outcome(&demo.only())), (&json!("111972"), "printed"));
    assert_eq!(demo.printed_codes(), info_codes(111_972));
}

#[test]
fn every_form_of_both_halves_is_the_same_code() {
    for code in [
        "0000000000111972WQNX8JL",
        " WQNX8JL:111972 ",
        "https://t.example/p?id=WQNX8JL&n=111972",
        "wqnx8jl 111972",
    ] {
        let demo = Demo::json(&[code]);
        assert_eq!((outcome(&demo.only()), demo.ended.status), ("printed", Some(0)), "{code}");
    }
}

#[test]
fn bookings_that_give_no_ticket_end_as_the_cloud_says() {
    let codes = [
        "111973|CL7K2MA",
        "111974|RF8M2QX",
        "111975|CN5P9WB",
        "111976|UK4T6ZE",
        "CL7K2MA",
        "RF8M2QX",
        "CN5P9WB",
    ];
    let demo = Demo::json(&codes);
    assert_eq!(demo.ended.status, Some(1));
    let lines = demo.lines();
    let outcomes: Vec<&str> = lines.iter().map(outcome).collect();
    let right = [
        "already_collected",
        "refunded",
        "cancelled",
        "try_later",
        "already_collected",
        "refunded",
        "cancelled",
    ];
    assert_eq!(outcomes, right);
    for line in &lines {
        assert_eq!(
            (&line["tickets"], &line["reported"], &line["claim"]),
            (&json!([]), &json!(false), &Value::Null)
        );
    }
    assert_eq!(paper::count(&demo.out()), 0);
}

#[test]
fn six_seats_and_three_less_a_refunded_one() {
    let demo = Demo::json(&["111977|SX6B2HN", "111978|PR7V3LC"]);
    assert_eq!(demo.ended.status, Some(0));
    let lines = demo.lines();
    assert_eq!(states(&lines[0]), ["printed"; 6]);
    assert_eq!(states(&lines[1]), ["printed"; 2]);
    assert!(lines.iter().all(|line| line["reported"] == true && outcome(line) == "printed"));
    assert_eq!(demo.printed_codes(), [info_codes(111_977), info_codes(111_978)].concat());
}

#[test]
fn the_same_booking_twice_is_printed_once() {
    let demo = Demo::json(&["111972|WQNX8JL", "111972|WQNX8JL", "WQNX8JL"]);
    assert_eq!(demo.ended.status, Some(1));
    let lines = demo.lines();
    let outcomes: Vec<&str> = lines.iter().map(outcome).collect();
    assert_eq!(outcomes, ["printed", "already_collected", "already_collected"]);
    assert_ne!(lines[0]["pickup"], lines[1]["pickup"]);
    assert_eq!(paper::count(&demo.out()), 2);
}

#[test]
fn a_wrong_id_and_an_unknown_number_get_the_same_answer_after_two_seconds() {
    let demos: Vec<Demo> = std::thread::scope(|scope| {
        let codes = ["111972|WRONG77", "111973|WRONG77", "999999|WRONG77"];
        let runs = codes.map(|code| scope.spawn(move || Demo::perform(&[code], &[])));
        runs.map(|run| run.join().unwrap()).into()
    });
    let [wrong, collected, unknown] = demos.as_slice() else { panic!("three") };
    let texts = |demo: &Demo| demo.ended.out.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(texts(wrong), texts(unknown));
    assert_eq!(texts(wrong), texts(collected));
    assert!(texts(wrong).concat().contains("CHTEST01"), "names this cinema: {:?}", texts(wrong));
    for demo in &demos {
        assert_eq!(demo.ended.status, Some(1));
        assert!(demo.ended.took >= Duration::from_secs(2), "{:?}", demo.ended.took);
        assert_eq!(paper::count(&demo.out()), 0);
        assert!(demo.ended.out.contains("not_found"));
    }
}

#[test]
fn a_refusal_is_not_sooner_than_two_seconds_in_the_record_too() {
    let demo = Demo::json(&["111972|WRONG77", "NOSUCH77"]);
    for line in demo.lines() {
        let took = line["duration_ms"].as_u64().unwrap();
        assert_eq!((outcome(&line), &line["tickets"]), ("not_found", &json!([])));
        assert!((2000..2500).contains(&took), "{took} ms");
    }
}

#[test]
fn half_a_code_is_abandoned_at_once() {
    let demo = Demo::json(&["111972", "0000000000111972", "https://t.example/p?n=111972"]);
    assert_eq!(demo.ended.status, Some(1));
    for line in demo.lines() {
        assert_eq!((outcome(&line), &line["booking_number"]), ("abandoned", &json!("111972")));
        assert!(line["duration_ms"].as_u64().unwrap() < 1000);
    }
    assert_eq!(paper::count(&demo.out()), 0);
}

#[test]
fn what_is_no_code_is_rejected_and_never_counts_for_the_rate_limit() {
    let long = "A1".repeat(50_000);
    let bad = [
        "",
        "   ",
        "12345678901234567",
        "2147483648",
        "１１１９７２",
        "111972|ＷＱＮＸ８ＪＬ",
        "13812345678",
        "https://t.example/p",
        "https://t.example/p?x=1&id=",
        "111972\u{1b}[2J|WQNX8JL",
        "111972\u{7}WQNX8JL",
        "重返20岁",
        "0",
        "ABC",
        "111972||WQNX8JL",
        long.as_str(),
    ];
    let mut codes = bad.to_vec();
    codes.push("111972|WQNX8JL");
    let demo = Demo::json(&codes);
    let lines = demo.lines();
    for (code, line) in bad.iter().zip(&lines) {
        let shown: String = code.chars().take(40).collect();
        assert_eq!((outcome(line), &line["booking_number"]), ("code_rejected", &Value::Null), "{shown:?}");
    }
    assert_eq!(outcome(lines.last().unwrap()), "printed");
    assert_eq!(demo.ended.status, Some(1));
}

#[test]
fn a_telephone_number_is_named_as_one() {
    let demo = Demo::perform(&["13812345678"], &[]);
    assert!(demo.ended.out.contains("手机号"), "{}", demo.ended.out);
    assert_eq!(demo.ended.status, Some(1));
}

#[test]
fn ten_megabytes_on_one_line_are_one_rejected_code() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("codes");
    let mut lines = "7".repeat(10_000_000);
    lines.push_str("\n111972|WQNX8JL\n");
    std::fs::write(&file, lines).unwrap();
    let mut command = binary();
    command
        .stdin(std::fs::File::open(&file).unwrap())
        .args(["demo", "--port", "0", "--out"])
        .arg(folder.path().join("t"));
    let ended = finish_command(&mut command);
    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert_eq!(paper::count(&folder.path().join("t")), 2);
    let welcome = texts::screens::welcome().text;
    assert!(ended.out.contains(&welcome.zh) && ended.out.contains(&welcome.en), "{}", ended.out);
    assert_eq!(ended.out.matches("[code_rejected]").count(), 1, "{}", ended.out);
}
