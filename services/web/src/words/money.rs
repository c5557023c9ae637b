use crate::api::Money;

/// Money as people write it: £2,000, €12.50, 1,000 JPY. Minor units by ISO 4217.
pub fn money(money: &Money) -> String {
    let decimals = match money.currency.as_str() {
        "JPY" | "KRW" | "CLP" | "ISK" | "VND" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "JOD" | "KWD" | "OMR" | "TND" => 3,
        _ => 2,
    };
    let unit = 10_u64.pow(decimals);
    let (whole, rest) = (money.minor.unsigned_abs() / unit, money.minor.unsigned_abs() % unit);
    let sign = if money.minor < 0 { "-" } else { "" };
    let mut amount = grouped(whole);
    if rest > 0 {
        amount.push_str(&format!(".{rest:0width$}", width = decimals as usize));
    }
    match money.currency.as_str() {
        "GBP" => format!("{sign}£{amount}"),
        "EUR" => format!("{sign}€{amount}"),
        "USD" => format!("{sign}${amount}"),
        other => format!("{sign}{amount} {other}"),
    }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_as_people_write_it() {
        for (minor, currency, written) in [
            (200_000, "GBP", "£2,000"),
            (1_250, "EUR", "€12.50"),
            (5, "USD", "$0.05"),
            (-123_456_789, "GBP", "-£1,234,567.89"),
            (1_000, "JPY", "1,000 JPY"),
            (1_005, "KWD", "1.005 KWD"),
        ] {
            assert_eq!(money(&Money { minor, currency: currency.to_owned() }), written);
        }
    }
}
