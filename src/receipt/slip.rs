//! Claim slip: the paper that a customer takes to the counter when the machine can't finish a pickup.

use super::compose::columns;
use super::document::{Align, Block, Document, Size, Style};
use super::profile::Profile;
use super::text;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Content of a claim slip.
#[derive(Debug, Clone, Copy)]
pub struct ClaimSlip<'a> {
    /// Claim reference, 6 digits.
    pub reference: &'a str,
    /// Id of the kiosk (`[kiosk] id`).
    pub kiosk: &'a str,
    /// Name of the cinema (`[cinema] name`).
    pub cinema: &'a str,
    /// Time at which the pickup ended.
    pub at: Timestamp,
    /// Time zone of the cinema.
    pub zone: &'a TimeZone,
}

/// Instructions for the customer, in both languages. They give no reason: that is for the counter to see.
const TO_DO: [&str; 4] = [
    "请持本单到柜台，工作人员凭此编号为您办理。",
    "Please take this slip to the counter. The staff will help you by this number.",
    "本单不是电影票，不能入场。",
    "This is not a ticket.",
];

/// Returns the document of a claim slip.
pub fn claim_slip(slip: &ClaimSlip<'_>, profile: &Profile) -> Document {
    let width = usize::from(profile.width_dots);
    let mut document = Document::default();
    let lines = |document: &mut Document, text: &str, align: Align, size: Size, bold: bool| {
        for line in text::wrap(text, columns(width, size)) {
            document.line(align, Style { size, bold, inverse: false }, line);
        }
    };
    let (plain, large) = (Size::default(), Size::new(2, 2));
    lines(&mut document, &text::clean(slip.cinema), Align::Center, plain, true);
    document.blocks.push(Block::Rule);
    document.feed(10);
    lines(&mut document, "请到柜台", Align::Center, large, true);
    lines(&mut document, "Please see the counter", Align::Center, plain, false);
    document.feed(24);
    lines(&mut document, "领取编号 CLAIM No.", Align::Center, plain, false);
    let reference = text::clean(slip.reference);
    let huge = columns(width, plain) / text::width(&reference).max(1);
    let huge = u8::try_from(huge.min(5)).unwrap_or(1);
    lines(&mut document, &reference, Align::Center, Size::new(huge, huge), true);
    document.feed(24);
    document.blocks.push(Block::Rule);
    for sentence in TO_DO {
        lines(&mut document, sentence, Align::Left, plain, false);
    }
    document.feed(10);
    let at = slip.zone.to_datetime(slip.at);
    let time = at.strftime("%Y-%m-%d %H:%M:%S").to_string();
    lines(&mut document, &format!("取票机 Kiosk {}", text::clean(slip.kiosk)), Align::Left, plain, false);
    lines(&mut document, &format!("时间 Time {time}"), Align::Left, plain, false);
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_is_the_largest_thing_on_the_slip() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let slip = ClaimSlip {
            reference: "004217",
            kiosk: "lobby-1",
            cinema: "CHTEST01",
            at: Timestamp::from_second(1_438_829_400).unwrap(),
            zone: &zone,
        };
        for printer in ["generic-80", "generic-58", "epson-tm-t88"] {
            let document = claim_slip(&slip, &Profile::built_in(printer).unwrap());
            let lines = document.blocks.iter().filter_map(|block| match block {
                Block::Line(line) => line.spans.first(),
                _ => None,
            });
            let largest = lines.clone().max_by_key(|span| span.style.size.height).unwrap();
            assert_eq!((largest.text.as_str(), largest.style.size), ("004217", Size::new(5, 5)));
            let all: String = lines.map(|span| span.text.as_str()).collect();
            for wanted in ["CHTEST01", "lobby-1", "2015-08-06 10:50:00", "柜台", "counter"] {
                assert!(all.contains(wanted), "{wanted} in {all}");
            }
        }
    }
}
