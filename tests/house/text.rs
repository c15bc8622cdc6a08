//! A source file as words: comments, strings and characters taken out, and everything that is only
//! compiled for tests.

/// One word or sign of the code, with the line it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// An identifier, `::`, or a single sign.
    pub text: String,
    /// Number of the line, from 1.
    pub line: usize,
}

/// A source file's own code, and the modules it declares for tests alone.
pub struct Code {
    pub words: Vec<Word>,
    pub test_modules: Vec<String>,
}

/// Reads a source file.
pub fn code(source: &str) -> Code {
    without_tests(words(source, false))
}

/// Reads the string literals of a source file, with their quotes; those that are only compiled for tests apart.
pub fn literals(source: &str) -> Vec<Word> {
    let mut words = without_tests(words(source, true)).words;
    words.retain(|word| word.text.contains('"'));
    words
}

/// Splits a source into words and signs; string literals are left out, or stand among them as one word each.
fn words(source: &str, with_literals: bool) -> Vec<Word> {
    let chars: Vec<char> = source.chars().collect();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(&c) = chars.get(at) {
        let end = piece_end(&chars, at);
        let piece = &chars[at..end];
        let quoted = (is_name(c) || c == '"') && piece.contains(&'"');
        if quoted {
            let text = piece.iter().collect();
            found.extend(with_literals.then_some(Word { text, line }));
        } else if is_name(c) {
            let text: String = piece.iter().collect();
            found.push(Word { text: text.trim_start_matches("r#").to_owned(), line });
        } else if piece == [':', ':'] || (piece.len() == 1 && !c.is_whitespace()) {
            found.push(Word { text: piece.iter().collect(), line });
        }
        line += piece.iter().filter(|&&c| c == '\n').count();
        at = end;
    }
    found
}

/// Returns the end of the piece that begins at `at`: a comment, a literal, a name, `::` or one character.
fn piece_end(chars: &[char], at: usize) -> usize {
    let next = chars.get(at + 1).copied();
    match (chars[at], next) {
        ('/', Some('/')) => (at..chars.len()).find(|&i| chars[i] == '\n').unwrap_or(chars.len()),
        ('/', Some('*')) => comment_end(chars, at),
        ('"', _) => string_end(chars, at + 1, 0),
        ('\'', _) => character_end(chars, at),
        (':', Some(':')) => at + 2,
        (c, _) if is_name(c) => name_end(chars, at),
        _ => at + 1,
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Returns the end of a name, of a literal with a prefix (`b"…"`, `r#"…"#`: one piece with its string), or of a raw
/// name.
fn name_end(chars: &[char], at: usize) -> usize {
    let end = (at..chars.len()).find(|&i| !is_name(chars[i])).unwrap_or(chars.len());
    let prefix: String = chars[at..end].iter().collect();
    let hashes = (end..chars.len()).take_while(|&i| chars[i] == '#').count();
    let raw = matches!(prefix.as_str(), "r" | "br" | "cr");
    match chars.get(end + hashes) {
        Some('"') if raw => string_end(chars, end + hashes + 1, hashes + 1),
        Some('"') if hashes == 0 && matches!(prefix.as_str(), "b" | "c") => string_end(chars, end + 1, 0),
        Some(&c) if prefix == "r" && hashes == 1 && is_name(c) => name_end(chars, end + 1),
        _ => end,
    }
}

/// Returns the index after the closing quote. `raw` is 0 for a string with escapes, else the number of hashes plus one.
fn string_end(chars: &[char], mut at: usize, raw: usize) -> usize {
    while let Some(&c) = chars.get(at) {
        if c == '\\' && raw == 0 {
            at += 2;
            continue;
        }
        at += 1;
        let hashes = raw.saturating_sub(1);
        if c == '"' && chars.len() >= at + hashes && chars[at..at + hashes].iter().all(|&c| c == '#') {
            return at + hashes;
        }
    }
    chars.len()
}

fn comment_end(chars: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

/// Returns the index after a character literal; a lifetime's quote stands for itself.
fn character_end(chars: &[char], at: usize) -> usize {
    match (chars.get(at + 1), chars.get(at + 2)) {
        (Some('\\'), _) => {
            (at + 3..chars.len()).find(|&i| chars[i] == '\'').map_or(chars.len(), |close| close + 1)
        }
        (Some(_), Some('\'')) => at + 3,
        _ => at + 1,
    }
}

fn without_tests(words: Vec<Word>) -> Code {
    let mut code = Code { words: Vec::new(), test_modules: Vec::new() };
    let mut at = 0;
    while at < words.len() {
        let Some(after) = test_attribute_end(&words, at) else {
            code.words.push(words[at].clone());
            at += 1;
            continue;
        };
        at = item_end(&words, after);
        let item: Vec<&str> = words[after..at].iter().map(|w| w.text.as_str()).collect();
        if let Some(i) = item.iter().position(|&w| w == "mod")
            && item.get(i + 2) == Some(&";")
        {
            code.test_modules.push(item[i + 1].to_owned());
        }
    }
    code
}

/// Returns the index after `#[cfg(test)]` (or `cfg(all(test, …))`) at `at`, if one stands there.
fn test_attribute_end(words: &[Word], at: usize) -> Option<usize> {
    let starts = |form: &[&str]| form.iter().enumerate().all(|(i, &w)| text(words, at + i) == w);
    let here =
        starts(&["#", "[", "cfg", "(", "test", ")"]) || starts(&["#", "[", "cfg", "(", "all", "(", "test"]);
    here.then(|| bracket_end(words, at + 1))
}

fn text(words: &[Word], at: usize) -> &str {
    words.get(at).map_or("", |w| w.text.as_str())
}

/// Returns the index after the bracket that closes the one at `at`.
fn bracket_end(words: &[Word], at: usize) -> usize {
    let mut depth = 0;
    for i in at..words.len() {
        match text(words, i) {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return i + 1;
        }
    }
    words.len()
}

/// Returns the index after the item (with its attributes), field or arm that begins at `at`.
fn item_end(words: &[Word], mut at: usize) -> usize {
    while text(words, at) == "#" {
        at = bracket_end(words, at + 1);
    }
    let items =
        ["pub", "fn", "mod", "use", "struct", "enum", "impl", "const", "static", "trait", "type", "async"];
    let item = items.contains(&text(words, at));
    // A `use` behind the brace is the first line of a module, which ends with its own brace.
    let import = (at..at + 5).take_while(|i| text(words, *i) != "{").any(|i| text(words, i) == "use");
    while at < words.len() {
        match text(words, at) {
            ";" => return at + 1,
            "," if !item => return at + 1,
            "}" => return at,
            "{" if item && !import => return bracket_end(words, at),
            "(" | "[" | "{" => at = bracket_end(words, at),
            _ => at += 1,
        }
    }
    at
}
