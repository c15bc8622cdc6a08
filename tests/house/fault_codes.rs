//! Fault codes in the sources: the program names them by `FaultCode`, text has them from there alone.

use super::text::literals;
use pickup_kiosk::fault_code::FaultCode;

/// File of the codes' texts.
const CODES: &str = "fault_code.rs";
/// File whose sentences may mention a code: notes for technicians point to other faults.
const NOTES: &str = "maintenance/faults/notes.rs";

/// Returns the string literals of a file, tests apart, that have a fault code for a word, a sentence each.
pub fn quoted(file: &str, source: &str) -> Vec<String> {
    let told = |text: &str, line: usize| {
        let code = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').find_map(known)?;
        let is_sentence = text != format!("\"{code}\"");
        let allowed = file == CODES || file == NOTES && is_sentence;
        (!allowed).then(|| format!("src/{file}:{line}: \"{code}\" in a text; write FaultCode::{code:?}"))
    };
    literals(source).iter().filter_map(|literal| told(&literal.text, literal.line)).collect()
}

fn known(word: &str) -> Option<FaultCode> {
    FaultCode::ALL.into_iter().find(|code| code.as_str() == word)
}
