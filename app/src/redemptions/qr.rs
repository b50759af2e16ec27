//! QR codes as SVG.

use domain::error::ErrorCode;
use qrcode::{EcLevel, QrCode, render::svg};
use services::offers::{history::Codes, tokens::landing_url};

use crate::error::AppError;

/// The QR of a pending redemption at this moment: a link to its landing page with the token of now.
///
/// # Errors
/// When the link is too long for a QR code, which no configured address should be.
pub fn svg(public_url: &str, codes: &Codes) -> Result<String, AppError> {
    of_link(&landing_url(public_url, &codes.code, &codes.token))
}

/// The QR of a link.
///
/// # Errors
/// When the link is too long for a QR code.
pub fn of_link(link: &str) -> Result<String, AppError> {
    // Level M survives a scratched screen and keeps the modules large.
    let code = QrCode::with_error_correction_level(link, EcLevel::M).map_err(|error| {
        tracing::error!(%error, "the link does not fit a QR code");
        AppError::new(ErrorCode::InternalError)
    })?;
    let drawing = code
        .render::<svg::Color<'_>>()
        .min_dimensions(240, 240)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build();
    // The XML declaration has no place inside a page.
    Ok(drawing
        .find("<svg")
        .map(|start| drawing[start..].to_owned())
        .unwrap_or(drawing))
}
