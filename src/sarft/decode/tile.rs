//! A run of bytes, cut into frames under a layout. Pure.

use super::capture::Run;
use crate::sarft::malformed::Malformed;
use crate::sarft::message::fields::Watch;
use crate::sarft::message::{Command, Message};
use crate::sarft::wire::{Frame, Layout};
use jiff::tz::TimeZone;

/// Range in which the first frame is searched for in a run without its beginning, in bytes.
const SYNC_MAX: usize = 256 * 1024;
/// Most bytes examined in that search, each frame tried counted whole.
const SYNC_WORK_MAX: usize = 4 << 20;

/// One frame of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tile {
    /// Offset of the frame in the run.
    pub at: usize,
    pub length: usize,
    pub command: Command,
    pub sequence: Option<u32>,
    /// Offset of its body in the run.
    pub body_at: usize,
    pub body_length: usize,
}

/// Reason why the cutting ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stop {
    /// The run is used up.
    End,
    /// The run ends inside a frame.
    Cut,
    /// No frame begins here.
    Malformed(Malformed),
}

/// Cuts at most `limit` frames, beginning at `start`; also returns where and why it ended.
pub(super) fn cut(layout: &Layout, run: &[u8], start: usize, limit: usize) -> (Vec<Tile>, usize, Stop) {
    let mut tiles = Vec::new();
    let mut at = start;
    while tiles.len() < limit {
        let left = run.get(at..).unwrap_or_default();
        if left.is_empty() {
            return (tiles, at, Stop::End);
        }
        match layout.open(left, None) {
            Ok(Some(frame)) => {
                tiles.push(Tile::new(at, &frame));
                at += frame.length.max(1);
            }
            Ok(None) => return (tiles, at, Stop::Cut),
            Err(error) => return (tiles, at, Stop::Malformed(error)),
        }
    }
    (tiles, at, Stop::End)
}

/// Finds the first frame: at 0 if the run begins its direction or a frame opens there, else at the first byte from
/// which a whole message can be read.
pub(super) fn sync(layout: &Layout, timezone: &TimeZone, run: &Run) -> usize {
    if run.first {
        return 0;
    }
    let mut work = SYNC_WORK_MAX;
    for at in 0..run.bytes.len().min(SYNC_MAX) {
        let left = run.bytes.get(at..).unwrap_or_default();
        let looked_at = match layout.open(left, None) {
            Ok(Some(frame)) => {
                let tile = Tile::new(at, &frame);
                if tile.read(layout, timezone, &run.bytes, &mut ()).is_ok() {
                    return at;
                }
                frame.length
            }
            Ok(None) => layout.header_size(),
            Err(error) => error.offset,
        };
        work = work.saturating_sub(looked_at);
        if work == 0 {
            break;
        }
    }
    0
}

impl Tile {
    fn new(at: usize, frame: &Frame<'_>) -> Self {
        Self {
            at,
            length: frame.length,
            command: frame.command,
            sequence: frame.sequence,
            body_at: at + frame.body_at,
            body_length: frame.body.len(),
        }
    }

    /// Reads the message in the frame.
    ///
    /// # Errors
    /// The first wrong field; offsets count from the frame's first byte.
    pub fn read(
        &self,
        layout: &Layout,
        timezone: &TimeZone,
        run: &[u8],
        watch: &mut dyn Watch,
    ) -> Result<usize, Malformed> {
        let body = run.get(self.body_at..self.body_at + self.body_length).unwrap_or_default();
        let offset = self.body_at - self.at;
        let (_, notes) =
            Message::decode(self.command, body, offset, &layout.encodings, timezone, None, watch)?;
        Ok(notes.iter().map(|note| note.replaced).sum())
    }
}
