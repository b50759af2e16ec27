//! What a person says of themselves.

use domain::{account::Name, ids::UserId};
use uuid::Uuid;

use crate::{Fault, Services};

/// Gives a person another name.
///
/// # Errors
/// When the database fails.
pub async fn rename(s: &Services, user: UserId, name: &Name) -> Result<(), Fault> {
    sqlx::query!(
        "update users set name = $2 where id = $1",
        Uuid::from(user),
        name.as_str()
    )
    .execute(&s.db)
    .await?;
    Ok(())
}
