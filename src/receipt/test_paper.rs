//! Test papers for staff: a short test after a paper change, lines for alignment, every character, a slip of plain
//! text. None is a ticket, and each says so.

use super::compose::columns;
use super::document::{Align, Block, Document, Size, Style};
use super::profile::Profile;
use super::sample::SAMPLE_HEADING;
use super::text;
use encoding_rs::GB18030;

/// Largest text of a test paper, in bytes: well below what the printer takes as one paper.
const TEXT_MAX: usize = 12_000;

fn plain(document: &mut Document, profile: &Profile, content: &str) {
    let width = columns(usize::from(profile.width_dots), Size::default());
    for line in text::wrap(content, width) {
        document.line(Align::Left, Style::default(), line);
    }
}

fn heading(document: &mut Document, words: &str) {
    let style = Style { size: Size::new(2, 2), bold: true, inverse: false };
    document.line(Align::Center, style, words);
    document.blocks.push(Block::Rule);
}

/// Returns a few lines, which show that the new roll feeds, prints and is cut.
pub fn paper_test(profile: &Profile) -> Document {
    let mut document = Document::default();
    heading(&mut document, SAMPLE_HEADING);
    plain(&mut document, profile, "换纸测试 Paper test");
    plain(&mut document, profile, "0123456789 ABCDEFGHIJ abcdefghij 电影票");
    document.blocks.push(Block::Rule);
    document.feed(40);
    document
}

/// Returns a ruler of columns, both edges, sizes, black and white, which show if position and darkness are right.
pub fn alignment(profile: &Profile) -> Document {
    let width = columns(usize::from(profile.width_dots), Size::default());
    let mut document = Document::default();
    heading(&mut document, SAMPLE_HEADING);
    let ruler: String = (1..=width).map(|at| if at % 10 == 0 { '|' } else { '-' }).collect();
    document.line(Align::Left, Style::default(), ruler.clone());
    for (align, word) in [(Align::Left, "<"), (Align::Center, "+"), (Align::Right, ">")] {
        document.line(align, Style::default(), word);
    }
    let inverse = Style { inverse: true, ..Style::default() };
    document.line(Align::Left, inverse, " ".repeat(width));
    for size in 1..=4 {
        let style = Style { size: Size::new(size, size), ..Style::default() };
        document.line(Align::Left, style, format!("{size}票H"));
    }
    document.line(Align::Left, Style::default(), ruler);
    for dots in [10, 20, 40, 80] {
        document.blocks.push(Block::Rule);
        document.feed(dots);
    }
    document.blocks.push(Block::Rule);
    document
}

/// Returns every printable character of ASCII and of GB 2312.
pub fn characters(profile: &Profile) -> Document {
    let mut document = Document::default();
    heading(&mut document, SAMPLE_HEADING);
    let ascii: String = (0x20_u8..0x7F).map(char::from).collect();
    plain(&mut document, profile, &ascii);
    let mut all = String::new();
    for row in 0xA1_u8..=0xF7 {
        let bytes: Vec<u8> = (0xA1_u8..=0xFE).flat_map(|cell| [row, cell]).collect();
        let (decoded, _, _) = GB18030.decode(&bytes);
        // The rows between hold nothing of GB 2312; GB 18030 has private characters there.
        all.extend(decoded.chars().filter(|c| ('\u{3000}'..'\u{e000}').contains(c)));
    }
    plain(&mut document, profile, &all);
    document.blocks.push(Block::Rule);
    document
}

/// Returns plain text, such as the shift slip.
pub fn text_slip(content: &str, profile: &Profile) -> Document {
    let mut document = Document::default();
    let mut end = content.len().min(TEXT_MAX);
    while !content.is_char_boundary(end) {
        end -= 1;
    }
    for line in content.get(..end).unwrap_or_default().lines() {
        plain(&mut document, profile, &text::clean(line));
    }
    if end < content.len() {
        plain(&mut document, profile, "……");
    }
    document.blocks.push(Block::Rule);
    document.feed(20);
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receipt::escpos;

    fn text_of(document: &Document) -> String {
        let lines = document.blocks.iter().filter_map(|block| match block {
            Block::Line(line) => Some(line.spans.iter().map(|span| span.text.as_str()).collect::<String>()),
            _ => None,
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn each_is_printable_by_every_profile_and_says_that_it_is_no_ticket() {
        for name in ["epson-tm-t88", "generic-80", "generic-58", "xprinter-80"] {
            let profile = Profile::built_in(name).unwrap();
            for paper in [paper_test(&profile), alignment(&profile), characters(&profile)] {
                assert!(text_of(&paper).contains(SAMPLE_HEADING));
                let bytes = escpos::encode(&paper, &profile).unwrap();
                assert!(bytes.len() < 64 * 1024, "{name}: {} bytes", bytes.len());
            }
        }
    }

    #[test]
    fn every_character_of_gb2312_is_on_the_page() {
        let text = text_of(&characters(&Profile::built_in("epson-tm-t88").unwrap()));
        for c in ['啊', '票', '齄', '一', '7', '~', '。'] {
            assert!(text.contains(c), "{c}");
        }
        assert!(text.chars().filter(|c| *c >= '\u{4e00}').count() >= 6_763);
    }

    #[test]
    fn a_slip_of_any_length_is_cut_to_what_a_printer_takes() {
        let profile = Profile::built_in("generic-58").unwrap();
        let long = "重返20岁\u{1b}@\n  printed 3\n".repeat(5_000);
        let slip = text_slip(&long, &profile);
        assert!(escpos::encode(&slip, &profile).unwrap().len() < 64 * 1024);
        assert!(text_of(&slip).ends_with("……"));
        assert!(!text_of(&slip).contains('\u{1b}'));
    }
}
