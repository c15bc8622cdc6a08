use super::*;

fn wire(change: impl FnOnce(&mut Wire)) -> Result<Layout, LayoutError> {
    let mut wire = Wire::default();
    change(&mut wire);
    Layout::read(&wire)
}

fn header(items: &[&str]) -> Result<Layout, LayoutError> {
    wire(|wire| wire.header = items.iter().map(ToString::to_string).collect())
}

fn refused(items: &[&str]) -> String {
    header(items).unwrap_err().to_string()
}

#[test]
fn the_default_words_are_the_default_layout() {
    assert_eq!(Layout::read(&Wire::default()), Ok(Layout::default()));
}

#[test]
fn every_word_is_written_back_as_it_was_read() {
    let words = Wire {
        header: ["magic:55AA", "length:u16:total", "const:01", "sequence:u32", "pad:3", "command:u16"]
            .map(String::from)
            .to_vec(),
        trailer: ["crc16-modbus", "crc16-ccitt", "crc32", "sum8"].map(String::from).to_vec(),
        byte_order: "little".into(),
        charset: "utf-8".into(),
        datetime: "text19".into(),
        decimal: "f64".into(),
        md5_case: "upper".into(),
    };
    let layout = Layout::read(&words).unwrap();
    assert_eq!(layout.words(), words);
    assert_eq!((layout.header_size(), layout.trailer_size(), layout.length_field()), (14, 9, (2, 2)));
}

#[test]
fn headers_that_cannot_work_are_refused_with_word_and_remedy() {
    let length = "length:u32:rest";
    assert_eq!(
        refused(&["length:u8:rest", "command:u8"]),
        "sarft.wire.header: \"length:u8:rest\" cannot work: no ticket record fits in 255 bytes; right would be \
         length:u16:… or length:u32:…"
    );
    assert!(refused(&["length:u8", "command:u8"]).contains("no ticket record fits"));
    assert!(refused(&["command:u8"]).contains("has no length; right would be exactly one"));
    assert!(refused(&[length]).contains("has no command"));
    assert!(refused(&[]).contains("has no length"));
    assert!(refused(&[length, length, "command:u8"]).contains("has 2 items \"length:…\""));
    assert!(refused(&[length, "command:u8", "command:u16"]).contains("has 2 items \"command:…\""));
    assert!(refused(&[length, "command:u8", "sequence:u8", "sequence:u8"]).contains("at most one"));
    let many = vec!["pad:1"; 17];
    assert!(refused(&many).contains("has 17 items"));
}

#[test]
fn bad_items_are_refused_with_the_word() {
    let base = ["length:u32:rest", "command:u8"];
    for bad in [
        "",
        "lenght:u32:rest",
        "length",
        "length:u32",
        "length:u64:rest",
        "length:u32:all",
        "length:u32:rest:x",
        "command",
        "command:u64",
        "command:u8:x",
        "sequence:",
        "sequence:i8",
        "magic",
        "magic:",
        "magic:5",
        "magic:5G",
        "magic:0x55",
        "magic:55:AA",
        "const:影院",
        "pad",
        "pad:",
        "pad:0",
        "pad:257",
        "pad:-1",
        "pad:+1",
        "pad:1e2",
        "pad:99999999999999999999",
        "Pad:1",
        " pad:1",
        "crc32",
    ] {
        let error = header(&[base[0], base[1], bad]).unwrap_err();
        assert_eq!(error.key, "header");
        assert!(error.found.en.contains(&format!("{bad:?}")), "{bad}: {error}");
        assert!(!error.right.is_empty());
    }
    assert!(header(&[base[0], base[1], &format!("magic:{}", "5a".repeat(32))]).is_ok());
    assert!(header(&[base[0], base[1], &format!("magic:{}", "5a".repeat(33))]).is_err());
    assert!(header(&[base[0], base[1], "pad:256"]).is_ok());
}

#[test]
fn the_other_keys_name_their_words() {
    let error = wire(|wire| wire.charset = "gbk".into()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "sarft.wire.charset: \"gbk\" is unknown; right would be \"gb18030\" or \"utf-8\""
    );
    assert_eq!(wire(|wire| wire.byte_order = "BIG".into()).unwrap_err().key, "byte_order");
    assert_eq!(wire(|wire| wire.datetime = "unix".into()).unwrap_err().key, "datetime");
    assert_eq!(wire(|wire| wire.decimal = String::new()).unwrap_err().key, "decimal");
    assert_eq!(wire(|wire| wire.md5_case = "Lower".into()).unwrap_err().key, "md5_case");
    assert_eq!(wire(|wire| wire.trailer = vec!["crc16".into()]).unwrap_err().key, "trailer");
    assert_eq!(wire(|wire| wire.trailer = vec!["sum8".into(); 5]).unwrap_err().key, "trailer");
}

#[test]
fn a_word_of_any_length_is_shown_short() {
    let error = wire(|wire| wire.charset = "x".repeat(1_000_000)).unwrap_err();
    assert!(error.to_string().len() < 200);
}
