//! What customers present their codes with.

use crate::device::scanner::framing::Ends;
use serde::Deserialize;

/// `[[scanner]]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scanner {
    /// `serial:PATH?baud=9600`, `hid:PATH`, `hid:VENDOR:PRODUCT` or `stdin:`.
    pub connection: String,
    /// What ends a code.
    #[serde(default)]
    pub ends: Ends,
    /// Taken off the beginning of each code.
    #[serde(default)]
    pub prefix: String,
    /// Taken off its end.
    #[serde(default)]
    pub suffix: String,
    /// A file in scanners/ beside kiosk.toml, or one built in: its start-up and lock commands.
    pub profile: Option<String>,
    /// Sent at start after the profile's commands; text, or `hex:` and bytes.
    #[serde(default)]
    pub start: Vec<String>,
    /// The command that makes set-up codes do nothing, in place of the profile's; or `by-hand`.
    pub lock: Option<String>,
}

/// `[keypad]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keypad {
    /// `gpio:`, `hid:PATH`, `hid:VENDOR:PRODUCT` or `serial:PATH?baud=9600`.
    pub connection: String,
    /// What is printed on a matrix's keys, a row a string.
    #[serde(default = "keys")]
    pub keys: Vec<String>,
    /// Lines that are driven; none: the board's.
    pub rows: Option<Vec<String>>,
    /// Lines that are watched; none: the board's.
    pub columns: Option<Vec<String>>,
    /// A key must read the same for so long, milliseconds, 1 to 100.
    #[serde(default = "debounce_ms")]
    pub debounce_ms: u64,
    /// Between driving a row and reading the columns, microseconds, 1 to 10000.
    #[serde(default = "settle_us")]
    pub settle_us: u64,
    /// What the keys beside the digits do.
    #[serde(default)]
    pub actions: KeypadActions,
    /// Keys that call the technician's menu, one after the other; empty: none do.
    #[serde(default = "maintenance")]
    pub maintenance: String,
}

fn keys() -> Vec<String> {
    ["123", "456", "789", "*0#"].map(String::from).to_vec()
}

fn debounce_ms() -> u64 {
    10
}

fn settle_us() -> u64 {
    50
}

fn maintenance() -> String {
    "*#*#".into()
}

/// `[keypad.actions]`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeypadActions {
    /// `*`
    pub star: KeyAction,
    /// `*`, held.
    pub star_held: KeyAction,
    /// `#`
    pub hash: KeyAction,
    /// `#`, held.
    pub hash_held: KeyAction,
    /// A of a 4×4 matrix.
    pub a: KeyAction,
    /// B.
    pub b: KeyAction,
    /// C.
    pub c: KeyAction,
    /// D.
    pub d: KeyAction,
}

impl Default for KeypadActions {
    fn default() -> Self {
        Self {
            star: KeyAction::Clear,
            star_held: KeyAction::Language,
            hash: KeyAction::Enter,
            hash_held: KeyAction::Letters,
            a: KeyAction::Back,
            b: KeyAction::Language,
            c: KeyAction::Clear,
            d: KeyAction::MoreTime,
        }
    }
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyAction {
    /// Drops what was typed.
    Clear,
    /// Drops the last character.
    Back,
    /// Done.
    Enter,
    /// The other language.
    Language,
    /// Digits in place of letters, or letters in place of digits.
    Letters,
    /// More time.
    MoreTime,
    /// Nothing.
    None,
}
