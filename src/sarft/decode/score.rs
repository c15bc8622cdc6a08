//! Score of a capture under a layout: how much of it makes sense. Pure.

use super::capture::Run;
use super::tile::Tile;
use crate::sarft::message::Command;
use crate::sarft::message::fields::{Seen, Watch};
use crate::sarft::wire::{HeaderItem, HexCase, Layout, Span};
use crate::ticket::Cents;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Longest plausible time between the capture and a session, either way.
const NEAR: SignedDuration = SignedDuration::from_hours(24 * 120);
/// Highest plausible price of a ticket.
const DEAR: Cents = Cents(200_000);

/// Direction of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Requests,
    Replies,
}

/// Evidence for and against a layout.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Score {
    /// Bytes in no frame.
    pub unread: usize,
    /// Bytes in total.
    pub bytes: usize,
    /// Number of frames.
    pub messages: usize,
    /// Messages with a wrong field, or in the wrong direction.
    pub faults: usize,
    /// Numbers of requests, of replies, and of pairs of both.
    pub requests: usize,
    pub replies: usize,
    pub pairs: usize,
    /// Implausible values: dates far from the capture's, prices of zero.
    pub implausible: usize,
    /// Characters of names that could not be read.
    pub replaced: usize,
    /// Header bytes that vary without a reason.
    pub unexplained: usize,
    /// Number of ticket records, and the range of their contents.
    pub tickets: usize,
    pub issues: usize,
    pub beyond_ascii: bool,
    pub priced: bool,
    pub dates: Option<(Timestamp, Timestamp)>,
    pub prices: Option<(Cents, Cents)>,
    /// First sequence number of the first run.
    pub counts_from: Option<u32>,
    /// Number of different body lengths: with more than one, a length field that fits is no coincidence.
    pub lengths: usize,
}

impl Score {
    /// Key by which two layouts make equally much sense: less is better.
    pub fn rank(&self) -> [usize; 5] {
        let unpaired = match (self.requests, self.replies) {
            (0, _) | (_, 0) => 0,
            (requests, replies) => requests.max(replies) - self.pairs,
        };
        [self.unread, self.faults, unpaired, self.implausible + self.replaced, self.unexplained]
    }

    /// Key by which the report is sorted: sense first, then simplicity, then a fixed order.
    pub fn order(&self, layout: &Layout) -> ([usize; 5], [usize; 5], String) {
        // If all names are plain ASCII, or the MD5 has no letters, the default is as good as the alternative.
        let default = Layout::default().encodings;
        let encodings = layout.encodings;
        let odd = usize::from(encodings.charset != default.charset && !self.beyond_ascii)
            + usize::from(encodings.md5_case != default.md5_case);
        let span = layout.header.iter().map(|item| match item {
            HeaderItem::Length(_, Span::Body) => 1,
            HeaderItem::Length(_, Span::Total) => 2,
            _ => 0,
        });
        // If both charsets read everything: text that reads as UTF-8 is UTF-8, barring many coincidences.
        let charset = usize::from(self.beyond_ascii && encodings.charset == default.charset);
        // Connections begin with 1, and hardly any has carried 65536 requests before the capture.
        let late = match self.counts_from {
            None | Some(1) => 0,
            Some(0..=0xFFFF) => 1,
            Some(_) => 2,
        };
        let items = layout.header.len() + layout.trailer.len();
        (self.rank(), [late, charset, odd, items, span.sum()], format!("{:?}", layout.words()))
    }
}

/// Reads every frame of the runs (conversation, direction, run, its frames) and weighs the fields.
pub(super) fn judge(
    layout: &Layout,
    timezone: &TimeZone,
    captured: Option<Timestamp>,
    runs: &[(usize, Side, &Run, Vec<Tile>)],
    unexplained: usize,
) -> Score {
    let mut score = Score { unexplained, ..Score::default() };
    let mut lengths: Vec<usize> = Vec::new();
    for (_, side, run, tiles) in runs {
        let read: usize = tiles.iter().map(|tile| tile.length).sum();
        score.bytes += run.bytes.len();
        score.unread += run.bytes.len() - read;
        score.messages += tiles.len();
        score.counts_from = score.counts_from.or(tiles.first().and_then(|tile| tile.sequence));
        match side {
            Side::Requests => score.requests += tiles.len(),
            Side::Replies => score.replies += tiles.len(),
        }
        for tile in tiles {
            lengths.push(tile.body_length);
            score.issues += usize::from(tile.command == Command::Issue);
            if tile.command.is_request() != (*side == Side::Requests) {
                score.faults += 1;
            }
            let mut judge = Judge { score: &mut score, run: &run.bytes, tile, layout, captured };
            match tile.read(layout, timezone, &run.bytes, &mut judge) {
                Ok(replaced) => score.replaced += replaced,
                Err(_) => score.faults += 1,
            }
        }
    }
    lengths.sort_unstable();
    lengths.dedup();
    score.lengths = lengths.len();
    score.pairs = pairs(runs);
    score
}

/// Counts the requests followed by their own reply, conversation by conversation.
fn pairs(runs: &[(usize, Side, &Run, Vec<Tile>)]) -> usize {
    let talks = runs.iter().map(|(talk, ..)| *talk + 1).max().unwrap_or(0);
    let tiles = |talk: usize, wanted: Side| -> Vec<Tile> {
        let wanted = runs.iter().filter(|(t, side, ..)| *t == talk && *side == wanted);
        wanted.flat_map(|(.., tiles)| tiles.iter().copied()).collect()
    };
    let of_talk = |talk: usize| {
        let (requests, replies) = (tiles(talk, Side::Requests), tiles(talk, Side::Replies));
        // A capture that begins in the middle may lack the first messages of one side.
        let shifted = |requests_lost: usize, replies_lost: usize| {
            let pairs = requests.iter().skip(requests_lost).zip(replies.iter().skip(replies_lost));
            pairs
                .filter(|(request, reply)| {
                    request.command.reply() == Some(reply.command) && request.sequence == reply.sequence
                })
                .count()
        };
        (0..3).map(|lost| shifted(lost, 0).max(shifted(0, lost))).max().unwrap_or(0)
    };
    (0..talks).map(of_talk).sum()
}

/// Weighs one message's fields.
struct Judge<'a> {
    score: &'a mut Score,
    run: &'a [u8],
    tile: &'a Tile,
    layout: &'a Layout,
    captured: Option<Timestamp>,
}

impl Watch for Judge<'_> {
    fn field(&mut self, name: &'static str, _: Option<usize>, offset: usize, size: usize, seen: Seen<'_>) {
        let at = self.tile.at + offset;
        let field = self.run.get(at..at + size).unwrap_or_default();
        let score = &mut *self.score;
        match seen {
            Seen::Text(_) => score.beyond_ascii |= !field.is_ascii(),
            Seen::Date(at) => {
                score.tickets += 1;
                score.dates = Some(score.dates.map_or((at, at), |(a, b)| (a.min(at), b.max(at))));
                let far = self.captured.is_some_and(|captured| at.duration_since(captured).abs() > NEAR);
                score.implausible += usize::from(far);
            }
            Seen::Money(price) => {
                let something = field.iter().any(|byte| *byte != 0);
                score.priced |= something;
                score.implausible += usize::from((something && price.0 == 0) || price > DEAR);
                if name == "price" {
                    score.prices =
                        Some(score.prices.map_or((price, price), |(a, b)| (a.min(price), b.max(price))));
                }
            }
            Seen::Masked(_) if name == "verify_code_md5" => {
                // The reader refuses letters of the other case; only digits fit both.
                let letters = field.iter().any(u8::is_ascii_alphabetic);
                let upper = self.layout.encodings.md5_case == HexCase::Upper;
                score.implausible += usize::from(!letters && upper);
            }
            Seen::Masked(_) | Seen::Number(_) => {}
        }
    }
}
