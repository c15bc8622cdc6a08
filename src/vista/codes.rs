//! The result codes of all cloud services (3.13): one table. Pure.
//!
//! Names are the document's, with the line breaks of its scan removed. It has no text for 54, and repeats 27's for 28:
//! their sentences here follow their names.

use crate::locale::{Text, text};

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// Number of the code, as the services answer it.
    pub code: u8,
    /// Name of the code in the document.
    pub name: &'static str,
    /// A sentence for people who read Chinese.
    pub chinese: &'static str,
    /// A sentence for people who read English.
    pub english: &'static str,
    /// True if the same request, sent again later, can succeed.
    pub can_retry: bool,
}

/// Success.
pub const OK: i64 = 0;
/// BookingDoesNotExist.
pub const BOOKING_DOES_NOT_EXIST: i64 = 47;
/// OrderCannotBeUniquelyIdentified.
pub const ORDER_CANNOT_BE_UNIQUELY_IDENTIFIED: i64 = 61;
/// OrderDoesNotExist.
pub const ORDER_DOES_NOT_EXIST: i64 = 62;

/// Returns the row of a code; `None` if the document doesn't name it.
pub fn find(code: i64) -> Option<&'static Code> {
    ALL.iter().find(|row| i64::from(row.code) == code)
}

/// Formats a code with its name: `47 BookingDoesNotExist`, or `99 (not in the document)`.
pub fn label(code: i64) -> Text {
    match find(code) {
        Some(row) => Text::same(format!("{code} {}", row.name)),
        None => text!("{code}（文档里没有）", "{code} (not in the document)"),
    }
}

const fn row(
    code: u8,
    name: &'static str,
    can_retry: bool,
    chinese: &'static str,
    english: &'static str,
) -> Code {
    Code { code, name, chinese, english, can_retry }
}

/// Every code of 3.13, in order. Two lines a row, so that it can be read as a table.
#[rustfmt::skip]
pub const ALL: [Code; 65] = [
    row(0, "OK", false, "成功。",
        "No issues."),
    row(1, "UnexpectedError", true, "服务发生意外错误，原因见其日志。",
        "The service met an unexpected error; its log files tell the cause."),
    row(2, "DBError", true, "服务无法读写其数据库。",
        "The service could not reach, read or write its database."),
    row(3, "MembershipError", true, "会员系统返回错误，可能不可用。",
        "The membership system returned an error; it may not be available."),
    row(4, "InvalidRequestData", false, "请求数据的格式不正确。",
        "The request lacks correctly formatted data that the service needs."),
    row(5, "CinemaConnectError", true, "服务无法连接影院的服务器，影院可能暂停售票。",
        "The service could not reach the cinema's server; the cinema may be unavailable."),
    row(6, "LoyaltyConnectError", true, "服务无法连接会员系统。",
        "The service could not connect to the membership system."),
    row(7, "InsufficientPoints", false, "会员积分不足，或该奖励不适用于此场次时间。",
        "The member has too few points, or the reward does not hold at the session's time."),
    row(8, "SeatsUnavailable", false, "影院拒绝了所选座位：场次已售罄或即将售罄。",
        "The cinema refused the seats: the session is sold out or selling out."),
    row(9, "FailedSeatDataRetrieve", true, "座位已订，但座位数据读取失败。",
        "The seats are booked, but their data could not be retrieved."),
    row(10, "FailedOrderValueProcess", true, "座位已订，但订单金额计算失败。",
        "The seats are booked, but the order's value could not be processed."),
    row(11, "PrepareOrderForCompleteError", true, "付款前准备订单时发生意外错误，可以重试完成订单。",
        "An unexpected error before payment; completing the order may be tried again."),
    row(12, "PaymentDeclined", false, "付款被拒绝。",
        "The payment was declined."),
    row(13, "PaymentSystemError", false, "支付系统发生意外错误。",
        "The payment system met an unexpected error."),
    row(14, "PostChargeCommitError", false, "已扣款，但订单最终提交失败；请顾客直接联系影院确认。",
        "Charged, but the order's final commit failed; the customer should contact the cinema."),
    row(15, "UnpaidBookingsDisallowed", false, "该影院不允许未付款的预订。",
        "The cinema does not allow unpaid bookings."),
    row(16, "VouchersDisallowed", false, "该影院不允许含兑换券票类的预订。",
        "The cinema does not allow bookings with voucher tickets."),
    row(17, "MemberNotFound", false, "找不到该会员账户，或会话没有关联会员。",
        "No such member, or the session has no member."),
    row(18, "MemberPasswordIncorrect", false, "会员密码不正确。",
        "The member's password is wrong."),
    row(19, "LoyaltyTimeout", true, "与会员系统通信超时。",
        "The membership system did not answer in time."),
    row(20, "LoyaltyUserNameAlreadyExists", false, "会员用户名已存在。",
        "The member's user name is already taken."),
    row(21, "LoyaltyNotSupportedAtCinema", false, "所选影院不支持会员系统。",
        "The cinema does not support membership."),
    row(22, "MemberEmailIncorrect", false, "会员邮箱与系统记录不符。",
        "The member's e-mail address does not match the system's."),
    row(23, "MemberLoginResetDisallowed", false, "会员登录信息已设置，不允许修改。",
        "The member's login is already set and may not be changed."),
    row(24, "PaymentSuccessWithErrors", false, "部分付款失败，但订单已全额付清。",
        "Some payments failed, but the order is paid in full."),
    row(25, "PaymentVoidSuccessPostCommit", false, "付款已撤销，订单已归档，不能再试。",
        "The payment was voided after the order was committed; no further attempt is accepted."),
    row(26, "PaymentVoidSuccessPreCommit", true, "付款已撤销，订单尚未归档，可以重试。",
        "The payment was voided before the order was committed; it may be tried again."),
    row(27, "PaymentVoidSuccessPayTotalMismatch", true, "付款总额与订单总额不符，付款已撤销，可以重试。",
        "The payments did not match the order's total and were voided; it may be tried again."),
    row(28, "FailedToAllocateCard", false, "未能分配卡。",
        "No card could be allocated."),
    row(29, "VoucherPinRequired", false, "该券码需要密码。",
        "The voucher's bar code needs a PIN."),
    row(30, "VoucherNotValid", false, "该券码不适用于此票类。",
        "The voucher's bar code is not valid for the ticket type."),
    row(31, "CouldNotAllocateContiguousSeats", false, "无法自动分配同排连座。",
        "The seats could not be allocated in a single row."),
    row(32, "VoucherPinIncorrect", false, "券码的密码不正确。",
        "The voucher's PIN is wrong."),
    row(33, "DuplicateVoucher", false, "请求中有重复的券码。",
        "The request holds the same voucher twice."),
    row(34, "NoLoyaltyMember", false, "须先登录会员。",
        "A member must be logged in first."),
    row(35, "InvalidTicketRecognitionPair", false, "找不到适用于该会员奖励的票。",
        "No ticket is valid for the recognition."),
    row(36, "OrderInitFailed", true, "无法初始化订单。",
        "The order could not be initialised."),
    row(37, "CardWalletAccessTokenInvalid", false, "卡包令牌无效，无法取得卡信息。",
        "The card wallet's access token is invalid."),
    row(38, "InsecureCardWalletAccess", false, "使用卡包前须用用户名和密码验证会员。",
        "The member must be validated by name and password to use the wallet."),
    row(39, "RefundBookingFailed", true, "退票失败。",
        "Refunding the booking failed."),
    row(40, "IncorrectBookingMode", false, "订单的预订方式设置不正确。",
        "The order's booking mode is set wrongly."),
    row(41, "AddressNotFound", false, "地址校验服务找不到该地址。",
        "The address validation service does not know the address."),
    row(42, "InvalidAddressModuleConfiguration", false, "服务端的地址模块配置有误（tblAddressModuleConfig）。",
        "The server's address module is configured wrongly (tblAddressModuleConfig)."),
    row(43, "OfflinePaymentsDisabled", false, "服务端未开启离线支付（AllowOfflinePayments）。",
        "The server does not allow offline payments (AllowOfflinePayments)."),
    row(44, "BookingRefundsDisabled", false, "服务端未开启退票（AllowBookingRefunds）。",
        "The server does not allow refunds (AllowBookingRefunds)."),
    row(45, "ExternalPaymentsDisabled", false, "服务端未开启外部支付（AllowExternalPayments）。",
        "The server does not allow external payments (AllowExternalPayments)."),
    row(46, "EmailChangeAlreadyVerified", false, "该邮箱变更已验证并完成。",
        "This change of e-mail address has already been verified and made."),
    row(47, "BookingDoesNotExist", false, "订单不存在。",
        "The booking does not exist."),
    row(48, "BookingIsNotUnpaid", false, "该订单不是未付款订单。",
        "The booking is not an unpaid one."),
    row(49, "BookingAlreadyCancelled", false, "该订单已取消。",
        "The booking is already cancelled."),
    row(50, "SessionUnavailable", false, "场次不可用。",
        "The session is unavailable."),
    row(51, "TicketsNotOnSale", false, "该票当前不在售。",
        "The tickets are not on sale now."),
    row(52, "LoyaltyMemberIsBannedFromMakingUnpaidBookings", false, "该会员目前不得进行未付款预订。",
        "The member may not make unpaid bookings at present."),
    row(53, "UnableToRetrieveBookingPrintStream", true, "无法从影院售票服务器取得打印数据。",
        "The cinema's sales server did not give the booking's print stream."),
    row(54, "IncompatibleOrderPurchaseType", false, "订单的购买类型不符。",
        "The order's purchase type does not fit the request."),
    row(55, "ActiveTabUsingIdentifierAlreadyExists", false, "已有使用该标识的挂账。",
        "A tab with this identifier already exists."),
    row(56, "PaymentsProcessed", false, "订单已付款，不能再修改。",
        "The order has been paid and can no longer be edited."),
    row(57, "PaymentErrorPreCommit", true, "付款处理前发生错误，订单尚未归档，可以重试。",
        "An error before payments were processed; it may be tried again."),
    row(58, "LoyaltyPaymentDetailsDontMatchLoggedInMember", false, "积分支付的卡号或会员号不属于已登录会员。",
        "The card or member of a points payment is not that of the member logged in."),
    row(59, "ThirdPartyMemberTicketNotApproved", false, "第三方会员票未获批准。",
        "The third-party member ticket was not approved."),
    row(60, "NumberOfVoucherRedemptionsExceeded", false, "该券不能兑换所请求的次数。",
        "The voucher cannot be redeemed that many times."),
    row(61, "OrderCannotBeUniquelyIdentified", false, "符合条件的订单不止一个。",
        "More than one order fits; it cannot be told which is meant."),
    row(62, "OrderDoesNotExist", false, "没有符合条件的订单。",
        "No order fits the search."),
    row(63, "OrderHasBeenRefunded", false, "该订单已退票。",
        "The order has been refunded."),
    row(67, "SeatMapRequestedForSoldOutSession", false, "该场次已标记为售罄。",
        "The session is marked as sold out."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let codes: Vec<u8> = ALL.iter().map(|row| row.code).collect();
        let expected: Vec<u8> = (0..=63).chain([67]).collect();
        assert_eq!(codes, expected);
        for row in ALL {
            assert!(row.name.bytes().all(|byte| byte.is_ascii_alphabetic()), "{}", row.name);
            assert!(row.chinese.ends_with('。') && row.english.ends_with('.'), "{}", row.code);
            assert_eq!(ALL.iter().filter(|other| other.name == row.name).count(), 1, "{}", row.name);
        }
    }

    #[test]
    fn the_codes_a_pickup_meets_have_their_names() {
        assert_eq!(find(BOOKING_DOES_NOT_EXIST).unwrap().name, "BookingDoesNotExist");
        assert_eq!(
            find(ORDER_CANNOT_BE_UNIQUELY_IDENTIFIED).unwrap().name,
            "OrderCannotBeUniquelyIdentified"
        );
        assert_eq!(find(ORDER_DOES_NOT_EXIST).unwrap().name, "OrderDoesNotExist");
        assert_eq!(label(5).en, "5 CinemaConnectError");
        assert_eq!(label(64).en, "64 (not in the document)");
        assert_eq!(label(-1).en, "-1 (not in the document)");
    }

    #[test]
    fn what_passes_may_be_tried_again_and_what_is_decided_may_not() {
        for code in [1, 2, 5, 39, 53] {
            assert!(find(code).unwrap().can_retry, "{code}");
        }
        for code in [0, 4, 14, 25, 44, 47, 49, 61, 62, 63] {
            assert!(!find(code).unwrap().can_retry, "{code}");
        }
    }
}
