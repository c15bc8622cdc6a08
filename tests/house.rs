//! The house's rules, held by reading the sources as text: which room may use which, what a pure room must not
//! touch, how long a file may be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "house/fault_codes.rs"]
mod fault_codes;
#[path = "house/figures.rs"]
mod figures;
#[path = "house/links.rs"]
mod links;
#[path = "house/paths.rs"]
mod paths;
#[path = "house/rules.rs"]
mod rules;
#[path = "house/text.rs"]
mod text;
#[path = "house/types.rs"]
mod types;
#[path = "house/wording.rs"]
mod wording;

use rules::{Sources, violations};
use std::{fs, path::Path};

/// Kind of a room, by what it may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// No files, sockets, threads, queues, clock, randomness, terminal or log; uses pure rooms alone.
    Pure,
    /// Touches the world; uses pure rooms, and other edges only as EDGES_BETWEEN says.
    Edge,
    /// Puts the others together; uses everything, and is used by its like alone.
    Top,
}

/// Every room of src/. The longest pattern that matches a file decides: `a/` is the folder, `a/b*` what begins so,
/// `a/*` makes each child of the folder a room of its own. Rooms that do not exist yet may stand here.
const ROOMS: &[(&str, Kind)] = &[
    ("main.rs", Kind::Top),
    ("lib.rs", Kind::Top),
    ("command/", Kind::Top),
    ("kiosk.rs", Kind::Top),
    ("kiosk/", Kind::Top),
    ("ticket.rs", Kind::Pure),
    ("clock.rs", Kind::Pure),
    ("locale.rs", Kind::Pure),
    ("fault_code.rs", Kind::Pure),
    ("version.rs", Kind::Pure),
    ("codes.rs", Kind::Pure),
    ("codes/", Kind::Pure),
    ("pickup/", Kind::Pure),
    ("receipt/", Kind::Pure),
    ("virtual_printer/", Kind::Pure),
    ("maintenance/", Kind::Pure),
    ("config/", Kind::Edge),
    ("config/settings*", Kind::Pure),
    ("journal/", Kind::Pure),
    ("journal/store*", Kind::Edge),
    ("sarft/", Kind::Pure),
    ("sarft/client*", Kind::Edge),
    ("vista/", Kind::Pure),
    ("vista/client*", Kind::Edge),
    ("screen/", Kind::Pure),
    ("screen/server*", Kind::Edge),
    ("simulator/", Kind::Edge),
    ("simulator/cinema*", Kind::Pure),
    ("device/*", Kind::Edge),
    // Lines of kiosk.toml about a device, read without opening it.
    ("device/scanner/spec*", Kind::Pure),
    ("device/scanner/framing*", Kind::Pure),
    ("device/scanner/profile*", Kind::Pure),
    ("device/gpio/line*", Kind::Pure),
    ("device/keypad/matrix*", Kind::Pure),
    ("device/keypad/spec*", Kind::Pure),
    ("device/keypad/taps*", Kind::Pure),
    ("device/panel/lines*", Kind::Pure),
    ("device/panel/show*", Kind::Pure),
    ("device/panel/last_resort*", Kind::Pure),
    ("device/board*", Kind::Pure),
    ("device/discover/looks*", Kind::Pure),
    ("device/keyboard/place*", Kind::Pure),
    ("device/keyboard/layout*", Kind::Pure),
    ("device/serial_line*", Kind::Pure),
    ("device/printer/connection*", Kind::Pure),
    // Conditions of a printer, in words.
    ("device/printer/conditions*", Kind::Pure),
    // What is sent to a printer and believed of it, its replies, its limits; `thread` and `transport` carry the bytes.
    ("device/printer/session*", Kind::Pure),
    ("device/printer/status*", Kind::Pure),
    ("device/printer/timing*", Kind::Pure),
];

/// Uses of one edge by another that are allowed.
const EDGES_BETWEEN: &[(&str, &str)] = &[
    // The traits and words that every device shares.
    ("device/*", "device/mod"),
    // Waiting for a device, opening a serial port, taking a keyboard.
    ("device/*", "device/hotplug"),
    ("device/*", "device/serial_port"),
    ("device/*", "device/keyboard"),
    ("device/*", "device/gpio"),
    // Paper that falls into a folder as pictures: the virtual printer, inside and on TCP.
    ("device/printer", "device/paper_folder"),
    ("simulator", "device/paper_folder"),
];

/// Paths a pure room must not name, outside of its tests. `Type::function` counts wherever it stands in a path.
const PURE_MUST_NOT_NAME: &[&str] = &[
    "std::env",
    "std::fs",
    // The traits of `std::io` work on memory, too, and are free.
    "std::io::stderr",
    "std::io::stdin",
    "std::io::stdout",
    "io::stderr",
    "io::stdin",
    "io::stdout",
    "std::net",
    "std::os",
    "std::process",
    "std::sync::mpsc",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "Instant::now",
    "SystemTime::now",
    "Timestamp::now",
    "Zoned::now",
    "axum",
    "evdev",
    "getrandom",
    "gpiocdev",
    "log",
    "rppal",
    "rusqlite",
    "rustix",
    "serial2",
    "tokio",
    "ureq",
];

/// Longest file, in lines.
const LONGEST_FILE: usize = 400;

/// Files that may hold `unsafe`, each with its reason.
const UNSAFE_ALLOWED: &[&str] = &[
    // One request of the kernel's USB printers that nobody offers as a safe call.
    "device/printer/transport/port_status.rs",
];

const UNWANTED_WORDS: &[&str] = &["TODO", "FIXME"];

#[test]
fn the_house_keeps_its_rules() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Sources::new();
    read_folder(&src, &src, &mut sources);
    assert!(sources.contains_key("lib.rs"), "no lib.rs in {}", src.display());
    let broken = violations(&sources);
    assert!(broken.is_empty(), "{} broken rules:\n{}", broken.len(), broken.join("\n"));
}

/// Names and doc comments, which newcomers read first, in src/, tests/ and benches/.
#[test]
fn names_and_doc_comments_use_the_fields_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut broken, mut blocks) = (Vec::new(), 0);
    for folder in ["src", "tests", "benches"] {
        let mut sources = Sources::new();
        read_folder(&root.join(folder), &root.join(folder), &mut sources);
        for (file, text) in &sources {
            let all = wording::doc_blocks(text);
            blocks += all.len();
            for block in &all {
                let fault = wording::opening_fault(block);
                broken.extend(fault.map(|fault| format!("{folder}/{file}:{}: {fault}", block.line)));
            }
            broken.extend(wording::old_names(file, text).into_iter().map(|old| format!("{folder}/{old}")));
        }
    }
    println!("{blocks} doc comments, {} that open badly or old names", broken.len());
    assert!(broken.is_empty(), "{} to mend:\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn links_of_the_documentation_lead_somewhere() {
    let (broken, count) = links::broken(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(count > 100 && broken.is_empty(), "of {count} links:\n{}", broken.join("\n"));
}

#[test]
fn figures_of_the_house() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Sources::new();
    read_folder(&src, &src, &mut sources);
    let lengths = figures::file_lengths(&sources);
    let (median, most) = (figures::hundredth(&lengths, 50), figures::hundredth(&lengths, 95));
    println!("{} files of src/, lines: median {median}, 95 % below {most}", lengths.len());
    let is_test = |file: &str| file.contains("/tests");
    let room = |file: &str| file.split_once('/').filter(|_| !is_test(file)).map(|(room, _)| room.to_owned());
    let mutual = figures::mutual(&figures::imports(&sources, room));
    println!("{} pairs of rooms that import each other", mutual.len());
    assert!(mutual.is_empty(), "rooms that import each other:\n{}", mutual.join("\n"));
    let in_kiosk = |file: &str| file.starts_with("kiosk").then(|| file.to_owned());
    let circles = figures::mutual(&figures::imports(&sources, in_kiosk));
    println!("{} pairs of files of kiosk/ that import each other", circles.len());
    assert!(circles.is_empty(), "files of kiosk/ that import each other:\n{}", circles.join("\n"));
}

fn read_folder(src: &Path, folder: &Path, sources: &mut Sources) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_folder(src, &path, sources);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let name = path.strip_prefix(src).unwrap().to_str().unwrap().to_owned();
            sources.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

/// Returns the rules broken by a small house: the given files, and one of each kind to use.
fn broken_by(files: &[(&str, &str)]) -> Vec<String> {
    let known = [
        "lib.rs",
        "kiosk.rs",
        "ticket.rs",
        "config/mod.rs",
        "config/settings.rs",
        "sarft/mod.rs",
        "sarft/wire.rs",
        "sarft/client.rs",
        "journal/store.rs",
        "device/mod.rs",
        "device/printer/mod.rs",
        "device/printer/usb.rs",
        "device/scanner.rs",
        "device/paper_folder.rs",
    ];
    let mut sources: Sources = known.iter().map(|file| ((*file).to_owned(), String::new())).collect();
    sources.extend(files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())));
    violations(&sources)
}

#[track_caller]
fn assert_breaks(file: &str, source: &str, sentence: &str) {
    let broken = broken_by(&[(file, source)]);
    assert!(
        broken.len() == 1 && broken[0].contains(sentence),
        "{source:?} breaks {broken:?}, not {sentence:?}"
    );
}

#[track_caller]
fn assert_keeps(file: &str, source: &str) {
    assert_eq!(broken_by(&[(file, source)]), Vec::<String>::new(), "{source}");
}

#[test]
fn a_pure_room_uses_pure_rooms_alone() {
    assert_keeps(
        "sarft/wire.rs",
        "use crate::ticket::Ticket; use crate::config::settings::{Wire, Sarft as S};",
    );
    assert_breaks(
        "sarft/wire.rs",
        "\nuse crate::journal::store::Store;",
        "sarft/wire.rs:2: crate::journal::store",
    );
    assert_breaks("sarft/wire.rs", "use super::client;", "sarft must not use sarft/client");
    assert_breaks("ticket.rs", "use crate::{config::settings::Wire, kiosk::{Kiosk}};", "must not use kiosk");
    assert_breaks("ticket.rs", "fn f() { crate::device::scanner::open() }", "must not use device/scanner");
    assert_breaks("ticket.rs", "mod inner { use super::super::config::load; }", "must not use config");
    assert_breaks("ticket.rs", "use crate::config::Settings;", "ticket must not use config");
}

#[test]
fn a_folders_door_hides_nothing() {
    let door =
        ("sarft/mod.rs", "pub mod client;\npub mod wire;\npub use {client::Client as Site, wire::Layout};");
    assert!(broken_by(&[door]).is_empty());
    assert!(broken_by(&[door, ("ticket.rs", "use crate::sarft::Layout;")]).is_empty());
    for user in ["ticket.rs", "sarft/wire.rs", "journal/store.rs"] {
        let broken = broken_by(&[door, (user, "use crate::sarft::Site;")]);
        assert!(broken.len() == 1 && broken[0].contains("must not use sarft/client"), "{user}: {broken:?}");
    }
    assert_breaks("sarft/mod.rs", "pub mod client;\npub use client::*;", "sarft must not use sarft/client");
    assert_breaks(
        "sarft/mod.rs",
        "pub use crate::journal::store::Store;",
        "sarft must not use journal/store",
    );
}

#[test]
fn edges_do_not_use_one_another() {
    assert_keeps(
        "sarft/client.rs",
        "use super::wire::Layout; use crate::ticket::Ticket; use std::net::TcpStream;",
    );
    assert_breaks("sarft/client.rs", "use crate::journal::store::Store;", "must not use journal/store");
    assert_breaks(
        "device/scanner.rs",
        "use super::printer::Printer;",
        "device/scanner must not use device/printer",
    );
    assert_keeps(
        "device/printer/usb.rs",
        "use super::Transport; use crate::device::{Device, paper_folder::Folder};",
    );
    assert_breaks(
        "device/scanner.rs",
        "use super::paper_folder::Folder;",
        "must not use device/paper_folder",
    );
    assert_keeps(
        "kiosk.rs",
        "use crate::{device::scanner, sarft::client::Client, journal::store}; use tokio::spawn;",
    );
    assert_breaks("device/scanner.rs", "use crate::kiosk;", "device/scanner must not use kiosk");
}

#[test]
fn a_pure_room_touches_nothing() {
    for (source, what) in [
        ("use std::fs;", "std::fs"),
        ("use std::{fmt, net::TcpStream};", "std::net"),
        ("fn f() { std::thread::yield_now() }", "std::thread"),
        ("use std::time::{Duration, Instant};", "std::time::Instant"),
        ("use jiff::Timestamp;\nfn f() { let _ = Timestamp::now(); }", "Timestamp::now"),
        ("fn f() { jiff::Zoned::now(); }", "Zoned::now"),
        ("fn f() { time::SystemTime :: now(); }", "SystemTime::now"),
        ("#[tokio::main] fn f() {}", "tokio"),
        ("use getrandom;", "getrandom"),
        ("use ::std::fs;", "std::fs"),
        ("fn f() { let x = ::std::net::UdpSocket::bind(a); }", "std::net"),
        ("use {std::thread as t};", "std::thread"),
        ("use rusqlite as db;", "rusqlite"),
        ("use std::sync::mpsc::channel;", "std::sync::mpsc"),
        ("use std::io::{Write, stdout};", "std::io::stdout"),
        ("use std::io;\nfn f() { io::stderr(); }", "io::stderr"),
        ("fn f() { log::warn!(\"no\"); }", "log"),
        ("use std::env;", "std::env"),
    ] {
        let sentence = format!("must not name {what}");
        assert_breaks("pickup/machine.rs", source, &sentence);
        for file in ["session/mod.rs", "session/job.rs", "status.rs", "timing.rs"] {
            assert_breaks(&format!("device/printer/{file}"), source, &sentence);
        }
    }
    assert_keeps("device/printer/thread.rs", "use std::time::Instant; fn f() { log::info!(\"yes\"); }");
    assert_keeps("pickup/machine.rs", "use std::io::{Cursor, Read}; use std::sync::Arc;");
    assert_keeps(
        "pickup/machine.rs",
        "use std::time::Duration; fn fs(net: u8) {} // std::fs\n/* std::net */",
    );
    assert_keeps(
        "pickup/machine.rs",
        r##"const A: &str = "std::fs"; const B: &str = r#""std::fs"#; const Q: char = '"';"##,
    );
    assert_keeps("device/scanner.rs", "use std::fs; use std::time::Instant; use tokio::sync::mpsc;");
}

#[test]
fn tests_are_free() {
    assert_keeps(
        "ticket.rs",
        "#[cfg(test)]\nmod tests { use super::*; use std::fs; fn f() { crate::kiosk::run() } }",
    );
    assert_breaks("ticket.rs", "#[cfg(test)]\nmod tests { fn f() {} }\nuse std::fs;", "std::fs");
    assert_breaks(
        "ticket.rs",
        "#[cfg(test)]\nmod tests { use super::*; }\nfn f() { std::fs::read(p) }",
        "std::fs",
    );
    assert_keeps(
        "ticket.rs",
        "#[cfg(test)]\nuse std::{fs, net};\npub struct A { #[cfg(test)] f: std::fs::File, b: u8 }",
    );
    let parent = ("codes.rs", "#[cfg(test)]\nmod tests;\npub fn f() {}");
    assert!(broken_by(&[parent, ("codes/tests.rs", "use std::fs;")]).is_empty());
    let plain = ("codes.rs", "mod tests;\npub fn f() {}");
    assert_eq!(broken_by(&[plain, ("codes/tests.rs", "use std::fs;")]).len(), 1);
}

#[test]
fn fault_codes_are_named_not_quoted() {
    for (source, sentence) in [
        (r#"fn f() { stop("P10") }"#, "write FaultCode::PrinterNotEmpty"),
        ("\nconst GONE: &str = \"K1\";", "ticket.rs:2: \"K1\" in a text; write FaultCode::ScannerGone"),
        (r#"fn f() { format!("J2: {error}") }"#, "write FaultCode::JournalRefused"),
        ("fn f() -> &str { r\"再试（M3）。\" }", "write FaultCode::PinsLocked"),
    ] {
        assert_breaks("ticket.rs", source, sentence);
    }
    assert_keeps(
        "ticket.rs",
        r#"const A: [&str; 4] = ["TM-P10X", "P99", "p10", "XP10"]; const B: char = '"'; // "P10""#,
    );
    assert_keeps("ticket.rs", "#[cfg(test)]\nmod tests { fn f() { shows(\"P10\") } }");
    let parent = ("codes.rs", "#[cfg(test)]\nmod tests;");
    assert!(broken_by(&[parent, ("codes/tests.rs", "fn f() { shows(\"P10\") }")]).is_empty());
    assert_keeps("fault_code.rs", "const A: &str = \"P10\";");
    assert_keeps("maintenance/faults/notes.rs", "const A: &str = \"Settings are undone (X2).\";");
    assert_breaks("maintenance/faults/notes.rs", "const A: &str = \"X2\";", "FaultCode::SettingsUndone");
    assert_breaks(
        "maintenance/faults/table.rs",
        "const A: &str = \"Undone (X2).\";",
        "FaultCode::SettingsUndone",
    );
}

#[test]
fn files_are_short_known_and_finished() {
    assert_keeps("ticket.rs", &"\n".repeat(400));
    assert_breaks("ticket.rs", &"\n".repeat(401), "longer than 400 lines");
    assert_breaks("attic/old.rs", "", "belongs to no room");
    assert_breaks("ticket.rs", "\n// TODO: later", "ticket.rs:2: TODO");
    assert_breaks("kiosk.rs", "fn f() { unsafe { g() } }", "kiosk.rs:1: unsafe");
    assert_keeps("kiosk.rs", "#![deny(unsafe_code)]\n// nothing unsafe here");
}
