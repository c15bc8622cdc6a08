//! Search for the layouts of the grammar that fit the capture of one site. Pure.
//!
//! Nothing is tried blindly: recognisable bodies ([`super::anchors`]) leave gaps of header and trailer; the bytes in
//! them are explained in the grammar's words ([`super::guess`]); a layout that explains all of them is then read for
//! real, and judged ([`super::score`]).

use super::anchors::{self, Anchor};
use super::capture::{Conversation, Run};
use super::guess::{self, Column, HeaderField, Known};
use super::score::{Score, Side, judge};
use super::tile::{Tile, cut};
use crate::sarft::message::Command;
use crate::sarft::wire::{
    ByteOrder, Charset, Check, DateForm, DecimalForm, Encodings, HexCase, Layout, Span,
};
use jiff::tz::TimeZone;
use std::collections::{BTreeSet, HashSet};

/// Most bytes of a header; the grammar allows more, but no site has them.
const HEADER_MAX: usize = 512;
/// Most frames of a run that are judged.
const TILES_MAX: usize = 256;
/// Most bytes of one site that are judged: a hundred pickups.
const EVIDENCE_MAX: usize = 512 * 1024;
/// Most bytes of one run that are judged.
const RUN_MAX: usize = 128 * 1024;
/// Most sizes of header and trailer together that are tried.
const OVERHEADS_MAX: usize = 64;
/// Most layouts that are judged.
const CANDIDATES_MAX: usize = 500;

/// A layout that fits, with its score.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub layout: Layout,
    pub score: Score,
}

/// One direction's run with the places of its print_nos.
#[derive(Clone, Copy)]
struct Evidence<'a> {
    run: &'a Run,
    print_nos: &'a [usize],
    side: Side,
    talk: usize,
}

/// Returns every layout that fits, best first.
pub(super) fn search(conversations: &[&Conversation], timezone: &TimeZone) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for turned in turns(conversations) {
        let runs = evidence(conversations, *turned);
        let places: Vec<Vec<usize>> = runs.iter().map(|(.., run)| anchors::print_nos(&run.bytes)).collect();
        let evidence: Vec<Evidence<'_>> = runs
            .iter()
            .zip(&places)
            .map(|((talk, side, run), print_nos)| Evidence { run, print_nos, side: *side, talk: *talk })
            .collect();
        let mut search =
            Search { evidence, conversations, timezone, seen: HashSet::new(), found: Vec::new() };
        search.all_forms();
        candidates.append(&mut search.found);
    }
    candidates.sort_by_cached_key(|candidate: &Candidate| candidate.score.order(&candidate.layout));
    candidates
}

/// Returns the directions to try: as captured (false), swapped (true), or both.
fn turns(conversations: &[&Conversation]) -> &'static [bool] {
    let records = |runs: &[Run]| {
        runs.iter().any(|run| {
            anchors::print_nos(&run.bytes).iter().any(|start| anchors::is_record(&run.bytes, *start))
        })
    };
    if conversations.iter().any(|c| c.opened || records(&c.replies)) {
        &[false]
    } else if conversations.iter().any(|c| records(&c.requests)) {
        &[true]
    } else {
        &[false, true]
    }
}

/// Returns the runs to judge, each with its conversation and direction; long ones are cut.
fn evidence(conversations: &[&Conversation], turned: bool) -> Vec<(usize, Side, Run)> {
    let mut left = EVIDENCE_MAX;
    let mut runs = Vec::new();
    for (talk, conversation) in conversations.iter().enumerate() {
        let sides = if turned { [Side::Replies, Side::Requests] } else { [Side::Requests, Side::Replies] };
        for (side, direction) in sides.into_iter().zip([&conversation.requests, &conversation.replies]) {
            for run in direction {
                let used = run.bytes.get(..RUN_MAX.min(left)).unwrap_or(&run.bytes);
                left = left.saturating_sub(used.len());
                if !used.is_empty() {
                    runs.push((talk, side, Run { at: run.at, first: run.first, bytes: used.to_vec() }));
                }
            }
        }
    }
    runs
}

struct Search<'a> {
    evidence: Vec<Evidence<'a>>,
    conversations: &'a [&'a Conversation],
    timezone: &'a TimeZone,
    seen: HashSet<Layout>,
    found: Vec<Candidate>,
}

/// A run with the bodies found in it.
struct Marked<'a> {
    evidence: Evidence<'a>,
    anchors: Vec<Anchor>,
}

impl<'a> Search<'a> {
    fn all_forms(&mut self) {
        let has_records = self.evidence.iter().any(|e| {
            e.side == Side::Replies && e.print_nos.iter().any(|at| anchors::is_record(&e.run.bytes, *at))
        });
        let default = Layout::default().encodings;
        let orders = [ByteOrder::Big, ByteOrder::Little];
        if has_records {
            for byte_order in orders {
                for datetime in [DateForm::Unix32, DateForm::Unix64, DateForm::Text14, DateForm::Text19] {
                    for decimal in [DecimalForm::F32, DecimalForm::F64, DecimalForm::Cents32] {
                        self.one_form(&Encodings { byte_order, datetime, decimal, ..default }, true);
                    }
                }
            }
        }
        // No record, or no complete one: the frame can still be found.
        if self.found.is_empty() {
            for byte_order in orders {
                self.one_form(&Encodings { byte_order, ..default }, false);
            }
        }
    }

    fn one_form(&mut self, encodings: &Encodings, needs_records: bool) {
        let mark = |evidence: &Evidence<'a>| {
            let find = match evidence.side {
                Side::Requests => anchors::requests,
                Side::Replies => anchors::replies,
            };
            let anchors = find(&evidence.run.bytes, evidence.print_nos, encodings, self.timezone);
            Marked { evidence: *evidence, anchors }
        };
        let marked: Vec<Marked<'_>> = self.evidence.iter().map(mark).collect();
        let records = |anchor: &Anchor| anchor.commands.contains(&Command::QueryReply);
        if needs_records && !marked.iter().any(|run| run.anchors.iter().any(records)) {
            return;
        }
        for (header, trailer) in overheads(&marked) {
            self.one_overhead(&marked, header, trailer, encodings);
        }
    }

    fn one_overhead(&mut self, marked: &[Marked<'_>], header: usize, trailer: usize, encodings: &Encodings) {
        let frames: Vec<Known<'_>> = marked.iter().flat_map(|run| run.frames(header, trailer)).collect();
        if frames.is_empty() {
            return;
        }
        let order = encodings.byte_order;
        let lengths = guess::lengths(&frames, header, order);
        let commands = guess::commands(&frames, header, order);
        if lengths.is_empty() || commands.is_empty() {
            return;
        }
        let unknown = vec![Column::Varies; header];
        for row in guess::trailers(&frames, trailer, order) {
            for length in &lengths {
                for command in commands.iter().filter(|command| !command.overlaps(length)) {
                    let rough = Layout {
                        header: guess::items(&unknown, *length, *command, None),
                        trailer: row.clone(),
                        encodings: *encodings,
                    };
                    self.refine(marked, &rough, *length, *command, &row);
                }
            }
        }
    }

    /// Cuts all runs by length and command alone, then explains the header's other bytes.
    fn refine(
        &mut self,
        marked: &[Marked<'_>],
        rough: &Layout,
        length: HeaderField<Span>,
        command: HeaderField<()>,
        trailer: &[Check],
    ) {
        let Some(cuts) = marked.iter().map(|run| run.cut(rough)).collect::<Option<Vec<_>>>() else { return };
        let header = rough.header_size();
        let order = rough.encodings.byte_order;
        let runs: Vec<(bool, Vec<&[u8]>)> = marked
            .iter()
            .zip(&cuts)
            .map(|(run, (start, tiles))| {
                let frame = |tile: &Tile| run.evidence.run.bytes.get(tile.at..tile.at + tile.length);
                (run.begins() && *start == 0, tiles.iter().filter_map(frame).collect())
            })
            .collect();
        let columns = guess::columns(runs.iter().flat_map(|(_, frames)| frames.iter().copied()), header);
        let unexplained = |sequence: Option<HeaderField<()>>| {
            let covered =
                |at| length.covers(at) || command.covers(at) || sequence.is_some_and(|s| s.covers(at));
            columns.iter().enumerate().filter(|(at, c)| **c == Column::Varies && !covered(*at)).count()
        };
        let free = |place: &HeaderField<()>| !place.overlaps(&length) && !place.overlaps(&command);
        let counted = guess::sequences(&runs, header, order).into_iter().filter(free).map(Some);
        let mut options: Vec<Option<HeaderField<()>>> = counted.chain([None]).collect();
        let least = options.iter().map(|option| unexplained(*option)).min().unwrap_or(0);
        options.retain(|option| unexplained(*option) == least);
        for sequence in options {
            let header = guess::items(&columns, length, command, sequence);
            let layout = Layout { header, trailer: trailer.to_vec(), encodings: rough.encodings };
            self.judge(marked, layout, least);
        }
    }

    fn judge(&mut self, marked: &[Marked<'_>], layout: Layout, unexplained: usize) {
        if self.seen.len() >= CANDIDATES_MAX || !self.seen.insert(layout.clone()) {
            return;
        }
        // A layout that the grammar cannot express (too many items) is none.
        if Layout::read(&layout.words()).is_err() {
            return;
        }
        let Some(cuts) = marked.iter().map(|run| run.cut(&layout)).collect::<Option<Vec<_>>>() else {
            return;
        };
        let runs: Vec<(usize, Side, &Run, Vec<Tile>)> = marked
            .iter()
            .zip(cuts)
            .map(|(run, (_, tiles))| (run.evidence.talk, run.evidence.side, run.evidence.run, tiles))
            .collect();
        for charset in [Charset::Gb18030, Charset::Utf8] {
            for md5_case in [HexCase::Lower, HexCase::Upper] {
                let encodings = Encodings { charset, md5_case, ..layout.encodings };
                let layout = Layout { encodings, ..layout.clone() };
                let captured = self.conversations.iter().find_map(|conversation| conversation.at);
                let score = judge(&layout, self.timezone, captured, &runs, unexplained);
                self.found.push(Candidate { layout, score });
            }
        }
    }
}

impl<'a> Marked<'a> {
    /// Returns the bodies found as frames of this header and trailer, if the run holds all of them.
    fn frames(&self, header: usize, trailer: usize) -> impl Iterator<Item = Known<'a>> {
        let run: &'a Run = self.evidence.run;
        self.anchors.iter().filter_map(move |anchor| {
            let bytes = run.bytes.get(anchor.at.checked_sub(header)?..anchor.end() + trailer)?;
            Some(Known { bytes, body: anchor.length, commands: anchor.commands })
        })
    }

    /// Returns true if the run's first byte is known to begin a frame.
    fn begins(&self) -> bool {
        self.evidence.run.first
    }

    /// Returns the offset of the first frame, and the frames; `None` if a body found is in none of them.
    fn cut(&self, layout: &Layout) -> Option<(usize, Vec<Tile>)> {
        let run = &self.evidence.run.bytes;
        let header = layout.header_size();
        let whole =
            |anchor: &&Anchor| anchor.at >= header && anchor.end() + layout.trailer_size() <= run.len();
        let bodies: Vec<usize> = self.anchors.iter().filter(whole).map(|anchor| anchor.at).collect();
        let first = bodies.first().map_or(0, |at| at - header);
        for start in BTreeSet::from([0, first]) {
            let (tiles, ..) = cut(layout, run, start, TILES_MAX);
            let last = tiles.last().map_or(0, |tile| tile.body_at);
            let enough = tiles.len() == TILES_MAX;
            let holds = |at: &usize| {
                (enough && *at > last) || tiles.binary_search_by_key(at, |tile| tile.body_at).is_ok()
            };
            if bodies.iter().all(holds) {
                return Some((start, tiles));
            }
        }
        None
    }
}

/// Returns the sizes of header and trailer that the gaps between bodies, or the run's beginning, allow.
fn overheads(marked: &[Marked<'_>]) -> BTreeSet<(usize, usize)> {
    let mut sizes = BTreeSet::new();
    // Bodies that are not recognisable and can lie in between: none, 0x02 or 0x08, an empty 0x04, 0x01.
    let hidden = [1, 2, 66];
    for run in marked {
        for (before, after) in run.anchors.iter().zip(run.anchors.iter().skip(1)) {
            let gap = after.at - before.end();
            sizes.insert(gap);
            sizes.extend(hidden.iter().filter_map(|body| Some(gap.checked_sub(*body)? / 2)));
        }
    }
    let mut overheads: BTreeSet<(usize, usize)> = sizes
        .into_iter()
        .take(OVERHEADS_MAX)
        .flat_map(|size| (0..=guess::TRAILER_MAX.min(size)).map(move |trailer| (size - trailer, trailer)))
        .collect();
    // A run's only body: either its frame is the first, or one hidden frame lies before it.
    for run in marked.iter().filter(|run| run.anchors.len() == 1) {
        for before in run.anchors.iter().map(|anchor| anchor.at) {
            for trailer in 0..=guess::TRAILER_MAX {
                overheads.insert((before, trailer));
                let shared = hidden.iter().filter_map(|body| before.checked_sub(body + trailer));
                overheads.extend(shared.map(|two| (two / 2, trailer)));
            }
        }
    }
    overheads.retain(|(header, _)| (3..=HEADER_MAX).contains(header));
    overheads
}
