//! Status of the virtual printer, in each form that a host can ask for (Epson's reference: `DLE EOT`, `GS r`, `GS a`,
//! `GS I`, `GS ( H`).

/// Name of the model, the answer to `GS I 67`.
pub const MODEL: &str = "PICKUP-KIOSK VIRTUAL";
/// Answer to `DLE DC4` function 8.
pub const CLEARED: [u8; 3] = [0x37, 0x25, 0x00];

/// Condition of the virtual printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Condition {
    /// True if there is no paper.
    pub paper_out: bool,
    /// True if the roll is near its end.
    pub paper_low: bool,
    /// True while the cover is open.
    pub cover_open: bool,
    /// True while the head is too hot.
    pub head_hot: bool,
    /// True while a ticket is in the presenter, to be taken.
    pub ticket_waiting: bool,
    /// True if `DLE ENQ` frees the jammed cutter; none if it is not jammed.
    pub cutter_stuck: Option<bool>,
    /// True after a fault of voltage, head or memory: only switching it off and on, or repair, helps.
    pub unrecoverable: bool,
    /// True while the feed button is held down: offline, and no error.
    pub offline: bool,
}

impl Condition {
    /// Returns true if the printer doesn't print.
    pub fn stopped(self) -> bool {
        self.paper_out || self.cover_open || self.offline || self.in_error()
    }

    fn in_error(self) -> bool {
        self.head_hot || self.unrecoverable || self.cutter_stuck.is_some()
    }

    /// Returns the answer to `DLE EOT n`; none for an unknown n.
    pub fn dle_eot(self, n: u8) -> Option<u8> {
        let fixed = 0x12;
        let byte = match n {
            1 => bit(3, self.stopped()) | bit(6, self.offline),
            2 => {
                bit(2, self.cover_open)
                    | bit(3, self.offline)
                    | bit(5, self.paper_out)
                    | bit(6, self.in_error())
            }
            3 => self.errors(),
            4 => bit(2, self.low()) | bit(3, self.low()) | bit(5, self.paper_out) | bit(6, self.paper_out),
            _ => return None,
        };
        Some(fixed | byte)
    }

    /// Returns the answer to `DLE EOT 20`, six bytes, as CUSTOM's printers send it.
    pub fn full(self) -> [u8; 6] {
        let paper = bit(0, self.paper_out) | bit(2, self.low()) | bit(5, self.ticket_waiting);
        [
            0x10,
            0x0F,
            paper,
            bit(1, self.cover_open),
            bit(0, self.head_hot),
            bit(0, self.cutter_stuck.is_some()) | bit(2, self.unrecoverable),
        ]
    }

    /// Returns the answer to `GS r n`; none for an unknown n.
    pub fn gs_r(self, n: u8) -> Option<u8> {
        match n {
            1 | 49 => Some(self.paper_sensors()),
            2 | 50 => Some(0),
            _ => None,
        }
    }

    /// Returns the four bytes of automatic status back.
    pub fn automatic(self) -> [u8; 4] {
        [
            0x10 | bit(3, self.stopped()) | bit(5, self.cover_open) | bit(6, self.offline),
            self.errors(),
            self.paper_sensors(),
            0x0F,
        ]
    }

    /// Returns the error bits. A jam is a cutter error even where nothing but a hand frees it.
    fn errors(self) -> u8 {
        bit(3, self.cutter_stuck.is_some()) | bit(5, self.unrecoverable) | bit(6, self.head_hot)
    }

    fn low(self) -> bool {
        self.paper_low || self.paper_out
    }

    fn paper_sensors(self) -> u8 {
        bit(0, self.low()) | bit(1, self.low()) | bit(2, self.paper_out) | bit(3, self.paper_out)
    }
}

fn bit(n: u8, on: bool) -> u8 {
    u8::from(on) << n
}

/// Returns the answer to `GS ( H` function 48 with this identifier.
pub fn fence_reply(id: [u8; 4]) -> [u8; 7] {
    let [a, b, c, d] = id;
    [0x37, 0x22, a, b, c, d, 0x00]
}

/// Returns the answer to `GS I n`; empty for an unknown n.
pub fn identity(n: u8) -> Vec<u8> {
    let text = match n {
        // Model, type (two-byte characters, cutter) and version, one byte each.
        1 | 49 => return vec![0x20],
        2 | 50 => return vec![0x03],
        3 | 51 => return vec![0x01],
        65 => "1.00",
        66 => "PICKUP-KIOSK",
        67 => MODEL,
        68 => "0",
        69 => "CHINA GB18030",
        _ => return Vec::new(),
    };
    let mut reply = vec![0x5F];
    reply.extend_from_slice(text.as_bytes());
    reply.push(0);
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_condition_shows_in_its_bits() {
        let well = Condition::default();
        for n in 1..=4 {
            assert_eq!(well.dle_eot(n), Some(0x12));
        }
        assert_eq!(well.automatic(), [0x10, 0, 0, 0x0F]);
        let out = Condition { paper_out: true, ..well };
        assert_eq!([1, 2, 4].map(|n| out.dle_eot(n).unwrap()), [0x1A, 0x32, 0x7E]);
        assert_eq!((out.gs_r(1), out.automatic()), (Some(0x0F), [0x18, 0, 0x0F, 0x0F]));
        let low = Condition { paper_low: true, ..well };
        assert_eq!((low.dle_eot(4), low.gs_r(1), low.stopped()), (Some(0x1E), Some(3), false));
        let open = Condition { cover_open: true, ..well };
        assert_eq!((open.dle_eot(2), open.automatic()), (Some(0x16), [0x38, 0, 0, 0x0F]));
        let stuck = Condition { cutter_stuck: Some(true), ..well };
        assert_eq!((stuck.dle_eot(2), stuck.dle_eot(3)), (Some(0x52), Some(0x1A)));
        let jammed = Condition { cutter_stuck: Some(false), ..well };
        assert_eq!((jammed.dle_eot(3), jammed.automatic()), (Some(0x1A), [0x18, 8, 0, 0x0F]));
        let broken = Condition { unrecoverable: true, ..well };
        assert_eq!([1, 2, 3].map(|n| broken.dle_eot(n).unwrap()), [0x1A, 0x52, 0x32]);
        assert_eq!((broken.automatic(), broken.full()[5]), ([0x18, 0x20, 0, 0x0F], 4));
        let held = Condition { offline: true, ..well };
        assert_eq!([1, 2, 3].map(|n| held.dle_eot(n).unwrap()), [0x5A, 0x1A, 0x12]);
        assert_eq!(held.automatic(), [0x58, 0, 0, 0x0F]);
        assert_eq!((well.dle_eot(9), well.gs_r(9)), (None, None));
    }

    #[test]
    fn replies_can_be_told_apart_by_their_fixed_bits() {
        for mask in 0..16_u8 {
            let condition = Condition {
                paper_out: mask & 1 != 0,
                paper_low: mask & 2 != 0,
                cover_open: mask & 4 != 0,
                cutter_stuck: (mask & 8 != 0).then_some(true),
                head_hot: mask & 8 != 0,
                ticket_waiting: mask & 1 != 0,
                unrecoverable: mask & 2 != 0,
                offline: mask & 4 != 0,
            };
            assert!(condition.full().iter().skip(1).all(|byte| byte & 0x10 == 0));
            for n in 1..=4 {
                assert_eq!(condition.dle_eot(n).unwrap() & 0b1001_0011, 0b0001_0010);
            }
            let [first, rest @ ..] = condition.automatic();
            assert_eq!(first & 0b1001_0011, 0b0001_0000);
            assert!(rest.iter().chain(&condition.gs_r(1)).all(|byte| byte & 0b1001_0000 == 0));
        }
    }
}
