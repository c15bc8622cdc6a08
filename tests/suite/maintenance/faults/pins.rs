//! PINs that are none, on every surface; two technicians at once; a check that takes its time.

use super::{audit_records, start};
use crate::kit::e2e::kiosk::Options;
use crate::kit::e2e::process::{Finished, finish_command};
use crate::kit::e2e::scanner::Scanner;
use crate::kit::e2e::{Home, Site, binary, outcome, until};
use crate::maintenance::SEQUENCE;
use crate::maintenance::kit::console::Console;
use crate::maintenance::kit::{LI, Surface, WANG, home};
use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

/// PIN as long as one can be.
const LONG: &str = "27182818284590452353602874713526";

fn add(home: &Home, name: &str, hash: &str) {
    let config = fs::read_to_string(home.config()).unwrap();
    let user = format!("[[maintenance.user]]\nname = '{name}'\nrole = 'technician'\npin_hash = '{hash}'\n");
    fs::write(home.config(), config + &user).unwrap();
}

fn hash(pin: &str, memory_kib: u32, passes: u32) -> String {
    let params = Params::new(memory_kib, passes, 1, None).unwrap();
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    hasher.hash_password_with_salt(pin.as_bytes(), b"a salt of sixteen").unwrap().to_string()
}

/// Sends one line to the kiosk's socket, whatever it is; returns the answer.
fn call(home: &Home, line: &str) -> String {
    let mut stream = UnixStream::connect(home.state_dir().join("control.sock")).unwrap();
    // A line that is too long is not read to its end.
    let _ = stream.write_all(format!("{line}\n").as_bytes());
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer
}

#[test]
fn a_pin_of_ten_thousand_digits_is_wrong_on_every_surface() {
    let site = Site::start();
    let folder = tempfile::tempdir().unwrap();
    let pad = folder.path().join("pad");
    let mut pad_end = Scanner::plug_in(&pad);
    let home = home(&site, Options::default());
    add(&home, "Zhao", &hash(LONG, 8192, 3));
    let config = fs::read_to_string(home.config()).unwrap();
    let table =
        format!("[keypad]\nconnection = 'serial:{}?baud=9600'\nmaintenance = '*#*#'\n", pad.display());
    fs::write(home.config(), config + &table).unwrap();
    let (kiosk, mut page) = start(&home);
    let endless = format!("{LONG}{}", "7".repeat(10_000));
    // The page: as one key, and key by key; what is longer than any PIN is wrong, though it begins with the right one.
    assert_eq!(page.post(&format!("{{\"key\":\"{endless}\"}}")), 400);
    page.keys(SEQUENCE);
    page.shows("Who are you?");
    page.keys(&format!("3{LONG}7⏎"));
    page.shows("That PIN is wrong. Tries left: 4.");
    page.keys("←←");
    page.shows("[welcome]");
    // A terminal, ten thousand keys.
    let mut console = Console::start(&home, &["maintain"]);
    console.shows("Who are you?");
    console.keys("3");
    console.shows("Zhao, your PIN");
    let begin = Instant::now();
    for part in endless.as_bytes().chunks(500) {
        console.type_bytes(part);
    }
    console.keys("⏎");
    console.shows("Tries left: 3.");
    println!("10,032 keys in a terminal: {} ms", begin.elapsed().as_millis());
    // The socket: as one key it is none; a line too long is no request.
    let said = call(
        &home,
        &format!("{{\"want\":\"menu\",\"session\":1,\"key\":\"{endless}\",\"seen\":0,\"user\":\"x\"}}"),
    );
    assert!(said.contains("the menu has been left"), "{said}");
    let said = call(&home, &"7".repeat(100_000));
    assert!(said.is_empty() || said.contains("not understood"), "{said}");
    console.shows("Tries left: 3.");
    console.keys("←←");
    assert_eq!(console.ends(), 0);
    // The keypad.
    pad_end.scan("*#*#3");
    page.shows("Zhao, your PIN");
    pad_end.scan(&endless);
    page.shows("Tries left: 2.");
    // The right one is right.
    pad_end.scan(LONG);
    page.shows("Paper changed");
    assert!(!home.log().contains(LONG));
    page.keys("←");
    drop(pad_end);
    kiosk.stop();
}

#[test]
fn the_second_technician_is_told_who_the_first_is_and_gets_in_after_him() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (kiosk, mut page) = start(&home);
    let mut first = Console::start(&home, &["maintain"]);
    first.sign_in("1", LI);
    // Another terminal, the screen's sequence, and a terminal that makes up a session.
    let mut second = Console::start(&home, &["maintain"]);
    assert_eq!(second.ends(), 1);
    assert!(second.text().contains("Li is in the menu already (terminal)"), "{}", second.text());
    page.keys(SEQUENCE);
    until("it is said", || home.log().contains("not opened on the screen too").then_some(()));
    assert_eq!(page.view()["state"], "welcome");
    for session in ["0", "1", "18446744073709551615"] {
        let said = call(
            &home,
            &format!("{{\"want\":\"menu\",\"session\":{session},\"key\":\"6\",\"seen\":0,\"user\":\"x\"}}"),
        );
        assert!(said.contains("the menu has been left"), "{said}");
    }
    first.keys("9");
    first.shows("Acceptance run");
    first.keys("←←");
    assert_eq!(first.ends(), 0);
    let mut second = Console::start(&home, &["maintain"]);
    second.sign_in("2", WANG);
    // One whose terminal is closed, not left: the line's end ends it.
    second.type_bytes(b"\x03");
    assert_eq!(second.ends(), 0);
    page.keys(SEQUENCE);
    page.sign_in("1", LI);
    let refused = Console::start(&home, &["maintain"]);
    refused.shows("Li is in the menu already (screen)");
    page.keys("←");
    page.shows("[welcome]");
    let left = audit_records(&home).into_iter().filter(|act| act["act"] == "left").count();
    assert_eq!(left, 3);
    drop(refused);
    kiosk.stop();
}

#[test]
fn a_pin_that_takes_long_to_look_at_keeps_no_customer_waiting() {
    let site = Site::start();
    let home = home(&site, Options::default());
    // A hash as costly as one may be.
    add(&home, "Zhao", &hash("161803", 64 * 1024, 10));
    let (mut kiosk, page) = start(&home);
    let mut console = Console::start(&home, &["maintain"]);
    console.shows("Who are you?");
    console.keys("3161803");
    console.shows("******");
    console.keys("⏎");
    console.shows("One moment");
    let begin = Instant::now();
    kiosk.say("111972|WQNX8JL");
    let mut longest = Duration::ZERO;
    let mut asked = 0;
    until("the PIN was looked at", || {
        let one = Instant::now();
        page.health();
        longest = longest.max(one.elapsed());
        asked += 1;
        console.text().contains("Paper changed").then_some(())
    });
    println!(
        "PIN {} ms; {asked} questions meanwhile, the longest {} ms",
        begin.elapsed().as_millis(),
        longest.as_millis()
    );
    assert!(asked >= 3, "{asked}");
    assert!(longest < begin.elapsed() / 2, "the loop waited: {longest:?} of {:?}", begin.elapsed());
    until("the customer has his tickets", || {
        home.pickups().pop().filter(|pickup| outcome(pickup) == "printed")
    });
    drop(console);
    kiosk.stop();
}

/// Runs `maintain ARGS` with typed input.
fn typed(home: &Home, args: &[&str], text: &str) -> Finished {
    fs::write(home.path("typed"), text).unwrap();
    let mut command = binary();
    command.arg("maintain").args(args).arg("--config").arg(home.config());
    finish_command(command.stdin(File::open(home.path("typed")).unwrap()))
}

#[test]
fn pins_set_and_taken_back_beside_the_kiosk_are_on_record() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let set = |name: &str, pin: &str| {
        let said = typed(&home, &["--set-pin", name, "--role", "usher"], &format!("{pin}\n{pin}\n"));
        assert_eq!(said.status, Some(0), "{said:?}");
    };
    // While it is down.
    set("Zhao", "161803");
    let (kiosk, mut page) = start(&home);
    let pins = || {
        let acts = audit_records(&home).into_iter();
        let acts = acts.filter(|act| act["act"].as_str().unwrap().starts_with("pin_"));
        acts.map(|act| format!("{} {}", act["act"].as_str().unwrap(), act["after"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(pins(), ["pin_set Zhao usher"]);
    // While it is up: it counts at once, and takes Wang's place without touching Li.
    set("Wang", "141421");
    assert_eq!(pins(), ["pin_set Zhao usher", "pin_set Wang usher"]);
    page.keys(SEQUENCE);
    page.sign_in("2", "141421");
    page.keys("←");
    page.shows("[welcome]");
    for (name, said) in [("Wang", "the PIN again that kiosk.toml lists"), ("Zhao", "no user any more")] {
        let finished = typed(&home, &["--forget-pin", name], "");
        assert!(finished.out.contains(said), "{finished:?}");
    }
    assert_eq!(typed(&home, &["--forget-pin", "Li"], "").status, Some(1));
    page.keys(SEQUENCE);
    page.shows("Who are you?");
    assert!(!page.text().contains("Zhao"), "{}", page.text());
    page.sign_in("2", WANG);
    assert_eq!(pins()[2..], ["pin_taken_back Wang", "pin_taken_back Zhao"]);
    page.keys("←");
    kiosk.stop();
}
