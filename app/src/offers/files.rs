//! Where the forms that send a file go, and where the file of one's own offers is. Files are no business of server
//! functions: the server's routes take and give them.

/// Takes an offer's picture: `id`, then `image`.
pub const SET_PICTURE: &str = "/api/offers/set-picture";
/// Takes a file of offers to look at: `id`, then `file`.
pub const UPLOAD: &str = "/api/offers/upload";
/// Gives the file of one's own offers.
pub const EXPORT: &str = "/manage/offers/export.csv";
