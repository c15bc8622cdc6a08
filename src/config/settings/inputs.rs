//! Settings of the inputs with which customers present their codes: scanners and keypad.

use crate::device::scanner::framing::Ends;
use serde::Deserialize;

/// One `[[scanner]]`: a scanner.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scanner {
    /// Connection: `serial:PATH?baud=9600`, `hid:PATH`, `hid:VENDOR:PRODUCT` or `stdin:`.
    pub connection: String,
    /// Characters or pause that end a code.
    #[serde(default)]
    pub ends: Ends,
    /// Text taken off the beginning of each code.
    #[serde(default)]
    pub prefix: String,
    /// Text taken off the end of each code.
    #[serde(default)]
    pub suffix: String,
    /// Name of the profile: a file in scanners/ beside kiosk.toml, or one built in; its start-up and lock commands.
    pub profile: Option<String>,
    /// Commands sent at start after the profile's; text, or `hex:` and bytes.
    #[serde(default)]
    pub start: Vec<String>,
    /// Command that makes set-up codes do nothing, in place of the profile's; or `by-hand`.
    pub lock: Option<String>,
}

/// The table `[keypad]`: the keypad.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keypad {
    /// Connection: `gpio:`, `hid:PATH`, `hid:VENDOR:PRODUCT` or `serial:PATH?baud=9600`.
    pub connection: String,
    /// Legends of a matrix's keys, a row a string.
    #[serde(default = "keys")]
    pub keys: Vec<String>,
    /// Row lines of a matrix, which are driven; none: the board's.
    pub rows: Option<Vec<String>>,
    /// Column lines of a matrix, which are watched; none: the board's.
    pub columns: Option<Vec<String>>,
    /// Time that a key must read the same, in milliseconds, 1 to 100.
    #[serde(default = "debounce_ms")]
    pub debounce_ms: u64,
    /// Pause between driving a row and reading the columns, in microseconds, 1 to 10000.
    #[serde(default = "settle_us")]
    pub settle_us: u64,
    /// Actions of the keys beside the digits.
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

/// The table `[keypad.actions]`: actions of the keys beside the digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeypadActions {
    /// Action of `*`.
    pub star: KeyAction,
    /// Action of `*` when held.
    pub star_held: KeyAction,
    /// Action of `#`.
    pub hash: KeyAction,
    /// Action of `#` when held.
    pub hash_held: KeyAction,
    /// Action of A on a 4×4 matrix.
    pub a: KeyAction,
    /// Action of B on a 4×4 matrix.
    pub b: KeyAction,
    /// Action of C on a 4×4 matrix.
    pub c: KeyAction,
    /// Action of D on a 4×4 matrix.
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

/// Action of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyAction {
    /// Drops what was typed.
    Clear,
    /// Drops the last character.
    Back,
    /// Ends the entry.
    Enter,
    /// Switches to the other language.
    Language,
    /// Switches between digits and letters.
    Letters,
    /// Asks for more time.
    MoreTime,
    /// Does nothing.
    None,
}
