//! Command of a printer as written in a profile: hexadecimal bytes.

use crate::locale::{Text, text};
use serde::Deserialize;

/// Largest size of a command, in bytes.
const BYTES_MAX: usize = 16;

/// A command, written in hexadecimal as `"1D 65 03 0A"`; 1 to 16 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Code(Vec<u8>);

impl Code {
    /// Returns the bytes of the command.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<String> for Code {
    type Error = Text;

    fn try_from(text: String) -> Result<Self, Text> {
        let wrong = || {
            let shown: String = text.chars().take(60).flat_map(char::escape_debug).collect();
            text!(
                "\"{shown}\" 不是命令；应写 1 到 {BYTES_MAX} 个十六进制字节，如 \"1D 65 02\"",
                "\"{shown}\" is no command; write 1 to {BYTES_MAX} bytes in hexadecimal, as \"1D 65 02\""
            )
        };
        let two_digits = |pair: &str| pair.len() == 2 && pair.bytes().all(|digit| digit.is_ascii_hexdigit());
        let byte = |pair: &str| {
            if two_digits(pair) { u8::from_str_radix(pair, 16).map_err(|_| wrong()) } else { Err(wrong()) }
        };
        let bytes = text.split_ascii_whitespace().map(byte).collect::<Result<Vec<u8>, _>>()?;
        let real_time = bytes.windows(2).any(|pair| matches!(pair, [0x10, 0x04 | 0x05 | 0x14]));
        if real_time {
            return Err(text!(
                "\"{text}\" 含实时命令，会被打印机提前执行",
                "\"{text}\" holds a real-time command, which would be obeyed out of turn"
            ));
        }
        if (1..=BYTES_MAX).contains(&bytes.len()) { Ok(Self(bytes)) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_and_anything_else_is_refused_with_what_would_be_right() {
        assert_eq!(Code::try_from("1D 65 0a".to_owned()).unwrap().bytes(), [0x1D, 0x65, 0x0A]);
        for bad in ["", "1D6", "1D 6", "GS e", "+1 +2", &"00 ".repeat(17), "\u{1b}[2J", "10 04 01"] {
            let error = Code::try_from(bad.to_owned()).unwrap_err();
            let said = error.to_string();
            assert!(said.contains("hexadecimal") || said.contains("real-time"), "{bad:?}: {error}");
            assert!(!said.contains('\u{1b}') && !error.zh.contains('\u{1b}'));
        }
    }
}
