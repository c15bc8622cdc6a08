//! Profile of a make of scanner: the commands that set it up and lock it. Pure; profiles are TOML, built in or in
//! scanners/ beside kiosk.toml.

use serde::Deserialize;

/// Built-in profiles, each as its name and its TOML text.
pub const BUILT_IN: [(&str, &str); 4] = [
    ("newland", include_str!("../../../config/scanners/newland.toml")),
    ("honeywell", include_str!("../../../config/scanners/honeywell.toml")),
    ("datalogic", include_str!("../../../config/scanners/datalogic.toml")),
    ("zebra-ssi", include_str!("../../../config/scanners/zebra-ssi.toml")),
];

/// A make of scanner, as its TOML file describes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScannerProfile {
    /// Name of the make, for people.
    pub name: String,
    /// Set-up commands, sent each time the device has been opened, before the lock.
    #[serde(default)]
    pub start: Vec<String>,
    /// Lock command, sent last: from then on set-up codes do nothing. None if no such command is known.
    pub lock: Option<String>,
    /// Source of the commands, and whether anybody has tried them.
    pub source: String,
}

impl ScannerProfile {
    /// Returns the TOML text of the built-in profile `name`.
    pub fn built_in(name: &str) -> Option<&'static str> {
        BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::spec::command;
    use super::*;

    #[test]
    fn the_built_in_ones_can_be_read_and_their_commands_be_sent() {
        for (name, text) in BUILT_IN {
            let profile: ScannerProfile =
                toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(profile.source.len() > 20, "{name}: says where it has it from");
            for text in profile.start.iter().chain(&profile.lock) {
                assert!(command(text).is_some(), "{name}: {text:?}");
            }
        }
        let zebra: ScannerProfile = toml::from_str(ScannerProfile::built_in("zebra-ssi").unwrap()).unwrap();
        let bytes = command(&zebra.lock.unwrap()).unwrap();
        // SSI: the last two bytes are the two's complement of the sum of the others.
        let (sum, check) = bytes.split_at(bytes.len() - 2);
        let sum: u16 = sum.iter().map(|b| u16::from(*b)).sum();
        assert_eq!(check, sum.wrapping_neg().to_be_bytes());
        assert_eq!(usize::from(bytes[0]), bytes.len() - 2);
    }
}
