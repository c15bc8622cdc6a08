use super::super::sample::sample_ticket;
use super::*;
use crate::ticket::Cents;

fn zone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

fn real_ticket() -> Ticket {
    let mut ticket = sample_ticket();
    ticket.info_code = format!("17212101{}", "Zm9v".repeat(43));
    ticket
}

fn compose(ticket: &Ticket, printer: &str, mark: Mark, qr: QrPolicy) -> Result<Document, ComposeError> {
    let profile = Profile::built_in(printer).unwrap();
    let layout = Layout::built_in_for(&profile).unwrap();
    let zone = zone();
    layout.ticket(ticket, &ComposeOptions { profile: &profile, zone: &zone, mark, sample: false, qr })
}

fn texts(document: &Document) -> Vec<String> {
    let line = |block: &Block| match block {
        Block::Line(line) => {
            Some(line.spans.iter().map(|span| span.text.as_str()).collect::<Vec<_>>().join("|"))
        }
        _ => None,
    };
    document.blocks.iter().filter_map(line).collect()
}

fn qr_data(document: &Document) -> Vec<&str> {
    let mut codes = Vec::new();
    for block in &document.blocks {
        if let Block::Qr(code) = block {
            codes.push(code.data());
        }
    }
    codes
}

#[test]
fn a_ticket_shows_all_that_the_rules_want_and_its_code_verbatim() {
    let ticket = real_ticket();
    for printer in ["epson-tm-t88", "generic-80", "generic-58"] {
        let document = compose(&ticket, printer, Mark::Original, QrPolicy::NoSampleCodes).unwrap();
        let text = texts(&document).join("\n");
        for wanted in [
            "CHTEST01",
            "重返20岁",
            "2015-08-06",
            "10:50",
            "1号厅",
            "7排10座",
            "50.00",
            "3.00",
            "0000000000375975",
        ] {
            assert!(text.contains(wanted), "{printer}: {wanted} in\n{text}");
        }
        assert_eq!(qr_data(&document), [ticket.info_code.as_str()]);
        assert!(!text.contains("SAMPLE") && !text.contains("补打"));
    }
}

#[test]
fn samples_and_reprints_say_so_at_the_head_and_on_the_stub() {
    let document = compose(&sample_ticket(), "generic-80", Mark::Reprint(2), QrPolicy::Verbatim).unwrap();
    let lines = texts(&document);
    assert_eq!(lines.iter().filter(|line| line.contains("样票 SAMPLE")).count(), 2, "{lines:#?}");
    assert_eq!(lines.iter().filter(|line| line.contains("补打 REPRINT 2")).count(), 2, "{lines:#?}");
    assert!(lines[0].contains("样票") && lines[1].contains("补打"));
}

#[test]
fn on_a_real_printer_a_sample_has_no_code_of_180_characters() {
    let verbatim = compose(&sample_ticket(), "generic-58", Mark::Original, QrPolicy::Verbatim).unwrap();
    assert_eq!(qr_data(&verbatim), [sample_ticket().info_code]);
    let real = compose(&sample_ticket(), "generic-58", Mark::Original, QrPolicy::NoSampleCodes).unwrap();
    assert_eq!(qr_data(&real), ["SAMPLE"]);
}

#[test]
fn every_line_fits_whatever_the_server_says() {
    let nasty =
        ["", "影".repeat(32).as_str(), &"W".repeat(64), "\u{1B}@\u{10}\u{4}\u{1}🎬𠮷", &"长 名 ".repeat(300)]
            .map(str::to_owned);
    for name in &nasty {
        let mut ticket = real_ticket();
        ticket.film_name.clone_from(name);
        ticket.cinema_name.clone_from(name);
        ticket.screen_name.clone_from(name);
        ticket.seat_name.clone_from(name);
        ticket.code.clone_from(name);
        ticket.price = Cents(u32::MAX);
        for printer in ["epson-tm-t88", "generic-80", "generic-58"] {
            let width = Profile::built_in(printer).unwrap().width_dots;
            let document = compose(&ticket, printer, Mark::Reprint(u32::MAX), QrPolicy::Verbatim).unwrap();
            for block in &document.blocks {
                let Block::Line(line) = block else { continue };
                let mut x = 0;
                for span in &line.spans {
                    let start = span.at.map_or(x, usize::from);
                    assert!(start >= x, "{printer}: overlap in {line:?}");
                    x = start
                        + text::width(&span.text)
                            * usize::from(CELL_DOTS)
                            * usize::from(span.style.size.width);
                    assert!(!span.text.chars().any(char::is_control));
                }
                assert!(x <= usize::from(width), "{printer}: {x} dots in {line:?}");
            }
        }
    }
}

#[test]
fn a_long_title_gets_smaller_before_it_gets_longer() {
    let size_of = |title: &str| {
        let mut ticket = real_ticket();
        ticket.film_name = title.into();
        let document = compose(&ticket, "generic-80", Mark::Original, QrPolicy::Verbatim).unwrap();
        let title_lines = document.blocks.iter().filter_map(|block| match block {
            Block::Line(line) if line.spans[0].style.bold => Some(line.spans[0].style.size),
            _ => None,
        });
        title_lines.clone().nth(1).unwrap()
    };
    assert_eq!(size_of("重返20岁"), Size::new(3, 3));
    assert_eq!(size_of(&"影".repeat(16)), Size::new(3, 3));
    assert_eq!(size_of(&"影".repeat(24)), Size::new(2, 2));
    assert_eq!(size_of(&"影".repeat(32)), Size::new(1, 2));
}

#[test]
fn a_ticket_without_its_code_or_with_a_code_of_control_bytes_has_no_document() {
    let mut ticket = real_ticket();
    ticket.info_code = "17212101\u{10}\u{4}\u{1}".into();
    let error = compose(&ticket, "generic-80", Mark::Original, QrPolicy::Verbatim).unwrap_err();
    assert_eq!(error, ComposeError::BadInfoCode { length: 11 });
    assert!(!error.to_string().contains("17212101"));
    ticket.info_code.clear();
    let error = compose(&ticket, "generic-80", Mark::Original, QrPolicy::Verbatim).unwrap_err();
    assert_eq!(error, ComposeError::NoInfoCode);
}
