//! Text as a ticket printer can show it: the characters that pass, their widths, and the breaks of lines.

use super::font;
use std::borrow::Cow;

/// Substitute for characters that the printer's set lacks: a white square, which is in the set.
pub const SUBSTITUTE: char = '□';

/// Largest length kept of one field, in characters; longer ones end with `…`.
///
/// The protocol's longest field is 64 bytes.
pub const FIELD_CHARS_MAX: usize = 96;

/// Returns the text with every character replaced that must not reach a printer or that it can't show.
///
/// Control characters (so that no command can hide in a film's title), private-use ones, and those that have neither a
/// code of one or two bytes in GB18030 nor a drawing in the kiosk's own font become [`SUBSTITUTE`]; blanks of any kind
/// become a plain one; marks that only modify an emoji before them vanish.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.len() <= FIELD_CHARS_MAX && text.bytes().all(|b| (0x20..0x7F).contains(&b)) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len().min(4 * FIELD_CHARS_MAX));
    let mut left = FIELD_CHARS_MAX;
    for c in text.chars().filter_map(printable) {
        if left == 1 {
            cleaned.push('…');
            break;
        }
        cleaned.push(c);
        left -= 1;
    }
    Cow::Owned(cleaned)
}

fn printable(c: char) -> Option<char> {
    match c {
        ' '..='~' => Some(c),
        '\t' | '\u{A0}' | '\u{2002}'..='\u{200A}' => Some(' '),
        '\u{200B}'..='\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' => None,
        '\u{1F3FB}'..='\u{1F3FF}' => None,
        '¥' => Some('￥'),
        '•' | '・' => Some('·'),
        _ if double_byte(c) || font::has(c) => Some(c),
        _ => Some(SUBSTITUTE),
    }
}

/// Returns true if GB18030 has a code of two bytes for the character that is not user-defined.
fn double_byte(c: char) -> bool {
    if ('\u{E000}'..='\u{F8FF}').contains(&c) || c.is_ascii() {
        return false;
    }
    let mut utf8 = [0_u8; 4];
    let (bytes, _, unmappable) = encoding_rs::GB18030.encode(c.encode_utf8(&mut utf8));
    !unmappable && bytes.len() == 2
}

/// Returns the cells that a character takes at single width: 1 for ASCII, 2 for everything of two bytes.
pub fn cells(c: char) -> usize {
    if c.is_ascii() { 1 } else { 2 }
}

/// Returns the cells that a text takes at single width.
pub fn width(text: &str) -> usize {
    text.chars().map(cells).sum()
}

/// Breaks a text into lines of at most `columns` cells.
///
/// A line breaks at a blank where a word of letters would be cut and there is one; a Chinese character may begin a line
/// anywhere, closing punctuation only where there is no other way.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    let mut rest = text.trim();
    while width(rest) > columns {
        let end = break_at(rest, columns);
        let (line, after) = rest.split_at(end);
        lines.push(line.trim_end().to_owned());
        rest = after.trim_start();
    }
    if !rest.is_empty() || lines.is_empty() {
        lines.push(rest.to_owned());
    }
    lines
}

/// Returns the break of a text that is too long for `columns`: a byte position above 0.
fn break_at(text: &str, columns: usize) -> usize {
    let mut used = 0;
    let mut before = None;
    let mut last_good = None;
    for (at, c) in text.char_indices() {
        if before.is_some_and(|previous| may_break(previous, c)) {
            last_good = Some(at);
        }
        used += cells(c);
        if used > columns {
            // A word longer than half the line is cut rather than leaving it half empty.
            return last_good
                .filter(|&good| width(text.get(..good).unwrap_or("")) * 2 > columns)
                .unwrap_or(at);
        }
        before = Some(c);
    }
    text.len()
}

fn may_break(before: char, after: char) -> bool {
    if "，。、；：？！）》」』】”’…·,.;:?!)]}>%".contains(after) || "（《「『【“‘([{<￥".contains(before)
    {
        return false;
    }
    before == ' ' || after == ' ' || before == '-' || !before.is_ascii() || !after.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_latin_and_yuan_pass_untouched() {
        for text in ["重返20岁", "Mission: Impossible", "￥50.00", "影城·北京（东）", "7排10座", "繁體"]
        {
            assert_eq!(clean(text), text);
        }
        assert_eq!(clean("¥5"), "￥5");
    }

    #[test]
    fn no_control_character_and_nothing_outside_the_set_passes() {
        assert_eq!(clean("a\u{1B}@b\0c\u{10}\u{4}d\u{7F}e\u{85}f"), "a□@b□c□□d□e□f");
        assert_eq!(clean("𠮷㐀"), "□□");
        assert_eq!(clean("𬬻"), "𬬻", "in the kiosk's own font: drawn");
        assert_eq!(clean("影👨‍👩‍👧🏽\u{FE0F}片"), "影□□□片");
        assert_eq!(clean("\u{E000}\u{202E}x"), "□□x");
        assert_eq!(clean("a\u{A0}b\tc"), "a b c");
    }

    #[test]
    fn an_endless_field_is_cut_visibly() {
        let long = clean(&"影".repeat(500)).into_owned();
        assert_eq!(long.chars().count(), FIELD_CHARS_MAX);
        assert!(long.ends_with('…'));
        assert_eq!(clean(&"x".repeat(500)).chars().count(), FIELD_CHARS_MAX);
        assert_eq!(clean(&"y".repeat(96)), "y".repeat(96));
    }

    #[test]
    fn a_chinese_character_is_two_cells_wide() {
        assert_eq!(width("重返20岁"), 8);
        assert_eq!(width("□A"), 3);
    }

    #[test]
    fn lines_break_at_blanks_and_between_chinese_characters() {
        assert_eq!(wrap("The Grand Budapest Hotel", 12), ["The Grand", "Budapest", "Hotel"]);
        assert_eq!(wrap("一二三四五六七", 6), ["一二三", "四五六", "七"]);
        assert_eq!(wrap("一二三，四", 6), ["一二", "三，四"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("短", 10), ["短"]);
        assert_eq!(wrap("", 10), [""]);
        assert_eq!(wrap("一", 0), ["一"]);
    }

    #[test]
    fn wrapping_loses_nothing_and_never_overflows() {
        let text = "《复仇者联盟4：终局之战》IMAX 3D Avengers: Endgame（中文版）……";
        for columns in 2..70 {
            let lines = wrap(text, columns);
            assert!(lines.iter().all(|line| width(line) <= columns), "{columns}: {lines:?}");
            let joined: String = lines.concat();
            assert_eq!(joined.replace(' ', ""), text.replace(' ', ""));
        }
    }
}
