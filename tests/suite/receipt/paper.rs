//! Tickets as pictures of paper: what is printed can be read back.

use crate::kit::e2e::paper;
use jiff::tz::TimeZone;
use pickup_kiosk::command::preview;
use pickup_kiosk::receipt::compose::{ComposeOptions, QrPolicy};
use pickup_kiosk::receipt::escpos::encode;
use pickup_kiosk::receipt::layout::Layout;
use pickup_kiosk::receipt::profile::{BUILT_IN, Charset, Profile, Qr};
use pickup_kiosk::receipt::sample::{SAMPLE_INFO_CODE, sample_ticket};
use pickup_kiosk::ticket::{Mark, Ticket};
use pickup_kiosk::virtual_printer::{Paper, VirtualPrinter, png as picture};
use std::io::Cursor;

/// Returns a ticket whose code is as long as a real one and doesn't say that it is a sample.
fn real_ticket() -> Ticket {
    let mut ticket = sample_ticket();
    ticket.info_code = format!("17212101{}==", "mZ3/+q7XbK".repeat(17));
    assert_eq!(ticket.info_code.len(), 180);
    ticket
}

fn bytes_of(ticket: &Ticket, profile: &Profile, mark: Mark, qr: QrPolicy) -> Vec<u8> {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let order = ComposeOptions { profile, zone: &zone, mark, sample: false, qr };
    let document = Layout::built_in_for(profile).unwrap().ticket(ticket, &order).unwrap();
    encode(&document, profile).unwrap()
}

fn print(bytes: &[u8], profile: &Profile) -> Paper {
    let mut printer = VirtualPrinter::new(profile);
    assert_eq!(printer.feed(bytes), b"");
    let mut papers = printer.take_papers();
    assert_eq!(papers.len(), 1);
    papers.remove(0)
}

/// Returns every QR code of a PNG; each has to be readable.
fn codes_in(file: &[u8]) -> Vec<String> {
    paper::codes_in(Cursor::new(file)).into_iter().map(Option::unwrap).collect()
}

#[test]
fn the_code_on_every_picture_decodes_to_the_tickets_code_byte_for_byte() {
    for (name, _) in BUILT_IN {
        let profile = Profile::built_in(name).unwrap();
        let ticket = real_ticket();
        let paper = print(&bytes_of(&ticket, &profile, Mark::Original, QrPolicy::NoSampleCodes), &profile);
        if profile.qr == Qr::Native {
            assert_eq!(paper.codes, [ticket.info_code.as_bytes()], "{name}");
        }
        assert_eq!(codes_in(&picture(&paper).unwrap()), [ticket.info_code], "{name}");
        let picture = preview::picture(&Layout::built_in_for(&profile).unwrap(), &profile).unwrap();
        assert_eq!(codes_in(&picture), [SAMPLE_INFO_CODE], "{name}");
    }
}

/// Compares with a file beside the tests, or writes it.
fn frozen(name: &str, found: &[u8]) {
    let path = format!("{}/tests/snapshots/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("WRITE_SNAPSHOTS").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let same = std::fs::read(&path).unwrap() == found;
    assert!(same, "{path}: what is printed has changed; WRITE_SNAPSHOTS=1 if that is meant");
}

#[test]
fn the_bytes_and_the_picture_of_the_documents_ticket_are_frozen() {
    for (name, _) in BUILT_IN {
        let profile = Profile::built_in(name).unwrap();
        let bytes = bytes_of(&real_ticket(), &profile, Mark::Original, QrPolicy::NoSampleCodes);
        let lines = bytes.chunks(24).map(|chunk| {
            let hex: Vec<String> = chunk.iter().map(|byte| format!("{byte:02x}")).collect();
            hex.join(" ") + "\n"
        });
        frozen(&format!("ticket-{name}.hex"), lines.collect::<String>().as_bytes());
        frozen(&format!("ticket-{name}.png"), &picture(&print(&bytes, &profile)).unwrap());
        let drawn = profile.chinese.charset == Charset::None;
        assert!(bytes.len() <= if drawn { 65_536 } else { 700 }, "{name}: {} bytes", bytes.len());
        assert!(bytes.starts_with(b"\x1B@") && !bytes[2..].windows(2).any(|pair| pair == b"\x1B@"), "{name}");
    }
}

#[test]
fn the_gb18030_text_on_the_paper_reads_back() {
    for (name, _) in BUILT_IN {
        let profile = Profile::built_in(name).unwrap();
        if profile.chinese.charset == Charset::None {
            continue;
        }
        let paper =
            print(&bytes_of(&real_ticket(), &profile, Mark::Original, QrPolicy::NoSampleCodes), &profile);
        let text = paper.lines.join("\n");
        for wanted in
            ["CHTEST01", "重返20岁", "2015-08-06", "10:50", "1号厅", "7排10座", "￥50.00", "￥3.00", "副券"]
        {
            assert!(text.contains(wanted), "{name}: {wanted} in {text}");
        }
        assert!(!paper.torn && !paper.remainder && paper.dots.has_ink());
    }
}

#[test]
fn what_the_printer_lacks_is_drawn_line_by_line_and_no_line_is_lost() {
    for film in ["𠮷㐀🎬", "𬬻火影忍者", "重返20岁 🎬", "𠮷野家的夏天，一个很长很长很长很长的片名"]
    {
        let mut ticket = real_ticket();
        ticket.film_name = film.into();
        for (name, _) in BUILT_IN {
            let profile = Profile::built_in(name).unwrap();
            let bytes = bytes_of(&ticket, &profile, Mark::Original, QrPolicy::Verbatim);
            let paper = print(&bytes, &profile);
            assert_eq!(codes_in(&picture(&paper).unwrap()), [ticket.info_code.as_str()], "{name}: {film}");
            let mut short = ticket.clone();
            short.film_name = "A".into();
            let other = print(&bytes_of(&short, &profile, Mark::Original, QrPolicy::Verbatim), &profile);
            assert!(paper.dots.height() + 100 > other.dots.height(), "{name}: {film}: a line is missing");
            if film.contains('𬬻') && profile.chinese.charset != Charset::None {
                assert!(bytes.windows(3).any(|at| at == b"\x1Dv0"), "{name}: drawn");
            }
        }
    }
}

#[test]
fn nothing_a_server_sends_becomes_a_command() {
    let nasty = [
        "\x1B@\x1Di\x10\x04\x01\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08",
        "🎬🍿👨‍👩‍👧𠮷㐀\u{202E}\u{0}\u{7F}\u{9B}",
        "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二",
        "\u{FFFD}\u{E000}\n\r\t",
        "",
    ];
    for (name, _) in BUILT_IN {
        let profile = Profile::built_in(name).unwrap();
        for text in nasty {
            let mut ticket = real_ticket();
            for field in [
                &mut ticket.film_name,
                &mut ticket.cinema_name,
                &mut ticket.screen_name,
                &mut ticket.seat_name,
            ] {
                *field = text.into();
            }
            ticket.code = text.into();
            let bytes = bytes_of(&ticket, &profile, Mark::Reprint(3), QrPolicy::Verbatim);
            let paper = print(&bytes, &profile);
            assert!(!paper.lines.iter().any(|line| line.contains('\u{FFFD}')), "{name}: {:?}", paper.lines);
            assert_eq!(codes_in(&picture(&paper).unwrap()), [ticket.info_code], "{name}: {text:?}");
        }
    }
}

/// Returns a layout with everything that one can have, on 80 mm.
fn everything() -> Layout {
    let built_in = include_str!("../../../config/layouts/80mm.toml");
    let head = "[[item]]\nkind = \"logo\"\nfile = \"logo.png\"\nwidth_dots = 320\n\n[[item]]";
    let legal = "[[item]]\nkind = \"text\"\ntext = \"本票一经售出概不退换，请妥善保管\"\nmax_lines = 2\n";
    let link = "[[item]]\nkind = \"link\"\nurl = \"https://cinema.example/club\"\ncaption = \"扫码加入会员 Join the club\"\n";
    let text = format!("{}\n{legal}\n{link}", built_in.replacen("[[item]]", head, 1));
    let mut layout = Layout::parse(&text).unwrap();
    layout
        .take_logos(|name| {
            if name == "logo.png" { Ok(logo()) } else { Err(("没有这个文件", "no such file").into()) }
        })
        .unwrap();
    layout
}

/// Returns a logo that goes from black to white.
fn logo() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 160, 40);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    let shades: Vec<u8> = (0..160 * 40).map(|at| u8::try_from(at % 160 * 255 / 159).unwrap()).collect();
    writer.write_image_data(&shades).unwrap();
    writer.finish().unwrap();
    file
}

#[test]
fn logo_legal_text_and_a_second_code_stand_on_every_printers_ticket() {
    let zone = TimeZone::UTC;
    for name in ["epson-tm-t88", "generic-80", "custom-vkp80"] {
        let profile = Profile::built_in(name).unwrap();
        let ticket = real_ticket();
        let order = ComposeOptions {
            profile: &profile,
            zone: &zone,
            mark: Mark::Reprint(1),
            sample: false,
            qr: QrPolicy::Verbatim,
        };
        let document = everything().ticket(&ticket, &order).unwrap();
        let bytes = encode(&document, &profile).unwrap();
        let obeyed = bytes.windows(2).any(|pair| matches!(pair, [0x10, 0x04 | 0x05 | 0x14]));
        assert!(!obeyed, "{name}: a picture holds a real-time command");
        let paper = print(&bytes, &profile);
        let mut codes = codes_in(&picture(&paper).unwrap());
        codes.sort();
        assert_eq!(codes, [ticket.info_code.as_str(), "https://cinema.example/club"], "{name}");
        // The paper is as long as computed, but for the rounding of each line.
        assert!(paper.dots.height().abs_diff(document.height_dots()) <= 8, "{name}");
        frozen(&format!("everything-{name}.png"), &picture(&paper).unwrap());
    }
}

#[test]
fn the_service_fee_can_be_switched() {
    use pickup_kiosk::receipt::layout::ServiceFee;
    let profile = Profile::built_in("generic-80").unwrap();
    let lines = |fee, cents| {
        let mut layout = Layout::built_in_for(&profile).unwrap();
        layout.service_fee = fee;
        let mut ticket = real_ticket();
        ticket.service = pickup_kiosk::ticket::Cents(cents);
        let zone = TimeZone::UTC;
        let (mark, qr) = (Mark::Original, QrPolicy::Verbatim);
        let order = ComposeOptions { profile: &profile, zone: &zone, mark, sample: false, qr };
        let bytes = encode(&layout.ticket(&ticket, &order).unwrap(), &profile).unwrap();
        print(&bytes, &profile).lines.join("\n")
    };
    for (fee, cents, shown) in [
        (ServiceFee::Always, 0, true),
        (ServiceFee::Charged, 0, false),
        (ServiceFee::Charged, 300, true),
        (ServiceFee::Never, 300, false),
    ] {
        let text = lines(fee, cents);
        assert_eq!(text.contains("服务费"), shown, "{fee:?} {cents}: {text}");
        assert!(text.contains("￥50.00"), "the price stays");
    }
}

#[test]
fn on_stock_with_marks_every_ticket_begins_and_ends_at_one() {
    use pickup_kiosk::receipt::escpos::encode_on;
    let profile = Profile::built_in("custom-vkp80").unwrap();
    let zone = TimeZone::UTC;
    let layout = Layout::built_in_for(&profile).unwrap();
    let pitch = profile.dots(160);
    assert!(layout.longest_dots(&profile).unwrap() > 0);
    let mut printer = VirtualPrinter::new(&profile).on_forms(pitch);
    for name in ["短", "一二三四五六七八九十一二三四五六七八九十"] {
        let mut ticket = real_ticket();
        ticket.film_name = name.into();
        let (mark, qr) = (Mark::Original, QrPolicy::Verbatim);
        let order = ComposeOptions { profile: &profile, zone: &zone, mark, sample: false, qr };
        let document = layout.ticket(&ticket, &order).unwrap();
        printer.feed(&encode_on(&document, &profile, true).unwrap());
        let papers = printer.take_papers();
        assert_eq!(papers.len(), 1);
        assert_eq!(papers[0].dots.height(), pitch, "{name}: one form");
    }
}
