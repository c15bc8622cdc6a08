//! Report of `journal start-new` about the journal that was lost.

use crate::journal::business_day::BusinessDays;
use crate::journal::store::Salvage;
use std::fmt::Write;
use std::path::Path;

/// Returns the report: the loss, what could be read of it, and what the cinema has to do about the rest.
pub(super) fn told(state_dir: &Path, salvage: &Salvage, days: &BusinessDays) -> String {
    let mut text = format!("an empty journal was started in {}\n", state_dir.display());
    let Some(file) = &salvage.file else {
        text.push_str(
            "the old one is gone with its file: what was owed, uncertain or not yet reported to the site is on \
             record nowhere, and there is nothing to read its bookings from\n",
        );
        text.push_str(TWICE);
        return text;
    };
    let _ = writeln!(
        text,
        "lost to it, and only in {} from now on: who is owed what, what is uncertain, what the site has not been \
         told; keep that file and its -wal",
        file.display()
    );
    if salvage.pages_read == 0 {
        text.push_str("that file could not be read, not one page of it: none of its bookings is known\n");
        text.push_str(TWICE);
        return text;
    }
    let _ = write!(
        text,
        "read of it, {} of {} pages: {} booking numbers",
        salvage.pages_read, salvage.pages, salvage.numbers
    );
    if let Some((oldest, newest)) = salvage.period {
        let _ = write!(text, ", from {} to {}", days.clock(oldest), days.clock(newest));
    }
    text.push('\n');
    if salvage.cut_short {
        text.push_str(
            "there is more in it than could be read in two minutes or fits the list: the rest is not on it\n",
        );
    }
    if salvage.numbers > 0 {
        text.push_str(
            "none of these is printed by this kiosk again: whoever has such a booking is sent to the counter, for two \
             days at least and until the day after the session; the counter looks in the site's system whether it was \
             printed, and prints it or not\n",
        );
    }
    if salvage.open > 0 {
        let named = salvage.open_numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let more = salvage.open.saturating_sub(salvage.open_numbers.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let _ = writeln!(
            text,
            "of {} of them something was owed, uncertain or not reported, look at these first: {named}{more}",
            salvage.open
        );
    }
    if salvage.pages_read < salvage.pages || salvage.cut_short {
        text.push_str("what stood on the other pages is not known\n");
        text.push_str(TWICE);
    }
    text
}

/// Warning for when not every booking of the lost journal is known.
const TWICE: &str = "for 48 hours, and as long as tickets printed before this moment are for sessions to come, this \
    kiosk could print one of them a second time if the site gives the booking again (repeated_issue = \"accepted\"): \
    until then take it out of service, or have staff compare with the site's printed flags before a show\n";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::BookingNumber;
    use jiff::Timestamp;

    fn of(salvage: &Salvage) -> String {
        let days = BusinessDays::new("Asia/Shanghai", "06:00").unwrap();
        let text = told(Path::new("/var/lib/kiosk"), salvage, &days);
        println!("{text}");
        text
    }

    #[test]
    fn it_says_what_was_read_and_who_is_to_be_looked_at_first() {
        let at = |second: i64| Timestamp::from_second(1_795_485_600 + second).unwrap();
        let whole = Salvage {
            file: Some("/var/lib/kiosk/journal.damaged-1.db".into()),
            pages: 40,
            pages_read: 40,
            cut_short: false,
            numbers: 37,
            period: Some((at(0), at(3_600))),
            open: 3,
            open_numbers: [5, 7].map(|number| BookingNumber::new(number).unwrap()).to_vec(),
        };
        let text = of(&whole);
        for part in [
            "only in /var/lib/kiosk/journal.damaged-1.db",
            "40 of 40 pages: 37 booking numbers, from 2026-11-24 10:00:00 to 2026-11-24 11:00:00",
            "sent to the counter",
            "of 3 of them something was owed, uncertain or not reported, look at these first: 5 7 and 1 more",
        ] {
            assert!(text.contains(part), "{part}");
        }
        assert!(!text.contains("a second time"), "all of it could be read");
        for damaged in [Salvage { pages: 41, ..whole.clone() }, Salvage { cut_short: true, ..whole.clone() }]
        {
            assert!(of(&damaged).contains("a second time"));
        }
    }

    #[test]
    fn a_file_of_which_nothing_is_left_is_said_to_be_so() {
        let unreadable = Salvage { file: Some("x.db".into()), pages: 3, ..Salvage::default() };
        let text = of(&unreadable);
        assert!(text.contains("not one page") && text.contains("for 48 hours"), "{text}");
        let text = of(&Salvage::default());
        assert!(text.contains("gone with its file") && text.contains("for 48 hours"), "{text}");
    }
}
