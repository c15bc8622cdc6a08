//! Messages to bytes and back: the seam at which a site with another kind of frame is added. Pure.

use super::malformed::{Malformed, Note};
use super::message::{Command, Message};
use super::wire::Layout;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// Conditions the next message has to meet; any other is refused with the field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The commands that may come.
    pub commands: Vec<Command>,
    /// The sequence number it must carry, if frames carry one (cut to the field's width).
    pub sequence: u32,
    /// The print_no that each entry of the message's list must name; where each entry stands for one booking (0x06),
    /// there must be exactly one.
    pub print_no: Option<String>,
}

/// One message taken off the front of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// The message itself.
    pub message: Message,
    /// Length of its frame, in bytes.
    pub length: usize,
    /// Names in the message that were read leniently.
    pub notes: Vec<Note>,
}

/// Encoding of the eight messages at one kind of site.
pub trait Codec: Send + Sync {
    /// Encodes one message. `sequence` is cut to the width of the site's field, if it has one.
    ///
    /// # Errors
    /// The first field whose place cannot hold its value. Nothing may be sent then.
    fn encode(&self, message: &Message, sequence: u32) -> Result<Vec<u8>, Malformed>;

    /// Takes one message off the front of `bytes`; `None` while more bytes are needed, which is
    /// never the case beyond [`super::wire::FRAME_MAX`]. Without `expected` any of the eight passes.
    ///
    /// # Errors
    /// The first wrong field, as soon as its bytes have arrived.
    fn decode(&self, bytes: &[u8], expected: Option<&Expected>) -> Result<Option<Decoded>, Malformed>;
}

/// The codec of `[sarft.wire]`: a frame of fixed fields around a body of fixed fields.
#[derive(Debug, Clone)]
pub struct FixedFields {
    /// Frame and encodings.
    pub layout: Layout,
    /// Time zone of the site's text datetimes.
    pub timezone: TimeZone,
}

impl FixedFields {
    /// Creates the codec for a layout, ready to share between connections.
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
