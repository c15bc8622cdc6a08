//! Codes that nobody thought of: whatever comes in, nothing but a code or a refusal comes out.

use pickup_kiosk::codes::{self, CodeReader, Rejected};
use pickup_kiosk::config::settings::{CodeFormat, Codes};
use pickup_kiosk::device::scanner::framing::{Ends, Framed, Framer};
use pickup_kiosk::ticket::PickupCode;
use std::time::Duration;

/// Generator of pseudo-random numbers (xorshift), so that a failure can be repeated.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }

    fn text(&mut self, alphabet: &[&str], longest: usize) -> String {
        let length = self.below(longest + 1);
        (0..length).map(|_| alphabet[self.below(alphabet.len())]).collect()
    }
}

const ALPHABET: [&str; 32] = [
    "0", "1", "9", "111972", "WQNX8JL", "a", "Z", "|", ",", ";", ":", "/", "+", "-", "_", "#", " ", "\t",
    "\r", "\n", "\0", "\u{1b}", "é", "１", "\u{3000}", "https://", "?n=", "&id=", "%31", "%", "=", ".",
];

#[test]
fn whatever_is_read_is_in_range_and_in_the_text() {
    let formats = vec![CodeFormat { pattern: r"\.(?<number>\d*)\.|\.(?<id>.*)".into() }];
    let readers = [
        CodeReader::new(&Codes::default()).unwrap(),
        CodeReader::new(&Codes { formats, ..Codes::default() }).unwrap(),
    ];
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let mut understood = 0;
    for _ in 0..100_000 {
        let text = chance.text(&ALPHABET, 8);
        for reader in &readers {
            let code = match reader.read(&text) {
                Ok(code) => code,
                Err(Rejected::Empty) => {
                    assert_eq!(text.trim(), "");
                    continue;
                }
                Err(_) => continue,
            };
            understood += 1;
            let (number, id) = match &code {
                PickupCode::Number(number) => (Some(number), None),
                PickupCode::Id(id) => (None, Some(id)),
                PickupCode::Both(number, id) => (Some(number), Some(id)),
            };
            // Only a URL may write a character otherwise than as itself.
            let plain = !text.contains('%');
            assert!(id.is_none_or(|id| !plain || text.contains(id.expose())), "{text:?}");
            assert!(number.is_none_or(|number| !plain || text.contains(&number.to_string())), "{text:?}");
        }
    }
    assert!(understood > 3_000, "{understood}");
}

#[test]
fn a_whole_code_says_the_same_in_every_form() {
    let reader = CodeReader::new(&Codes::default()).unwrap();
    let mut chance = Chance(42);
    for _ in 0..2_000 {
        let number = 1 + chance.below(i32::MAX as usize);
        let id = format!("{}A", chance.text(&["0", "1", "Q", "x"], 20) + "777");
        let forms = [
            format!("{number}|{id}"),
            format!("{id} {number}"),
            format!("{number:016}{id}"),
            format!("https://t.example/?id={id}&n={number:016}"),
        ];
        let read: Vec<PickupCode> = forms.iter().map(|form| reader.read(form).unwrap()).collect();
        let (first, second) = (reader.read(&number.to_string()), reader.read(&id));
        match (first, second) {
            // Eleven digits that begin with 1 cannot be below the largest number.
            (Ok(first), Ok(second)) => assert_eq!(codes::join(&first, &second).as_ref(), Some(&read[0])),
            other => panic!("{other:?}"),
        }
        assert!(read.iter().all(|code| *code == read[0]), "{number} {id}");
    }
}

/// Returns these bytes as a port set to another speed reads them: the line's level, sampled in the middle of each
/// supposed bit. `faster` is the number of bits sent in the time of one that is read.
fn misread(bytes: &[u8], faster: f64) -> Vec<u8> {
    let mut line = vec![true; 20];
    for byte in bytes {
        line.push(false);
        line.extend((0..8).map(|bit| byte >> bit & 1 == 1));
        line.push(true);
    }
    line.extend([true; 200]);
    let level = |at: f64| line.get(at as usize).copied().unwrap_or(true);
    let (mut out, mut at) = (Vec::new(), 0.0);
    while at < line.len() as f64 {
        if level(at) {
            at += faster.min(1.0) / 16.0;
            continue;
        }
        let bits = (0..8).filter(|bit| level(at + faster * (1.5 + f64::from(*bit))));
        out.push(bits.fold(0, |byte, bit| byte | 1 << bit));
        at += faster * 9.5;
    }
    out
}

#[test]
fn a_scanner_at_another_speed_is_noise_and_no_code() {
    let reader = CodeReader::new(&Codes::default()).unwrap();
    let scan = b"111972|WQNX8JL\r";
    assert_eq!(misread(scan, 1.0), scan, "at its own speed it is read as it was sent");
    let speeds = [1_200.0, 2_400.0, 4_800.0, 9_600.0, 19_200.0, 38_400.0, 57_600.0, 115_200.0];
    for sent in speeds {
        for read in speeds.into_iter().filter(|read| *read != sent) {
            let mut framer = Framer::new(Ends::Any);
            let noise = misread(scan, sent / read);
            let mut framed = Vec::new();
            for time in 0..20 {
                let now = Duration::from_secs(3 * time);
                framed.extend(framer.push(&noise, now));
                framed.extend(framer.silence(now + Duration::from_millis(100)));
            }
            for code in framed {
                let Framed::Code(text) = code else { continue };
                assert!(reader.read(&text).is_err(), "{sent} read at {read}: {text:?}");
            }
        }
    }
}
