//! Salvage of a configuration that is wrong: enough is read for the screen to say so. Nothing else is done with it.

use super::file;
use super::load::FILE_MAX_BYTES;
use crate::locale::Language;
use std::net::SocketAddr;
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// Settings that are needed. What is wrong among them is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rest {
    /// Address of the customer screen's page: `[screen] listen`.
    pub screen: Option<SocketAddr>,
    /// Address of `/healthz` and `/metrics`: `[monitor] listen`.
    pub monitor: Option<SocketAddr>,
    /// ID of the kiosk: `[kiosk] id`.
    pub kiosk: String,
    /// Name of the cinema: `[cinema] name`.
    pub cinema: String,
    /// Languages of the texts: `[kiosk] languages`; empty: not told.
    pub languages: Vec<Language>,
}

/// Reads the file itself, without what it includes; whatever is wrong with it.
pub fn rest(path: &Path) -> Rest {
    let Ok((_, content)) = file::read(path, FILE_MAX_BYTES) else { return Rest::default() };
    let text = String::from_utf8_lossy(&content);
    let (table, _) = DeTable::parse_recoverable(&text);
    of(table.get_ref())
}

fn of(root: &DeTable<'_>) -> Rest {
    let value = |table: &str, key: &str| match root.get(table)?.get_ref() {
        DeValue::Table(table) => table.get(key).map(toml::Spanned::get_ref),
        _ => None,
    };
    let text = |table: &str, key: &str| match value(table, key)? {
        DeValue::String(text) => Some(text.to_string()),
        _ => None,
    };
    let address = |table: &str| text(table, "listen")?.parse::<SocketAddr>().ok();
    let plain = |text: String| text.chars().filter(|c| !c.is_control()).take(64).collect();
    let languages = match value("kiosk", "languages") {
        Some(DeValue::Array(items)) => items.iter().filter_map(|item| language(item.get_ref())).collect(),
        _ => Vec::new(),
    };
    Rest {
        // Whatever else is wrong: nobody but this machine gets the page.
        screen: address("screen").filter(|address| address.ip().is_loopback()),
        monitor: address("monitor"),
        kiosk: text("kiosk", "id").map(plain).unwrap_or_default(),
        cinema: text("cinema", "name").map(plain).unwrap_or_default(),
        languages,
    }
}

fn language(value: &DeValue<'_>) -> Option<Language> {
    let DeValue::String(name) = value else { return None };
    match name.as_ref() {
        "zh-CN" => Some(Language::Chinese),
        "en" => Some(Language::English),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest_of(text: &str) -> Rest {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kiosk.toml");
        std::fs::write(&path, text).unwrap();
        rest(&path)
    }

    #[test]
    fn what_is_right_is_read_among_what_is_not() {
        let right = "[kiosk]\nid = 'k1'\nlanguages = ['en', 'zh-CN']\n[cinema]\nname = '影城'\n[screen]\nlisten = '127.0.0.1:8080'\n";
        let wanted = Rest {
            screen: "127.0.0.1:8080".parse().ok(),
            monitor: None,
            kiosk: "k1".into(),
            cinema: "影城".into(),
            languages: vec![Language::English, Language::Chinese],
        };
        for wrong in ["", "[sarft\n", "[sarft]\nadress = 1\n", "x = = 1\n", "[monitor]\nlisten = 5\n", "=\n"]
        {
            assert_eq!(rest_of(&format!("{right}{wrong}")), wanted, "{wrong}");
        }
    }

    #[test]
    fn nobody_but_this_machine_gets_the_page_and_nothing_comes_of_nothing() {
        assert_eq!(rest_of("[screen]\nlisten = '0.0.0.0:8080'\n").screen, None);
        for text in ["", "screen = 1", "[screen]\nlisten = 'here'", "\u{1b}[2J", &"[".repeat(10_000)] {
            assert_eq!(rest_of(text), Rest::default());
        }
        assert_eq!(rest(Path::new("/nowhere/kiosk.toml")), Rest::default());
    }
}
