//! Captures: read field by field, and the layouts found under which they make sense.

use super::ticket_without_seat;
use etherparse::PacketBuilder;
use jiff::tz::TimeZone;
use pickup_kiosk::config::settings::Wire;
use pickup_kiosk::sarft::Layout;
use pickup_kiosk::sarft::codec::{Codec, FixedFields};
use pickup_kiosk::sarft::decode::decode;
use pickup_kiosk::sarft::message::{IssueEntry, IssueResult, Message, Secret, TicketRecord, VerifyCode};
use pickup_kiosk::ticket::{BookingId, Cents, Ticket};
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Generator of pseudo-random numbers: the same layouts at every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    fn of(&mut self, words: &[&str]) -> String {
        words[self.below(words.len())].to_owned()
    }

    fn hex(&mut self) -> String {
        (0..=self.below(3)).map(|_| format!("{:02X}", self.below(256))).collect()
    }

    fn wire(&mut self) -> Wire {
        let mut header = vec![
            format!("length:{}:{}", self.of(&["u16", "u32"]), self.of(&["rest", "body", "total"])),
            format!("command:{}", self.of(&["u8", "u16", "u32"])),
        ];
        if self.below(2) == 0 {
            header.push(format!("sequence:{}", self.of(&["u8", "u16", "u32"])));
        }
        if self.below(3) == 0 {
            header.push(format!("const:{}", self.hex()));
        }
        if self.below(3) == 0 {
            header.push(format!("pad:{}", 1 + self.below(6)));
        }
        for at in (1..header.len()).rev() {
            header.swap(at, self.below(at + 1));
        }
        if self.below(2) == 0 {
            header.insert(0, format!("magic:{}", self.hex()));
        }
        let checks = ["crc16-modbus", "crc16-ccitt", "crc32", "sum8", "xor8"];
        Wire {
            header,
            trailer: (0..self.below(3)).map(|_| self.of(&checks)).collect(),
            byte_order: self.of(&["big", "little"]),
            charset: self.of(&["gb18030", "utf-8"]),
            datetime: self.of(&["unix32", "unix64", "text14", "text19"]),
            decimal: self.of(&["f32", "f64", "cents32"]),
            md5_case: self.of(&["lower", "upper"]),
        }
    }
}

fn timezone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

fn codec(wire: &Wire) -> FixedFields {
    FixedFields { layout: Layout::read(wire).unwrap(), timezone: timezone() }
}

fn ticket(seat: &str, code: &str) -> TicketRecord {
    let ticket = Ticket {
        info_code: format!("17212101U0lNVUxBVEVEIFNBTVBM{}", "Qx".repeat(76)),
        cinema_name: "测试影城".into(),
        code: code.into(),
        seat_code: format!("0000{code}"),
        seat_name: seat.into(),
        service: Cents(300),
        ..ticket_without_seat()
    };
    TicketRecord { print_no: "0000000000111972".into(), ticket }
}

/// Returns the messages of one pickup of two seats: request, reply, in turn.
fn pickup() -> Vec<Message> {
    let print_no = "0000000000111972".to_owned();
    let verify_code = VerifyCode::of(&BookingId::parse("WQNX8JL").unwrap());
    vec![
        Message::Authenticate { username: "kiosk".into(), password: Secret::new("s3cret-pw") },
        Message::AuthenticateReply { return_value: 0 },
        Message::Query { print_nos: vec![print_no.clone()] },
        Message::QueryReply {
            return_value: 0,
            records: vec![ticket("7排10座", "5550001"), ticket("7排9座", "5550002")],
        },
        Message::Issue { entries: vec![IssueEntry { print_no: print_no.clone(), verify_code }] },
        Message::IssueReply { entries: vec![IssueResult { print_no: print_no.clone(), return_value: 0 }] },
        Message::Report { print_nos: vec![print_no] },
        Message::ReportReply { return_value: 0 },
    ]
}

/// Returns the frames of a pickup: true if from the kiosk, and the bytes.
fn frames(wire: &Wire) -> Vec<(bool, Vec<u8>)> {
    let codec = codec(wire);
    let frame = |(index, message): (usize, &Message)| {
        (index % 2 == 0, codec.encode(message, index as u32 / 2 + 1).unwrap())
    };
    pickup().iter().enumerate().map(frame).collect()
}

fn side(wire: &Wire, from_kiosk: bool) -> Vec<u8> {
    frames(wire).into_iter().filter(|(kiosk, _)| *kiosk == from_kiosk).flat_map(|(_, bytes)| bytes).collect()
}

/// Writer of pcap files of TCP over Ethernet.
struct Pcap(Vec<u8>);

const KIOSK: ([u8; 4], u16) = ([192, 168, 1, 20], 51_000);
const SITE: ([u8; 4], u16) = ([192, 168, 1, 10], 9500);

impl Pcap {
    fn new() -> Self {
        let mut file = vec![0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0];
        file.extend([0; 8]);
        file.extend(65_535u32.to_le_bytes());
        file.extend(1u32.to_le_bytes());
        Self(file)
    }

    fn segment(&mut self, from: ([u8; 4], u16), to: ([u8; 4], u16), sequence: u32, syn: bool, bytes: &[u8]) {
        let tcp = PacketBuilder::ethernet2([1; 6], [2; 6])
            .ipv4(from.0, to.0, 64)
            .tcp(from.1, to.1, sequence, 64_000);
        let tcp = match (syn, to.1 == SITE.1) {
            (true, true) => tcp.syn(),
            (true, false) => tcp.syn().ack(1),
            _ => tcp.ack(1),
        };
        let mut packet = Vec::new();
        tcp.write(&mut packet, bytes).unwrap();
        // 2026-11-24 19:00 in Shanghai.
        self.0.extend(1_795_518_000u32.to_le_bytes());
        self.0.extend(0u32.to_le_bytes());
        self.0.extend((packet.len() as u32).to_le_bytes());
        self.0.extend((packet.len() as u32).to_le_bytes());
        self.0.extend(packet);
    }

    /// Returns the segments of a connection: direction, sequence number, bytes of at most 700.
    fn segments(frames: &[(bool, Vec<u8>)]) -> Vec<(bool, u32, Vec<u8>)> {
        let mut next = [1000u32, 0xFFFF_FF00];
        let mut segments = Vec::new();
        for (kiosk, bytes) in frames {
            let next = &mut next[usize::from(!kiosk)];
            for part in bytes.chunks(700) {
                segments.push((*kiosk, *next + 1, part.to_vec()));
                *next = next.wrapping_add(part.len() as u32);
            }
        }
        segments
    }

    fn connection(&mut self, site: ([u8; 4], u16), opened: bool, segments: &[(bool, u32, Vec<u8>)]) {
        if opened {
            self.segment(KIOSK, site, 1000, true, b"");
            self.segment(site, KIOSK, 0xFFFF_FF00, true, b"");
        }
        for (kiosk, sequence, bytes) in segments {
            let (from, to) = if *kiosk { (KIOSK, site) } else { (site, KIOSK) };
            self.segment(from, to, *sequence, false, bytes);
        }
    }
}

fn pcap(wire: &Wire) -> Vec<u8> {
    let mut pcap = Pcap::new();
    pcap.connection(SITE, true, &Pcap::segments(&frames(wire)));
    pcap.0
}

fn try_layouts(file: &[u8]) -> (bool, String) {
    let mut out = Vec::new();
    let started = Instant::now();
    let found = decode(file.to_vec(), &Layout::default(), &timezone(), true, &mut out).unwrap();
    assert!(started.elapsed() < Duration::from_secs(10));
    (found, String::from_utf8(out).unwrap())
}

fn shown(file: &[u8], wire: &Wire) -> (bool, String) {
    let mut out = Vec::new();
    let found = decode(file.to_vec(), &Layout::read(wire).unwrap(), &timezone(), false, &mut out).unwrap();
    (found, String::from_utf8(out).unwrap())
}

/// Returns the tables of a report, in order.
fn tables(report: &str) -> Vec<Wire> {
    #[derive(serde::Deserialize)]
    struct File {
        sarft: Sarft,
    }
    #[derive(serde::Deserialize)]
    struct Sarft {
        wire: Wire,
    }
    let starts = report.match_indices("[sarft.wire]").map(|(at, _)| at);
    starts
        .map(|at| {
            let table: Vec<&str> = report[at..].lines().take(8).collect();
            toml::from_str::<File>(&table.join("\n")).unwrap().sarft.wire
        })
        .collect()
}

/// Returns true if both read the same messages out of these bytes, and write them the same.
fn equivalent(found: &Wire, right: &Wire, frames: &[&[u8]]) -> bool {
    let (found, right) = (codec(found), codec(right));
    frames.iter().enumerate().all(|(index, frame)| {
        let sequence = index as u32 + 1;
        let read = found.decode(frame, None);
        let same = read.is_ok() && read == right.decode(frame, None);
        let message = read.ok().flatten().map(|decoded| decoded.message);
        same && message.is_some_and(|m| found.encode(&m, sequence).ok() == right.encode(&m, sequence).ok())
    })
}

#[test]
fn twenty_layouts_are_found_from_a_capture_and_from_each_direction_alone() {
    let mut chance = Chance(0x0BAD_CAFE_1234_5678);
    for number in 0..20 {
        let wire = chance.wire();
        let all = frames(&wire);
        let of = |side: bool| -> Vec<&[u8]> {
            all.iter().filter(|(kiosk, _)| *kiosk == side).map(|(_, bytes)| bytes.as_slice()).collect()
        };
        let (found, report) = try_layouts(&pcap(&wire));
        assert!(found, "{number}: {wire:?}\n{report}");
        let first = &tables(&report)[0];
        for side in [true, false] {
            assert!(equivalent(first, &wire, &of(side)), "{number}: {wire:?}\n{report}");
        }
        for kiosk in [true, false] {
            let (found, report) = try_layouts(&side(&wire, kiosk));
            assert!(found, "{number} {kiosk}: {wire:?}\n{report}");
            let first = &tables(&report)[0];
            assert!(equivalent(first, &wire, &of(kiosk)), "{number} {kiosk}: {wire:?}\n{report}");
        }
    }
}

#[test]
fn every_field_is_shown_with_its_offset_and_secrets_are_not() {
    let wire = Wire::default();
    let (clean, text) = shown(&pcap(&wire), &wire);
    assert!(clean, "{text}");
    for expected in [
        "192.168.1.20:51000 with 192.168.1.10:9500",
        "-> byte 0: authenticate (0x01), 71 bytes",
        "        5  username           kiosk",
        "       38  password           9 characters, masked",
        "<- byte 0: authenticate reply (0x02), 6 bytes",
        "[1] print_no       0000000000111972",
        "[1] film_name      重返20岁",
        "[2] seat_name      7排9座",
        "[1] session_datetime 2026-11-24 19:30:00",
        "[2] price          50.00",
        "[1] ticket_info_code 180 characters, masked",
        "[1] verify_code_md5 32 characters, masked",
        "8 messages, 0 faults",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    let md5: String = side(&wire, true)[71 + 23 + 5 + 18..].iter().take(32).map(|b| char::from(*b)).collect();
    for secret in ["s3cret", "U0lNVUx", "QxQx", &md5[..6]] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[test]
fn the_configured_layout_that_does_not_fit_says_where() {
    let other = Wire {
        header: vec!["magic:55AA".into(), "length:u32:rest".into(), "command:u8".into()],
        ..Wire::default()
    };
    let (clean, text) = shown(&pcap(&Wire::default()), &other);
    assert!(!clean);
    assert!(text.contains("-> byte 0: no message begins here: magic at byte 0 is not 55AA"), "{text}");
}

#[test]
fn segments_late_twice_and_missing() {
    let wire = Wire::default();
    let mut segments = Pcap::segments(&frames(&wire));
    let repeated = segments[3].clone();
    segments.insert(4, repeated.clone());
    segments.push(repeated);
    segments.swap(2, 5);
    segments.reverse();
    let mut file = Pcap::new();
    file.connection(SITE, true, &segments);
    assert_eq!(shown(&file.0, &wire), shown(&pcap(&wire), &wire));
    let (_, report) = try_layouts(&file.0);
    assert_eq!(tables(&report)[0], wire, "{report}");

    // The second part of the query's reply was not captured.
    let mut segments = Pcap::segments(&frames(&wire));
    let lost = segments.iter().rposition(|(kiosk, _, bytes)| !kiosk && bytes.len() > 300).unwrap();
    segments.remove(lost);
    let mut file = Pcap::new();
    file.connection(SITE, true, &segments);
    let (clean, text) = shown(&file.0, &wire);
    assert!(!clean);
    assert!(text.contains("bytes are missing"), "{text}");
    assert!(text.contains("issue reply"), "{text}");
    let (found, report) = try_layouts(&file.0);
    assert!(found);
    let first = &tables(&report)[0];
    assert_eq!((&first.header, &first.trailer), (&wire.header, &wire.trailer), "{report}");
}

#[test]
fn captures_cut_in_the_middle() {
    let wire = Chance(77).wire();
    let whole = pcap(&wire);
    // Anywhere: never a panic, and all that is whole before the cut.
    for end in (0..whole.len()).step_by(61) {
        let (_, text) = shown(&whole[..end], &wire);
        assert!(text.len() < 20_000);
        try_layouts(&whole[..end]);
    }
    let (_, text) = shown(&whole[..whole.len() - 10], &wire);
    assert!(text.contains("ends in the middle of a packet") && text.contains("report issued"), "{text}");
    // Begun after the connection was opened: the sign-in is missing.
    let mut file = Pcap::new();
    file.connection(SITE, false, &Pcap::segments(&frames(&wire))[2..]);
    let (clean, text) = shown(&file.0, &wire);
    assert!(clean, "{text}");
    let (found, report) = try_layouts(&file.0);
    assert!(found);
    let all = frames(&wire);
    let later: Vec<&[u8]> = all.iter().skip(2).map(|(_, bytes)| bytes.as_slice()).collect();
    assert!(equivalent(&tables(&report)[0], &wire, &later), "{wire:?}\n{report}");
    // Raw bytes that begin in the middle of a message.
    let (_, text) = shown(&side(&wire, true)[20..], &wire);
    assert!(
        text.contains("belong to a message that began before") && text.contains("issue tickets"),
        "{text}"
    );
    assert!(try_layouts(&side(&wire, true)[20..]).0);
}

#[test]
fn other_protocols_are_named() {
    let talk = |request: &[u8], reply: &[u8]| {
        let mut file = Pcap::new();
        file.connection(SITE, true, &Pcap::segments(&[(true, request.to_vec()), (false, reply.to_vec())]));
        file.0
    };
    let http = talk(
        b"GET /?n=0000000000111972 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n0000000000111972\0",
    );
    let tls = talk(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\x16\x03\x03\x00\x7a\x02");
    let noise = talk(&[7; 900], &[9; 900]);
    for (file, expected) in [(http, "HTTP"), (tls, "TLS"), (noise, "no booking number")] {
        let (found, report) = try_layouts(&file);
        assert!(!found && report.contains(expected), "{expected}: {report}");
        assert!(!shown(&file, &Wire::default()).0);
    }
}

/// Runs `sarft decode FILE`; returns its exit status and its output.
fn command(file: &Path, try_layouts: bool) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pickup-kiosk"));
    command.env("LC_ALL", "C.UTF-8");
    command.args(["sarft", "decode"]).arg(file);
    if try_layouts {
        command.arg("--try-layouts");
    }
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

#[test]
fn empty_files_and_captures_without_connections() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("empty.pcap");
    std::fs::write(&file, b"").unwrap();
    let (status, text) = command(&file, true);
    assert!(status == Some(1) && text.contains("the file is empty; capture with tcpdump"), "{text}");
    let (status, text) = command(&dir.path().join("none"), true);
    assert!(status == Some(1) && text.contains("none: No such file"), "{text}");
    for file in [Pcap::new().0, Pcap::new().0[..10].to_vec(), b"\x0A\x0D\x0D\x0Axxxx".to_vec()] {
        let (found, report) = try_layouts(&file);
        assert!(!found && report.contains("no TCP connection"), "{report}");
    }
    assert!(!try_layouts(b"x").0);
    assert!(!shown(b"x", &Wire::default()).0);
}

#[test]
fn of_a_huge_file_the_beginning_is_read_and_it_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("huge.pcap");
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(&pcap(&Wire::default())).unwrap();
    // Sparse: no disk is used. What follows the pickup is no packet.
    file.set_len(1 << 30).unwrap();
    for try_layouts in [false, true] {
        let started = Instant::now();
        let (_, text) = command(&path, try_layouts);
        assert!(text.contains("only the first 32 MiB of 1024 MiB were read"), "{text}");
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn a_days_capture_takes_no_longer_than_a_pickups() {
    let wire = Chance(9).wire();
    let codec = codec(&wire);
    let day: Vec<(bool, Vec<u8>)> = (0..400)
        .flat_map(|_| pickup())
        .enumerate()
        .map(|(index, message)| (index % 2 == 0, codec.encode(&message, index as u32 / 2 + 1).unwrap()))
        .collect();
    let mut file = Pcap::new();
    file.connection(SITE, true, &Pcap::segments(&day));
    let (clean, text) = shown(&file.0, &wire);
    assert!(clean && text.contains("3200 messages, 0 faults"));
    let (_, report) = try_layouts(&file.0);
    let all = frames(&wire);
    let of: Vec<&[u8]> = all.iter().step_by(2).map(|(_, bytes)| bytes.as_slice()).collect();
    assert!(equivalent(&tables(&report)[0], &wire, &of), "{wire:?}\n{report}");
}

#[test]
fn pcapng_and_other_links_are_read_too() {
    let wire = Wire::default();
    let plain = pcap(&wire);
    let (_, expected) = shown(&plain, &wire);
    // The packets of the pcap file, without their Ethernet header where another link wants it.
    let packets = |cut: usize| -> Vec<Vec<u8>> {
        let mut left = &plain[24..];
        let mut packets = Vec::new();
        while !left.is_empty() {
            let length = u32::from_le_bytes(left[8..12].try_into().unwrap()) as usize;
            packets.push(left[16 + cut..16 + length].to_vec());
            left = &left[16 + length..];
        }
        packets
    };
    let block = |kind: u32, body: &[u8]| {
        let length = (body.len() as u32 + 12).to_le_bytes();
        [&kind.to_le_bytes()[..], &length, body, &length].concat()
    };
    let mut ng = block(0x0A0D_0D0A, b"\x4D\x3C\x2B\x1A\x01\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
    ng.extend(block(1, b"\x01\0\0\0\xFF\xFF\0\0"));
    for packet in packets(0) {
        let microseconds = 1_795_518_000_000_000u64;
        let mut body = vec![0; 4];
        body.extend(((microseconds >> 32) as u32).to_le_bytes());
        body.extend((microseconds as u32).to_le_bytes());
        body.extend([(packet.len() as u32).to_le_bytes(); 2].concat());
        body.extend(&packet);
        body.resize(body.len().next_multiple_of(4), 0);
        ng.extend(block(6, &body));
    }
    assert_eq!(shown(&ng, &wire).1, expected);
    assert_eq!(tables(&try_layouts(&ng).1)[0], wire);

    let relinked = |link: u32, front: &[u8]| {
        let mut file = Pcap::new().0;
        file[20..24].copy_from_slice(&link.to_le_bytes());
        for packet in packets(14) {
            let length = ((front.len() + packet.len()) as u32).to_le_bytes();
            file.extend(
                [&1_795_518_000u32.to_le_bytes()[..], &[0; 4], &length, &length, front, &packet].concat(),
            );
        }
        file
    };
    let cooked = [0, 0, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 8, 0];
    let cooked_2 = [8, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0];
    for (link, front) in [(101, &b""[..]), (0, &[2, 0, 0, 0]), (113, &cooked), (276, &cooked_2)] {
        assert_eq!(shown(&relinked(link, front), &wire).1, expected, "{link}");
    }
    assert!(shown(&relinked(9999, b""), &wire).1.contains("no TCP connection"));
}

#[test]
fn two_sites_in_one_file_have_a_table_each() {
    let (one, other) = (Chance(5).wire(), Chance(6).wire());
    let mut file = Pcap::new();
    file.connection(SITE, true, &Pcap::segments(&frames(&one)));
    file.connection(([192, 168, 2, 10], 9500), true, &Pcap::segments(&frames(&other)));
    let (found, report) = try_layouts(&file.0);
    assert!(found);
    for (site, wire) in [("192.168.1.10:9500", &one), ("192.168.2.10:9500", &other)] {
        let from = report.find(&format!("# {site}: 1 connection")).unwrap();
        let all = frames(wire);
        let all: Vec<&[u8]> = all.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        for side in [0, 1] {
            let of: Vec<&[u8]> = all.iter().skip(side).step_by(2).copied().collect();
            assert!(equivalent(&tables(&report[from..])[0], wire, &of), "{report}");
        }
    }
}

#[test]
fn what_the_capture_cannot_tell_is_said() {
    let wire = Wire {
        header: ["pad:2", "length:u16:rest", "command:u8"].map(String::from).to_vec(),
        ..Wire::default()
    };
    let (_, report) = try_layouts(&pcap(&wire));
    assert!(report.contains("cannot be told apart"), "{report}");
    assert!(report.contains("more than 65535 bytes would tell"), "{report}");
    let headers: Vec<Vec<String>> = tables(&report).into_iter().map(|table| table.header).collect();
    assert_eq!(headers[0], ["length:u32:rest", "command:u8"]);
    assert!(headers.contains(&wire.header), "{report}");

    let (_, report) = try_layouts(&side(&Wire::default(), true));
    assert!(report.contains("cannot be told from this capture: charset, datetime and decimal"), "{report}");
    let (_, report) = try_layouts(&side(&Wire::default(), false));
    assert!(report.contains("cannot be told from this capture: md5_case"), "{report}");
    // A query alone.
    let query = &frames(&Wire::default())[2].1;
    let (found, report) = try_layouts(query);
    assert!(found && report.contains("this may fit by chance"), "{report}");
}

#[test]
fn random_bytes_around_booking_numbers_never_panic_nor_take_long() {
    let mut chance = Chance(99);
    for _ in 0..200 {
        let mut bytes = Vec::new();
        for _ in 0..chance.below(12) {
            bytes.extend(
                (0..chance.below(90)).map(|_| if chance.below(2) == 0 { 0 } else { chance.below(256) as u8 }),
            );
            bytes.push(1);
            bytes.extend(b"0000000000111972\0");
        }
        if bytes.is_empty() {
            continue;
        }
        try_layouts(&bytes);
        shown(&bytes, &Wire::default());
    }
}
