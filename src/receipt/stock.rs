//! The paper in the printer: a plain roll, or forms with marks between them; and how much of it a ticket takes. Pure.

use super::document::Document;
use super::profile::Profile;

/// Paper between head and knife that each cut leaves at a ticket's head, in millimetres: 10 to 20 in practice.
const HEAD_TO_KNIFE_MM: u32 = 15;

/// The paper in the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stock {
    /// Millimetres from mark to mark; none: a plain roll.
    pub pitch_mm: Option<u32>,
    /// Millimetres left when the printer says that paper is low; none: unknown.
    pub near_end_mm: Option<u32>,
}

impl Stock {
    /// Millimetres of paper this document takes.
    pub fn takes_mm(&self, document: &Document, profile: &Profile) -> u32 {
        self.takes_mm_of(document.height_dots(), profile)
    }

    /// Millimetres of paper that so many dot rows take.
    pub fn takes_mm_of(&self, dots: usize, profile: &Profile) -> u32 {
        let mm = profile.millimetres(dots + usize::from(profile.cut.feed_dots));
        match self.pitch_mm {
            Some(pitch) => mm.div_ceil(pitch.max(1)).saturating_mul(pitch),
            None => mm.saturating_add(HEAD_TO_KNIFE_MM),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::document::{Align, Style};
    use super::*;

    #[test]
    fn a_ticket_takes_whole_forms_or_its_length_and_the_way_to_the_knife() {
        let profile = Profile::built_in("generic-80").unwrap();
        let mut document = Document::default();
        (0..30).for_each(|_| document.line(Align::Left, Style::default(), "x"));
        assert_eq!(document.height_dots(), 960);
        let of = |pitch_mm| Stock { pitch_mm, near_end_mm: None }.takes_mm(&document, &profile);
        assert_eq!([of(None), of(Some(152)), of(Some(100))], [121 + 15, 152, 200]);
    }
}
