use super::*;
use std::os::unix::fs::symlink;

fn items() -> Vec<Item> {
    vec![
        Item { name: "a.csv", content: b"x\r\n".to_vec() },
        Item { name: "b.txt", content: vec![b'y'; 300_000] },
    ]
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_parcel_is_there_whole_under_a_name_of_its_own() {
    let stick = tempfile::tempdir().unwrap();
    let first = write_whole(stick.path(), "k", &items()).unwrap();
    let second = write_whole(stick.path(), "k", &items()).unwrap();
    assert_ne!(first, second);
    for name in [first, second] {
        assert_eq!(names(&stick.path().join(&name)), ["a.csv", "b.txt"]);
        assert_eq!(fs::read(stick.path().join(name).join("a.csv")).unwrap(), b"x\r\n");
    }
}

#[test]
fn a_stick_that_is_full_keeps_nothing_of_it() {
    // A tiny file system needs a mount; a file that can't be written is what a full stick looks like from here.
    let stick = tempfile::tempdir().unwrap();
    let mut broken = items();
    broken.push(Item { name: "no/such/place", content: vec![1] });
    write_whole(stick.path(), "k", &broken).unwrap_err();
    assert_eq!(names(stick.path()), Vec::<String>::new());
    // Pulled out: the folder is not there any more.
    write_whole(&stick.path().join("gone"), "k", &items()).unwrap_err();
}

#[test]
fn what_stands_on_the_stick_is_neither_touched_nor_followed() {
    let (stick, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    // Names that are in the way for the next seconds, as links to somewhere else.
    for second in 0..5 {
        let stamp = Timestamp::from_second(Timestamp::now().as_second() + second).unwrap();
        let name = format!("pickup-kiosk-k-{}", stamp.strftime("%Y%m%d-%H%M%S"));
        symlink(elsewhere.path(), stick.path().join(name)).unwrap();
    }
    fs::write(stick.path().join("\u{1b}[2J;rm -rf $(x)"), "hostile").unwrap();
    let name = write_whole(stick.path(), "k", &items()).unwrap();
    assert!(name.ends_with("-1"), "{name}");
    assert_eq!(names(elsewhere.path()), Vec::<String>::new());
    assert_eq!(fs::read(stick.path().join("\u{1b}[2J;rm -rf $(x)")).unwrap(), b"hostile");
}

#[test]
fn only_removable_disks_with_plain_names_are_listed() {
    let json = r#"{"blockdevices":[
        {"path":"/dev/mmcblk0p2","rm":false,"hotplug":false,"type":"part","fstype":"ext4","label":null,"size":"28G"},
        {"path":"/dev/sda1","rm":true,"hotplug":true,"type":"part","fstype":"vfat","label":"A\u001b[2JB","size":"4G"},
        {"path":"/dev/sdb","rm":"1","hotplug":"1","type":"disk","fstype":null,"label":null,"size":"4G"},
        {"path":"/dev/../etc","rm":true,"hotplug":true,"type":"part","fstype":"vfat","label":"x","size":"1G"}]}"#;
    assert_eq!(sticks(json), [("/dev/sda1".to_owned(), "/dev/sda1  A[2JB  4G".to_owned())]);
    for nonsense in ["", "{}", "{\"blockdevices\": 7}"] {
        assert_eq!(sticks(nonsense), []);
    }
}

#[test]
fn the_place_is_read_from_what_udisks_says() {
    let at = |said| mount_point(said).map(|path| path.display().to_string());
    assert_eq!(at("Mounted /dev/sda1 at /media/kiosk/A at B\n").as_deref(), Some("/media/kiosk/A at B"));
    assert_eq!(at("Mounted /dev/sda1 at /media/x.").as_deref(), Some("/media/x"));
    let already =
        "Error mounting /dev/sda1: GDBus.Error: Device /dev/sda1 is already mounted at `/media/x'.\n";
    assert_eq!(at(already).as_deref(), Some("/media/x"));
    assert_eq!(at("Error looking up object for device"), None);
}
