//! Screens as they looked when a person last said that they are right: small pictures and the places of their blocks,
//! in tests/snapshots/screen. `WRITE_SNAPSHOTS=1 tests/run browser` writes them anew.
//!
//! Another version of the font may draw a letter differently by a shade: so pictures are compared as averages over
//! squares of some pixels, and places within [`PLACE_TOLERANCE`].

use super::driver::Browser;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Number of shades of grey in a snapshot.
const SHADES: u8 = 16;
/// Largest difference of a square's shade, of 255, that counts as none.
const SHADE_TOLERANCE: u8 = 48;
/// Number of squares in a thousand that may differ.
const SQUARES_TOLERANCE: usize = 15;
/// Largest shift of a block's edge, in CSS pixels, that counts as none.
const PLACE_TOLERANCE: f64 = 14.0;

/// A picture in grey, made of squares.
#[derive(Clone)]
pub struct Thumb {
    width: usize,
    height: usize,
    shades: Vec<u8>,
}

impl Thumb {
    /// Reads a PNG of the screen, with squares of `scale` pixels.
    pub fn of(png: &[u8], scale: usize) -> Self {
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        let samples = info.color_type.samples();
        let (width, height) = (info.width as usize / scale, info.height as usize / scale);
        let mut shades = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let mut sum = 0;
                for row in y * scale..(y + 1) * scale {
                    for column in x * scale..(x + 1) * scale {
                        let at = row * info.line_size + column * samples;
                        let [red, green, blue] =
                            [0, 1, 2].map(|of| u32::from(pixels[at + of.min(samples - 1)]));
                        sum += (3 * red + 6 * green + blue) / 10;
                    }
                }
                let shade = u8::try_from(sum / u32::try_from(scale * scale).unwrap()).unwrap();
                let step = 255 / (SHADES - 1);
                shades.push(((u16::from(shade) + u16::from(step) / 2) / u16::from(step)) as u8 * step);
            }
        }
        Self { width, height, shades }
    }

    fn shade(&self, x: usize, y: usize) -> u8 {
        if x < self.width && y < self.height { self.shades[y * self.width + x] } else { 0 }
    }
}

/// Puts several beside each other, one row per language.
fn sheet(rows: &[Vec<Thumb>]) -> Thumb {
    let height = |row: &Vec<Thumb>| row.iter().map(|thumb| thumb.height).max().unwrap_or_default();
    let width = rows.iter().map(|row| row.iter().map(|thumb| thumb.width).sum()).max().unwrap_or_default();
    let mut shades = Vec::new();
    for row in rows {
        for y in 0..height(row) {
            let line: Vec<u8> =
                row.iter().flat_map(|thumb| (0..thumb.width).map(move |x| thumb.shade(x, y))).collect();
            shades.extend(&line);
            shades.resize(shades.len() + width - line.len(), 0);
        }
    }
    Thumb { width, height: rows.iter().map(height).sum(), shades }
}

fn encode(sheet: &Thumb) -> Vec<u8> {
    let mut bytes = Vec::new();
    let size = [sheet.width, sheet.height].map(|side| u32::try_from(side).unwrap());
    let mut encoder = png::Encoder::new(&mut bytes, size[0], size[1]);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&sheet.shades).unwrap();
    writer.finish().unwrap();
    bytes
}

/// Returns the places of the page's blocks, one line each: `id left top right bottom`.
pub fn places(browser: &Browser<'_>) -> String {
    let found = browser.run(
        "const all = document.querySelectorAll('header, header > *, main, main > *, #title, #text, #facts > *, #beside > *, footer, footer > *, #wake');
         const seen = [...all].filter((one) => one.getBoundingClientRect().width > 0);
         const name = (one) => one.id || one.tagName.toLowerCase();
         const edges = ({ left, top, right, bottom }) => [left, top, right, bottom].map(Math.round).join(' ');
         return seen.map((one) => `${name(one)} ${edges(one.getBoundingClientRect())}`);",
    );
    found.as_array().unwrap().iter().map(Value::as_str).map(|line| format!("{}\n", line.unwrap())).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/screen")
}

/// Returns the changes of a screen since its snapshot; none where it was written anew.
pub fn compare(name: &str, rows: &[Vec<Thumb>], places: &str) -> Vec<String> {
    let now = encode(&sheet(rows));
    let (picture, text) = (folder().join(format!("{name}.png")), folder().join(format!("{name}.txt")));
    if std::env::var_os("WRITE_SNAPSHOTS").is_some() {
        fs::create_dir_all(folder()).unwrap();
        fs::write(picture, now).unwrap();
        fs::write(text, places).unwrap();
        return Vec::new();
    }
    let (Ok(before), Ok(places_before)) = (fs::read(&picture), fs::read_to_string(&text)) else {
        return vec![format!("{name}: there is no snapshot; WRITE_SNAPSHOTS=1 writes it")];
    };
    let (mut changed, mut here) = (Vec::new(), moved(&places_before, places));
    here.extend(repainted(&Thumb::of(&before, 1), &Thumb::of(&now, 1)));
    if !here.is_empty() {
        let seen = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
        fs::write(&seen, now).unwrap();
        changed.push(format!("{name}: {}; as it looks now: {}", here.join(", "), seen.display()));
    }
    changed
}

fn repainted(before: &Thumb, now: &Thumb) -> Option<String> {
    if (before.width, before.height) != (now.width, now.height) {
        return Some("the pictures differ in size".into());
    }
    let far = |(before, now): (&u8, &u8)| before.abs_diff(*now) > SHADE_TOLERANCE;
    let differ = before.shades.iter().zip(&now.shades).filter(|pair| far(*pair)).count();
    let allowed = now.shades.len() * SQUARES_TOLERANCE / 1_000;
    (differ > allowed).then(|| format!("{differ} squares differ, {allowed} may"))
}

fn moved(before: &str, now: &str) -> Vec<String> {
    if before.lines().count() != now.lines().count() {
        return vec!["blocks have come or gone".into()];
    }
    let same = |(before, now): &(&str, &str)| {
        let (mut before, mut now) = (before.split(' '), now.split(' '));
        let close = |(before, now): (&str, &str)| match (before.parse::<f64>(), now.parse::<f64>()) {
            (Ok(before), Ok(now)) => (before - now).abs() <= PLACE_TOLERANCE,
            _ => before == now,
        };
        before.by_ref().zip(now.by_ref()).all(close)
    };
    let differ = before.lines().zip(now.lines()).filter(|lines| !same(lines));
    differ.map(|(before, now)| format!("{before} is now {now}")).collect()
}

#[test]
fn what_moves_or_changes_its_shade_is_noticed_and_a_hair_is_not() {
    assert!(moved("say 0 0 100 50\n", "say 3 0 108 50\n").is_empty());
    assert_eq!(moved("say 0 0 100 50\n", "say 0 0 100 80\n").len(), 1);
    assert_eq!(moved("say 0 0 100 50\n", "facts 0 0 100 50\n").len(), 1);
    assert_eq!(moved("say 0 0 100 50\n", "").len(), 1);
    let grey = |shade: u8| Thumb { width: 10, height: 10, shades: vec![shade; 100] };
    assert!(repainted(&grey(17), &grey(51)).is_none());
    assert!(repainted(&grey(17), &grey(170)).is_some());
    let mut spot = grey(17);
    spot.shades[..3].fill(255);
    assert!(repainted(&grey(17), &spot).is_some());
}
