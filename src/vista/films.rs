//! OData.GetNowShowingScheduledFilms (3.2): films on sale with their sessions. Pure.
//!
//! The service cannot filter by Showtime yet: [`on_day`] does so here.

use super::lenient::{Lenient, List, Text};
use super::odata::{self, Query};
use super::reply::ReadError;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// Most films read.
pub const FILMS_MAX: usize = 2_000;
/// Most sessions of a film read.
pub const SESSIONS_MAX: usize = 5_000;
/// Most attributes of a session read.
const ATTRIBUTES_MAX: usize = 50;

/// Fields requested: those of the document's sample, and the film's texts.
const FIELDS: [&str; 11] = [
    "ScheduledFilmId",
    "Title",
    "RunTime",
    "ShortCode",
    "Sessions/SessionId",
    "Sessions/Showtime",
    "Sessions/Attributes/Description",
    "Sessions/ScreenNumber",
    "Sessions/ScreenName",
    "RatingDescription",
    "Synopsis",
];

/// A film on sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Film {
    /// ScheduledFilmId.
    pub id: String,
    /// Title of the film, the field `Title`.
    pub title: Option<String>,
    /// ShortCode: the film's national number.
    pub short_code: Option<String>,
    /// RunTime, in minutes.
    pub run_time: Option<u32>,
    /// RatingDescription.
    pub rating: Option<String>,
    /// Synopsis: director, actors, first day.
    pub synopsis: Option<String>,
    /// Sessions of the film, in order of time.
    pub sessions: Vec<FilmSession>,
}

/// A session of a film.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FilmSession {
    /// SessionId.
    pub id: String,
    /// Showtime, in the cinema's local time.
    pub showtime: Option<DateTime>,
    /// ScreenNumber.
    pub screen_number: Option<u32>,
    /// ScreenName.
    pub screen_name: Option<String>,
    /// Attributes/Description.
    pub attributes: Vec<String>,
}

/// Requests the films of one cinema.
pub fn request(cinema_id: &str) -> Query {
    Query::of("GetNowShowingScheduledFilms")
        .text_parameter("cinemaId", cinema_id)
        .expand(&["Sessions/Attributes"])
        .select(&FIELDS)
}

/// Keeps only the sessions of one day, and the films that have any.
pub fn on_day(films: Vec<Film>, day: Date) -> Vec<Film> {
    let of_that_day = |mut film: Film| {
        film.sessions.retain(|session| session.showtime.is_some_and(|at| at.date() == day));
        (!film.sessions.is_empty()).then_some(film)
    };
    films.into_iter().filter_map(of_that_day).collect()
}

/// Reads a reply's body. Films and sessions without an ID are left out; sessions are sorted by time.
pub fn read(body: &[u8]) -> Result<Vec<Film>, ReadError> {
    let raw = odata::list::<RawFilm, FILMS_MAX>(body, "films")?;
    raw.into_iter().filter_map(|film| film.understood().transpose()).collect()
}

#[derive(Deserialize)]
struct RawFilm {
    #[serde(rename = "ScheduledFilmId", default)]
    id: Lenient,
    #[serde(rename = "Title", default)]
    title: Text,
    #[serde(rename = "ShortCode", default)]
    short_code: Lenient,
    #[serde(rename = "RunTime", default)]
    run_time: Lenient,
    #[serde(rename = "RatingDescription", default)]
    rating: Text,
    #[serde(rename = "Synopsis", default)]
    synopsis: Text,
    #[serde(rename = "Sessions", default)]
    sessions: List<RawSession, SESSIONS_MAX>,
}

#[derive(Deserialize)]
struct RawSession {
    #[serde(rename = "SessionId", default)]
    id: Lenient,
    #[serde(rename = "Showtime", default)]
    showtime: Lenient,
    #[serde(rename = "ScreenNumber", default)]
    screen_number: Lenient,
    #[serde(rename = "ScreenName", default)]
    screen_name: Text,
    #[serde(rename = "Attributes", default)]
    attributes: List<RawAttribute, ATTRIBUTES_MAX>,
}

#[derive(Deserialize)]
struct RawAttribute {
    #[serde(rename = "Description", default)]
    description: Text,
}

impl RawFilm {
    fn understood(self) -> Result<Option<Film>, ReadError> {
        let Some(id) = self.id.owned() else { return Ok(None) };
        let sessions = self.sessions.items("sessions")?.into_iter().map(RawSession::understood);
        let mut sessions = sessions.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()?;
        sessions.sort_by_key(|session| session.showtime);
        Ok(Some(Film {
            id,
            title: self.title.owned(),
            short_code: self.short_code.owned(),
            run_time: self.run_time.number(),
            rating: self.rating.owned(),
            synopsis: self.synopsis.owned(),
            sessions,
        }))
    }
}

impl RawSession {
    fn understood(self) -> Result<Option<FilmSession>, ReadError> {
        let Some(id) = self.id.owned() else { return Ok(None) };
        let attributes = self.attributes.items("attributes")?;
        Ok(Some(FilmSession {
            id,
            showtime: self.showtime.text().and_then(|text| text.parse().ok()),
            screen_number: self.screen_number.number(),
            screen_name: self.screen_name.owned(),
            attributes: attributes.into_iter().filter_map(|raw| raw.description.owned()).collect(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// The document's two samples (3.2) in one: the reply's tree with the screen fields its request asks for.
    const SAMPLE: &str = r#"{"odata.metadata":"http://180.167.19.17/WSVistaWebClient/OData.svc/$metadata#ScheduledFilms",
        "value":[{"RunTime":"97","ScheduledFilmId":"HO00012501","Sessions":[
            {"Attributes":[{"Description":"0"}],"Showtime":"2016-10-19T12:45:00","SessionId":"34669"},
            {"Attributes":[{"Description":"0"}],"Showtime":"2016-10-19T10:30:00","SessionId":"34668",
             "ScreenNumber":1,"ScreenName":"一号厅"}],
        "ShortCode":"001200472015","Title":"一万年以后(数字 3D)"}]}"#;

    #[test]
    fn the_documents_request() {
        let query = Query::of("GetNowShowingScheduledFilms")
            .text_parameter("cinemaId", "0200")
            .expand(&["Sessions/Attributes"])
            .select(&FIELDS[..9]);
        assert_eq!(
            query.path(),
            "/GetNowShowingScheduledFilms?$format=json&cinemaId=%270200%27&$expand=Sessions/Attributes&\
             $select=ScheduledFilmId,Title,RunTime,ShortCode,Sessions/SessionId,Sessions/Showtime,\
             Sessions/Attributes/Description,Sessions/ScreenNumber,Sessions/ScreenName"
        );
        assert!(request("0200").path().starts_with(query.path()));
    }

    #[test]
    fn the_documents_reply() {
        let films = read(SAMPLE.as_bytes()).unwrap();
        let film = &films[0];
        assert_eq!((film.id.as_str(), film.run_time), ("HO00012501", Some(97)));
        assert_eq!(film.title.as_deref(), Some("一万年以后(数字 3D)"));
        assert_eq!(film.short_code.as_deref(), Some("001200472015"));
        let first = FilmSession {
            id: "34668".into(),
            showtime: Some(date(2016, 10, 19).at(10, 30, 0, 0)),
            screen_number: Some(1),
            screen_name: Some("一号厅".into()),
            attributes: vec!["0".into()],
        };
        assert_eq!(film.sessions[0], first);
        assert_eq!(film.sessions[1].id, "34669");
    }

    #[test]
    fn days_are_told_apart_here() {
        let films = || read(SAMPLE.as_bytes()).unwrap();
        assert_eq!(on_day(films(), date(2016, 10, 19))[0].sessions.len(), 2);
        assert_eq!(on_day(films(), date(2016, 10, 20)), []);
    }

    #[test]
    fn what_is_missing_or_no_date_is_left_open() {
        let body = r#"{"value":[{"ScheduledFilmId":7,"RunTime":null,"Sessions":[{"SessionId":1,"Showtime":"soon"},{}]},
            {"Title":"without an ID"},{"ScheduledFilmId":"8","Sessions":null}]}"#;
        let films = read(body.as_bytes()).unwrap();
        assert_eq!(films.len(), 2);
        assert_eq!(films[0].sessions.len(), 1);
        assert_eq!(films[0].sessions[0].showtime, None);
        assert_eq!(on_day(films, date(2016, 10, 19)), []);
    }
}
