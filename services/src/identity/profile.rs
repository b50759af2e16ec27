//! What a person says of themselves.

use domain::{account::Name, ids::UserId, locale::Locale};
use uuid::Uuid;

use crate::{Fault, Services, stored};

/// What a person may change of themselves.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Profile {
    /// The name they are shown by.
    pub name: String,
    /// The language of their letters.
    pub locale: Locale,
}

/// What a person says of themselves.
///
/// # Errors
/// When the database fails.
pub async fn get(s: &Services, user: UserId) -> Result<Profile, Fault> {
    change(s, user, None, None).await
}

/// Changes what is given, and answers with what holds now.
///
/// # Errors
/// When the database fails.
pub async fn change(
    s: &Services,
    user: UserId,
    name: Option<&Name>,
    locale: Option<Locale>,
) -> Result<Profile, Fault> {
    let row = sqlx::query!(
        r#"with changed as (
               update users set name = coalesce($2::text, name), locale = coalesce($3::text, locale)
               where id = $1 and ($2::text is not null or $3::text is not null) returning name, locale
           )
           select name as "name!", locale as "locale!" from changed
           union all select name, locale from users where id = $1 and $2::text is null and $3::text is null"#,
        Uuid::from(user),
        name.map(Name::as_str),
        locale.map(Locale::as_str),
    )
    .fetch_one(&s.db)
    .await?;
    Ok(Profile {
        name: row.name,
        locale: stored(&row.locale)?,
    })
}
