//! Messages to bytes and back: the seam at which a site with another kind of frame is added. Pure.

use super::malformed::{Malformed, Note};
use super::message::{Command, Message};
use super::wire::Layout;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// What the next message has to be; anything else is refused with the field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The command that may come.
    pub commands: Vec<Command>,
    /// The sequence number it must carry, where frames carry one (it is cut to the field's width).
    pub sequence: u32,
    /// A list in it must name this print_no in each entry; where each entry stands for one booking
    /// (0x06) there must be exactly one.
    pub print_no: Option<String>,
}

/// One message taken off the front of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// What it says.
    pub message: Message,
    /// How many bytes it took.
    pub length: usize,
    /// Names in it that were read kindly.
    pub notes: Vec<Note>,
}

/// How one site writes the eight messages.
pub trait Codec: Send + Sync {
    /// One message as bytes. `sequence` is cut to the width of the site's field, where it has one.
    ///
    /// # Errors
    /// The first field that its place cannot hold. Nothing may be sent then.
    fn encode(&self, message: &Message, sequence: u32) -> Result<Vec<u8>, Malformed>;

    /// Takes one message off the front of `bytes`; `None` while more bytes are needed, which is
    /// never the case beyond [`super::wire::FRAME_MAX`]. Without `expected` any of the eight passes.
    ///
    /// # Errors
    /// The first field that is wrong, as soon as its bytes are there.
    fn decode(&self, bytes: &[u8], expected: Option<&Expected>) -> Result<Option<Decoded>, Malformed>;
}

/// The codec of `[sarft.wire]`: a frame of fixed fields around a body of fixed fields.
#[derive(Debug, Clone)]
pub struct FixedFields {
    /// Frame and encodings.
    pub layout: Layout,
    /// In which the site's text datetimes are.
    pub timezone: TimeZone,
}

impl FixedFields {
    /// The codec for a layout, ready to share between connections.
    pub fn shared(layout: Layout, timezone: TimeZone) -> Arc<dyn Codec> {
        Arc::new(Self { layout, timezone })
    }
}

impl Codec for FixedFields {
    fn encode(&self, message: &Message, sequence: u32) -> Result<Vec<u8>, Malformed> {
        let body = message.encode(&self.layout.encodings, &self.timezone, self.layout.header_size())?;
        self.layout.seal(message.command(), sequence, &body)
    }

    fn decode(&self, bytes: &[u8], expected: Option<&Expected>) -> Result<Option<Decoded>, Malformed> {
        let Some(frame) = self.layout.open(bytes, expected)? else { return Ok(None) };
        let (message, notes) = Message::decode(
            frame.command,
            frame.body,
            frame.body_at,
            &self.layout.encodings,
            &self.timezone,
            expected.and_then(|e| e.print_no.as_deref()),
            &mut (),
        )?;
        Ok(Some(Decoded { message, length: frame.length, notes }))
    }
}
