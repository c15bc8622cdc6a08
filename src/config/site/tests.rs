use super::*;
use crate::config;

const MAIN: &str = "[kiosk]\nid = \"k\"\nstate_dir = \"state\"\n[cinema]\nid = \"0200\"\nname = \"C\"\n[sarft]\n\
     address = \"127.0.0.1:1\"\nusername = \"k\"\npassword_file = \"p\"\n[printer]\nconnection = \"image:out\"\n\
     [[scanner]]\nconnection = \"stdin:\"\n[[scanner]]\nconnection = \"serial:/dev/a?baud=9600\"\n";

struct Place {
    dir: tempfile::TempDir,
}

impl Place {
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
    let place = Place::new();
    let loaded = place.load();
    for (key, wrong) in [
        ("sarft.address", "nonsense"),
        ("printer.profile", "no-such"),
        ("kiosk.id", ""),
        ("cloud.url", "https://x"),
    ] {
        assert!(change(&loaded, key, wrong).is_err(), "{key}");
    }
    assert!(matches!(change(&loaded, "kiosk.state_dir", "/tmp"), Err(ChangeError::Key(_))));
    assert_eq!(place.over(), None, "nothing was saved");
    change(&loaded, "sarft.address", "10.0.0.9:9500").unwrap();
    change(&place.load(), "scanner[1].connection", "serial:/dev/b?baud=9600").unwrap();
    let changed = place.load();
    assert_eq!(changed.settings.sarft.address, "10.0.0.9:9500");
    let scanners: Vec<&str> = changed.settings.scanners.iter().map(|s| s.connection.as_str()).collect();
    assert_eq!(scanners, ["stdin:", "serial:/dev/b?baud=9600"]);
    Trial::begin(&place.file()).unwrap().confirm();
    Trial::begin(&place.file()).unwrap().confirm();
    assert_eq!(place.load().settings.sarft.address, "10.0.0.9:9500");
    assert_eq!(place.undone(), None);
}

#[test]
fn a_change_the_kiosk_cant_start_with_is_undone_and_said() {
    let place = Place::new();
    change(&place.load(), "sarft.address", "10.0.0.9:9500").unwrap();
    let trial = Trial::begin(&place.file()).unwrap();
    assert!(trial.undo("the printer's thread\nwould not start").unwrap());
    assert_eq!((place.over(), place.load().settings.sarft.address), (None, "127.0.0.1:1".into()));
    assert_eq!(place.undone().unwrap(), "the printer's thread would not start");
    assert!(!trial.undo("again").unwrap(), "once is enough");
    acknowledge(&place.dir.path().join("state")).unwrap();
    assert_eq!(place.undone(), None);
}

#[test]
fn a_start_that_was_cut_off_undoes_the_change_and_keeps_what_was_there_before() {
    let place = Place::new();
    set_pin(&place.load(), "root", "Li", "usher", "$argon2id$x").unwrap_err();
    let hash = config::settings::PinHash::of("271828").unwrap();
    set_pin(&place.load(), "root", "Li", "usher", hash.text()).unwrap();
    let before = place.over().unwrap();
    change(&place.load(), "kiosk.id", "other").unwrap();
    drop(Trial::begin(&place.file()).unwrap());
    assert_eq!(place.load().settings.kiosk.id, "other", "on trial");
    // Killed: the next start finds that it was tried and never confirmed.
    Trial::begin(&place.file()).unwrap();
    assert_eq!(place.load().settings.kiosk.id, "k");
    assert_eq!(place.over().unwrap(), before);
    assert!(place.undone().unwrap().contains("cut off"));
    assert_eq!(place.load().settings.maintenance.holders().len(), 1);
}

#[test]
fn a_pin_set_on_site_hides_nobody_and_outlives_a_change_that_is_undone() {
    let hash = |pin: &str| config::settings::PinHash::of(pin).unwrap();
    let (first, second) = (hash("271828"), hash("314159"));
    let listed = |name: &str, role: &str, hash: &config::settings::PinHash| {
        format!("[[maintenance.holder]]\nname = '{name}'\nrole = '{role}'\npin_hash = '{}'\n", hash.text())
    };
    let place = Place::new();
    let write = |holders: &[String]| fs::write(place.file(), format!("{MAIN}{}", holders.concat())).unwrap();
    write(&[listed("Li", "technician", &first), listed("Wang", "usher", &first)]);
    // A name with everything that TOML has to quote.
    let odd = "Zhao \"A.\" [b] 赵";
    change(&place.load(), "kiosk.id", "other").unwrap();
    set_pin(&place.load(), "root", "Wang", "technician", second.text()).unwrap();
    set_pin(&place.load(), "root", odd, "usher", second.text()).unwrap();
    let over = place.over().unwrap();
    assert!(!over.contains("Li") && !over.contains(first.text()), "{over}");
    // The chain lists another, changes one and drops one.
    write(&[
        listed("Li", "usher", &second),
        listed("Chen", "usher", &first),
        listed("Wang", "usher", &first),
    ]);
    let told = |place: &Place| {
        let all = place.load().settings.maintenance.holders().into_iter();
        all.map(|one| (one.name, one.role, one.pin_hash)).collect::<Vec<_>>()
    };
    use config::settings::Role::{Technician, Usher};
    let wanted = [
        ("Li".into(), Usher, second.clone()),
        ("Chen".into(), Usher, first.clone()),
        ("Wang".into(), Technician, second.clone()),
        (odd.into(), Usher, second.clone()),
    ];
    assert_eq!(told(&place), wanted);
    // The other change is undone; the PINs stay.
    assert!(Trial::begin(&place.file()).unwrap().undo("it would not start").unwrap());
    assert_eq!((place.load().settings.kiosk.id, told(&place)), ("k".into(), wanted.to_vec()));
    assert!(
        forget_pin(&place.load(), "root", "Wang").unwrap() && forget_pin(&place.load(), "root", odd).unwrap()
    );
    assert!(!forget_pin(&place.load(), "root", "Li").unwrap(), "it stands in kiosk.toml");
    assert_eq!(told(&place)[2], ("Wang".into(), Usher, first));
    assert_eq!(told(&place).len(), 3);
    // What was done waits for the kiosk, once it is in the journal no longer.
    let state = place.dir.path().join("state");
    let all = acts(&state).unwrap();
    let words = |act: &PinAct| (act.holder.clone(), act.role.clone());
    let wanted = [("Wang", Some("technician")), (odd, Some("usher")), ("Wang", None), (odd, None)]
        .map(|(name, role)| (name.to_owned(), role.map(str::to_owned)));
    assert_eq!(all.iter().map(words).collect::<Vec<_>>(), wanted);
    assert_eq!(acts(&state).unwrap(), all, "a kiosk that was cut off gets it again");
    set_pin(&place.load(), "root", "Qian", "usher", second.text()).unwrap();
    taken(&state).unwrap();
    assert_eq!(
        acts(&state).unwrap().iter().map(words).collect::<Vec<_>>(),
        [("Qian".into(), Some("usher".into()))]
    );
    taken(&state).unwrap();
    assert_eq!(acts(&state).unwrap(), []);
}

#[test]
fn two_who_change_settings_at_once_lose_neither() {
    let place = Place::new();
    let hash = config::settings::PinHash::of("271828").unwrap();
    let loaded = place.load();
    thread::scope(|scope| {
        for n in 0..8 {
            let (loaded, hash) = (&loaded, &hash);
            scope.spawn(move || set_pin(loaded, "root", &format!("N{n}"), "usher", hash.text()).unwrap());
        }
        scope.spawn(|| change(&loaded, "kiosk.id", "other").unwrap());
    });
    let after = place.load();
    assert_eq!((after.settings.kiosk.id, after.settings.maintenance.on_site.len()), ("other".into(), 8));
}

#[test]
fn more_holders_than_the_menu_lists_are_refused() {
    let place = Place::new();
    let hash = config::settings::PinHash::of("271828").unwrap();
    for n in 0..config::HOLDERS_MAX {
        set_pin(&place.load(), "root", &format!("N{n}"), "usher", hash.text()).unwrap();
    }
    let error = set_pin(&place.load(), "root", "one more", "usher", hash.text()).unwrap_err().to_string();
    assert!(error.contains("at most 16"), "{error}");
    assert_eq!(place.load().settings.maintenance.on_site.len(), config::HOLDERS_MAX);
}
