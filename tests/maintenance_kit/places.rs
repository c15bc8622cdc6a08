//! The four places where somebody learns what is the matter: the customer screen, `check`, `/healthz` and the menu.

use super::console::Console;
use super::page::Page;
use super::{LI, Surface};
use crate::e2e::Home;
use crate::e2e::process::{Finished, binary, finish_command, until};
use pickup_kiosk::config::settings::Language;
use pickup_kiosk::maintenance::faults::{Fault, Severity, find};
use serde_json::Value;
use std::collections::BTreeSet;

/// What the kiosk notices only when it looks: now and then by itself, at once when somebody asks `check` or the menu.
const LOOKED_FOR: [&str; 8] = ["D1", "S1", "S2", "C1", "C2", "W1", "W2", "X2"];

/// All of them, of one running kiosk, with Li in the menu.
pub struct Places<'h> {
    home: &'h Home,
    pub page: Page,
    pub console: Console,
    env: Vec<(String, String)>,
    told: BTreeSet<String>,
    over: BTreeSet<String>,
}

/// The code's row.
#[track_caller]
pub fn row(code: &str) -> &'static Fault {
    find(code).unwrap_or_else(|| panic!("{code} is not in the table"))
}

/// What `check` says under this code.
#[track_caller]
pub fn checked(check: &Finished, code: &str) -> Option<Value> {
    check.json().into_iter().find(|part| part["code"] == code)
}

impl<'h> Places<'h> {
    /// Signs Li in, in a terminal.
    pub fn of(home: &'h Home, page: Page) -> Self {
        Self::in_world(home, page, &[])
    }

    /// As `of`, where `check` and the terminal are to run with this environment, too.
    pub fn in_world(home: &'h Home, page: Page, env: &[(String, String)]) -> Self {
        let mut console = Console::start(home, &["maintain"]);
        console.sign_in("1", LI);
        let env = env.to_vec();
        Self { home, page, console, env, told: BTreeSet::new(), over: BTreeSet::new() }
    }

    fn check(&self) -> Finished {
        let mut command = binary();
        command.args(["check", "--json", "--config"]).arg(self.home.config());
        finish_command(command.envs(self.env.iter().cloned()))
    }

    /// The code and what to do, on the screen: among the notices, and where it stops everything, as the reason why.
    fn on_screen(&self, fault: &Fault) -> bool {
        let view = self.page.view();
        let action = fault.for_usher(Language::English);
        let notices = view["notices"].as_array().unwrap();
        let noticed = notices.iter().any(|one| one["code"] == fault.code && one["staff"]["en"] == action);
        let reason = view["fault"]["code"] == fault.code && view["fault"]["staff"]["en"] == action;
        let open = fault.severity != Severity::Stops || view["state"] != "welcome";
        noticed && open && (reason || fault.severity != Severity::Stops || view["fault"].is_null())
    }

    /// In each place, its code and what to do; and it came by itself.
    #[track_caller]
    pub fn told(&mut self, code: &str) {
        let fault = row(code);
        let action = fault.for_usher(Language::English);
        if !LOOKED_FOR.contains(&code) {
            until(&format!("{code} is on the screen"), || self.on_screen(fault).then_some(()));
        }
        until(&format!("{code} is in check and on the screen"), || {
            let part = checked(&self.check(), code)?;
            let remedy = part["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty());
            let stops = part["ok"] == false || fault.severity != Severity::Stops;
            (remedy && stops && self.on_screen(fault)).then_some(())
        });
        let (status, health) = self.page.health();
        assert!(health.contains(&format!("{code} {}: {action}", fault.name)), "{code}: {health}");
        assert!(status == 503 || fault.severity != Severity::Stops, "{code}: {status} {health}");
        self.console.keys("1");
        self.console.shows(&format!("{code} {}", action.get(..20).unwrap()));
        self.console.keys("←");
        self.told.insert(code.to_owned());
    }

    /// In none of them, and nobody did anything for it.
    #[track_caller]
    pub fn over(&mut self, code: &str) {
        if !LOOKED_FOR.contains(&code) {
            until(&format!("{code} is no longer on the screen"), || {
                (!self.page.codes().iter().any(|known| known == code)).then_some(())
            });
        }
        until(&format!("{code} is over"), || {
            let gone = checked(&self.check(), code).is_none();
            let unseen = !self.page.codes().iter().any(|known| known == code);
            (gone && unseen && !self.page.health().1.contains(&format!("{code} "))).then_some(())
        });
        until(&format!("{code} is no longer in the menu"), || {
            self.console.keys("1");
            self.console.shows("tickets uncertain");
            let gone = !self.console.text().contains(&format!("{code} "));
            self.console.keys("←");
            self.console.shows("Paper changed");
            gone.then_some(())
        });
        self.over.insert(code.to_owned());
    }

    /// The menu is left. These codes were told, and were over in the end.
    #[track_caller]
    pub fn leave(self, codes: &[&str]) {
        let codes: BTreeSet<String> = codes.iter().map(|code| (*code).to_owned()).collect();
        assert_eq!((&self.told, &self.over), (&codes, &codes));
    }
}
