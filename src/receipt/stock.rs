//! Stock of paper in the printer, a plain roll or forms with marks between them, and the paper of a ticket. Pure.

use super::document::Document;
use super::profile::Profile;

/// Paper between head and cutter that each cut leaves at a ticket's head, in millimetres: 10 to 20 in practice.
const HEAD_TO_CUTTER_MM: u32 = 15;

/// Stock of paper in the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stock {
    /// Pitch from mark to mark, in millimetres; none for a plain roll.
    pub pitch_mm: Option<u32>,
    /// Paper left when the printer reports that paper is low, in millimetres; none if unknown.
    pub near_end_mm: Option<u32>,
}

impl Stock {
    /// Returns the paper that this document takes, in millimetres.
    pub fn takes_mm(&self, document: &Document, profile: &Profile) -> u32 {
        self.takes_mm_of(document.height_dots(), profile)
    }

    /// Returns the paper that this number of dot rows takes, in millimetres.
    pub fn takes_mm_of(&self, dots: usize, profile: &Profile) -> u32 {
        let mm = profile.millimetres(dots + usize::from(profile.cut.feed_dots));
        match self.pitch_mm {
            Some(pitch) => mm.div_ceil(pitch.max(1)).saturating_mul(pitch),
            None => mm.saturating_add(HEAD_TO_CUTTER_MM),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::document::{Align, Style};
    use super::*;

    #[test]
    fn a_ticket_takes_whole_forms_or_its_length_and_the_way_to_the_cutter() {
        let profile = Profile::built_in("generic-80").unwrap();
        let mut document = Document::default();
        (0..30).for_each(|_| document.line(Align::Left, Style::default(), "x"));
        assert_eq!(document.height_dots(), 960);
        let of = |pitch_mm| Stock { pitch_mm, near_end_mm: None }.takes_mm(&document, &profile);
        assert_eq!([of(None), of(Some(152)), of(Some(100))], [121 + 15, 152, 200]);
    }
}
