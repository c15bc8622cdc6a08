use super::*;

#[test]
fn requests_are_odd_and_their_replies_the_next_even_ones() {
    assert_eq!(Command::Query.reply(), Some(Command::QueryReply));
    assert_eq!(Command::Report.reply(), Some(Command::ReportReply));
    assert_eq!(Command::QueryReply.reply(), None);
    assert_eq!(Command::from_number(0), None);
    assert_eq!(Command::from_number(9), None);
    assert_eq!(Command::from_number(0x1_0000_0001), None);
}

#[test]
fn the_verify_code_is_the_md5_of_the_id_with_its_case() {
    let code = |id: &str| VerifyCode::of(&BookingId::parse(id).unwrap());
    // md5sum of "WQNX8JL".
    let sum =
        [0x36, 0x94, 0x34, 0xb1, 0x7a, 0x97, 0xb4, 0xc2, 0x47, 0xa3, 0x8b, 0xda, 0xf4, 0xa6, 0x6e, 0xda];
    assert_eq!(code("WQNX8JL").expose(), &sum);
    assert_ne!(code("wqnx8jl"), code("WQNX8JL"));
}
