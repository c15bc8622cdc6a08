//! The virtual printer behaves as a printer does: answers, faults, buffers.

use pickup_kiosk::receipt::profile::Profile;
use pickup_kiosk::virtual_printer::{After, Fault, PAPER_ROWS_MAX, PAPERS_MAX, Paper, VirtualPrinter};

const CLEAR: &[u8] = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08";
const FENCE: &[u8] = b"\x1D(H\x06\x00\x30\x30ABCD";
const FENCED: &[u8] = b"\x37\x22ABCD\x00";
const CUT: &[u8] = b"\x1DVB\x00";

fn printer() -> VirtualPrinter {
    VirtualPrinter::new(&Profile::built_in("epson-tm-t88").unwrap())
}

fn with(fault: Fault, after: After) -> VirtualPrinter {
    let mut printer = printer();
    assert!(printer.script(fault, after));
    printer
}

/// Returns a ticket of three lines, a code and a cut.
fn ticket(name: &str) -> Vec<u8> {
    let mut bytes = b"\x1B@\x1C&".to_vec();
    bytes.extend(format!("{name} 1\n{name} 2\n").bytes());
    bytes.extend(b"\x1D(k\x08\x00\x31\x50\x30HELLO\x1D(k\x03\x00\x31\x51\x30");
    bytes.extend(format!("{name} 3\n").bytes());
    bytes.extend(CUT);
    bytes
}

fn lines(papers: &[Paper]) -> Vec<String> {
    papers.iter().map(|paper| paper.lines.join(",")).collect()
}

fn whole(name: &str) -> String {
    format!("{name} 1,{name} 2,{name} 3")
}

#[test]
fn one_paper_a_cut_whichever_form_it_has() {
    for cut in [&b"\x1DV\x00"[..], b"\x1DV\x01", b"\x1DV0", b"\x1DVA\x10", b"\x1DVB\x00", b"\x1Bi", b"\x1Bm"]
    {
        let mut printer = printer();
        printer.feed(b"a\n");
        printer.feed(cut);
        printer.feed(b"b\n");
        printer.feed(cut);
        assert_eq!(lines(&printer.take_papers()), ["a", "b"], "{cut:x?}");
    }
}

#[test]
fn every_request_is_answered_as_a_printer_does() {
    let mut printer = printer();
    for n in 1..=4 {
        assert_eq!(printer.feed(&[0x10, 0x04, n]), [0x12]);
    }
    assert_eq!(printer.feed(b"\x1Dr\x01"), [0x00]);
    assert_eq!(printer.feed(FENCE), FENCED);
    assert_eq!(printer.feed(b"\x1DI\x43"), b"_PICKUP-KIOSK VIRTUAL\x00");
    assert_eq!(printer.feed(CLEAR), [0x37, 0x25, 0x00]);
    assert_eq!(printer.feed(b"\x10\x05\x01"), b"");
    assert_eq!(printer.feed(b"\x1Da\xFF"), [0x10, 0x00, 0x00, 0x0F]);
}

#[test]
fn automatic_status_comes_unasked_when_something_changes() {
    let mut printer = printer();
    printer.feed(b"\x1Da\x0E");
    printer.script(Fault::PaperLow, After::Now);
    assert_eq!(printer.feed(b""), [0x10, 0x00, 0x03, 0x0F]);
    printer.script(Fault::CoverOpen, After::Now);
    assert_eq!(printer.feed(b""), [0x38, 0x00, 0x03, 0x0F]);
    printer.mend();
    assert_eq!(printer.feed(b""), [0x10, 0x00, 0x00, 0x0F]);
    printer.feed(b"\x1Da\x00");
    printer.script(Fault::CoverOpen, After::Now);
    assert_eq!(printer.feed(b""), b"");
}

#[test]
fn paper_out_after_rows_tears_the_ticket_and_a_refill_prints_the_rest() {
    let mut printer = with(Fault::PaperOut, After::Rows(70));
    let mut bytes = ticket("a");
    bytes.extend(FENCE);
    assert_eq!(printer.feed(&bytes), b"", "no fence passes while there is no paper");
    let papers = printer.take_papers();
    assert_eq!(lines(&papers), ["a 1,a 2"]);
    assert!(papers[0].torn && papers[0].dots.height() == 70);
    assert_eq!(printer.feed(b"\x10\x04\x04\x10\x04\x01"), [0x7E, 0x1A]);
    printer.mend();
    assert_eq!(printer.feed(b""), FENCED);
    let papers = printer.take_papers();
    assert_eq!((lines(&papers), papers[0].remainder, papers[0].torn), (vec!["a 3".to_owned()], true, false));
    printer.feed(&ticket("b"));
    let papers = printer.take_papers();
    assert_eq!((lines(&papers), papers[0].remainder), (vec![whole("b")], false));
}

#[test]
fn paper_out_after_tickets_stops_between_them() {
    let mut printer = with(Fault::PaperOut, After::Tickets(2));
    for name in ["a", "b", "c"] {
        printer.feed(&ticket(name));
    }
    let papers = printer.take_papers();
    assert_eq!(lines(&papers), [whole("a"), whole("b")]);
    assert!(papers.iter().all(|paper| !paper.torn));
    assert!(printer.condition().paper_out);
    printer.mend();
    assert_eq!(lines(&printer.take_papers()), [whole("c")]);
}

#[test]
fn an_open_cover_stops_it_and_it_goes_on_where_it_was() {
    let mut printer = with(Fault::CoverOpen, After::Rows(10));
    printer.feed(&ticket("a"));
    assert_eq!(printer.feed(b"\x10\x04\x02"), [0x16]);
    assert!(printer.take_papers().is_empty());
    printer.mend();
    let papers = printer.take_papers();
    assert_eq!(lines(&papers), [whole("a")]);
    let mut undisturbed = self::printer();
    undisturbed.feed(&ticket("a"));
    assert_eq!(undisturbed.take_papers(), papers);
}

#[test]
fn paper_low_stops_nothing() {
    let mut printer = with(Fault::PaperLow, After::Tickets(1));
    printer.feed(&ticket("a"));
    assert_eq!(printer.feed(b"\x10\x04\x04\x1Dr\x01\x10\x04\x01"), [0x1E, 0x03, 0x12]);
    printer.feed(&ticket("b"));
    assert_eq!(printer.take_papers().len(), 2);
}

#[test]
fn a_stuck_cutter_holds_the_paper_until_it_is_freed() {
    let mut printer = with(Fault::CutterStuck { recoverable: true }, After::Now);
    printer.feed(&ticket("a"));
    assert!(printer.take_papers().is_empty());
    assert_eq!(printer.feed(b"\x10\x04\x03"), [0x1A]);
    printer.feed(b"\x10\x05\x01");
    assert_eq!(lines(&printer.take_papers()), [whole("a")]);

    let mut printer = with(Fault::CutterStuck { recoverable: false }, After::Tickets(1));
    printer.feed(&ticket("a"));
    printer.feed(&ticket("b"));
    assert_eq!(printer.feed(b"\x10\x05\x01\x10\x05\x02\x10\x04\x03"), [0x1A]);
    assert_eq!(lines(&printer.take_papers()), [whole("a")]);
    printer.mend();
    assert_eq!(lines(&printer.take_papers()), [whole("b")]);
}

#[test]
fn a_silent_printer_prints_and_answers_nothing() {
    let mut printer = with(Fault::Silent, After::Now);
    printer.feed(&ticket("a"));
    assert_eq!(printer.feed(b"\x10\x04\x01\x1Dr\x01\x1DI\x43"), b"");
    assert_eq!(printer.feed(FENCE), b"");
    assert_eq!(printer.take_papers().len(), 1);
    printer.mend();
    assert_eq!(printer.feed(b"\x10\x04\x01"), [0x12]);
}

#[test]
fn a_lost_fence_is_lost_once_and_real_time_status_still_comes() {
    let mut printer = with(Fault::FenceLost, After::Tickets(1));
    assert_eq!(printer.feed(FENCE), FENCED);
    printer.feed(&ticket("a"));
    assert_eq!(printer.feed(FENCE), b"");
    assert_eq!(printer.feed(b"\x10\x04\x01"), [0x12]);
    assert_eq!(printer.feed(FENCE), FENCED);
}

#[test]
fn while_stopped_it_keeps_what_its_buffer_holds_and_clearing_empties_it() {
    let mut printer = with(Fault::PaperOut, After::Now);
    assert_eq!(printer.room(), 4096);
    printer.feed(&vec![b'x'; 5000]);
    assert_eq!((printer.room(), printer.lost_bytes()), (0, 904));
    assert_eq!(printer.feed(b"\x10\x04\x04"), [0x7E], "real-time commands need no room");
    assert_eq!(printer.feed(CLEAR), [0x37, 0x25, 0x00]);
    assert_eq!(printer.room(), 4096);
    printer.feed(&ticket("b"));
    printer.mend();
    assert_eq!(lines(&printer.take_papers()), [whole("b")]);
}

#[test]
fn after_a_tear_and_a_clear_the_rest_never_comes() {
    let mut printer = with(Fault::PaperOut, After::Rows(40));
    printer.feed(&ticket("a"));
    printer.feed(CLEAR);
    printer.mend();
    printer.feed(&ticket("b"));
    let papers = printer.take_papers();
    assert_eq!(lines(&papers), ["a 1".to_owned(), whole("b")]);
    assert_eq!((papers[0].torn, papers[1].torn, papers[1].remainder), (true, false, false));
}

#[test]
fn a_power_cycle_loses_the_buffer() {
    let mut printer = with(Fault::CoverOpen, After::Now);
    printer.feed(&ticket("a"));
    printer.power_cycle();
    printer.mend();
    printer.feed(&ticket("b"));
    assert_eq!(lines(&printer.take_papers()), [whole("b")]);
}

#[test]
fn byte_by_byte_is_the_same_as_all_at_once() {
    let faults = [
        None,
        Some((Fault::PaperOut, After::Rows(50))),
        Some((Fault::PaperOut, After::Tickets(1))),
        Some((Fault::CutterStuck { recoverable: true }, After::Tickets(1))),
        Some((Fault::CoverOpen, After::Rows(200))),
    ];
    let mut bytes = Vec::new();
    for name in ["a", "重返20岁", "c"] {
        bytes.extend(ticket(name));
        bytes.extend(b"\x1Dr\x01\x10\x04\x01");
        bytes.extend(FENCE);
        bytes.extend(b"\x1D!\x11\x1D\x76\x30\x00\x02\x00\x03\x00\xFF\x10\x05\x02\x00\xFF\xAA\x10");
    }
    for fault in faults {
        let run = |chunk: usize| {
            let mut printer = printer();
            if let Some((fault, after)) = fault {
                printer.script(fault, after);
            }
            let mut replies: Vec<u8> = Vec::new();
            bytes.chunks(chunk).for_each(|part| replies.extend(printer.feed(part)));
            printer.mend();
            replies.extend(printer.feed(b""));
            (replies, printer.take_papers(), printer.lost_bytes())
        };
        let whole = run(bytes.len());
        for chunk in [1, 2, 3, 7, 64] {
            assert_eq!(run(chunk), whole, "{fault:?} in chunks of {chunk}");
        }
    }
}

/// Generator of bytes from a fixed seed, rich in what commands are made of.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: u64) -> usize {
        usize::try_from((self.next() >> 11) % bound).unwrap()
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        const FAVOURITES: &[u8] = b"\x1B\x1D\x1C\x10\x10V(kv0!@JHra\x00\x01\x04\x05\x08\x14\n";
        let mut byte = || match self.below(3) {
            0 => FAVOURITES[self.below(FAVOURITES.len() as u64)],
            _ => u8::try_from(self.below(256)).unwrap(),
        };
        (0..length).map(|_| byte()).collect()
    }
}

#[test]
fn random_bytes_never_panic_never_grow_without_bound_and_mean_the_same_in_any_chunks() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for round in 0..80 {
        let fault = match round % 4 {
            0 => Fault::PaperOut,
            1 => Fault::CoverOpen,
            2 => Fault::CutterStuck { recoverable: true },
            _ => Fault::FenceLost,
        };
        let after = After::Rows(random.below(3000));
        let parts: Vec<Vec<u8>> = (0..6)
            .map(|_| {
                let length = random.below(700);
                random.bytes(length)
            })
            .collect();
        let run = |chunk: usize| {
            let (mut printer, mut replies) = (with(fault, after), Vec::new());
            for part in &parts {
                part.chunks(chunk).for_each(|bytes| replies.extend(printer.feed(bytes)));
                printer.mend();
            }
            replies.extend(printer.feed(b""));
            (replies, printer.take_papers())
        };
        let whole = run(usize::MAX);
        assert!(whole.1.iter().all(|paper| paper.dots.height() <= PAPER_ROWS_MAX));
        for chunk in [1, 5] {
            assert_eq!(run(chunk), whole, "round {round} in chunks of {chunk}");
        }
    }
}

#[test]
fn endless_paper_and_untaken_papers_have_a_bound() {
    let mut printer = printer();
    for _ in 0..1000 {
        printer.feed(b"\x1BJ\xFF");
    }
    printer.feed(CUT);
    let papers = printer.take_papers();
    assert!(papers.len() > 10 && papers.iter().all(|paper| paper.dots.height() <= PAPER_ROWS_MAX));
    for n in 0..100 {
        printer.feed(format!("{n}\n").as_bytes());
        printer.feed(CUT);
    }
    let papers = printer.take_papers();
    assert_eq!((papers.len(), papers[0].lines[0].as_str()), (PAPERS_MAX, "36"));
    printer.feed(b"\x1Dv0\x00\xFF\xFF\xFF\xFFshort");
    printer.feed(&vec![0; 100_000]);
    assert_eq!(printer.feed(b"\x10\x04\x01"), [0x12]);
}

#[test]
fn real_time_commands_inside_other_data_are_obeyed() {
    let mut printer = printer();
    assert_eq!(printer.feed(b"\x1Dv0\x00\x01\x00\x04\x00\xFF\x10\x04\x01\xFF"), [0x12]);
}

#[test]
fn a_printer_without_a_cutter_gives_its_ticket_to_the_hand() {
    let text = include_str!("../../../config/printers/generic-58.toml").replace("gs-v-plain", "none");
    let mut printer = VirtualPrinter::new(&Profile::parse(&text).unwrap());
    printer.feed(b"\x1B@one\n\x1BJ\x78\x1Dr\x01\x1B@two\n\x1Dr\x01");
    assert_eq!(lines(&printer.take_papers()), ["one", "two"]);
}

#[test]
fn a_slow_head_answers_its_fence_when_the_paper_is_out_and_not_sooner() {
    use std::time::Duration;
    let ms = Duration::from_millis;
    let mut printer = printer().slowed(100, ms(300));
    printer.feed(b"\x1B@\x1B3\x20a\nb\n\x1DVB\x00");
    assert_eq!(printer.feed(FENCE), b"", "64 rows and the cutter: 940 ms");
    assert_eq!(printer.feed(b"\x10\x04\x01"), [0x12], "real time is answered meanwhile");
    let (mut clock, mut answer) = (Duration::ZERO, Vec::new());
    while answer.is_empty() {
        clock = printer.next_at().expect("it has something to do");
        answer = printer.advance(clock);
    }
    assert_eq!((answer, clock), (FENCED.to_vec(), ms(940)));
    assert_eq!(printer.next_at(), None);
}

#[test]
fn a_small_buffer_says_stop_in_time_and_loses_only_what_comes_all_the_same() {
    use std::time::Duration;
    let mut printer = printer().slowed(100, Duration::ZERO).buffered(45, true);
    printer.feed(b"first\n");
    let said = printer.feed(&[b'x'; 30]);
    assert_eq!((said.as_slice(), printer.lost_bytes()), (&[0x13][..], 0));
    printer.feed(&[b'x'; 30]);
    assert_eq!(printer.lost_bytes(), 15);
    let mut said = Vec::new();
    (1..200).for_each(|second| said.extend(printer.advance(Duration::from_millis(100 * second))));
    assert_eq!(said, [0x11]);
}

#[test]
fn faults_come_at_a_byte_and_at_a_time_too() {
    use std::time::Duration;
    let mut printer = with(Fault::CoverOpen, After::Bytes(20));
    printer.feed(&[b'x'; 19]);
    assert!(!printer.condition().cover_open);
    printer.feed(b"x");
    assert!(printer.condition().cover_open);
    printer.mend();
    printer.script(Fault::HeadHot, After::Time(Duration::from_secs(3)));
    printer.advance(Duration::from_secs(2));
    assert_eq!(printer.feed(b"\x10\x04\x03"), [0x12]);
    printer.advance(Duration::from_secs(3));
    assert_eq!(printer.feed(b"\x10\x04\x03"), [0x52]);
}

#[test]
fn a_clone_answers_what_its_profile_has_and_nothing_else() {
    let mut clone = VirtualPrinter::like(&Profile::built_in("generic-58").unwrap());
    assert_eq!(clone.feed(FENCE), b"");
    assert_eq!(clone.feed(b"\x1DI\x43"), b"");
    assert_eq!(clone.feed(b"\x1Da\x0E"), b"");
    assert_eq!(clone.feed(&[0x10, 0x04, 20]), b"");
    assert_eq!(clone.feed(b"\x1Dr\x01\x10\x04\x01"), [0x00, 0x12]);
    assert_eq!(clone.feed(b""), b"");
}

#[test]
fn status_can_be_silent_lie_or_come_by_halves() {
    let mut silent = with(Fault::StatusSilent, After::Now);
    assert_eq!(silent.feed(b"\x10\x04\x01"), b"");
    assert_eq!(silent.feed(FENCE), FENCED);
    let mut liar = with(Fault::StatusLies, After::Now);
    liar.script(Fault::PaperOut, After::Now);
    assert_eq!(liar.feed(b"\x10\x04\x04"), [0x12]);
    assert_eq!(liar.feed(FENCE), b"", "but it can't print");
    let mut half = with(Fault::HalfReply, After::Now);
    assert_eq!(half.feed(FENCE), FENCED[..4]);
    assert_eq!(half.feed(FENCE), FENCED);
}

#[test]
fn a_presenter_shows_a_ticket_until_it_is_taken_or_dismissed() {
    let mut printer = VirtualPrinter::new(&Profile::built_in("custom-vkp80").unwrap());
    let full = |printer: &mut VirtualPrinter| printer.feed(&[0x10, 0x04, 20]);
    let waiting = [0x10, 0x0F, 0x20, 0, 0, 0];
    let empty = [0x10, 0x0F, 0, 0, 0, 0];
    assert_eq!(full(&mut printer), empty);
    printer.feed(b"a\n\x1Bi\x1De\x03\x0C");
    assert_eq!(full(&mut printer), waiting);
    printer.take_ticket();
    assert_eq!(full(&mut printer), empty);
    printer.script(Fault::NotTaken, After::Now);
    for (command, gone) in [(&b"\x1De\x02"[..], (1, 0)), (b"\x1De\x05", (1, 1))] {
        printer.feed(b"a\n\x1Bi\x1De\x03\x0C");
        for _ in 0..5 {
            assert_eq!(full(&mut printer), waiting);
        }
        printer.feed(command);
        assert_eq!((printer.dismissed().retracted, printer.dismissed().dropped), gone);
        assert_eq!(full(&mut printer), empty);
    }
}
