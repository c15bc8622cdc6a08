//! How much sense a capture makes under a layout. Pure.

use super::capture::Run;
use super::tile::Tile;
use crate::sarft::message::Command;
use crate::sarft::message::fields::{Seen, Watch};
use crate::sarft::wire::{HeaderItem, HexCase, Layout, Span};
use crate::ticket::Cents;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Sessions lie at most so far from the capture, either way.
const NEAR: SignedDuration = SignedDuration::from_hours(24 * 120);
/// Tickets cost at most so much, as a rule.
const DEAR: Cents = Cents(200_000);

/// Which way a run went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Requests,
    Replies,
}

/// What speaks for and against a layout.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Score {
    /// Bytes in no frame.
    pub unread: usize,
    /// Bytes in all.
    pub bytes: usize,
    /// Frames.
    pub messages: usize,
    /// Messages with a wrong field, or going the wrong way.
    pub faults: usize,
    /// Requests and replies, and how many of them belong to each other.
    pub requests: usize,
    pub replies: usize,
    pub pairs: usize,
    /// Values no cinema has: dates far from the capture's, prices of nothing.
    pub implausible: usize,
    /// Characters of names that could not be read.
    pub replaced: usize,
    /// Header bytes that vary without a reason.
    pub unexplained: usize,
    /// Ticket records, and what they hold.
    pub tickets: usize,
    pub issues: usize,
    pub beyond_ascii: bool,
    pub priced: bool,
    pub dates: Option<(Timestamp, Timestamp)>,
    pub prices: Option<(Cents, Cents)>,
    /// The first sequence number of the first run.
    pub counts_from: Option<u32>,
    /// Bodies of more than one length: a length field that fits is no chance.
    pub lengths: usize,
}

impl Score {
    /// What decides whether two layouts make equally much sense: less is better.
    pub fn rank(&self) -> [usize; 5] {
        let unpaired = match (self.requests, self.replies) {
            (0, _) | (_, 0) => 0,
            (requests, replies) => requests.max(replies) - self.pairs,
        };
        [self.unread, self.faults, unpaired, self.implausible + self.replaced, self.unexplained]
    }

    /// The order of the report: sense first, then the simplest of equals, then a fixed one.
    pub fn order(&self, layout: &Layout) -> ([usize; 5], [usize; 5], String) {
        // A name in plain ASCII, an MD5 without letters: the default stands for both.
        let default = Layout::default().encodings;
        let encodings = layout.encodings;
        let odd = usize::from(encodings.charset != default.charset && !self.beyond_ascii)
            + usize::from(encodings.md5_case != default.md5_case);
        let span = layout.header.iter().map(|item| match item {
            HeaderItem::Length(_, Span::Body) => 1,
            HeaderItem::Length(_, Span::Total) => 2,
            _ => 0,
        });
        // Two charsets that both read everything: what reads as UTF-8 is UTF-8, or chance was at work often.
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

/// Reads every frame of the runs (conversation, direction, run, its frames) and weighs what they say.
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

/// How many requests have the reply after them that is theirs, conversation by conversation.
fn pairs(runs: &[(usize, Side, &Run, Vec<Tile>)]) -> usize {
    let talks = runs.iter().map(|(talk, ..)| *talk + 1).max().unwrap_or(0);
    let tiles = |talk: usize, wanted: Side| -> Vec<Tile> {
        let wanted = runs.iter().filter(|(t, side, ..)| *t == talk && *side == wanted);
        wanted.flat_map(|(.., tiles)| tiles.iter().copied()).collect()
    };
    let of_talk = |talk: usize| {
        let (requests, replies) = (tiles(talk, Side::Requests), tiles(talk, Side::Replies));
        // A capture that begins in the middle can have lost the first of one side.
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
                // The other case's letters are refused by the reader; only digits fit both.
                let letters = field.iter().any(u8::is_ascii_alphabetic);
                let upper = self.layout.encodings.md5_case == HexCase::Upper;
                score.implausible += usize::from(!letters && upper);
            }
            Seen::Masked(_) | Seen::Number(_) => {}
        }
    }
}
