//! Templates: fixed text with `{fields}` of a ticket.

use super::text;
use crate::ticket::{Cents, Ticket};
use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::borrow::Cow;
use std::fmt::Write;

/// A field of a ticket that a template can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// Name of the cinema.
    Cinema,
    /// Code of the cinema.
    CinemaCode,
    /// Title of the film.
    Film,
    /// Code of the film.
    FilmCode,
    /// Date of the showing at the cinema, as 2015-08-06.
    Date,
    /// Date of the showing without the year, as 08月06日.
    MonthDay,
    /// Day of the week of the showing, as 周四.
    Weekday,
    /// Start of the showing at the cinema, as 10:50.
    Time,
    /// Name of the hall.
    Hall,
    /// Name of the seat.
    Seat,
    /// Price in yuan, as 50.00.
    Price,
    /// Service fee in yuan, as 3.00.
    Service,
    /// Sum of price and service fee in yuan.
    Total,
    /// Number of the ticket itself.
    TicketNo,
    /// Code of the showing ("session" in the vendor's documents).
    Session,
}

const FIELDS: [(&str, Field); 15] = [
    ("cinema", Field::Cinema),
    ("cinema_code", Field::CinemaCode),
    ("film", Field::Film),
    ("film_code", Field::FilmCode),
    ("date", Field::Date),
    ("month_day", Field::MonthDay),
    ("weekday", Field::Weekday),
    ("time", Field::Time),
    ("hall", Field::Hall),
    ("seat", Field::Seat),
    ("price", Field::Price),
    ("service", Field::Service),
    ("total", Field::Total),
    ("ticket_no", Field::TicketNo),
    ("session", Field::Session),
];

impl Field {
    /// Returns the field's name in a template.
    pub fn name(self) -> &'static str {
        FIELDS.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }
}

/// Fixed text with fields in it; at most 200 characters.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Fixed(String),
    Field(Field),
}

/// Largest length of a template, in characters.
const TEMPLATE_CHARS_MAX: usize = 200;

impl TryFrom<String> for Template {
    type Error = String;

    fn try_from(source: String) -> Result<Self, String> {
        if source.chars().count() > TEMPLATE_CHARS_MAX {
            return Err(format!("a text is longer than {TEMPLATE_CHARS_MAX} characters"));
        }
        let mut pieces = Vec::new();
        let mut rest = source.as_str();
        while let Some((fixed, after)) = rest.split_once('{') {
            push_fixed(&mut pieces, fixed)?;
            let (name, after) =
                after.split_once('}').ok_or_else(|| format!("`{{` without `}}` in \"{source}\""))?;
            let field = FIELDS.iter().find(|(known, _)| *known == name).ok_or_else(|| {
                let known: Vec<_> = FIELDS.iter().map(|(known, _)| *known).collect();
                format!("unknown field {{{name}}}; known are {}", known.join(", "))
            })?;
            pieces.push(Piece::Field(field.1));
            rest = after;
        }
        push_fixed(&mut pieces, rest)?;
        Ok(Self(pieces))
    }
}

fn push_fixed(pieces: &mut Vec<Piece>, fixed: &str) -> Result<(), String> {
    if fixed.contains(text::SUBSTITUTE) || !text::clean(fixed).contains(text::SUBSTITUTE) {
        if !fixed.is_empty() {
            pieces.push(Piece::Fixed(text::clean(fixed).into_owned()));
        }
        return Ok(());
    }
    Err(format!("\"{}\" holds a character the printer can't show", fixed.escape_debug()))
}

/// Values of the fields of one ticket, with times local to the cinema.
pub(crate) struct Values<'a> {
    ticket: &'a Ticket,
    local: DateTime,
}

impl<'a> Values<'a> {
    pub(crate) fn new(ticket: &'a Ticket, zone: &TimeZone) -> Self {
        Self { ticket, local: zone.to_datetime(ticket.session_at) }
    }

    fn write(&self, field: Field, out: &mut String) {
        let t = self.ticket;
        let date = self.local.date();
        let name = match field {
            Field::Cinema => &t.cinema_name,
            Field::CinemaCode => &t.cinema_code,
            Field::Film => &t.film_name,
            Field::FilmCode => &t.film_code,
            Field::Hall => &t.screen_name,
            Field::Seat => &t.seat_name,
            Field::TicketNo => &t.code,
            Field::Session => &t.session_code,
            Field::Date => {
                return put(out, format_args!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()));
            }
            Field::MonthDay => return put(out, format_args!("{:02}月{:02}日", date.month(), date.day())),
            Field::Weekday => return out.push_str(weekday(date.weekday())),
            Field::Time => {
                return put(out, format_args!("{:02}:{:02}", self.local.hour(), self.local.minute()));
            }
            Field::Price => return put(out, format_args!("{}", t.price)),
            Field::Service => return put(out, format_args!("{}", t.service)),
            Field::Total => {
                return put(out, format_args!("{}", Cents(t.price.0.saturating_add(t.service.0))));
            }
        };
        out.push_str(&text::clean(name));
    }
}

/// Appends formatted text; writing to a String never fails.
fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "周一",
        Weekday::Tuesday => "周二",
        Weekday::Wednesday => "周三",
        Weekday::Thursday => "周四",
        Weekday::Friday => "周五",
        Weekday::Saturday => "周六",
        Weekday::Sunday => "周日",
    }
}

impl Template {
    /// Returns the text for this ticket, clean.
    pub(crate) fn fill(&self, values: &Values<'_>) -> Cow<'_, str> {
        if let [Piece::Fixed(fixed)] = self.0.as_slice() {
            return Cow::Borrowed(fixed);
        }
        let mut out = String::with_capacity(64);
        for piece in &self.0 {
            match piece {
                Piece::Fixed(fixed) => out.push_str(fixed),
                Piece::Field(field) => values.write(*field, &mut out),
            }
        }
        Cow::Owned(out)
    }

    /// Returns true if nothing would be printed.
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(|piece| matches!(piece, Piece::Fixed(text) if text.trim().is_empty()))
    }

    /// Returns true if this field is in the template.
    pub fn shows(&self, field: Field) -> bool {
        self.0.contains(&Piece::Field(field))
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::sample_ticket;
    use super::*;

    fn filled(template: &str, ticket: &Ticket, zone: &str) -> String {
        let zone = TimeZone::get(zone).unwrap();
        let template = Template::try_from(template.to_owned()).unwrap();
        template.fill(&Values::new(ticket, &zone)).into_owned()
    }

    #[test]
    fn fields_are_filled_in_the_cinemas_own_time() {
        let ticket = sample_ticket();
        let all = "{film} {date} {month_day} {weekday} {time} {seat} {price}+{service}={total}";
        let text = filled(all, &ticket, "Asia/Shanghai");
        assert_eq!(text, "重返20岁 2015-08-06 08月06日 周四 10:50 7排10座 50.00+3.00=53.00");
        assert_eq!(filled("{date} {time}", &ticket, "Asia/Urumqi"), "2015-08-06 08:50");
        assert_eq!(filled("{date} {time}", &ticket, "America/New_York"), "2015-08-05 22:50");
    }

    #[test]
    fn what_a_server_says_is_cleaned_and_the_largest_sum_holds() {
        let mut ticket = sample_ticket();
        ticket.film_name = "\u{1B}@夜\0🎬".into();
        ticket.price = Cents(u32::MAX);
        ticket.session_at = jiff::Timestamp::MIN;
        assert_eq!(filled("{film}", &ticket, "Asia/Shanghai"), "□@夜□□");
        assert_eq!(filled("{total}", &ticket, "Asia/Shanghai"), "42949672.95");
        assert!(filled("{date}", &ticket, "Asia/Shanghai").starts_with('-'));
    }

    #[test]
    fn unknown_fields_open_braces_and_characters_no_printer_has_are_refused() {
        for bad in ["{nonsense}", "{film", "abc\u{1B}", "🎬", &"x".repeat(201)] {
            assert!(Template::try_from(bad.to_owned()).is_err(), "{bad:?}");
        }
    }
}
