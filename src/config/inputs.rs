//! Checks of the scanners, and the profiles of their makes.

use super::de;
use super::error::{ConfigError, boxed, file_or_built_in};
use super::load::optional_text;
use super::settings::{self, Settings};
use super::tree::Node;
use super::validator::Validator;
use crate::device::scanner::framing::Framing;
use crate::device::scanner::profile::{BUILT_IN, ScannerProfile};
use crate::device::scanner::spec::{Lock, Scanner, ScannerSpec, Unlocked, command};
use std::path::Path;

/// Largest number of scanners of one kiosk.
pub const SCANNERS_MAX: usize = 8;
/// Largest number of commands sent to a scanner at start.
const COMMANDS_MAX: usize = 16;
/// Largest number of bytes before or after a code that are taken off.
const AFFIX_MAX_BYTES: usize = 32;
/// Folder of the scanner profiles, beside the config file.
const PROFILES: &str = "scanners";
/// Word for a scanner that was locked by hand.
const BY_HAND: &str = "by-hand";

/// Reads all `[[scanner]]` tables.
///
/// # Errors
/// The first value that cannot work.
pub fn scanners(
    validator: Validator<'_>,
    settings: &Settings,
    beside: &Path,
) -> Result<Vec<Scanner>, ConfigError> {
    let tables = &settings.scanners;
    if tables.is_empty() {
        let right = (
            "至少要有一个：[[scanner]] connection = \"serial:/dev/ttyACM0?baud=9600\"",
            "at least one is required: [[scanner]] connection = \"serial:/dev/ttyACM0?baud=9600\"",
        );
        return Err(ConfigError {
            found: boxed(("没有扫码器", "no input")),
            ..validator.fault("scanner", right)
        });
    }
    validator.require("scanner", tables.len() <= SCANNERS_MAX, ("最多 8 个扫码器", "at most 8 scanners"))?;
    let mut scanners: Vec<Scanner> = Vec::new();
    for (index, table) in tables.iter().enumerate() {
        let scanner = One { validator, index, table }.read(beside)?;
        if scanners.iter().any(|other| other.spec.same_device(&scanner.spec)) {
            let key = format!("scanner[{index}].connection");
            let right = ("不能与其他扫码器的设备相同", "must differ from the other scanners' devices");
            return validator.refuse(&key, right);
        }
        scanners.push(scanner);
    }
    Ok(scanners)
}

/// One of the `[[scanner]]` tables.
struct One<'a> {
    validator: Validator<'a>,
    index: usize,
    table: &'a settings::Scanner,
}

impl One<'_> {
    fn key(&self, key: &str) -> String {
        format!("scanner[{}].{key}", self.index)
    }

    fn read(&self, beside: &Path) -> Result<Scanner, ConfigError> {
        let table = self.table;
        let spec = ScannerSpec::parse(&table.connection)
            .map_err(|error| self.validator.fault(&self.key("connection"), error.text()))?;
        let scanner = Scanner::from(spec);
        for (key, affix) in [("prefix", &table.prefix), ("suffix", &table.suffix)] {
            let right = (
                "最多 32 字节，是扫码器在每个码前后加的内容",
                "must be at most 32 bytes that the scanner puts around each code",
            );
            self.validator.require(&self.key(key), affix.len() <= AFFIX_MAX_BYTES, right)?;
        }
        let framing =
            Framing { ends: table.ends, prefix: table.prefix.clone(), suffix: table.suffix.clone() };
        match scanner.spec {
            ScannerSpec::Serial(_) => self.with_commands(Scanner { framing, ..scanner }, beside),
            ScannerSpec::Hid(_) => {
                let right = ("键盘式扫码器不接受命令：请不写", "a keyboard takes no commands: leave it out");
                self.takes_no_commands(right)?;
                let lock = if table.lock.is_some() { Lock::ByHand } else { scanner.lock };
                Ok(Scanner { framing, lock, ..scanner })
            }
            ScannerSpec::Stdin => {
                let right = ("标准输入不接受命令：请不写", "standard input takes no commands: leave it out");
                self.takes_no_commands(right)?;
                Ok(scanner)
            }
        }
    }

    fn takes_no_commands(&self, right: (&str, &str)) -> Result<(), ConfigError> {
        let table = self.table;
        self.validator.require(&self.key("profile"), table.profile.is_none(), right)?;
        self.validator.require(&self.key("start"), table.start.is_empty(), right)?;
        let by_hand = table.lock.as_deref().is_none_or(|lock| lock == BY_HAND);
        let right = (
            "用手册里的码手动锁定后写 \"by-hand\"，否则不写",
            "must be \"by-hand\", once somebody has locked it with the manual's code, or be left out",
        );
        self.validator.require(&self.key("lock"), by_hand, right)
    }

    fn with_commands(&self, scanner: Scanner, beside: &Path) -> Result<Scanner, ConfigError> {
        let table = self.table;
        let profile = table.profile.as_ref().map(|name| self.profile(name, beside)).transpose()?;
        let none = if profile.is_some() { Unlocked::ProfileHasNone } else { Unlocked::NoProfile };
        let (start, own_lock) = profile.map_or((Vec::new(), None), |profile| (profile.start, profile.lock));
        let mut commands = Vec::new();
        for text in start.iter().chain(&table.start) {
            commands.push(self.command("start", text)?);
        }
        let right = ("最多 15 条命令", "at most 15 commands");
        self.validator.require(&self.key("start"), commands.len() < COMMANDS_MAX, right)?;
        let lock = match table.lock.as_ref() {
            Some(word) if word == BY_HAND => Lock::ByHand,
            given => match given.or(own_lock.as_ref()) {
                Some(text) => {
                    commands.push(self.command("lock", text)?);
                    Lock::Sent
                }
                None => Lock::Open(none),
            },
        };
        Ok(Scanner { commands, lock, ..scanner })
    }

    fn command(&self, key: &str, text: &str) -> Result<Vec<u8>, ConfigError> {
        let right = (
            "应为 1 到 256 字节：文字，或 \"hex:\" 加字节，如 \"hex:16 4D 0D\"",
            "must be 1 to 256 bytes: text, or \"hex:\" and bytes as \"hex:16 4D 0D\"",
        );
        command(text).ok_or_else(|| self.validator.fault(&self.key(key), right))
    }

    fn profile(&self, name: &str, beside: &Path) -> Result<ScannerProfile, ConfigError> {
        let key = self.key("profile");
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let fits = (1..=64).contains(&name.len()) && name.chars().all(plain) && !name.starts_with('.');
        let right = ("应为型号文件名，如 \"newland\"", "must be a profile's name, such as \"newland\"");
        self.validator.require(&key, fits, right)?;
        let path = beside.join(PROFILES).join(format!("{name}.toml"));
        let text = optional_text(&path)?.or_else(|| ScannerProfile::built_in(name).map(str::to_owned));
        let Some(text) = text else {
            let known: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
            return self.validator.refuse(&key, file_or_built_in(&path, &known));
        };
        de::settings(&Node::parse(&path, &text)?)
    }
}
