//! The virtual printer's papers, read back from their pictures.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Seek};
use std::path::Path;

/// Paper of the virtual printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Name of the paper's file.
    pub name: String,
    /// True for a piece: the printer was stopped in it.
    pub torn: bool,
    /// Texts of the paper's QR codes.
    pub codes: Vec<String>,
}

/// Returns all papers in a folder, in the order in which they came.
pub fn papers(folder: &Path) -> Vec<Paper> {
    let mut names = names(folder);
    names.sort();
    names.into_iter().map(|name| paper(folder, name)).collect()
}

/// Returns the number of papers in a folder; pieces count.
pub fn count(folder: &Path) -> usize {
    names(folder).len()
}

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with("ticket-") && name.ends_with(".png")).collect()
}

/// Reads one paper by its file's name.
pub fn paper(folder: &Path, name: String) -> Paper {
    let codes = codes(&folder.join(&name));
    Paper { torn: name.contains("torn"), codes, name }
}

fn codes(file: &Path) -> Vec<String> {
    // A code that a tear goes through has its corners and no content.
    codes_in(BufReader::new(File::open(file).unwrap())).into_iter().flatten().collect()
}

/// Returns every QR code that an independent decoder finds in a picture; `None` for one that it cannot read.
pub fn codes_in(picture: impl BufRead + Seek) -> Vec<Option<String>> {
    let mut decoder = png::Decoder::new(picture);
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let (width, height) = (info.width as usize, info.height as usize);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    image.detect_grids().iter().map(|grid| grid.decode().ok().map(|(_, text)| text)).collect()
}
