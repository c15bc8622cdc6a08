use super::*;

/// The document's sample (3.4) as far as it is printed, with its area code of ten digits, and after IsAllocatedSeating
/// the fields of its table: the two seats that 3.5 names.
const SAMPLE: &str = r#"{"ResponseCode":0,"SeatLayoutData":{
    "AreaCategories":[],
    "Areas":[{
        "AreaCategoryCode":"0000000001", "ColumnCount":12, "Description":"一号厅", "DescriptionAlt":"",
        "HasSofaSeatingEnabled":false, "Height":7, "IsAllocatedSeating":true,
        "Number":1, "RowCount":7, "Rows":[{"PhysicalName":"7","Seats":[
            {"Id":"10","Position":{"AreaNumber":1,"ColumnIndex":1,"RowIndex":0},"SeatStyle":0,"Status":0},
            {"Id":"9","Position":{"AreaNumber":1,"ColumnIndex":2,"RowIndex":0},"SeatStyle":1,"Status":1}]}]
    }]}}"#;

#[test]
fn the_documents_request() {
    assert_eq!(request("0200", "29617"), "/cinemas/0200/sessions/29617/seat-plan");
}

#[test]
fn the_documents_reply() {
    let seat = |name: &str, column, style, status| Seat {
        name: Some(name.into()),
        position: Some(Position { area: 1, row: 0, column }),
        style,
        status,
    };
    let area = Area {
        category: Some("0000000001".into()),
        number: Some(1),
        name: Some("一号厅".into()),
        columns: Some(12),
        row_count: Some(7),
        rows: vec![Row {
            name: Some("7".into()),
            seats: vec![
                seat("10", 1, SeatStyle::Chair, SeatStatus::Free),
                seat("9", 2, SeatStyle::SofaLeft, SeatStatus::Sold),
            ],
        }],
    };
    let plan = SeatPlan { areas: vec![area] };
    assert_eq!(read(SAMPLE.as_bytes()), Ok(Reply { code: 0, said: None, content: Some(plan) }));
}

#[test]
fn positions_may_stand_beside_and_numbers_may_be_text() {
    let flat = SAMPLE
        .replace(
            r#""Position":{"AreaNumber":1,"ColumnIndex":1,"RowIndex":0}"#,
            r#""Position":null,"AreaNumber":"1","ColumnIndex":"1","RowIndex":"0""#,
        )
        .replace(r#""Status":1"#, r#""Status":"1""#)
        .replace(r#""Number":1, "#, "");
    assert_eq!(read(flat.as_bytes()), read(SAMPLE.as_bytes()));
}

#[test]
fn what_is_not_listed_cannot_be_sold() {
    for (status, expected) in [
        ("0", SeatStatus::Free),
        ("2", SeatStatus::Kept),
        ("3", SeatStatus::Wheelchair),
        ("4", SeatStatus::Unknown),
        ("5", SeatStatus::Broken),
        ("7", SeatStatus::NeverSold),
        ("-1", SeatStatus::Unknown),
        ("null", SeatStatus::Unknown),
        ("{}", SeatStatus::Unknown),
    ] {
        let body = SAMPLE.replace(r#""Status":0"#, &format!(r#""Status":{status}"#));
        let plan = read(body.as_bytes()).unwrap().content.unwrap();
        assert_eq!(plan.seats().next().unwrap().2.status, expected, "{status}");
    }
}

#[test]
fn no_plan_is_no_plan() {
    let none = |code| Ok(Reply { code, said: None, content: None });
    assert_eq!(read(br#"{"ResponseCode":67,"SeatLayoutData":null}"#), none(67));
    assert_eq!(read(br#"{"ResponseCode":4}"#), none(4));
    assert_eq!(read(br#"{"SeatLayoutData":{}}"#), Err(ReadError::Missing("ResponseCode")));
    let many = SAMPLE.replace(r#"{"PhysicalName""#, &format!(r#"{}{{"PhysicalName""#, "null,".repeat(200)));
    assert_eq!(read(many.as_bytes()), Err(ReadError::TooMany { what: "rows", max: 200 }));
}
