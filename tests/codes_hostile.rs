//! Codes that nobody thought of: whatever comes in, nothing but a code or a refusal comes out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use pickup_kiosk::codes::{self, CodeReader, Rejected};
use pickup_kiosk::config::settings::{CodeFormat, Codes};
use pickup_kiosk::ticket::PickupCode;

/// A small generator (xorshift), so that a failure can be had again.
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
