//! Surfaces of the maintenance menu as people have them: a terminal in a pseudo-terminal, the page's HTTP.
#![allow(dead_code)] // each test file uses a part

pub mod console;
pub mod page;
pub mod places;
pub mod world;

use super::e2e::Home;
use super::e2e::kiosk::Options;
use super::e2e::site::Site;
use pickup_kiosk::config::settings::PinHash;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// PIN of Li, a technician.
pub const LI: &str = "271828";
/// PIN of Wang, an usher.
pub const WANG: &str = "314159";

/// Somebody in front of the menu.
pub trait Surface {
    /// Presses a key: a digit, another character, `enter` or `back`.
    fn press(&mut self, key: &str);
    /// Returns everything that is shown.
    fn text(&self) -> String;

    /// Presses several keys: characters each by itself, `⏎` Enter, `←` Back.
    fn keys(&mut self, keys: &str) {
        for key in keys.chars() {
            match key {
                '⏎' => self.press("enter"),
                '←' => self.press("back"),
                key => self.press(&key.to_string()),
            }
        }
    }

    /// Waits until this is shown.
    #[track_caller]
    fn shows(&self, wanted: &str) {
        let began = std::time::Instant::now();
        while !self.text().contains(wanted) {
            assert!(
                began.elapsed() < super::e2e::process::LONG,
                "{wanted:?} is not shown; there is\n{}",
                self.text()
            );
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }

    /// Signs in, by the place in the list of users.
    #[track_caller]
    fn sign_in(&mut self, place: &str, pin: &str) {
        self.shows("Who are you?");
        self.keys(&format!("{place}{pin}⏎"));
        self.shows("Paper changed");
    }
}

/// Returns `[maintenance]` with Li and Wang, and a screen.
pub fn tables() -> String {
    let user = |name: &str, role: &str, pin: &str| {
        let hash = PinHash::of(pin).unwrap();
        format!("[[maintenance.user]]\nname = '{name}'\nrole = '{role}'\npin_hash = '{}'\n", hash.text())
    };
    format!(
        "[journal]\nfree_mib = 1\n[screen]\nlisten = '127.0.0.1:0'\n{}{}",
        user("Li", "technician", LI),
        user("Wang", "usher", WANG)
    )
}

/// Returns a kiosk with users, English first.
pub fn home(site: &Site, options: Options) -> Home {
    let home = Home::with(site, &Options { tables: tables(), ..options });
    let config = fs::read_to_string(home.config()).unwrap();
    fs::write(home.config(), config.replace("[cinema]", "languages = ['en', 'zh-CN']\n[cinema]")).unwrap();
    home
}

/// Returns `run` with programs of the system that only record what they were asked for: lsblk, udisksctl, systemctl.
/// The stick is the folder `stick` of the home.
pub fn command(home: &Home) -> Command {
    let programs = home.path("programs");
    fs::create_dir_all(&programs).unwrap();
    let stick = home.path("stick");
    fs::create_dir_all(&stick).unwrap();
    let program = |name: &str, script: String| {
        let path = programs.join(name);
        fs::write(
            &path,
            format!("#!/bin/sh\necho \"{name} $*\" >> {}\n{script}\n", home.path("asked").display()),
        )
        .unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    };
    let device = r#"{"blockdevices":[{"path":"/dev/sdz1","rm":true,"hotplug":true,"type":"part","fstype":"vfat","label":"A","size":"4G"}]}"#;
    program("lsblk", format!("cat <<'END'\n{device}\nEND"));
    program(
        "udisksctl",
        format!(
            "case $1 in mount) [ -e {0} ] || {{ echo 'Error mounting: no medium' >&2; exit 1; }}; echo 'Mounted /dev/sdz1 at {0}';; esac",
            stick.display()
        ),
    );
    program("systemctl", String::new());
    let mut command = home.command();
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", programs.display()));
    command
}

/// Adds tables to the home's kiosk.toml.
pub fn add(home: &Home, tables: &str) {
    let config = fs::read_to_string(home.config()).unwrap();
    fs::write(home.config(), format!("{config}{tables}")).unwrap();
}

/// Returns `maintain`, with the same programs, for a kiosk that is down.
pub fn maintain_alone(home: &Home) -> Command {
    let with = command(home);
    let mut alone = super::e2e::binary();
    alone.args(["maintain", "--config"]).arg(home.config());
    for (name, value) in with.get_envs().filter(|(name, _)| *name == "PATH") {
        alone.env(name, value.unwrap_or_default());
    }
    alone
}

/// Returns the calls that those programs have recorded.
pub fn asked(home: &Home) -> String {
    fs::read_to_string(home.path("asked")).unwrap_or_default()
}

/// Compares a text with its snapshot; `UPDATE_SNAPSHOTS` writes it anew.
#[track_caller]
pub fn snapshot(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/menu").join(format!("{name}.txt"));
    let text = text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    let text = format!("{}\n", text.trim_end());
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), text, "{name}");
}
