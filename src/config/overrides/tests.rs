use super::*;
use crate::config;

const MAIN: &str = "[kiosk]\nid = \"k\"\nstate_dir = \"state\"\n[cinema]\nid = \"0200\"\nname = \"C\"\n[sarft]\n\
     address = \"127.0.0.1:1\"\nusername = \"k\"\npassword_file = \"p\"\n[printer]\nconnection = \"image:out\"\n\
     [[scanner]]\nconnection = \"stdin:\"\n[[scanner]]\nconnection = \"serial:/dev/a?baud=9600\"\n";

struct StateFolder {
    dir: tempfile::TempDir,
}

impl StateFolder {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("kiosk.toml"), MAIN).unwrap();
        Self { dir }
    }

    fn file(&self) -> PathBuf {
        self.dir.path().join("kiosk.toml")
    }

    fn load(&self) -> Loaded {
        config::load(&self.file()).unwrap()
    }

    fn over(&self) -> Option<String> {
        fs::read_to_string(self.dir.path().join("state/override.toml")).ok()
    }

    fn undone(&self) -> Option<String> {
        undone(&self.dir.path().join("state"))
    }
}

#[test]
fn a_change_is_checked_saved_and_stays_once_the_kiosk_has_started() {
    let folder = StateFolder::new();
    let loaded = folder.load();
    for (key, wrong) in [
        ("sarft.address", "nonsense"),
        ("printer.profile", "no-such"),
        ("kiosk.id", ""),
        ("cloud.url", "https://x"),
    ] {
        assert!(change(&loaded, key, wrong).is_err(), "{key}");
    }
    assert!(matches!(change(&loaded, "kiosk.state_dir", "/tmp"), Err(ChangeError::Key(_))));
    assert_eq!(folder.over(), None, "nothing was saved");
    change(&loaded, "sarft.address", "10.0.0.9:9500").unwrap();
    change(&folder.load(), "scanner[1].connection", "serial:/dev/b?baud=9600").unwrap();
    let changed = folder.load();
    assert_eq!(changed.settings.sarft.address, "10.0.0.9:9500");
    let scanners: Vec<&str> = changed.settings.scanners.iter().map(|s| s.connection.as_str()).collect();
    assert_eq!(scanners, ["stdin:", "serial:/dev/b?baud=9600"]);
    SettingsTrial::begin(&folder.file()).unwrap().confirm();
    SettingsTrial::begin(&folder.file()).unwrap().confirm();
    assert_eq!(folder.load().settings.sarft.address, "10.0.0.9:9500");
    assert_eq!(folder.undone(), None);
}

#[test]
fn a_change_the_kiosk_cant_start_with_is_undone_and_said() {
    let folder = StateFolder::new();
    change(&folder.load(), "sarft.address", "10.0.0.9:9500").unwrap();
    let trial = SettingsTrial::begin(&folder.file()).unwrap();
    assert!(trial.undo("the printer's thread\nwould not start").unwrap());
    assert_eq!((folder.over(), folder.load().settings.sarft.address), (None, "127.0.0.1:1".into()));
    assert_eq!(folder.undone().unwrap(), "the printer's thread would not start");
    assert!(!trial.undo("again").unwrap(), "once is enough");
    acknowledge(&folder.dir.path().join("state")).unwrap();
    assert_eq!(folder.undone(), None);
}

#[test]
fn a_start_that_was_cut_off_undoes_the_change_and_keeps_what_was_there_before() {
    let folder = StateFolder::new();
    set_pin(&folder.load(), "root", "Li", "usher", "$argon2id$x").unwrap_err();
    let hash = config::settings::PinHash::of("271828").unwrap();
    set_pin(&folder.load(), "root", "Li", "usher", hash.text()).unwrap();
    let before = folder.over().unwrap();
    change(&folder.load(), "kiosk.id", "other").unwrap();
    drop(SettingsTrial::begin(&folder.file()).unwrap());
    assert_eq!(folder.load().settings.kiosk.id, "other", "on trial");
    // The kiosk was killed: the next start finds that the change was tried and never confirmed.
    SettingsTrial::begin(&folder.file()).unwrap();
    assert_eq!(folder.load().settings.kiosk.id, "k");
    assert_eq!(folder.over().unwrap(), before);
    assert!(folder.undone().unwrap().contains("cut off"));
    assert_eq!(folder.load().settings.maintenance.users().len(), 1);
}

#[test]
fn a_pin_set_on_site_hides_nobody_and_outlives_a_change_that_is_undone() {
    let hash = |pin: &str| config::settings::PinHash::of(pin).unwrap();
    let (first, second) = (hash("271828"), hash("314159"));
    let listed = |name: &str, role: &str, hash: &config::settings::PinHash| {
        format!("[[maintenance.user]]\nname = '{name}'\nrole = '{role}'\npin_hash = '{}'\n", hash.text())
    };
    let folder = StateFolder::new();
    let write = |users: &[String]| fs::write(folder.file(), format!("{MAIN}{}", users.concat())).unwrap();
    write(&[listed("Li", "technician", &first), listed("Wang", "usher", &first)]);
    // A name with everything that TOML has to quote.
    let odd = "Zhao \"A.\" [b] 赵";
    change(&folder.load(), "kiosk.id", "other").unwrap();
    set_pin(&folder.load(), "root", "Wang", "technician", second.text()).unwrap();
    set_pin(&folder.load(), "root", odd, "usher", second.text()).unwrap();
    let over = folder.over().unwrap();
    assert!(!over.contains("Li") && !over.contains(first.text()), "{over}");
    // The chain lists another, changes one and drops one.
    write(&[
        listed("Li", "usher", &second),
        listed("Chen", "usher", &first),
        listed("Wang", "usher", &first),
    ]);
    let told = |folder: &StateFolder| {
        let all = folder.load().settings.maintenance.users().into_iter();
        all.map(|one| (one.name, one.role, one.pin_hash)).collect::<Vec<_>>()
    };
    use config::settings::Role::{Technician, Usher};
    let wanted = [
        ("Li".into(), Usher, second.clone()),
        ("Chen".into(), Usher, first.clone()),
        ("Wang".into(), Technician, second.clone()),
        (odd.into(), Usher, second.clone()),
    ];
    assert_eq!(told(&folder), wanted);
    // The other change is undone; the PINs stay.
    assert!(SettingsTrial::begin(&folder.file()).unwrap().undo("it would not start").unwrap());
    assert_eq!((folder.load().settings.kiosk.id, told(&folder)), ("k".into(), wanted.to_vec()));
    assert!(
        forget_pin(&folder.load(), "root", "Wang").unwrap()
            && forget_pin(&folder.load(), "root", odd).unwrap()
    );
    assert!(!forget_pin(&folder.load(), "root", "Li").unwrap(), "it stands in kiosk.toml");
    assert_eq!(told(&folder)[2], ("Wang".into(), Usher, first));
    assert_eq!(told(&folder).len(), 3);
    // The acts wait for the kiosk, and are in the journal once they wait no longer.
    let state = folder.dir.path().join("state");
    let all = pin_changes(&state).unwrap();
    let words = |act: &PinChange| (act.user.clone(), act.role.clone());
    let wanted = [("Wang", Some("technician")), (odd, Some("usher")), ("Wang", None), (odd, None)]
        .map(|(name, role)| (name.to_owned(), role.map(str::to_owned)));
    assert_eq!(all.iter().map(words).collect::<Vec<_>>(), wanted);
    assert_eq!(pin_changes(&state).unwrap(), all, "a kiosk that was cut off gets it again");
    set_pin(&folder.load(), "root", "Qian", "usher", second.text()).unwrap();
    taken(&state).unwrap();
    assert_eq!(
        pin_changes(&state).unwrap().iter().map(words).collect::<Vec<_>>(),
        [("Qian".into(), Some("usher".into()))]
    );
    taken(&state).unwrap();
    assert_eq!(pin_changes(&state).unwrap(), []);
}

#[test]
fn two_who_change_settings_at_once_lose_neither() {
    let folder = StateFolder::new();
    let hash = config::settings::PinHash::of("271828").unwrap();
    let loaded = folder.load();
    thread::scope(|scope| {
        for n in 0..8 {
            let (loaded, hash) = (&loaded, &hash);
            scope.spawn(move || set_pin(loaded, "root", &format!("N{n}"), "usher", hash.text()).unwrap());
        }
        scope.spawn(|| change(&loaded, "kiosk.id", "other").unwrap());
    });
    let after = folder.load();
    assert_eq!((after.settings.kiosk.id, after.settings.maintenance.on_site.len()), ("other".into(), 8));
}

#[test]
fn more_holders_than_the_menu_lists_are_refused() {
    let folder = StateFolder::new();
    let hash = config::settings::PinHash::of("271828").unwrap();
    for n in 0..config::HOLDERS_MAX {
        set_pin(&folder.load(), "root", &format!("N{n}"), "usher", hash.text()).unwrap();
    }
    let error = set_pin(&folder.load(), "root", "one more", "usher", hash.text()).unwrap_err().to_string();
    assert!(error.contains("at most 16"), "{error}");
    assert_eq!(folder.load().settings.maintenance.on_site.len(), config::HOLDERS_MAX);
}
