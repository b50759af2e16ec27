//! Letters about points.

use services::{mail::Letter, wallet::lots::Notice};

use crate::{site::format, tr};

/// Tells someone of points that expire soon, in their own language. `public_url` is where people reach the
/// site, without a slash at the end; `unit` is what points are called.
#[must_use]
pub fn expiring(notice: Notice, public_url: &str, unit: &str) -> Letter {
    let amount = format::points(notice.amount);
    let day = format::day(notice.day, notice.locale);
    Letter {
        to: notice.email,
        subject: tr!(
            in notice.locale,
            "letter-expiring-subject",
            amount = amount.clone(),
            unit = unit,
            day = day.clone()
        ),
        body: tr!(
            in notice.locale,
            "letter-expiring-body",
            name = notice.name,
            amount = amount,
            unit = unit,
            day = day,
            link = format!("{public_url}/offers")
        ),
    }
}

#[cfg(test)]
mod tests {
    use domain::{locale::Locale, points::Points};

    use super::*;

    fn letter(locale: Locale) -> Letter {
        let notice = Notice {
            email: "ana@demo.test".into(),
            name: "Ana".into(),
            locale,
            amount: Points::try_from(1_240).unwrap(),
            day: chrono::NaiveDate::from_ymd_opt(2026, 12, 3).unwrap(),
        };
        expiring(notice, "https://rewards.example", "Lumis")
    }

    #[test]
    fn a_notice_tells_its_reader_how_many_points_expire_when_and_where_to_spend_them() {
        let (es, en) = (letter(Locale::Es), letter(Locale::En));
        assert_eq!(es.to, "ana@demo.test");
        assert_eq!(es.subject, "1,240 Lumis vencen el 3 dic 2026");
        assert_eq!(en.subject, "1,240 Lumis expire on 3 Dec 2026");
        for body in [es.body, en.body] {
            assert!(
                body.contains("Ana") && body.contains("1,240 Lumis"),
                "{body}"
            );
            assert!(body.contains("https://rewards.example/offers"), "{body}");
        }
    }
}
